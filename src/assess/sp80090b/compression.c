/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compression estimate (Maurer's universal statistic), 6.3.4, on bits. */
#include <math.h>

#include "assess/sp80090b/compression_g.h"
#include "assess/sp80090b/estimate.h"

#define BLOCK_BITS 6
#define BLOCK_VALUES (1u << BLOCK_BITS)
#define BLOCKS_A_LOAD 10
#define NEAR 4096 /* distances counted; those above are summed as they come */

struct distances {
	uint64_t seen_at[BLOCK_VALUES]; /* block number from 1; 0: not yet */
	uint64_t count[NEAR];
	double far, far_squares;
};

static inline void note(struct distances *s, uint64_t block, unsigned value)
{
	uint64_t distance = block - s->seen_at[value];

	s->seen_at[value] = block;
	if (block <= COMPRESSION_D)
		return;
	if (distance < NEAR) {
		s->count[distance]++;
	} else {
		double l = log2((double)distance);

		s->far += l;
		s->far_squares += l * l;
	}
}

static void measure(const struct sp80090b_data *d, uint64_t blocks,
		    struct distances *s)
{
	memset(s, 0, sizeof *s);
	for (uint64_t b = 0; b < blocks; b += BLOCKS_A_LOAD) {
		uint64_t bits = sp80090b_window(d, b * BLOCK_BITS);
		uint64_t end = blocks - b < BLOCKS_A_LOAD ? blocks - b :
							    BLOCKS_A_LOAD;

		for (unsigned k = 0; k < end; k++, bits >>= BLOCK_BITS)
			note(s, b + k + 1, bits & (BLOCK_VALUES - 1));
	}
}

static double expectation(const struct compression_g *g, double p)
{
	double q = (1 - p) / (BLOCK_VALUES - 1);

	return compression_g(g, p) + (BLOCK_VALUES - 1) * compression_g(g, q);
}

/* Step 7: the expectation falls from p = 2^-6 on. */
static double solve(const struct compression_g *g, double mean)
{
	double low = 1.0 / BLOCK_VALUES, high = 1;

	if (expectation(g, low) <= mean)
		return low;
	for (;;) {
		double p = (low + high) / 2;

		if (!(p > low && p < high))
			return high;
		if (expectation(g, p) > mean)
			low = p;
		else
			high = p;
	}
}

int sp80090b_compression(const struct sp80090b_data *d,
			 struct sp80090b_estimate *ret)
{
	uint64_t blocks = d->n / BLOCK_BITS;
	struct distances s;
	struct compression_g g;
	double mean, squares, sigma, lower, p, v;

	if (blocks < COMPRESSION_D + 2)
		return sp80090b_refuse(ret, "fewer than 1002 blocks of 6 bits");
	measure(d, blocks, &s);
	mean = s.far;
	squares = s.far_squares;
	for (unsigned k = NEAR - 1; k > 0; k--) {
		double l = log2(k);

		mean += l * (double)s.count[k];
		squares += l * l * (double)s.count[k];
	}
	v = (double)(blocks - COMPRESSION_D);
	mean /= v;
	sigma = 0.5907 * sqrt(fmax(0, squares / (v - 1) - mean * mean));
	lower = mean - SP80090B_Z * sigma / sqrt(v);
	compression_g_init(&g, blocks);
	p = solve(&g, lower);
	sp80090b_detail(ret, "v", v);
	sp80090b_detail(ret, "X-bar", mean);
	sp80090b_detail(ret, "sigma-hat", sigma);
	sp80090b_detail(ret, "X-bar'", lower);
	sp80090b_detail(ret, "p", p);
	ret->h = (0 - log2(p)) / BLOCK_BITS;
	return 0;
}
