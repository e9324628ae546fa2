/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

/* Few windows: every pair by itself. */
static inline int pairs_of(struct tuple_sorter *s, struct tuple_set f,
			   uint32_t m, uint64_t base, unsigned bits)
{
	unsigned width = s->d->width, full = s->window * width;

	for (uint32_t a = 1; a < m; a++) {
		for (uint32_t b = 0; b < a; b++) {
			unsigned d = tuple_first_difference(f.key[a], f.key[b]);
			int r;

			if (f.position == NULL) {
				s->differ_at[d]++;
				if (d >= full)
					tuple_note_tied(s, f.key[a]);
			} else if (d < full) {
				tuple_tally_add(s->t, base + d / width, 1);
				tuple_tally_add(s->t, base + bits / width, -1);
			} else {
				r = tuple_extend_pair(s, f.position[a],
						      f.position[b],
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
			uint64_t l = tuple_first_difference(tails[a].key, other) /
				     width;

			l = l > tails[a].length ? tails[a].length : l;
			if (b >= m && l > tails[b - m].length)
				l = tails[b - m].length;
			tuple_tally_add(s->t, base + l, 1);
			tuple_tally_add(s->t, base + bits / width, -1);
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
			f.key[kept++] = tuple_load_key(s, at);
		} else if (at < s->d->n) {
			tails[(*ret_n_tails)++] = (struct tuple_tail){
				tuple_load_key(s, at), f.position[k],
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
	common = tuple_first_difference(differ, 0);
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
		tuple_tally_add(s->t, base + length, (int64_t)(pairs / 2));
		tuple_tally_add(s->t, base + length - 1, -(int64_t)(pairs / 2));
		if (most >= TUPLE_OFTEN)
			tuple_tally_often(s->t, base + length, most);
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

	if (s->arena_used + 2 * (uint64_t)values > s->arena_room ||
	    s->nested == TUPLE_NESTED_MAX)
		return TUPLES_TOO_DEEP;
	s->nested++;
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
	s->nested--;
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
		m = reload(s, from, m, base, own, &n_tails);
		tails = own;
		if (s->work > s->work_max)
			return TUPLES_TOO_DEEP;
	}
}
