/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LZ78Y prediction, SP 800-90B 6.3.10, on bits.
 *
 * Of all contexts that end here, the one whose likeliest successor was seen
 * most often guesses, the longest of them on a tie. What a longer context
 * counts, each shorter one counts too, so the shortest has the largest count:
 * a longer one guesses only on a tie. Once both successors were counted after
 * all four contexts of two bits, no tie with one bit can come back; from there
 * on the guess is that of one bit, and needs no table. Nearly every sequence
 * gets there within a few bits.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

struct dictionary {
	uint32_t counts[2u << LZ78Y_ORDERS][2]; /* order m from 2^m on */
	uint32_t contexts;
};

/* Guesses bit i, then counts it; context: the 16 bits before it. */
static void one_bit(struct dictionary *t, uint32_t context, bool bit,
		    bool *ret_made, bool *ret_right)
{
	uint32_t most = 0;
	bool guess = false;

	for (unsigned order = LZ78Y_ORDERS; order > 0; order--) {
		uint32_t x = context >> (LZ78Y_ORDERS - order);
		uint32_t *c = t->counts[(1u << order) | x];
		uint32_t top = c[1] >= c[0] ? c[1] : c[0];

		if (top > most) {
			most = top;
			guess = c[1] >= c[0];
		}
		if (top > 0) {
			c[bit]++;
		} else if (t->contexts < LZ78Y_CONTEXTS) {
			c[bit] = 1;
			t->contexts++;
		}
	}
	*ret_made = most > 0;
	*ret_right = most > 0 && guess == bit;
}

/* Has every context of two bits counted both successors? */
static bool settled(const struct dictionary *t)
{
	for (unsigned x = 4; x < 8; x++) {
		if (t->counts[x][0] == 0 || t->counts[x][1] == 0)
			return false;
	}
	return true;
}

/* Until it is settled, or to the end; returns the next position. */
static uint64_t by_table(struct dictionary *t, const struct sp80090b_data *d,
			 struct scoreboard *s)
{
	uint64_t i = LZ78Y_ORDERS;
	bool made, right;

	for (; i < d->n && ((i & 1023) != 0 || !settled(t)); i++) {
		uint32_t context =
			(uint32_t)sp80090b_window(d, i - LZ78Y_ORDERS) & 0xffff;

		one_bit(t, context, sp80090b_bit(d, i), &made, &right);
		/* The first only fills the dictionary. No guess is wrong. */
		if (i > LZ78Y_ORDERS)
			scoreboard_one(s, right, true);
	}
	return i;
}

/* lead: ones minus zeros that followed a zero, and a one. */
static uint64_t guess_block(int64_t lead[2], bool last, uint64_t bits,
			    unsigned n)
{
	uint64_t guesses = 0;

	for (unsigned k = 0; k < n; k++) {
		bool bit = (bits >> k) & 1;

		guesses |= (uint64_t)(lead[last] >= 0) << k;
		lead[last] += bit ? 1 : -1;
		last = bit;
	}
	return guesses;
}

static bool is_far(int64_t lead)
{
	return lead > 64 || lead < -64;
}

static int by_last_bit(const struct dictionary *t, const struct sp80090b_data *d,
		       uint64_t from, struct scoreboard *s)
{
	int64_t lead[2];

	for (unsigned x = 0; x < 2; x++)
		lead[x] = (int64_t)t->counts[2 + x][1] -
			  (int64_t)t->counts[2 + x][0];
	for (uint64_t i = from; i < d->n; i += 64) {
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;
		uint64_t all = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
		uint64_t bits = sp80090b_window(d, i) & all, guesses;
		uint64_t before = sp80090b_window(d, i - 1) & all;

		if (is_far(lead[0]) && is_far(lead[1])) {
			int ones_1 = __builtin_popcountll(bits & before);
			int ones_0 = __builtin_popcountll(bits & ~before);
			int n_1 = __builtin_popcountll(before);

			guesses = (lead[1] > 0 ? before : 0) |
				  (lead[0] > 0 ? ~before : 0);
			lead[1] += 2 * ones_1 - n_1;
			lead[0] += 2 * ones_0 - ((int)n - n_1);
		} else {
			guesses = guess_block(lead, before & 1, bits, n);
		}
		scoreboard_count(s, ~(guesses ^ bits) & all, n);
		if ((i & 0xffffc0) == 0 &&
		    sp80090b_tick(d, 0x1000000 / (double)d->n))
			return -ECANCELED;
	}
	return 0;
}

int sp80090b_lz78y_bits(const struct sp80090b_data *d,
			struct sp80090b_estimate *ret)
{
	struct scoreboard s = { .leader = 0 };
	struct dictionary *t;
	uint64_t next;
	int r;

	if (d->n < LZ78Y_LENGTH_MIN)
		return sp80090b_refuse(ret, "fewer than 18 bits");
	t = calloc(1, sizeof *t);
	if (t == NULL)
		return -ENOMEM;
	next = by_table(t, d, &s);
	r = by_last_bit(t, d, next, &s);
	free(t);
	if (r < 0)
		return r;
	sp80090b_predicted(&s.guesses, 2, ret);
	return 0;
}
