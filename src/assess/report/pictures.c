/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "assess/report/pictures.h"
#include "base/bytes.h"

/* Products of two bytes that a 32-bit sum holds: 65025 * 2^15 < 2^32. */
#define BLOCK 32768

static uint64_t products_at(const uint8_t *x, uint64_t n, uint64_t lag)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i + lag < n; i += BLOCK) {
		uint64_t end = min_u64(n - lag, i + BLOCK);
		uint32_t part = 0;

		for (uint64_t k = i; k < end; k++)
			part += (uint32_t)x[k] * x[k + lag];
		sum += part;
	}
	return sum;
}

/*
 * In integers, so that nothing cancels: with S the sum of all samples, both
 * sums times n^2 are whole numbers, below 2^126 for 2^32 samples of 8 bits.
 */
static void fill_autocorrelation(struct pictures *p, const struct samples *s)
{
	__int128 n = (__int128)s->n, total = 0, squares = 0, spread;
	__int128 head, tail;

	for (unsigned v = 0; v < p->n_values; v++) {
		total += (__int128)p->counts[v] * v;
		squares += (__int128)p->counts[v] * v * v;
	}
	spread = n * squares - total * total;
	p->n_lags = 0;
	if (spread == 0)
		return;
	head = total;
	tail = total;
	for (unsigned lag = 1; lag <= PICTURES_LAGS && lag < s->n; lag++) {
		__int128 at_lag = (__int128)products_at(s->symbols, s->n, lag);

		/* The samples that have a partner, before and after. */
		head -= s->symbols[s->n - lag];
		tail -= s->symbols[lag - 1];
		at_lag = n * n * at_lag - n * total * (head + tail) +
			 (n - lag) * total * total;
		p->autocorrelation[p->n_lags++] = (double)at_lag /
						  ((double)spread * (double)n);
	}
}

static void count_run(struct pictures *p, uint64_t len)
{
	p->runs[min_u64(len, PICTURES_RUNS) - 1]++;
	p->longest_run = max_u64(p->longest_run, len);
}

static void fill_runs(struct pictures *p, const struct samples *s)
{
	uint64_t start = 0;

	for (uint64_t i = 1; i < s->n; i++) {
		if (s->symbols[i] == s->symbols[i - 1])
			continue;
		count_run(p, i - start);
		start = i;
	}
	count_run(p, s->n - start);
}

/*
 * A run of length k of a symbol of probability q lies inside at one of
 * n - k - 1 places, or at one of the two ends, or is all there is.
 */
static double runs_of(double n, double k, double q, bool longer)
{
	if (k > n)
		return 0;
	if (longer)
		return pow(q, k) * ((n - k) * (1 - q) + 1);
	if (k == n)
		return pow(q, k);
	return pow(q, k) * ((n - k - 1) * (1 - q) * (1 - q) + 2 * (1 - q));
}

static void fill_expected(struct pictures *p)
{
	double n = (double)p->n;

	for (unsigned k = 1; k <= PICTURES_RUNS; k++) {
		double sum = 0;

		for (unsigned v = 0; v < p->n_values; v++)
			sum += runs_of(n, k, (double)p->counts[v] / n,
				       k == PICTURES_RUNS);
		p->runs_expected[k - 1] = sum;
	}
}

static void fill_ones(struct pictures *p)
{
	for (unsigned b = 0; b < p->bits; b++) {
		uint64_t ones = 0;

		for (unsigned v = 0; v < p->n_values; v++)
			ones += (v >> b & 1) != 0 ? p->counts[v] : 0;
		p->ones[b] = (double)ones / (double)p->n;
	}
}

int pictures_make(const struct samples *s, struct pictures *ret)
{
	struct sample_alphabet a;
	struct pictures p = { .n = s->n, .bits = s->bits };
	int r = samples_alphabet(s, &a, NULL);

	if (r < 0)
		return r;
	p.n_values = 1U << s->bits;
	p.pairs = calloc((size_t)p.n_values * p.n_values, sizeof *p.pairs);
	if (p.pairs == NULL)
		return -ENOMEM;
	memcpy(p.counts, a.counts, sizeof p.counts);
	for (size_t i = 1; i < s->n; i++)
		p.pairs[s->symbols[i - 1] * p.n_values + s->symbols[i]]++;
	fill_ones(&p);
	fill_autocorrelation(&p, s);
	fill_runs(&p, s);
	fill_expected(&p);
	p.plane_samples = min_size(s->n, PICTURES_PLANE_SAMPLES);
	memcpy(p.plane, s->symbols, p.plane_samples);
	*ret = p;
	return 0;
}

void pictures_free(struct pictures *p)
{
	if (p == NULL)
		return;
	free(p->pairs);
	p->pairs = NULL;
}
