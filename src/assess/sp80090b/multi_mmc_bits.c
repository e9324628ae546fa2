/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MultiMMC prediction, SP 800-90B 6.3.9, on bits. A context of m bits indexes a
 * table. Up to 15 bits only which successor leads matters: a table holds
 * 2 (ones - zeros) + 1, and 0 for a context never seen. 16 bits have 2^17
 * entries, more than the 100,000 that the standard lets a model hold, so what
 * was not seen in time stays unseen: there both counts are kept.
 *
 * As in NIST's program, a model that has not seen the context makes no guess,
 * and no guess neither prolongs nor ends a run of correct ones.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

#define FULL MMC_ORDERS /* the order whose table can run full */
#define ALIKE 5         /* orders m, m + ALIKE and m + 2 ALIKE go together */
#define HALF 32         /* positions at a time */

/* Of order FULL, once no more entries may be made. */
struct frozen {
	int32_t lead; /* as below; 0: never seen, and never will be */
	int32_t step; /* 2, or 0 where only one successor counts */
};

struct models {
	int32_t lead[1u << FULL]; /* order m from index 2^m on */
	uint32_t counts[1u << FULL][2];
	struct frozen frozen[1u << FULL];
	uint32_t entries; /* of order FULL */
	bool is_frozen;
	uint32_t unseen[FULL]; /* contexts, by order */
};

/* Guesses of one order at HALF positions, the last lowest. */
struct guesses {
	uint64_t right, made;
};

/*
 * One position of one order. history: the bits before it, the last one lowest;
 * a context is its low bits. m: all ones for a one to come, else 0.
 */
SCOREBOARD_INLINE void guess_short(int32_t *lead, uint32_t history, int32_t m,
				   bool all_seen, unsigned order,
				   struct guesses *g)
{
	int32_t *slot = &lead[(1u << order) | (history & ((1u << order) - 1))];
	int32_t e = *slot;

	/* The sign bit is set where the guess is right. */
	if (all_seen) {
		g->right = g->right * 2 + ((uint32_t)(e ^ m) >> 31);
	} else {
		g->right = g->right * 2 + ((uint32_t)((e ^ m) - m) >> 31);
		g->made = g->made * 2 + (e != 0);
	}
	*slot = (e | 1) - 4 * m - 2;
}

/* Three orders at once: each waits for its own table, not for the others. */
SCOREBOARD_INLINE void three_orders(int32_t *lead, uint32_t history,
				    uint64_t bits, unsigned n, bool all_seen,
				    unsigned order, struct guesses g[FULL])
{
	struct guesses a = { 0, 0 }, b = a, c = a;

	for (unsigned k = 0; k < n; k++) {
		int32_t m = -(int32_t)(bits & 1);

		guess_short(lead, history, m, all_seen, order, &a);
		guess_short(lead, history, m, all_seen, order + ALIKE, &b);
		guess_short(lead, history, m, all_seen, order + 2 * ALIKE, &c);
		history = history * 2 + (uint32_t)(bits & 1);
		bits >>= 1;
	}
	g[order - 1] = a;
	g[order + ALIKE - 1] = b;
	g[order + 2 * ALIKE - 1] = c;
}

SCOREBOARD_INLINE void short_orders(int32_t *lead, uint32_t history,
				    uint64_t bits, unsigned n, bool all_seen,
				    struct guesses g[FULL])
{
	three_orders(lead, history, bits, n, all_seen, 1, g);
	three_orders(lead, history, bits, n, all_seen, 2, g);
	three_orders(lead, history, bits, n, all_seen, 3, g);
	three_orders(lead, history, bits, n, all_seen, 4, g);
	three_orders(lead, history, bits, n, all_seen, 5, g);
}

/* No entry can be made any more: who counts what is settled. */
static void freeze(struct models *m)
{
	for (uint32_t x = 0; x < 1u << FULL; x++) {
		uint32_t zeros = m->counts[x][0], ones = m->counts[x][1];

		m->frozen[x].step = zeros > 0 && ones > 0 ? 2 : 0;
		if (zeros > 0 || ones > 0)
			m->frozen[x].lead = 2 * ((int32_t)ones - (int32_t)zeros) +
					    1;
	}
	m->is_frozen = true;
}

static struct guesses order_frozen(struct models *m, uint32_t history,
				   uint64_t bits, unsigned n)
{
	struct guesses g = { 0, 0 };

	for (unsigned k = 0; k < n; k++, bits >>= 1) {
		struct frozen *f = &m->frozen[history & 0xffff];
		int32_t sign = -(int32_t)(bits & 1), e = f->lead;

		g.right = g.right * 2 + ((uint32_t)((e ^ sign) - sign) >> 31);
		g.made = g.made * 2 + (e != 0);
		f->lead = e - ((f->step ^ sign) - sign);
		history = history * 2 + (uint32_t)(bits & 1);
	}
	return g;
}

static struct guesses order_full(struct models *m, uint32_t history,
				 uint64_t bits, unsigned n)
{
	struct guesses g = { 0, 0 };

	for (unsigned k = 0; k < n; k++, bits >>= 1) {
		uint32_t *c = m->counts[history & 0xffff];
		unsigned bit = bits & 1;
		bool seen = (c[0] | c[1]) != 0, new = c[bit] == 0;
		bool room = m->entries < MMC_ENTRIES;

		g.right = g.right * 2 + (seen & ((c[1] >= c[0]) == bit));
		g.made = g.made * 2 + seen;
		m->entries += new &room;
		c[bit] += !new | room;
		history = history * 2 + bit;
	}
	return g;
}

/* The first n of HALF, the last lowest, as bits 0 .. n - 1, the first lowest. */
static uint64_t reversed(uint64_t w, unsigned n)
{
	uint64_t r = 0;

	w = (w & UINT64_C(0x5555555555555555)) << 1 |
	    (w >> 1 & UINT64_C(0x5555555555555555));
	w = (w & UINT64_C(0x3333333333333333)) << 2 |
	    (w >> 2 & UINT64_C(0x3333333333333333));
	w = (w & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 4 |
	    (w >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f));
	r = __builtin_bswap64(w);
	return r >> (64 - n);
}

/* Where the sequence begins, an order has to wait for its first context. */
static void first_orders(struct models *m, uint64_t bits, unsigned n,
			 struct guesses g[FULL])
{
	uint32_t history = 0;

	memset(g, 0, FULL * sizeof *g);
	for (unsigned k = 0; k < n; k++) {
		int32_t sign = -(int32_t)(bits >> k & 1);

		for (unsigned order = 1; order < FULL; order++) {
			if (k >= order)
				guess_short(m->lead, history, sign, false,
					    order, &g[order - 1]);
		}
		if (k >= FULL) {
			struct guesses one = order_full(m, history, bits >> k,
							1);

			g[FULL - 1].right = g[FULL - 1].right * 2 + one.right;
			g[FULL - 1].made = g[FULL - 1].made * 2 + one.made;
		}
		history = history * 2 + (uint32_t)(bits >> k & 1);
	}
}

/* Positions i .. i + n - 1, n <= HALF, into bit `at` and up of the masks. */
static void half_block(struct models *m, const struct sp80090b_data *d,
		       uint64_t i, unsigned n, unsigned at, uint64_t *right,
		       uint64_t *made)
{
	uint64_t bits = sp80090b_window(d, i);
	uint32_t history = 0, unseen = 0;
	struct guesses g[FULL];

	for (unsigned order = 1; order < FULL; order++)
		unseen |= m->unseen[order];
	if (i > 0) {
		/* 32 bits, the last of them lowest. */
		history = (uint32_t)reversed(sp80090b_window(d, i - HALF), HALF);
		if (m->is_frozen) {
			g[FULL - 1] = order_frozen(m, history, bits, n);
		} else {
			g[FULL - 1] = order_full(m, history, bits, n);
			if (m->entries == MMC_ENTRIES)
				freeze(m);
		}
		if (unseen == 0)
			short_orders(m->lead, history, bits, n, true, g);
		else
			short_orders(m->lead, history, bits, n, false, g);
	} else {
		first_orders(m, bits, n, g);
	}
	for (unsigned order = 1; order <= FULL; order++) {
		uint64_t seen = ~UINT64_C(0) >> (64 - n);

		if (unseen > 0 || order == FULL)
			seen = reversed(g[order - 1].made, n);
		right[order - 1] |= reversed(g[order - 1].right, n) << at;
		made[order - 1] |= seen << at;
		if (unseen > 0 && order < FULL) {
			unsigned from = i == 0 ? order : 0;

			if (n > from)
				m->unseen[order] -=
					n - from -
					(unsigned)__builtin_popcountll(seen);
		}
	}
}

static int predict(struct models *m, const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };

	for (unsigned order = 1; order < FULL; order++)
		m->unseen[order] = 1u << order;
	for (uint64_t i = 0; i < d->n; i += 64) {
		uint64_t right[FULL] = { 0 }, made[FULL] = { 0 };
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;

		half_block(m, d, i, n < HALF ? n : HALF, 0, right, made);
		if (n > HALF)
			half_block(m, d, i + HALF, n - HALF, HALF, right, made);
		scoreboard_feed(&s, right, made, FULL, i == 0 ? 2 : 0, n);
		if ((i & 0xfffff) == 0 &&
		    sp80090b_tick(d, 0x100000 / (double)d->n))
			return -ECANCELED;
	}
	*ret = s.guesses;
	return 0;
}

int sp80090b_multi_mmc_bits(const struct sp80090b_data *d,
			    struct sp80090b_estimate *ret)
{
	struct sp80090b_guesses g;
	struct models *m;
	int r;

	if (d->n < MMC_BITS_MIN)
		return sp80090b_refuse(ret, "fewer than 18 bits");
	m = calloc(1, sizeof *m);
	if (m == NULL)
		return -ENOMEM;
	r = predict(m, d, &g);
	free(m);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, 2, ret);
	return 0;
}
