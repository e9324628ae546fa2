/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts from windows of 64 bits. The windows of the whole sequence never
 * stand in memory at once: each sweep over it collects those that begin with
 * one of a range of digits. The first round needs no positions; only windows
 * that occur twice (in random data none do) are taken up again with theirs.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

#define CHUNK 2048
#define ARENA_WORDS (1u << 19)
#define WORK_A_SYMBOL 64

struct collector {
	struct tuple_sorter s;
	struct tuple_set from, to;
	uint64_t room; /* windows in `from`; half as many in `to` */
	struct tuple_tail tails[64];
	unsigned n_tails;
	uint64_t n_windows; /* that lie within the sequence */
	bool only_tied;
};

/* Which windows: their low `bits` are `prefix`, the next digit in a range. */
struct want {
	uint64_t prefix, mask;
	unsigned bits, digit;
	uint64_t first, count;
};

/*
 * The windows of positions i .. i + n - 1, all within the sequence. Bits come
 * in eights, so i is a multiple of 8 and there is room for 7 more.
 */
static void load_keys(const struct sp80090b_data *d, uint64_t i, unsigned n,
		      uint64_t used, uint64_t *key)
{
	const uint8_t *at = d->packed + i * d->width / 8;

	if (d->width == 1) {
		for (unsigned k = 0; k < n; k += 8, at++) {
			uint64_t low = sp80090b_load64(at);
			uint64_t high = (uint64_t)at[8] << 1;

			for (unsigned s = 0; s < 8; s++)
				key[k + s] = low >> s | high << (63 - s);
		}
		return;
	}
	if (d->width == 8) {
		for (unsigned k = 0; k < n; k++)
			key[k] = sp80090b_load64(at + k);
		return;
	}
	for (unsigned k = 0; k < n; k++) {
		unsigned bit = k * d->width, shift = bit & 7;
		const uint8_t *byte = at + (bit >> 3);

		key[k] = (sp80090b_load64(byte) >> shift |
			  ((uint64_t)byte[8] << 1) << (63 - shift)) &
			 used;
	}
}

/* Those of positions i .. i + n - 1 that are wanted, packed to the front. */
static unsigned gather(const struct collector *c, const struct want *w,
		       uint64_t i, unsigned n, uint64_t *key, uint32_t *position)
{
	unsigned used = c->s.window * c->s.d->width, kept = 0;
	uint64_t digits = (UINT64_C(1) << w->digit) - 1;
	bool all = w->mask == 0 && w->count > digits;

	load_keys(c->s.d, i, n, ~UINT64_C(0) >> (64 - used), key);
	if (all && !c->only_tied)
		return n;
	if (!c->only_tied) {
		for (unsigned k = 0; k < n; k++) {
			uint64_t x = key[k], digit = (x >> w->bits) & digits;

			key[kept] = x;
			kept += ((x & w->mask) == w->prefix) &
				(digit - w->first < w->count);
		}
		return kept;
	}
	for (unsigned k = 0; k < n; k++) {
		uint64_t x = key[k], digit = (x >> w->bits) & digits;

		key[kept] = x;
		position[kept] = (uint32_t)i + k;
		kept += ((x & w->mask) == w->prefix) &
			(digit - w->first < w->count) & tuple_is_tied(&c->s, x);
	}
	return kept;
}

/* Counts the digits of the wanted windows, or puts the windows in place. */
static void sweep(struct collector *c, const struct want *w, uint32_t *count,
		  bool place)
{
	uint64_t digits = (UINT64_C(1) << w->digit) - 1;
	uint64_t key[CHUNK + 8];
	uint32_t position[CHUNK];

	for (uint64_t i = 0; i < c->n_windows; i += CHUNK) {
		unsigned n = c->n_windows - i < CHUNK ?
				     (unsigned)(c->n_windows - i) :
				     CHUNK;

		n = gather(c, w, i, n, key, position);
		if (!place) {
			for (unsigned k = 0; k < n; k++)
				count[(key[k] >> w->bits) & digits]++;
			continue;
		}
		for (unsigned k = 0; k < n; k++) {
			uint32_t at = count[(key[k] >> w->bits) & digits]++;

			c->from.key[at] = key[k];
			if (c->only_tied)
				c->from.position[at] = position[k];
		}
	}
}

static unsigned tails_with(const struct collector *c, uint64_t prefix,
			   unsigned bits, struct tuple_tail *ret)
{
	uint64_t mask = bits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << bits) - 1;
	unsigned n = 0;

	for (unsigned k = 0; k < c->n_tails; k++) {
		if (c->tails[k].length * c->s.d->width > bits &&
		    (c->tails[k].key & mask) == prefix)
			ret[n++] = c->tails[k];
	}
	return n;
}

/* Collects digits first .. first + count - 1 and tallies each. */
static int take(struct collector *c, struct want w, const uint32_t *sizes)
{
	uint32_t *end = calloc(UINT64_C(1) << w.digit, sizeof *end);
	uint32_t at = 0;
	int r = 0;

	if (end == NULL)
		return -ENOMEM;
	for (uint64_t x = w.first; x < w.first + w.count; x++) {
		end[x] = at;
		at += sizes[x];
	}
	if (at > 0)
		sweep(c, &w, end, true);
	for (uint64_t x = w.first; r == 0 && x < w.first + w.count; x++) {
		struct tuple_set f = { c->from.key + end[x] - sizes[x], NULL };
		struct tuple_tail some[64];
		unsigned n = tails_with(c, w.prefix | x << w.bits,
					w.bits + w.digit, some);

		if (c->only_tied)
			f.position = c->from.position + end[x] - sizes[x];
		if (sizes[x] + n >= 2)
			r = tuple_group(&c->s, f, c->to, sizes[x], 0,
					w.bits + w.digit, some, n);
	}
	free(end);
	if (r == 0 && sp80090b_tick(c->s.d, (double)at / (double)c->s.d->n))
		r = -ECANCELED;
	return r;
}

static int tally_below(struct collector *c, uint64_t prefix, unsigned bits);

/* The digits in turn: as many as there is room for, a large one by itself. */
static int take_all(struct collector *c, struct want w, const uint32_t *sizes)
{
	uint64_t values = UINT64_C(1) << w.digit, x = 0;
	int r = 0;

	while (r == 0 && x < values) {
		uint64_t sum = 0;

		if (sizes[x] > c->room / 2) {
			r = tally_below(c, w.prefix | x << w.bits,
					w.bits + w.digit);
			x++;
			continue;
		}
		w.first = x;
		while (x < values && sizes[x] <= c->room / 2 &&
		       sum + sizes[x] <= c->room)
			sum += sizes[x++];
		w.count = x - w.first;
		r = take(c, w, sizes);
	}
	return r;
}

/* All windows whose low `bits` are `prefix`: too many to collect at once. */
static int tally_below(struct collector *c, uint64_t prefix, unsigned bits)
{
	unsigned full = c->s.window * c->s.d->width, left = full - bits;
	struct want w = { prefix, (UINT64_C(1) << (bits & 63)) - 1, bits, 0, 0,
			  0 };
	uint32_t *sizes, *count;
	struct tuple_tail some[64];
	unsigned n;
	int r;

	if (left == 0) {
		/* One window takes it all. */
		if (c->only_tied)
			return TUPLES_TOO_DEEP;
		tuple_note_tied(&c->s, prefix);
		return 0;
	}
	w.digit = left < c->s.digit_max ? left : c->s.digit_max;
	w.count = UINT64_C(1) << w.digit;
	sizes = calloc(w.count, 2 * sizeof *sizes);
	if (sizes == NULL)
		return -ENOMEM;
	count = sizes + w.count;
	sweep(c, &w, sizes, false);
	memcpy(count, sizes, w.count * sizeof *count);
	n = tails_with(c, prefix, bits, some);
	tuple_tally_digit(&c->s, count, 0, bits, w.digit, some, n);
	r = take_all(c, w, sizes);
	free(sizes);
	return r;
}

static void find_tails(struct collector *c)
{
	const struct sp80090b_data *d = c->s.d;
	uint64_t window = c->s.window;

	c->n_windows = d->n >= window ? d->n - window + 1 : 0;
	for (uint64_t i = c->n_windows; i < d->n; i++) {
		/* Beyond the end stand zeros: `length` is what counts. */
		c->tails[c->n_tails].key = sp80090b_window(d, i * d->width);
		c->tails[c->n_tails].position = (uint32_t)i;
		c->tails[c->n_tails++].length = (uint32_t)(d->n - i);
	}
}

static int make_room(struct collector *c, uint64_t room, bool positions)
{
	c->room = room;
	c->only_tied = positions;
	c->from.key = malloc(room * sizeof(uint64_t));
	c->to.key = malloc((room / 2 + 1) * sizeof(uint64_t));
	if (c->from.key == NULL || c->to.key == NULL)
		return -ENOMEM;
	if (!positions)
		return 0;
	c->from.position = malloc(room * sizeof(uint32_t));
	c->to.position = malloc((room / 2 + 1) * sizeof(uint32_t));
	return c->from.position == NULL || c->to.position == NULL ? -ENOMEM : 0;
}

static void drop_room(struct collector *c)
{
	free(c->from.key);
	free(c->to.key);
	free(c->from.position);
	free(c->to.position);
	memset(&c->from, 0, sizeof c->from);
	memset(&c->to, 0, sizeof c->to);
}

static uint64_t room_for(uint64_t n, unsigned share, uint64_t least)
{
	uint64_t room = n / share > least ? n / share : least;

	return (room < n ? room : n) + 2;
}

/* Round 1: the lengths within a window. */
static int first_round(struct collector *c, struct tuple_tally *t)
{
	unsigned width = c->s.d->width;
	int r = make_room(c, room_for(c->s.d->n, 6, 1 << 22), false);

	c->s.t = t;
	if (r == 0)
		r = tally_below(c, 0, 0);
	drop_room(c);
	for (unsigned b = 0; b <= 64; b++) {
		t->pairs[b / width] += c->s.differ_at[b];
		t->pairs[b / width] -= c->s.since[b];
	}
	return r;
}

/* Round 2: the lengths beyond, of the windows that occur twice. */
static int second_round(struct collector *c, struct tuple_tally *t)
{
	struct tuple_tally beyond = { NULL, NULL, 0 };
	uint64_t window = c->s.window;
	int r = make_room(c, room_for(c->s.d->n, 9, 1 << 20), true);

	c->s.t = &beyond;
	c->n_tails = 0;
	if (r == 0)
		r = tuple_tally_room(&beyond, 2 * window);
	if (r == 0)
		r = tally_below(c, 0, 0);
	drop_room(c);
	if (r == 0)
		r = tuple_resolve_deep(&c->s);
	if (r == 0)
		r = tuple_tally_room(t, beyond.room - 1);
	/* Up to the window round 1 has it all, beyond it nothing. */
	for (uint64_t l = window + 1; r == 0 && l < beyond.room; l++) {
		t->pairs[l] += beyond.pairs[l];
		t->pairs[window] -= beyond.pairs[l];
		t->most[l] = beyond.most[l];
	}
	tuple_tally_free(&beyond);
	return r;
}

uint64_t tuples_windows_need_bytes(uint64_t n)
{
	uint64_t first = room_for(n, 6, 1 << 22) * 12;
	uint64_t second = room_for(n, 9, 1 << 20) * 18 + n;

	return (first > second ? first : second) + n / 4 + ARENA_WORDS * 4;
}

int tuples_by_windows(const struct sp80090b_data *d, struct tuple_tally *t)
{
	struct collector c = { .s = { .d = d } };
	int r;

	c.s.window = 64 / d->width;
	c.s.digit_max = 11 - 11 % d->width;
	c.s.arena_room = ARENA_WORDS;
	c.s.arena = malloc(ARENA_WORDS * sizeof *c.s.arena);
	c.s.tied_log2 = 16;
	while (c.s.tied_log2 < 32 && UINT64_C(1) << c.s.tied_log2 < d->n)
		c.s.tied_log2++;
	c.s.tied = calloc((UINT64_C(1) << c.s.tied_log2) / 64, 8);
	c.s.work_max = WORK_A_SYMBOL * d->n + (1 << 20);
	c.s.deep_max = d->n / 8 + (1 << 20);
	find_tails(&c);
	r = c.s.arena == NULL || c.s.tied == NULL ? -ENOMEM : 0;
	if (r == 0)
		r = tuple_tally_room(t, 128);
	if (r == 0)
		r = first_round(&c, t);
	if (r == 0 && c.s.n_tied > 0)
		r = second_round(&c, t);
	free(c.s.deep);
	free(c.s.tied);
	free(c.s.arena);
	return r;
}
