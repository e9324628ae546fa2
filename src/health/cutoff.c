/* SPDX-License-Identifier: ISC */
#include "health/cutoff.h"

#include <math.h>

unsigned health_cutoff_run(uint32_t h_mbits, unsigned alpha_log2)
{
	return 1 + (1000 * alpha_log2 + h_mbits - 1) / h_mbits;
}

/*
 * Sums the upper tail from its small end, P(X = n) + P(X = n - 1) + ..., until
 * it passes alpha. Each term is kept as a logarithm, since p^n leaves the range
 * of a double (2^-4096 for n = 512, H = 8); a term too small for exp2() is too
 * small to matter beside alpha. Small terms come first, all are positive, so
 * the sum is good to about 1e-12; no tail in use comes nearer than 1e-7 to a
 * power of two, relatively (tools/cutoffs.py --margin), but for P(X >= 1) of a
 * small p. That is below np by less than a sum of doubles can tell, and np may
 * be alpha itself, so np is compared in integers.
 */
unsigned health_cutoff_count(unsigned n, uint32_t h_mbits, unsigned alpha_log2)
{
	double h = h_mbits / 1000.0;
	/* 1 - 2^-h without cancellation when h is small. */
	double q_log2 = log2(-expm1(-h * 0.693147180559945309417));
	double alpha = ldexp(1.0, -(int)alpha_log2);
	double choose_log2 = 0.0; /* of C(n, hits) */
	double tail = 0.0;        /* P(X > hits) */
	unsigned hits = n, n_log2 = 0;

	while (1u << n_log2 < n)
		n_log2++;
	if (h_mbits >= 1000 * (alpha_log2 + n_log2))
		return 1;
	for (;;) {
		tail += exp2(choose_log2 - hits * h + (n - hits) * q_log2);
		if (tail > alpha || hits == 0)
			return hits + 1;
		choose_log2 += log2((double)hits / (n - hits + 1));
		hits--;
	}
}
