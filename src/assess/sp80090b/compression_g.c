/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Maurer's sum. With N blocks, v = N - d and a(i) = log2(i) (1 - z)^(i-1), the
 * double sum of 6.3.4 step 7 is, summed over its other index first,
 *
 *   G(z) = z/v (z v sum_{i=2}^{d} a(i)
 *               + sum_{i=d+1}^{N} (z (N - i) + 1) a(i)).
 *
 * The first sum has 999 terms. The terms f of the second are smooth by then
 * (i > 1000), so Euler and Maclaurin's formula takes its place: the integral,
 * half of both ends, and a twelfth of the difference of the slopes there; what
 * is left out is below 1e-14 of G, whatever z.
 */
#include <math.h>

#include "assess/sp80090b/compression_g.h"

/* Past e^-60 of the beginning nothing changes a double. */
#define DEEP_ENOUGH 60

/* Gauss and Legendre's 16 nodes: half of them, and their weights. */
static const double node[] = {
	0.09501250983763744, 0.2816035507792589, 0.4580167776572274,
	0.6178762444026437,  0.7554044083550030, 0.8656312023878318,
	0.9445750230732326,  0.9894009349916499,
};
static const double weight[] = {
	0.1894506104550685,  0.1826034150449236,  0.1691565193950025,
	0.1495959888165767,  0.1246289712555339,  0.09515851168249278,
	0.06225352393864789, 0.02715245941175409,
};

/* f, with decay = -ln(1 - z). */
struct tail {
	double z, decay, blocks;
};

static double term(const struct tail *t, double x)
{
	return (t->z * (t->blocks - x) + 1) * log2(x) * exp(-t->decay * (x - 1));
}

static double slope(const struct tail *t, double x)
{
	double linear = t->z * (t->blocks - x) + 1;

	return (-t->z * log2(x) + linear / (x * M_LN2) -
		t->decay * linear * log2(x)) *
	       exp(-t->decay * (x - 1));
}

static double panel(const struct tail *t, double from, double to)
{
	double middle = (from + to) / 2, half = (to - from) / 2, sum = 0;

	for (unsigned i = 0; i < sizeof node / sizeof *node; i++)
		sum += weight[i] * (term(t, middle - half * node[i]) +
				    term(t, middle + half * node[i]));
	return sum * half;
}

static double tail_sum(const struct tail *t)
{
	double from = COMPRESSION_D + 1, x = from, sum;
	double end = fmin(t->blocks, from + DEEP_ENOUGH / t->decay);

	if (t->decay * COMPRESSION_D > DEEP_ENOUGH)
		return 0;
	sum = (term(t, from) + term(t, end)) / 2 +
	      (slope(t, end) - slope(t, from)) / 12;
	while (x < end) {
		double to = fmin(end, fmin(2 * x, x + 4 / t->decay));

		sum += panel(t, x, to);
		x = to;
	}
	return sum;
}

void compression_g_init(struct compression_g *g, uint64_t blocks)
{
	g->blocks = (double)blocks;
	g->log2_of[0] = 0;
	for (unsigned i = 1; i <= COMPRESSION_D; i++)
		g->log2_of[i] = log2(i);
}

double compression_g(const struct compression_g *g, double z)
{
	double v = g->blocks - COMPRESSION_D;
	long double power = 1 - (long double)z, factor = power, head = 0;
	struct tail t = { z, -log1p(-z), g->blocks };

	for (unsigned i = 2; i <= COMPRESSION_D && power > 1e-30L; i++) {
		head += power * g->log2_of[i];
		power *= factor;
	}
	return z / v * (z * v * (double)head + tail_sum(&t));
}
