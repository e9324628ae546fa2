/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_SP80090B_COUNTS_H
#define AQUIFER_TESTS_ASSESS_PLAIN_SP80090B_COUNTS_H

/*
 * The estimators of SP 800-90B 6.3.1 to 6.3.6, step by step as they are
 * written, for short sequences. NaN: there is no estimate.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "plain_sp80090b.h"

static inline double plain_upper(long double p, size_t n)
{
	long double u = p + (long double)PLAIN_Z *
				    sqrtl(p * (1 - p) / (long double)(n - 1));

	return (double)(u < 1 ? u : 1);
}

static inline double plain_mcv(const uint8_t *s, size_t n)
{
	size_t count[256] = { 0 }, mode = 0;

	for (size_t i = 0; i < n; i++)
		mode = ++count[s[i]] > mode ? count[s[i]] : mode;
	return -log2(plain_upper((long double)mode / (long double)n, n));
}

/* 6.3.2 steps 1 to 6, then step 7 by bisection. */
static inline double plain_collision(const uint8_t *s, size_t n)
{
	long double low = 0.5L, high = 1;
	double t[4096], sum = 0, mean, sigma = 0, lower;
	size_t v = 0, i = 0;

	while (i < n) {
		size_t j = i + 1;
		bool found = false;

		for (; j < n && !found; j++) {
			for (size_t k = i; k < j; k++)
				found = found || s[k] == s[j];
		}
		if (!found)
			break;
		t[v++] = (double)(j - i);
		i = j;
	}
	if (v < 2)
		return NAN;
	for (size_t k = 0; k < v; k++)
		sum += t[k];
	mean = sum / (double)v;
	for (size_t k = 0; k < v; k++)
		sigma += (t[k] - mean) * (t[k] - mean);
	sigma = sqrt(sigma / (double)(v - 1));
	lower = mean - PLAIN_Z * sigma / sqrt((double)v);
	for (unsigned k = 0; k < 100; k++) {
		long double p = (low + high) / 2, q = 1 - p;
		/* Gamma(3, 1/q) q^-3 e^(1/q), the F of step 7, written out. */
		long double f = q * (1 + 2 * q + 2 * q * q);
		long double half = (1 / p - 1 / q) / 2;
		long double e = p / (q * q) * (1 + half) * f - p / q * half;

		if (e > lower)
			low = p;
		else
			high = p;
	}
	return (double)-log2l(low);
}

static inline double plain_markov(const uint8_t *s, size_t n)
{
	double c[2] = { 0, 0 }, c2[2][2] = { { 0, 0 }, { 0, 0 } }, p0[2];
	double p[2][2], most = 0;

	for (size_t i = 0; i < n; i++)
		c[s[i]]++;
	for (size_t i = 0; i + 1 < n; i++)
		c2[s[i]][s[i + 1]]++;
	for (unsigned a = 0; a < 2; a++) {
		p0[a] = c[a] / (double)n;
		for (unsigned b = 0; b < 2; b++)
			p[a][b] = c2[a][0] + c2[a][1] == 0 ?
					  0 :
					  c2[a][b] / (c2[a][0] + c2[a][1]);
	}
	for (unsigned a = 0; a < 2; a++) {
		unsigned o = 1 - a;
		double same = p0[a] * pow(p[a][a], 127);
		double turn = p0[a] * pow(p[a][o], 64) * pow(p[o][a], 63);
		double once = p0[a] * p[a][o] * pow(p[o][o], 126);

		most = fmax(most, fmax(same, fmax(turn, once)));
	}
	return fmin(-log2(most) / 128, 1);
}

/* 6.3.4 step 7: G with every term in turn. */
static inline long double plain_g(long double z, size_t d, size_t blocks)
{
	long double sum = 0;

	for (size_t t = d + 1; t <= blocks; t++) {
		for (size_t u = 1; u <= t; u++) {
			long double f = u < t ? z * z * powl(1 - z, u - 1) :
						z * powl(1 - z, t - 1);

			sum += log2l((long double)u) * f;
		}
	}
	return sum / (long double)(blocks - d);
}

static inline double plain_compression(const uint8_t *s, size_t n, size_t d)
{
	size_t dictionary[64] = { 0 }, blocks = n / 6, v = blocks - d;
	long double sum = 0, squares = 0, low = 1 / 64.0L, high = 1, lower;

	for (size_t i = 1; i <= blocks; i++) {
		unsigned x = 0;

		for (size_t k = 0; k < 6; k++)
			x = 2 * x + s[6 * (i - 1) + k];
		if (i > d) {
			long double l = log2l((long double)(i - dictionary[x]));

			sum += l;
			squares += l * l;
		}
		dictionary[x] = i;
	}
	sum /= (long double)v;
	squares = squares / (long double)(v - 1) - sum * sum;
	lower = sum - (long double)PLAIN_Z * 0.5907L *
			      sqrtl(squares > 0 ? squares : 0) /
			      sqrtl((long double)v);
	for (unsigned k = 0; k < 45; k++) {
		long double p = (low + high) / 2;

		if (plain_g(p, d, blocks) +
			    63 * plain_g((1 - p) / 63, d, blocks) >
		    lower)
			low = p;
		else
			high = p;
	}
	return (double)(-log2l(low) / 6);
}

/* How often the tuple at `at` occurs: first of all, and not before. */
static inline size_t plain_occurs(const uint8_t *s, size_t n, size_t at,
				  size_t length, bool *ret_first)
{
	size_t count = 0, last = at + length - 1;

	*ret_first = true;
	for (size_t i = 0; i + length <= n; i++) {
		if (s[i] != s[at] || s[i + length - 1] != s[last] ||
		    memcmp(s + i, s + at, length) != 0)
			continue;
		*ret_first = *ret_first && i >= at;
		count++;
	}
	return count;
}

/* 6.3.5 and 6.3.6, with `often` for 35. */
static inline void plain_tuples(const uint8_t *s, size_t n, size_t often,
				double *ret_t_tuple, double *ret_lrs)
{
	long double t_tuple = -1, lrs = -1;
	bool still_often = true;

	for (size_t length = 1; length < n; length++) {
		size_t most = 0;
		long double pairs = 0, all = (long double)(n - length + 1);
		long double p;

		for (size_t i = 0; i + length <= n; i++) {
			bool first;
			size_t c = plain_occurs(s, n, i, length, &first);

			most = c > most ? c : most;
			pairs += first ? (long double)c * (c - 1) / 2 : 0;
		}
		if (most < 2)
			break;
		still_often = still_often && most >= often;
		p = powl((long double)most / all, 1 / (long double)length);
		if (still_often && p > t_tuple)
			t_tuple = p;
		if (still_often)
			continue;
		p = powl(pairs / (all * (all - 1) / 2), 1 / (long double)length);
		lrs = p > lrs ? p : lrs;
	}
	*ret_t_tuple = t_tuple < 0 ? NAN : -log2(plain_upper(t_tuple, n));
	*ret_lrs = lrs < 0 ? NAN : -log2(plain_upper(lrs, n));
}

#endif
