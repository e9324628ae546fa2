/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>

#include "assess/sp80022/math.h"

#define TERMS_MAX 100000

/*
 * x^a e^-x / Gamma(a + 1). From a = 32 on by Stirling's series around x = a:
 * a ln x - x - lgamma(a + 1) would cancel nearly all digits there.
 */
static double prefix(double a, double x)
{
	if (a < 32)
		return exp(a * log(x) - x - lgamma(a + 1));

	double t = (x - a) / a;
	double a2 = a * a;
	double stirling = (1.0 / 12 - (1.0 / 360 - 1.0 / (1260 * a2)) / a2) / a;
	/* log1p(t) - t loses digits only where a (log1p(t) - t) is small. */
	double exponent = a * (log1p(t) - t) - stirling;

	return exp(exponent) / sqrt(2 * M_PI * a);
}

/* P(a, x) by its power series: all terms positive. For x < a + 1. */
static double lower_series(double a, double x)
{
	double sum = 1;
	double term = 1;

	for (int i = 1; i < TERMS_MAX && term > sum * DBL_EPSILON / 4; i++) {
		term *= x / (a + i);
		sum += term;
	}
	return prefix(a, x) * sum;
}

/* Q(a, x) by Legendre's continued fraction (modified Lentz). x >= a + 1. */
static double upper_fraction(double a, double x)
{
	double b = x + 1 - a;
	double c = 1 / DBL_MIN;
	double d = 1 / b;
	double h = d;

	for (int i = 1; i < TERMS_MAX; i++) {
		double an = -i * (i - a);
		double step;

		b += 2;
		d = an * d + b;
		c = b + an / c;
		if (fabs(d) < DBL_MIN)
			d = DBL_MIN;
		if (fabs(c) < DBL_MIN)
			c = DBL_MIN;
		d = 1 / d;
		step = d * c;
		h *= step;
		if (fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return prefix(a, x) * a * h;
}

double math_igamc(double a, double x)
{
	double q;

	if (!(x > 0))
		return 1;
	if (isinf(x))
		return 0;
	q = x < a + 1 ? 1 - lower_series(a, x) : upper_fraction(a, x);
	return fmin(1, fmax(0, q));
}

double math_normal(double x)
{
	return erfc(-x * M_SQRT1_2) / 2;
}

double math_chi2(const uint64_t *v, const double *p, size_t classes, double n)
{
	double chi2 = 0;

	for (size_t i = 0; i < classes; i++) {
		double expected = n * p[i];
		double off = (double)v[i] - expected;

		chi2 += off * off / expected;
	}
	return chi2;
}
