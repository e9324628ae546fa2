/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collision estimate, SP 800-90B 6.3.2, on bits. */
#include <math.h>

#include "assess/sp80090b/estimate.h"

/* How many times a value came back after 2 steps, and after 3. */
struct waits {
	uint64_t two, three;
};

/* A collision is 00 or 11 (two steps), or the third bit makes it. */
static struct waits count_waits(const struct sp80090b_data *d)
{
	struct waits w = { 0, 0 };
	uint64_t i = 0;

	while (i + 64 < d->n) {
		uint64_t bits = sp80090b_window(d, i);
		/* 20 steps of at most 3 bits stay inside the window. */
		unsigned threes = 0;

		for (unsigned k = 0; k < 20; k++) {
			unsigned differ = (unsigned)((bits ^ bits >> 1) & 1);

			bits >>= 2 + differ;
			threes += differ;
		}
		w.three += threes;
		w.two += 20 - threes;
		i += 40 + threes;
	}
	while (i + 1 < d->n) {
		bool differ = sp80090b_bit(d, i) != sp80090b_bit(d, i + 1);

		if (differ && i + 2 >= d->n)
			break;
		w.two += !differ;
		w.three += differ;
		i += differ ? 3 : 2;
	}
	return w;
}

int sp80090b_collision(const struct sp80090b_data *d,
		       struct sp80090b_estimate *ret)
{
	struct waits w = count_waits(d);
	double v = (double)(w.two + w.three);
	double sum = 2.0 * (double)w.two + 3.0 * (double)w.three;
	double squares = 4.0 * (double)w.two + 9.0 * (double)w.three;
	double mean, sigma, lower, p = 0.5;

	if (w.two + w.three < 2)
		return sp80090b_refuse(ret, "fewer than 2 collisions");
	mean = sum / v;
	sigma = sqrt(fmax(0, (squares - sum * mean) / (v - 1)));
	lower = fmax(2, mean - SP80090B_Z * sigma / sqrt(v));
	/*
	 * On bits the expectation in step 7, with F(1/q) written out, comes
	 * down to 2 + 2 p (1 - p); above 2.5 there is no p, which is step 8.
	 */
	if (lower < 2.5)
		p = 0.5 + sqrt(1.25 - 0.5 * lower);
	sp80090b_detail(ret, "v", v);
	sp80090b_detail(ret, "sum t_i", sum);
	sp80090b_detail(ret, "X-bar", mean);
	sp80090b_detail(ret, "sigma-hat", sigma);
	sp80090b_detail(ret, "X-bar'", lower);
	sp80090b_detail(ret, "p", p);
	ret->h = 0 - log2(p); /* never -0 */
	return 0;
}
