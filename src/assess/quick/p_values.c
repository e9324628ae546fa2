/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>

#include "assess/quick/quick.h"
#include "assess/sp80022/math.h"

/* Both tails of a standard normal. */
static double two_sided(double z)
{
	return erfc(fabs(z) * M_SQRT1_2);
}

/* The share of the square of 2^24 by 2^24 points that ent's circle takes. */
#define CIRCLE 0.78539813

static double circle_p(const struct quick *q)
{
	double n = (double)q->points;

	return two_sided(((double)q->inside - n * CIRCLE) /
			 sqrt(n * CIRCLE * (1 - CIRCLE)));
}

/*
 * For independent bytes of any one distribution the coefficient has mean
 * -1/(n-1) and variance near 1/n (Knuth 3.3.2 K). A constant stream has none;
 * it fails the others.
 */
static double serial_p(const struct quick_result *r)
{
	double n = (double)r->n_bytes;

	if (isnan(r->serial_correlation))
		return 1;
	return two_sided((r->serial_correlation + 1 / (n - 1)) * sqrt(n));
}

int quick_p_values(const struct quick *q, struct quick_p *ret)
{
	static const char *const bits[8] = { "bit 0", "bit 1", "bit 2", "bit 3",
					     "bit 4", "bit 5", "bit 6", "bit 7" };
	struct quick_result r;
	double p, low;

	if (q->n_bytes < QUICK_LEAST_BYTES)
		return -EINVAL;
	quick_end(q, &r);
	p = r.byte_chi2_p;
	low = p < 0.5 ? p : 1 - p;
	ret[0] = (struct quick_p){ "byte counts", 2 * low };
	for (unsigned bit = 0; bit < 8; bit++)
		ret[1 + bit] = (struct quick_p){
			bits[bit], two_sided((2 * r.ones[bit] - 1) *
					     sqrt((double)r.n_bytes))
		};
	ret[9] = (struct quick_p){ "serial correlation", serial_p(&r) };
	ret[10] = (struct quick_p){ "points in the circle", circle_p(q) };
	return 0;
}
