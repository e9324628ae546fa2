/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often the most common value can occur, for 3.1.4.3.
 *
 * Where no value is likelier than p, the most common one is largest for as many
 * values of probability p as there can be and one with what is left (Hagerty,
 * Draper: Entropy Bounds and Statistical Tests, 2012). Counts of n draws are
 * those of independent Poisson variables with these means, given that their sum
 * is n. So the chance that none exceeds x is a coefficient of a product of
 * Poisson series cut off at x, over that of the whole.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/restart.h"

/* Coefficients 0 .. n. */
static void poisson(double *series, unsigned n, unsigned x, double mean)
{
	for (unsigned j = 0; j <= n; j++)
		series[j] = j > x ? 0 :
				    exp(-mean +
					(mean > 0 ? j * log(mean) :
					 j == 0   ? 0 :
						    -INFINITY) -
					lgamma(j + 1.0));
}

static void multiply(double *to, const double *by, unsigned n, double *work)
{
	for (unsigned k = 0; k <= n; k++) {
		double sum = 0;

		for (unsigned j = 0; j <= k; j++)
			sum += to[j] * by[k - j];
		work[k] = sum;
	}
	memcpy(to, work, (n + 1) * sizeof *to);
}

/* The chance that no count of n draws exceeds x; work: four series. */
static double chance_of_none_above(unsigned n, double p, unsigned x,
				   double *work)
{
	double *product = work, *square = work + n + 1, *rest = square + n + 1;
	double *spare = rest + n + 1;
	unsigned values = (unsigned)floor(1 / p);
	double left = 1 - values * p;

	poisson(product, n, x, n * (left > 0 ? left : 0));
	poisson(square, n, x, n * p);
	for (unsigned e = values; e > 0; e >>= 1) {
		if (e & 1)
			multiply(product, square, n, spare);
		if (e > 1) {
			memcpy(rest, square, (n + 1) * sizeof *rest);
			multiply(square, rest, n, spare);
		}
	}
	return product[n] / exp(-(double)n + n * log(n) - lgamma(n + 1.0));
}

int sp80090b_restart_cutoff(unsigned n, double p, double alpha,
			    unsigned *ret_cutoff)
{
	unsigned low = 0, high = n; /* too small, large enough */
	double *work = malloc(4 * (n + (size_t)1) * sizeof *work);

	if (work == NULL)
		return -ENOMEM;
	while (high - low > 1) {
		unsigned middle = low + (high - low) / 2;

		if (chance_of_none_above(n, p, middle, work) >= 1 - alpha)
			high = middle;
		else
			low = middle;
	}
	free(work);
	*ret_cutoff = high;
	return 0;
}

/* The largest x with P(X >= x) >= alpha; from the top, where terms are small. */
unsigned sp80090b_restart_text_cutoff(unsigned n, double p, double alpha)
{
	double tail = 0;
	unsigned x = n;

	if (p >= 1)
		return n;
	for (; x > 0; x--) {
		tail += exp(lgamma(n + 1.0) - lgamma(x + 1.0) -
			    lgamma(n - x + 1.0) + x * log(p) +
			    (n - x) * log1p(-p));
		if (tail >= alpha)
			break;
	}
	return x;
}
