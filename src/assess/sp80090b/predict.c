/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>

#include "assess/sp80090b/estimate.h"

long double sp80090b_upper(long double p, uint64_t n)
{
	long double u = p + (long double)SP80090B_Z *
				    sqrtl(p * (1 - p) / (long double)(n - 1));

	return u < 1 ? u : 1;
}

/*
 * ln of the probability that n guesses, each right with probability p, hold no
 * run of r right ones (Feller, An Introduction to Probability Theory, XIII.7,
 * as 6.3.7 step 8 gives it). x is the root nearest 1 of
 * 1 - x + (1 - p) p^r x^(r+1), found by iterating from 1; the iteration only
 * rises, so it ends when it stops rising.
 */
static double ln_no_run(double chance, uint64_t run, uint64_t n)
{
	long double p = chance, q = 1 - p, r = (long double)run;
	long double x = 1, last = 0, qpr = q * powl(p, r);

	for (unsigned i = 0; i <= 65 && x - last > LDBL_EPSILON * x; i++) {
		last = x;
		x = 1 + qpr * powl(x, r + 1);
	}
	return (double)(logl(1 - p * x) - logl((r + 1 - r * x) * q) -
			((long double)n + 1) * logl(x));
}

/* The p above `low` at which 0.99 of all sequences have no such run. */
static double solve_local(double low, uint64_t run, uint64_t n)
{
	double high = 1, target = log(0.99);

	for (;;) {
		double p = (low + high) / 2;

		if (!(p > low && p < high))
			return high;
		if (ln_no_run(p, run, n) > target)
			low = p;
		else
			high = p;
	}
}

void sp80090b_predicted(const struct sp80090b_guesses *g, unsigned alphabet,
			struct sp80090b_estimate *ret)
{
	double n = (double)g->n, p = (double)g->correct / n;
	double p_upper, p_max = 1.0 / alphabet;
	uint64_t run = g->longest + 1;

	if (g->correct > 0)
		p_upper = fmin(1, p + SP80090B_Z * sqrt(p * (1 - p) / (n - 1)));
	else
		p_upper = 1 - pow(0.01, 1 / n);
	p_max = fmax(p_max, p_upper);
	sp80090b_detail(ret, "N", n);
	sp80090b_detail(ret, "C", (double)g->correct);
	sp80090b_detail(ret, "r", (double)run);
	sp80090b_detail(ret, "P_global", p);
	sp80090b_detail(ret, "P'_global", p_upper);
	/* Where this does not hold, P_local is below what stands already. */
	if (p_max < 1 && ln_no_run(p_max, run, g->n) > log(0.99)) {
		p_max = solve_local(p_max, run, g->n);
		sp80090b_detail(ret, "P_local", p_max);
	}
	ret->h = 0 - log2(p_max);
}
