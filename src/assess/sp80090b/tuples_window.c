/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts from windows of 64 bits. The windows of the whole sequence never
 * stand in memory at once: each sweep over it collects those that begin with
 * one of a range of digits.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_window.h"

/* Which windows: their low `bits` are `prefix`, the next digit in a range. */
struct want {
	uint64_t prefix, mask;
	unsigned bits, digit;
	uint64_t first, count;
};

/* 1 or 0: it is added to a count, without a branch. */
static unsigned is_wanted(const struct want *w, uint64_t key)
{
	uint64_t digits = (UINT64_C(1) << w->digit) - 1;
	uint64_t digit = (key >> w->bits) & digits;

	return ((key & w->mask) == w->prefix) & (digit - w->first < w->count);
}

static unsigned gather_tied(const struct collector *c, const struct want *w,
			    uint64_t i, unsigned n, uint64_t *key,
			    uint32_t *position)
{
	uint16_t candidate[TUPLE_CHUNK] = { 0 };
	unsigned n_candidates = 0, kept = 0;

	for (unsigned k = 0; k < n; k++) {
		candidate[n_candidates] = (uint16_t)k;
		n_candidates += tuple_may_be_tied(&c->s, key[k]);
	}
	for (unsigned k = 0; k < n_candidates; k++) {
		uint64_t x = key[candidate[k]];

		key[kept] = x;
		position[kept] = (uint32_t)i + candidate[k];
		kept += is_wanted(w, x) & tuple_is_tied(&c->s, x);
	}
	return kept;
}

/* Those of positions i .. i + n - 1 that are wanted, packed to the front. */
static unsigned gather(const struct collector *c, const struct want *w,
		       uint64_t i, unsigned n, uint64_t *key, uint32_t *position)
{
	unsigned used = c->s.window * c->s.d->width, kept = 0;
	uint64_t digits = (UINT64_C(1) << w->digit) - 1;

	tuple_load_keys(c->s.d, i, n, ~UINT64_C(0) >> (64 - used), key);
	if (c->only_tied)
		return gather_tied(c, w, i, n, key, position);
	if (w->mask == 0 && w->count > digits)
		return n;
	for (unsigned k = 0; k < n; k++) {
		uint64_t x = key[k];

		key[kept] = x;
		kept += is_wanted(w, x);
	}
	return kept;
}

/* Counts the digits of the wanted windows, or puts the windows in place. */
static void sweep(struct collector *c, const struct want *w, uint32_t *count,
		  bool place)
{
	uint64_t digits = (UINT64_C(1) << w->digit) - 1;
	uint64_t key[TUPLE_CHUNK + 8];
	uint32_t position[TUPLE_CHUNK] = { 0 };

	for (uint64_t i = 0; i < c->n_windows; i += TUPLE_CHUNK) {
		unsigned n = c->n_windows - i < TUPLE_CHUNK ?
				     (unsigned)(c->n_windows - i) :
				     TUPLE_CHUNK;

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

	/* There is a digit left. */
	assert(w.bits < 64);
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

	assert(w.bits < 64);
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

int tuple_collect(struct collector *c)
{
	return tally_below(c, 0, 0);
}
