/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MultiMMC prediction, SP 800-90B 6.3.9, on bits, without any vectors. */
#include "assess/sp80090b/mmc_bits.h"

#define ALIKE 5 /* orders m, m + ALIKE and m + 2 ALIKE go together */

/* Of one order, the last position lowest. */
struct guesses {
	uint64_t right, made;
};

/* Order m from place 2^m on. */
SCOREBOARD_INLINE uint32_t place(unsigned order, uint32_t context)
{
	return 1u << order | context;
}

/*
 * One position of one order. history: the bits before it, the last one lowest;
 * a context is its low bits. m: all ones for a one to come, else 0.
 */
SCOREBOARD_INLINE void guess_short(int32_t *lead, uint32_t history, int32_t m,
				   bool all_seen, unsigned order,
				   struct guesses *g)
{
	int32_t *slot = &lead[place(order, history & ((1u << order) - 1))];
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
				    unsigned order, struct mmc_guesses *ret)
{
	struct guesses g[3] = { { 0, 0 }, { 0, 0 }, { 0, 0 } };

	for (unsigned k = 0; k < n; k++) {
		int32_t m = -(int32_t)(bits & 1);

		for (unsigned j = 0; j < 3; j++)
			guess_short(lead, history, m, all_seen,
				    order + j * ALIKE, &g[j]);
		history = history * 2 + (uint32_t)(bits & 1);
		bits >>= 1;
	}
	for (unsigned j = 0; j < 3; j++) {
		unsigned at = order + j * ALIKE - 1;

		ret->right[at] = mmc_reversed(g[j].right, n);
		ret->made[at] = mmc_reversed(g[j].made, n);
	}
}

SCOREBOARD_INLINE void block(int32_t *lead, uint32_t history, uint64_t bits,
			     unsigned n, bool all_seen, struct mmc_guesses *ret)
{
	three_orders(lead, history, bits, n, all_seen, 1, ret);
	three_orders(lead, history, bits, n, all_seen, 2, ret);
	three_orders(lead, history, bits, n, all_seen, 3, ret);
	three_orders(lead, history, bits, n, all_seen, 4, ret);
	three_orders(lead, history, bits, n, all_seen, 5, ret);
}

static int run_plain(struct mmc_bits *m, const struct sp80090b_data *d,
		     struct sp80090b_guesses *ret)
{
	return mmc_bits_predict(m, d, place, block, ret);
}

static bool usable_plain(void)
{
	return true;
}

const struct mmc_bits_way mmc_bits_ways[] = {
#if defined(__x86_64__)
	{ "avx2", mmc_bits_usable_256, mmc_bits_run_256 },
#endif
	{ "plain", usable_plain, run_plain },
	{ NULL, NULL, NULL },
};

int mmc_bits_guess(const struct mmc_bits_way *way,
		   const struct sp80090b_data *d, struct sp80090b_guesses *ret)
{
	struct mmc_bits *m = calloc(1, sizeof *m);
	int r;

	if (m == NULL)
		return -ENOMEM;
	m->lead = m->room + (-((uintptr_t)m->room / sizeof *m->room) & 15);
	r = way->run(m, d, ret);
	free(m);
	return r;
}

int sp80090b_multi_mmc_bits(const struct sp80090b_data *d,
			    struct sp80090b_estimate *ret)
{
	const struct mmc_bits_way *way = mmc_bits_ways;
	struct sp80090b_guesses g;
	int r;

	if (d->n < MMC_BITS_MIN)
		return sp80090b_refuse(ret, "fewer than 18 bits");
	while (!way->usable())
		way++;
	r = mmc_bits_guess(way, d, &g);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, 2, ret);
	return 0;
}
