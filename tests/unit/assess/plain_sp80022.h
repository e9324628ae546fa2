/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_SP80022_H
#define AQUIFER_TESTS_ASSESS_PLAIN_SP80022_H

/*
 * The fifteen tests again, as SP 800-22 rev 1a says them: a bit a byte, one
 * step of the text after the other, GSL's incomplete gamma function. Slow and
 * for comparison only. Each returns the number of p-values, 0 where the test
 * does not apply.
 */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80022/test.h"

struct plain {
	const uint8_t *e; /* epsilon */
	size_t n;
	const struct sp80022_params *p;
	double *out;
};

static inline double plain_igamc(double a, double x)
{
	gsl_sf_result r = { 0, 0 };

	(void)gsl_set_error_handler_off();
	if (!(x > 0))
		return 1;
	/* An underflow is a 0. */
	return gsl_sf_gamma_inc_Q_e(a, x, &r) == GSL_SUCCESS ? r.val : 0;
}

static inline double plain_chi2(const double *v, const double *pi, size_t k,
				double n)
{
	double chi2 = 0;

	for (size_t i = 0; i < k; i++)
		chi2 += (v[i] - n * pi[i]) * (v[i] - n * pi[i]) / (n * pi[i]);
	return chi2;
}

static inline unsigned plain_frequency(struct plain *t)
{
	double s = 0;

	for (size_t i = 0; i < t->n; i++)
		s += 2 * t->e[i] - 1;
	t->out[0] = erfc(fabs(s) / sqrt((double)t->n) / sqrt(2));
	return 1;
}

static inline unsigned plain_block_frequency(struct plain *t)
{
	size_t m = t->p->block_frequency_bits, blocks = t->n / m;
	double chi2 = 0;

	for (size_t i = 0; i < blocks; i++) {
		double pi = 0;

		for (size_t j = 0; j < m; j++)
			pi += t->e[i * m + j];
		pi /= (double)m;
		chi2 += 4 * (double)m * (pi - 0.5) * (pi - 0.5);
	}
	t->out[0] = plain_igamc((double)blocks / 2, chi2 / 2);
	return 1;
}

static inline unsigned plain_runs(struct plain *t)
{
	double n = (double)t->n;
	double pi = 0;
	double v = 1;

	for (size_t i = 0; i < t->n; i++)
		pi += t->e[i];
	pi /= n;
	if (fabs(pi - 0.5) >= 2 / sqrt(n))
		return 0;
	for (size_t i = 0; i + 1 < t->n; i++)
		v += t->e[i] != t->e[i + 1];
	t->out[0] = erfc(fabs(v - 2 * n * pi * (1 - pi)) /
			 (2 * sqrt(2 * n) * pi * (1 - pi)));
	return 1;
}

static inline double plain_normal(double x)
{
	return 0.5 * (1 + erf(x / sqrt(2)));
}

static inline double plain_cusum_p(double z, double n)
{
	double p = 1, unit = z / sqrt(n);
	long last = (long)floor((n / z - 1) / 4);

	for (long k = (long)ceil((-n / z + 1) / 4); k <= last; k++)
		p -= plain_normal((double)(4 * k + 1) * unit) -
		     plain_normal((double)(4 * k - 1) * unit);
	for (long k = (long)ceil((-n / z - 3) / 4); k <= last; k++)
		p += plain_normal((double)(4 * k + 3) * unit) -
		     plain_normal((double)(4 * k + 1) * unit);
	return fmin(1, fmax(0, p));
}

static inline unsigned plain_cumulative_sums(struct plain *t)
{
	for (unsigned mode = 0; mode < 2; mode++) {
		double s = 0;
		double z = 0;

		for (size_t i = 0; i < t->n; i++) {
			s += 2 * t->e[mode == 0 ? i : t->n - 1 - i] - 1;
			z = fmax(z, fabs(s));
		}
		t->out[mode] = plain_cusum_p(z, (double)t->n);
	}
	return 2;
}

/* The chance that no run of ones is longer than k, by the state of the run. */
static inline double plain_no_longer(unsigned k, size_t n)
{
	double now[20] = { 1 };
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double all = 0;

		for (unsigned r = 0; r <= k; r++)
			all += now[r];
		for (unsigned r = k; r > 0; r--)
			now[r] = now[r - 1] / 2;
		now[0] = all / 2;
	}
	for (unsigned r = 0; r <= k; r++)
		sum += now[r];
	return sum;
}

static inline unsigned plain_longest_run(struct plain *t)
{
	static const double printed[3][7] = {
		{ 0.2148, 0.3672, 0.2305, 0.1875 },
		{ 0.1174, 0.2430, 0.2493, 0.1752, 0.1027, 0.1124 },
		{ 0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727 },
	};
	static const unsigned m[3] = { 8, 128, 10000 };
	static const unsigned first[3] = { 1, 4, 10 };
	static const unsigned k[3] = { 3, 5, 6 };
	unsigned l = t->n < 6272 ? 0 : t->n < 750000 ? 1 : 2;
	size_t blocks = t->n / m[l];
	double v[7] = { 0 };
	double pi[7];

	for (size_t i = 0; i < blocks; i++) {
		unsigned run = 0;
		unsigned longest = 0;

		for (unsigned j = 0; j < m[l]; j++) {
			run = t->e[i * m[l] + j] ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
		longest = longest < first[l] ? 0 : longest - first[l];
		v[longest > k[l] ? k[l] : longest]++;
	}
	for (unsigned i = 0; i <= k[l]; i++) {
		double to = i < k[l] ? plain_no_longer(first[l] + i, m[l]) : 1;
		double below = i > 0 ? plain_no_longer(first[l] + i - 1, m[l]) :
				       0;

		pi[i] = t->p->tables == SP80022_AS_PRINTED ? printed[l][i] :
							     to - below;
	}
	t->out[0] = plain_igamc(k[l] / 2.0,
				plain_chi2(v, pi, k[l] + 1, (double)blocks) / 2);
	return 1;
}

/* Gauss with row exchanges, one bit at a time. */
static inline unsigned plain_rank_of(uint8_t a[64][64], unsigned m)
{
	unsigned rank = 0;

	for (unsigned c = 0; c < m; c++) {
		unsigned r = rank;

		while (r < m && !a[r][c])
			r++;
		if (r == m)
			continue;
		for (unsigned j = 0; j < m; j++) {
			uint8_t swap = a[r][j];

			a[r][j] = a[rank][j];
			a[rank][j] = swap;
		}
		for (unsigned i = rank + 1; i < m; i++)
			for (unsigned j = 0; a[i][c] && j < m; j++)
				if (j != c)
					a[i][j] ^= a[rank][j];
		for (unsigned i = rank + 1; i < m; i++)
			a[i][c] = 0;
		rank++;
	}
	return rank;
}

static inline unsigned plain_rank(struct plain *t)
{
	unsigned m = t->p->rank_order ? t->p->rank_order : 32;
	size_t n = t->n / (m * m);
	double v[3] = { 0 };
	double pi[3];

	for (size_t k = 0; k < n; k++) {
		uint8_t a[64][64];
		unsigned lost;

		for (unsigned i = 0; i < m; i++)
			memcpy(a[i], t->e + k * m * m + (size_t)i * m, m);
		lost = m - plain_rank_of(a, m);
		v[lost > 2 ? 2 : lost]++;
	}
	for (unsigned lost = 0; lost < 2; lost++) {
		double r = m - lost;

		pi[lost] = pow(2, r * (2.0 * m - r) - (double)m * m);
		for (unsigned i = 0; i < m - lost; i++)
			pi[lost] *= pow(1 - pow(2, (double)i - m), 2) /
				    (1 - pow(2, i - r));
	}
	pi[2] = 1 - pi[0] - pi[1];
	t->out[0] = plain_igamc(1, plain_chi2(v, pi, 3, (double)n) / 2);
	return 1;
}

/* The transform by its definition: short streams only. */
static inline unsigned plain_dft(struct plain *t)
{
	double n = (double)t->n;
	double below = 0;

	for (size_t j = 0; j < t->n / 2; j++) {
		double re = 0;
		double im = 0;

		for (size_t k = 0; k < t->n; k++) {
			double a = 2 * M_PI * (double)(j * k % t->n) / n;

			re += (2 * t->e[k] - 1) * cos(a);
			im += (2 * t->e[k] - 1) * sin(a);
		}
		below += sqrt(re * re + im * im) < sqrt(log(1 / 0.05) * n);
	}
	t->out[0] = erfc(fabs(below - 0.95 * n / 2) /
			 sqrt(n * 0.95 * 0.05 / 4) / sqrt(2));
	return 1;
}

#endif
