/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markov estimate, SP 800-90B 6.3.3, on bits. */
#include <math.h>

#include "assess/sp80090b/estimate.h"

struct pairs {
	uint64_t ones; /* among all but the last bit */
	uint64_t one_one, zero_one;
};

static struct pairs count_pairs(const struct sp80090b_data *d)
{
	struct pairs p = { 0, 0, 0 };

	for (uint64_t i = 0; i + 1 < d->n; i += 64) {
		uint64_t left = d->n - 1 - i;
		uint64_t keep = left < 64 ? (UINT64_C(1) << left) - 1 : ~0ULL;
		uint64_t first = sp80090b_window(d, i) & keep;
		uint64_t second = sp80090b_window(d, i + 1) & keep;

		p.ones += (uint64_t)__builtin_popcountll(first);
		p.one_one += (uint64_t)__builtin_popcountll(first & second);
		p.zero_one += (uint64_t)__builtin_popcountll(~first & second);
	}
	return p;
}

/* Table 1 of 6.3.3: the six candidates for the likeliest 128 bits. */
static const struct {
	unsigned first;
	unsigned n_00, n_01, n_10, n_11;
} candidates[] = {
	{ 0, 127, 0, 0, 0 }, { 0, 0, 64, 63, 0 }, { 0, 0, 1, 0, 126 },
	{ 1, 126, 0, 1, 0 }, { 1, 0, 63, 64, 0 }, { 1, 0, 0, 0, 127 },
};

/* -log2 of p^n, where p = 0 makes it impossible unless n = 0. */
static double cost(double p, unsigned n)
{
	return n == 0 ? 0 : n * (0 - log2(p));
}

int sp80090b_markov(const struct sp80090b_data *d, struct sp80090b_estimate *ret)
{
	struct pairs c;
	double zeros, ones, first[2], p_00, p_01, p_10, p_11, least = 128;

	if (d->n < 2)
		return sp80090b_refuse(ret, "fewer than 2 bits");
	c = count_pairs(d);
	ones = (double)c.ones;
	zeros = (double)(d->n - 1 - c.ones);
	p_01 = zeros > 0 ? (double)c.zero_one / zeros : 0;
	p_00 = zeros > 0 ? 1 - p_01 : 0;
	p_11 = ones > 0 ? (double)c.one_one / ones : 0;
	p_10 = ones > 0 ? 1 - p_11 : 0;
	first[1] = (ones + sp80090b_bit(d, d->n - 1)) / (double)d->n;
	first[0] = 1 - first[1];
	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
		double bits = 0 - log2(first[candidates[i].first]) +
			      cost(p_00, candidates[i].n_00) +
			      cost(p_01, candidates[i].n_01) +
			      cost(p_10, candidates[i].n_10) +
			      cost(p_11, candidates[i].n_11);

		least = bits < least ? bits : least;
	}
	sp80090b_detail(ret, "P_0", first[0]);
	sp80090b_detail(ret, "P_1", first[1]);
	sp80090b_detail(ret, "P_00", p_00);
	sp80090b_detail(ret, "P_01", p_01);
	sp80090b_detail(ret, "P_10", p_10);
	sp80090b_detail(ret, "P_11", p_11);
	sp80090b_detail(ret, "p-hat_max", exp2(-least));
	ret->h = fmin(least / 128, 1);
	return 0;
}
