/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_IID_H
#define AQUIFER_TESTS_ASSESS_PLAIN_IID_H

/*
 * The statistics of SP 800-90B 5.1 as the standard describes them, and the
 * longest repeat of 5.2.5: for short sequences, to compare with. The names are
 * the standard's. s: as drawn; m: mapped down to 0, 1, ...; k symbols occur.
 */
#include <bzlib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/iid.h"

static inline unsigned plain_map(const uint8_t *s, size_t n, uint8_t *m)
{
	unsigned k = 0;

	for (unsigned v = 0; v < 256; v++) {
		bool occurs = false;

		for (size_t i = 0; i < n; i++) {
			if (s[i] == v) {
				m[i] = (uint8_t)k;
				occurs = true;
			}
		}
		k += occurs;
	}
	return k;
}

/* Conversion I: ones in each eight. Conversion II: the eight as a number. */
static inline size_t plain_convert(const uint8_t *m, size_t n, unsigned which,
				   uint8_t *ret)
{
	for (size_t i = 0; i < (n + 7) / 8; i++) {
		unsigned sum = 0;

		for (size_t j = 8 * i; j < 8 * i + 8; j++) {
			unsigned bit = j < n ? m[j] : 0;

			sum = which == 1 ? sum + bit : sum * 2 + bit;
		}
		ret[i] = (uint8_t)sum;
	}
	return (n + 7) / 8;
}

static inline double plain_excursion(const uint8_t *s, size_t n)
{
	long double mean = 0, sum = 0, most = 0;

	for (size_t i = 0; i < n; i++)
		mean += s[i];
	mean /= (long double)n;
	for (size_t i = 0; i < n; i++) {
		sum += s[i];
		if (fabsl(sum - (long double)(i + 1) * mean) > most)
			most = fabsl(sum - (long double)(i + 1) * mean);
	}
	return (double)most;
}

static inline double plain_runs(const int *sign, size_t n)
{
	size_t runs = n > 0;

	for (size_t i = 1; i < n; i++)
		runs += sign[i] != sign[i - 1];
	return (double)runs;
}

static inline double plain_longest(const int *sign, size_t n)
{
	size_t run = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		run = i > 0 && sign[i] == sign[i - 1] ? run + 1 : 1;
		most = run > most ? run : most;
	}
	return (double)most;
}

static inline void plain_directional(const uint8_t *v, size_t n, double *ret)
{
	size_t steps = n > 0 ? n - 1 : 0, up = 0;
	int *sign = calloc(steps + 1, sizeof *sign);

	for (size_t i = 0; i < steps; i++) {
		sign[i] = v[i] > v[i + 1] ? -1 : 1;
		up += sign[i] == 1;
	}
	ret[IID_DIRECTIONAL_RUNS] = plain_runs(sign, steps);
	ret[IID_DIRECTIONAL_LENGTH] = plain_longest(sign, steps);
	ret[IID_INCREASES] = fmax((double)up, (double)(steps - up));
	free(sign);
}

static inline int plain_by_value(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

static inline void plain_median(const uint8_t *m, size_t n, unsigned k,
				double *ret)
{
	int *sign = malloc(n * sizeof *sign);
	uint8_t *sorted = malloc(n);
	size_t upper = n / 2, lower = (n - 1) / 2;
	double median;

	memcpy(sorted, m, n);
	qsort(sorted, n, 1, plain_by_value);
	median = (sorted[upper] + sorted[lower]) / 2.0;
	if (k == 2)
		median = 0.5;
	for (size_t i = 0; i < n; i++)
		sign[i] = m[i] < median ? -1 : 1;
	ret[IID_MEDIAN_RUNS] = plain_runs(sign, n);
	ret[IID_MEDIAN_LENGTH] = plain_longest(sign, n);
	free(sorted);
	free(sign);
}

static inline void plain_collisions(const uint8_t *v, size_t n, double *ret)
{
	size_t count = 0, sum = 0, most = 0, i = 0;

	while (i < n) {
		size_t j = i;
		bool found = false;

		while (!found && ++j < n) {
			for (size_t l = i; l < j; l++)
				found |= v[l] == v[j];
		}
		if (!found)
			break;
		count++;
		sum += j - i + 1;
		most = j - i + 1 > most ? j - i + 1 : most;
		i = j + 1;
	}
	ret[IID_COLLISION_AVERAGE] = count == 0 ? 0 :
						  (double)sum / (double)count;
	ret[IID_COLLISION_MAXIMUM] = (double)most;
}

static inline void plain_lags(const uint8_t *v, size_t n, double *ret)
{
	static const size_t p[5] = { 1, 2, 8, 16, 32 };

	for (unsigned k = 0; k < 5; k++) {
		double same = 0, sum = 0;

		for (size_t i = 0; i + p[k] < n; i++) {
			same += v[i] == v[i + p[k]];
			sum += v[i] * v[i + p[k]];
		}
		ret[IID_PERIODICITY_1 + k] = same;
		ret[IID_COVARIANCE_1 + k] = sum;
	}
}

static inline double plain_compression(const uint8_t *s, size_t n)
{
	char *text = malloc(4 * n + 1), *out, *at = text;
	unsigned length, room;

	for (size_t i = 0; i < n; i++)
		at += sprintf(at, i > 0 ? " %u" : "%u", (unsigned)s[i]);
	length = (unsigned)(at - text);
	room = length + length / 50 + 600;
	out = malloc(room);
	if (BZ2_bzBuffToBuffCompress(out, &room, text, length, 5, 0, 0) != BZ_OK)
		room = 0;
	free(out);
	free(text);
	return room;
}

static inline void plain_statistics(const uint8_t *s, size_t n,
				    double ret[IID_STATISTICS])
{
	uint8_t *m = malloc(n), *one = malloc(n), *two = malloc(n);
	unsigned k = plain_map(s, n, m);
	size_t n_one = n;

	memcpy(one, s, n);
	memcpy(two, s, n);
	if (k == 2) {
		n_one = plain_convert(m, n, 1, one);
		(void)plain_convert(m, n, 2, two);
	}
	ret[IID_EXCURSION] = plain_excursion(s, n);
	plain_directional(one, n_one, ret);
	plain_median(m, n, k, ret);
	plain_collisions(two, n_one, ret);
	plain_lags(one, n_one, ret);
	ret[IID_COMPRESSION] = plain_compression(s, n);
	free(m);
	free(one);
	free(two);
}

static inline size_t plain_repeat(const uint8_t *s, size_t n)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j + most < n; j++) {
			size_t l = 0;

			while (j + l < n && s[i + l] == s[j + l])
				l++;
			most = l > most ? l : most;
		}
	}
	return most;
}

#endif
