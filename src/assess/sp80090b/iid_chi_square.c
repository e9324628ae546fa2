/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chi-square tests, SP 800-90B 5.2.1 to 5.2.4. Bins are filled in the order of
 * expected counts, so which of two equal ones comes first decides T; the
 * standard leaves it open. Here it is as in NIST's program: proportions are
 * sums of 1/n, one for each sample, with their rounding (quotients where
 * binary), and of counts equal to the last bit the lower symbols come first.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80022/math.h"
#include "assess/sp80090b/iid_tests.h"

#define EXPECTED_MIN 5
#define PARTS 10
#define TUPLE_BITS_MAX 11

/* A cell of a table, and the bin that it is counted in. */
struct cell {
	double expected;
	uint32_t index;
	uint32_t bin;
};

static void judge(struct iid_chi_square *ret, double score, uint64_t df)
{
	ret->score = score;
	ret->degrees_of_freedom = df;
	ret->p_value = math_igamc((double)df / 2, score / 2);
	ret->outcome = ret->p_value < IID_ALPHA ? IID_FAILED : IID_PASSED;
	ret->why_not = NULL;
}

static void refuse(struct iid_chi_square *ret, const char *why)
{
	memset(ret, 0, sizeof *ret);
	ret->p_value = 1;
	ret->why_not = why;
}

static int by_expected(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->expected < y->expected || x->expected > y->expected)
		return x->expected < y->expected ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static int by_index(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

/*
 * 5.2.1 step 3: cells, from the least expected on, into bins of at least 5; a
 * last bin below that joins the one before. Returns the number of bins.
 */
static uint32_t fill_bins(struct cell *cell, uint32_t n, double *expected)
{
	uint32_t bin = 0, i;

	qsort(cell, n, sizeof *cell, by_expected);
	expected[0] = 0;
	for (i = 0; i < n; i++) {
		if (expected[bin] >= EXPECTED_MIN)
			expected[++bin] = 0;
		cell[i].bin = bin;
		expected[bin] += cell[i].expected;
	}
	if (bin > 0 && expected[bin] < EXPECTED_MIN) {
		for (i = n; i > 0 && cell[i - 1].bin == bin; i--)
			cell[i - 1].bin = bin - 1;
		expected[bin - 1] += expected[bin];
		bin--;
	}
	qsort(cell, n, sizeof *cell, by_index);
	return bin + 1;
}

static void proportions(const struct samples *s, const struct sample_alphabet *a,
			double ret[SAMPLE_VALUES])
{
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		double p = 0;

		for (uint64_t i = 0; a->count > 2 && i < a->counts[v]; i++)
			p += 1.0 / (double)s->n;
		ret[v] = a->count > 2 ? p : (double)a->counts[v] / (double)s->n;
	}
}

static double score_of(const uint32_t *observed, const double *expected,
		       uint32_t bins)
{
	double score = 0;

	for (uint32_t b = 0; b < bins; b++) {
		double d = observed[b] - expected[b];

		score += d * d / expected[b];
	}
	return score;
}

struct table {
	struct cell *cell;
	double *expected;
	uint32_t *observed;
};

static int table_init(struct table *t, uint32_t cells)
{
	t->cell = calloc(cells, sizeof *t->cell);
	t->expected = calloc(cells, sizeof *t->expected);
	t->observed = calloc(cells, sizeof *t->observed);
	return t->cell == NULL || t->expected == NULL || t->observed == NULL ?
		       -ENOMEM :
		       0;
}

static void table_free(struct table *t)
{
	free(t->cell);
	free(t->expected);
	free(t->observed);
}

/* 5.2.1, of samples that are not binary: pairs side by side. */
static void pairs(const struct samples *s, const struct sample_alphabet *a,
		  struct table *t, struct iid_chi_square *ret)
{
	uint32_t k = a->count, bins;
	size_t n_pairs = s->n / 2;
	double p[SAMPLE_VALUES];

	proportions(s, a, p);
	for (unsigned x = 0; x < SAMPLE_VALUES; x++) {
		for (unsigned y = 0; y < SAMPLE_VALUES; y++) {
			uint32_t at = a->rank[x] * k + a->rank[y];

			if (a->counts[x] == 0 || a->counts[y] == 0)
				continue;
			t->cell[at].index = at;
			t->cell[at].expected = p[x] * p[y] * (double)n_pairs;
		}
	}
	bins = fill_bins(t->cell, k * k, t->expected);
	for (size_t i = 0; i + 2 <= s->n; i += 2) {
		uint32_t at = a->rank[s->symbols[i]] * k +
			      a->rank[s->symbols[i + 1]];

		t->observed[t->cell[at].bin]++;
	}
	if (bins <= k)
		refuse(ret, "too few samples: no more bins than symbols");
	else
		judge(ret, score_of(t->observed, t->expected, bins), bins - k);
}

/* 5.2.3: tuples of the most bits, up to 11, that are expected 5 times. */
static void tuples(const struct samples *s, const struct sample_alphabet *a,
		   struct iid_chi_square *ret)
{
	uint32_t observed[1 << TUPLE_BITS_MAX] = { 0 };
	double p1 = (double)a->counts[a->top] / (double)s->n, p0 = 1 - p1;
	double least = fmin(p0, p1), score = 0;
	unsigned m = TUPLE_BITS_MAX;
	uint64_t blocks = s->n / m;

	while (m > 1 && pow(least, m) * (double)blocks < EXPECTED_MIN) {
		m--;
		blocks = s->n / m;
	}
	if (m < 2) {
		refuse(ret, "too few samples: no pair is expected 5 times");
		return;
	}
	for (uint64_t b = 0; b < blocks; b++) {
		unsigned tuple = 0;

		for (unsigned j = 0; j < m; j++)
			tuple = tuple << 1 | a->rank[s->symbols[b * m + j]];
		observed[tuple]++;
	}
	for (unsigned x = 0; x < 1u << m; x++) {
		int w = __builtin_popcount(x);
		double e = pow(p1, w) * pow(p0, (int)m - w) * (double)blocks;

		score += (observed[x] - e) * (observed[x] - e) / e;
	}
	judge(ret, score, (UINT64_C(1) << m) - 2);
}

int iid_independence(const struct samples *s, const struct sample_alphabet *a,
		     struct iid_chi_square *ret)
{
	struct table t;
	int r;

	if (a->count < 2) {
		refuse(ret, "only one symbol occurs");
		return 0;
	}
	if (a->count == 2) {
		tuples(s, a, ret);
		return 0;
	}
	r = table_init(&t, a->count * a->count);
	if (r == 0)
		pairs(s, a, &t, ret);
	table_free(&t);
	return r;
}

/*
 * 5.2.2: ten parts against the whole. 5.2.4 is the same with a bin for zeros
 * and one for ones, however few are expected.
 */
static void parts(const struct samples *s, const struct sample_alphabet *a,
		  struct iid_chi_square *ret)
{
	struct cell cell[SAMPLE_VALUES] = { 0 };
	double expected[SAMPLE_VALUES], p[SAMPLE_VALUES], score = 0;
	size_t length = s->n / PARTS;
	uint32_t bins;

	proportions(s, a, p);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		if (a->counts[v] == 0)
			continue;
		cell[a->rank[v]].index = a->rank[v];
		cell[a->rank[v]].expected = p[v] * (double)length;
	}
	if (a->count == 2) {
		for (bins = 0; bins < 2; bins++) {
			cell[bins].bin = bins;
			expected[bins] = cell[bins].expected;
		}
	} else {
		bins = fill_bins(cell, a->count, expected);
	}
	if (bins < 2) {
		refuse(ret, "too few samples: no more than one bin");
		return;
	}
	for (unsigned part = 0; part < PARTS; part++) {
		uint32_t observed[SAMPLE_VALUES] = { 0 };

		for (size_t i = 0; i < length; i++) {
			uint8_t x = s->symbols[part * length + i];

			observed[cell[a->rank[x]].bin]++;
		}
		score += score_of(observed, expected, bins);
	}
	judge(ret, score, (PARTS - 1) * (bins - 1));
}

void iid_goodness(const struct samples *s, const struct sample_alphabet *a,
		  struct iid_chi_square *ret)
{
	if (a->count < 2)
		refuse(ret, "only one symbol occurs");
	else if (s->n < PARTS)
		refuse(ret, "too few samples for ten parts");
	else
		parts(s, a, ret);
}
