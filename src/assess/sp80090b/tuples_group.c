/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

void tuple_note_tied(struct tuple_sorter *s, uint64_t key)
{
	uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - s->tied_log2);

	s->tied[h >> 6] |= UINT64_C(1) << (h & 63);
	s->n_tied++;
}

static uint64_t load_key(const struct tuple_sorter *s, uint64_t position)
{
	unsigned used = s->window * s->d->width;
	uint64_t key = sp80090b_window(s->d, position * s->d->width);

	return used == 64 ? key : key & ((UINT64_C(1) << used) - 1);
}

static inline unsigned first_difference(uint64_t a, uint64_t b)
{
	return a == b ? 64 : (unsigned)__builtin_ctzll(a ^ b);
}

static int add_deep(struct tuple_sorter *s, uint32_t i, uint32_t j)
{
	uint64_t low = i < j ? i : j, high = i < j ? j : i;

	if (s->n_deep == s->deep_room) {
		uint64_t room = s->deep_room == 0 ? 4096 : s->deep_room * 2;
		uint64_t *deep;

		if (room > s->deep_max)
			return TUPLES_TOO_DEEP;
		deep = realloc(s->deep, room * sizeof *deep);
		if (deep == NULL)
			return -ENOMEM;
		s->deep = deep;
		s->deep_room = room;
	}
	s->deep[s->n_deep++] = (high - low) << 32 | low;
	return 0;
}

/* Two positions equal for `length` symbols, and perhaps on. */
static int extend_pair(struct tuple_sorter *s, uint32_t i, uint32_t j,
		       uint64_t length, uint64_t since)
{
	uint64_t left = s->d->n - (i > j ? i : j);
	uint64_t deep = (uint64_t)s->window * TUPLE_DEEP_WINDOWS;
	uint64_t limit = since > deep ? left : deep;

	/* Not in `deep` where the group came late: it was counted so far. */
	while (length < limit && length < left) {
		unsigned d = first_difference(load_key(s, i + length),
					      load_key(s, j + length));

		s->work++;
		if (d < s->window * s->d->width) {
			length += d / s->d->width;
			break;
		}
		length += s->window;
	}
	if (length > left)
		length = left;
	s->t->pairs[since]--;
	if (length >= deep && since <= deep)
		return add_deep(s, i, j);
	if (tuple_tally_room(s->t, length) < 0)
		return -ENOMEM;
	s->t->pairs[length]++;
	return s->work > s->work_max ? TUPLES_TOO_DEEP : 0;
}

/* Few windows: every pair by itself. */
static inline int pairs_of(struct tuple_sorter *s, struct tuple_set f,
			   uint32_t m, uint64_t base, unsigned bits)
{
	unsigned width = s->d->width, full = s->window * width;

	for (uint32_t a = 1; a < m; a++) {
		for (uint32_t b = 0; b < a; b++) {
			unsigned d = first_difference(f.key[a], f.key[b]);
			int r;

			if (f.position == NULL) {
				s->differ_at[d]++;
				if (d >= full)
					tuple_note_tied(s, f.key[a]);
			} else if (d < full) {
				s->t->pairs[base + d / width]++;
				s->t->pairs[base + bits / width]--;
			} else {
				r = extend_pair(s, f.position[a], f.position[b],
						base + s->window,
						base + bits / width);
				if (r != 0)
					return r;
			}
		}
	}
	if (f.position == NULL)
		s->since[bits] += (int64_t)m * (m - 1) / 2;
	return 0;
}

/* A tail and a window, or two tails, agree in no more than is there. */
static void pairs_with_tails(struct tuple_sorter *s, struct tuple_set f,
			     uint32_t m, uint64_t base, unsigned bits,
			     const struct tuple_tail *tails, unsigned n_tails)
{
	unsigned width = s->d->width;

	for (unsigned a = 0; a < n_tails; a++) {
		for (uint32_t b = 0; b < m + a; b++) {
			uint64_t other = b < m ? f.key[b] : tails[b - m].key;
			uint64_t l = first_difference(tails[a].key, other) /
				     width;

			l = l > tails[a].length ? tails[a].length : l;
			if (b >= m && l > tails[b - m].length)
				l = tails[b - m].length;
			s->t->pairs[base + l]++;
			s->t->pairs[base + bits / width]--;
		}
	}
}

/* The next windows of a group that agrees in the whole of this one. */
static uint32_t reload(struct tuple_sorter *s, struct tuple_set f, uint32_t m,
		       uint64_t base, struct tuple_tail *tails,
		       unsigned *ret_n_tails)
{
	uint32_t kept = 0;

	*ret_n_tails = 0;
	for (uint32_t k = 0; k < m; k++) {
		uint64_t at = f.position[k] + base;

		if (at + s->window <= s->d->n) {
			f.position[kept] = f.position[k];
			f.key[kept++] = load_key(s, at);
		} else if (at < s->d->n) {
			tails[(*ret_n_tails)++] = (struct tuple_tail){
				load_key(s, at), f.position[k],
				(uint32_t)(s->d->n - at)
			};
		}
	}
	s->work += m;
	return kept;
}

static unsigned common_bits(struct tuple_set f, uint32_t m, unsigned full)
{
	uint64_t differ = 0;
	unsigned common;

	for (uint32_t k = 1; k < m; k++)
		differ |= f.key[k] ^ f.key[0];
	common = first_difference(differ, 0);
	return common < full ? common : full;
}

/* Symbols in the next digit: about as many values as windows. */
static unsigned choose_digit(const struct tuple_sorter *s, uint32_t m,
			     unsigned left)
{
	unsigned width = s->d->width, bits = 30 - (unsigned)__builtin_clz(m);

	bits = bits > s->digit_max ? s->digit_max : bits;
	bits = bits > left ? left : bits;
	bits -= bits % width;
	return bits < width ? width : bits;
}

/*
 * The counts of the longest prefixes, summed to those of shorter ones; tails
 * join at their own length.
 */
void tuple_tally_digit(struct tuple_sorter *s, uint32_t *count, uint64_t base,
		       unsigned bits, unsigned digit,
		       const struct tuple_tail *tails, unsigned n_tails)
{
	unsigned width = s->d->width;
	uint64_t first = bits / width;

	for (unsigned have = digit; have > 0; have -= width) {
		uint32_t values = 1u << have, most = 0;
		uint64_t length = first + have / width, pairs = 0;

		for (unsigned k = 0; k < n_tails; k++) {
			if (tails[k].length == length ||
			    (have == digit && tails[k].length > length))
				count[(tails[k].key >> bits) & (values - 1)]++;
		}
		for (uint32_t x = 0; x < values; x++) {
			pairs += (uint64_t)count[x] *
				 (count[x] - (count[x] > 0));
			most = count[x] > most ? count[x] : most;
		}
		s->t->pairs[base + length] += (int64_t)(pairs / 2);
		s->t->pairs[base + length - 1] -= (int64_t)(pairs / 2);
		if (most > s->t->most[base + length])
			s->t->most[base + length] = most;
		values >>= width;
		for (unsigned part = 1; part < 1u << width; part++) {
			for (uint32_t x = 0; x < values; x++)
				count[x] += count[part * values + x];
		}
	}
}

static void scatter(struct tuple_set from, struct tuple_set to, uint32_t m,
		    unsigned bits, uint64_t mask, uint32_t *end)
{
	if (from.position == NULL) {
		for (uint32_t k = 0; k < m; k++)
			to.key[end[(from.key[k] >> bits) & mask]++] = from.key[k];
		return;
	}
	for (uint32_t k = 0; k < m; k++) {
		uint32_t at = end[(from.key[k] >> bits) & mask]++;

		to.key[at] = from.key[k];
		to.position[at] = from.position[k];
	}
}

static struct tuple_set from_index(struct tuple_set f, uint32_t k)
{
	f.key += k;
	if (f.position != NULL)
		f.position += k;
	return f;
}

/* The parts of `to` that agree in one digit more, each by itself. */
static int subgroups(struct tuple_sorter *s, struct tuple_set from,
		     struct tuple_set to, const uint32_t *end, uint64_t base,
		     unsigned bits, unsigned digit,
		     const struct tuple_tail *tails, unsigned n_tails)
{
	uint64_t mask = (UINT64_C(1) << digit) - 1;
	struct tuple_tail some[64];
	uint32_t begin = 0;
	int r = 0;

	for (uint32_t x = 0; r == 0 && x <= mask; begin = end[x++]) {
		uint32_t m = end[x] - begin;
		unsigned n_some = 0;

		for (unsigned k = 0; k < n_tails; k++) {
			if (tails[k].length * s->d->width > bits + digit &&
			    ((tails[k].key >> bits) & mask) == x)
				some[n_some++] = tails[k];
		}
		if (m + n_some < 2)
			continue;
		if (m + n_some < TUPLE_OFTEN && n_some == 0)
			r = pairs_of(s, from_index(to, begin), m, base,
				     bits + digit);
		else
			r = tuple_group(s, from_index(to, begin),
					from_index(from, begin), m, base,
					bits + digit, some, n_some);
	}
	return r;
}

static int split(struct tuple_sorter *s, struct tuple_set from,
		 struct tuple_set to, uint32_t m, uint64_t base, unsigned bits,
		 const struct tuple_tail *tails, unsigned n_tails)
{
	unsigned full = s->window * s->d->width;
	unsigned digit = choose_digit(s, m + n_tails, full - bits);
	uint32_t values = 1u << digit, at = 0, *count, *end;
	uint64_t mask = values - 1;
	int r;

	if (s->arena_used + 2 * (uint64_t)values > s->arena_room)
		return TUPLES_TOO_DEEP;
	count = s->arena + s->arena_used;
	end = count + values;
	s->arena_used += values;
	memset(count, 0, values * sizeof *count);
	for (uint32_t k = 0; k < m; k++)
		count[(from.key[k] >> bits) & mask]++;
	for (uint32_t x = 0; x < values; x++) {
		end[x] = at;
		at += count[x];
	}
	scatter(from, to, m, bits, mask, end);
	tuple_tally_digit(s, count, base, bits, digit, tails, n_tails);
	/* What stays is where the parts end. */
	memcpy(count, end, values * sizeof *count);
	r = subgroups(s, from, to, count, base, bits, digit, tails, n_tails);
	s->arena_used -= values;
	return r;
}

int tuple_group(struct tuple_sorter *s, struct tuple_set from,
		struct tuple_set to, uint32_t m, uint64_t base, unsigned bits,
		const struct tuple_tail *tails, unsigned n_tails)
{
	unsigned width = s->d->width, full = s->window * width;
	struct tuple_tail own[64];

	for (;;) {
		if (m + n_tails < TUPLE_OFTEN) {
			pairs_with_tails(s, from, m, base, bits, tails, n_tails);
			return pairs_of(s, from, m, base, bits);
		}
		if (n_tails == 0 && m > 0) {
			unsigned common = common_bits(from, m, full);

			common -= common % width;
			if (common > bits)
				tuple_tally_group(s->t, base + bits / width,
						  base + common / width, m);
			bits = common > bits ? common : bits;
		}
		if (bits < full)
			return split(s, from, to, m, base, bits, tails, n_tails);
		if (from.position == NULL) {
			tuple_note_tied(s, from.key[0]);
			return 0;
		}
		base += s->window;
		bits = 0;
		if (tuple_tally_room(s->t, base + s->window) < 0)
			return -ENOMEM;
		m = reload(s, from, m, base, own, &n_tails);
		tails = own;
		if (s->work > s->work_max)
			return TUPLES_TOO_DEEP;
	}
}
