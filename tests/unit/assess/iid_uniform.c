/* SPDX-License-Identifier: ISC */
/*
 * Is each arrangement as likely as any other? Small ones are counted, of large
 * ones what runs, inversions, pairs and parts have on average and in variance
 * is compared with what is known. Seeds are fixed, so nothing here is chance.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assess/sp80090b/iid_arrange.h"
#include "base/bytes.h"
#include "specimen_data.h"

static struct iid_mix m;

static void mix_of(const uint8_t *s, size_t n)
{
	uint64_t count[SAMPLE_VALUES] = { 0 };

	for (size_t i = 0; i < n; i++)
		count[s[i]]++;
	iid_mix_init(&m, count);
}

/* The law must not depend on the table: here each slot has its own number. */
static void force_width(unsigned width)
{
	m.width = width;
	m.bytes = false;
	for (unsigned byte = 0; byte < 256; byte++) {
		for (unsigned k = 0; k < 8 / width; k++)
			m.group[byte][k] = byte >> k * width &
					   ((1u << width) - 1);
	}
}

#define EACH 100

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/*
 * Every arrangement of n symbols, orders in all, must be had about EACH times.
 * Chi-square against the normal distribution that it comes near to: 6
 * deviations above, and 6 below, for what is too even is not random either.
 */
static void count_all(unsigned n, unsigned orders, uint64_t seed)
{
	uint32_t n_draws = orders * EACH;
	uint64_t *code = calloc(n_draws, sizeof *code);
	double sum = 0, df = orders - 1;
	unsigned seen = 0;

	assert_non_null(code);
	for (uint32_t i = 0; i < n_draws; i++) {
		uint8_t a[8];

		iid_arrange(&m, seed, i, a);
		for (unsigned k = 0; k < n; k++)
			code[i] = code[i] << 8 | a[k];
	}
	qsort(code, n_draws, sizeof *code, by_size);
	for (uint32_t i = 0, from = 0; i < n_draws; i++) {
		if (i + 1 < n_draws && code[i + 1] == code[i])
			continue;
		sum += pow(i + 1 - from - (double)EACH, 2) / EACH;
		from = i + 1;
		seen++;
	}
	free(code);
	assert_int_equal(seen, orders);
	assert_true(sum < df + 6 * sqrt(2 * df) + 20);
	assert_true(sum > df - 6 * sqrt(2 * df));
}

static void all_orders_of_few_symbols_are_alike(void **state)
{
	static const struct {
		uint8_t s[8];
		unsigned n, orders;
	} few[] = {
		{ { 0, 1 }, 2, 2 },
		{ { 0, 1, 2 }, 3, 6 },
		{ { 0, 1, 2, 3 }, 4, 24 },
		{ { 0, 1, 2, 3, 4 }, 5, 120 },
		{ { 0, 0, 0, 1, 1, 1 }, 6, 20 },
		{ { 0, 0, 0, 0, 0, 0, 0, 1 }, 8, 8 },
		{ { 0, 0, 0, 0, 1, 1, 2, 3 }, 8, 840 },
		{ { 0, 0, 1, 1, 2, 2, 3, 3 }, 8, 2520 },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(few); k++) {
		mix_of(few[k].s, few[k].n);
		assert_true(m.width > 8);
		count_all(few[k].n, few[k].orders, k);
		for (unsigned width = 1; width <= 8; width *= 2) {
			force_width(width);
			count_all(few[k].n, few[k].orders, 100 * width + k);
		}
		m.bytes = true;
		count_all(few[k].n, few[k].orders, 1600 + k);
	}
}

/* A quantity whose mean and variance over all arrangements are known. */
struct moments {
	double mean, variance, sum, squares;
};

static void note(struct moments *q, double x)
{
	double z = (x - q->mean) / sqrt(q->variance);

	q->sum += z;
	q->squares += z * z;
}

/* Mean and variance, to 6 deviations. */
static void agrees(const struct moments *q, unsigned times)
{
	assert_true(fabs(q->sum) < 6 * sqrt(times));
	assert_true(fabs(q->squares - times) < 6 * sqrt(2.0 * times));
}

#define N 20000
#define TIMES 300
#define PARTS 10

/* Distances of 512 to 8192: what is drawn at a time. */
static const unsigned lags[] = { 2, 8, 64, 512, 1024, 2048, 4096, 8192 };

struct structure {
	struct moments runs, inversions, lag[ARRAY_LEN(lags)], part[PARTS];
	/* How many symbols stand where they stood in the arrangement before. */
	struct moments stay;
};

/* Mood 1940 for runs; Kendall for inversions where there are ties. */
static void expect(struct structure *x, double n)
{
	double two = 0, three = 0, ties = 0, mean = 0, variance = 0, same;

	memset(x, 0, sizeof *x);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		double c = m.count[v];

		two += c * c;
		three += c * c * c;
		ties += c * (c - 1) * (2 * c + 5);
		mean += c * v / n;
		variance += c * v * v / n;
	}
	variance -= mean * mean;
	same = (two - n) / (n * (n - 1));
	x->runs.mean = (n * (n + 1) - two) / n;
	x->runs.variance = (two * (two + n * (n + 1)) - 2 * n * three -
			    n * n * n) /
			   (n * n * (n - 1));
	x->inversions.mean = (n * n - two) / 4;
	x->inversions.variance = (n * (n - 1) * (2 * n + 5) - ties) / 72;
	for (unsigned k = 0; k < ARRAY_LEN(lags); k++)
		x->lag[k].mean = (n - lags[k]) * same;
	for (unsigned k = 0; k < PARTS; k++) {
		x->part[k].mean = n / PARTS * mean;
		x->part[k].variance = n / PARTS * variance * (n - n / PARTS) /
				      (n - 1);
	}
	x->stay.mean = two / n;
	/* Of a permutation statistic, Hoeffding 1951. */
	x->stay.variance = (two - 2 * three / n + two * two / (n * n)) / (n - 1);
}

static double runs_of(const uint8_t *a)
{
	unsigned runs = 1;

	for (unsigned i = 1; i < N; i++)
		runs += a[i] != a[i - 1];
	return runs;
}

static double inversions_of(const uint8_t *a)
{
	uint64_t inversions = 0;
	uint32_t tree[257] = { 0 };

	for (unsigned i = 0; i < N; i++) {
		uint32_t not_above = 0;

		for (unsigned k = a[i] + 1u; k > 0; k &= k - 1)
			not_above += tree[k];
		inversions += i - not_above;
		for (unsigned k = a[i] + 1u; k <= 256; k += k & -k)
			tree[k]++;
	}
	return (double)inversions;
}

static unsigned same(const uint8_t *a, const uint8_t *b, unsigned n)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		count += a[i] == b[i];
	return count;
}

static void look_at(struct structure *x, const uint8_t *a)
{
	note(&x->runs, runs_of(a));
	note(&x->inversions, inversions_of(a));
	for (unsigned k = 0; k < ARRAY_LEN(lags); k++) {
		/* Far apart, pairs are nearly independent of each other. */
		x->lag[k].variance = x->runs.variance;
		note(&x->lag[k], same(a, a + lags[k], N - lags[k]));
	}
	for (unsigned k = 0; k < PARTS; k++) {
		unsigned sum = 0;

		for (unsigned i = 0; i < N / PARTS; i++)
			sum += a[k * (N / PARTS) + i];
		note(&x->part[k], sum);
	}
}

static void judge(uint64_t seed)
{
	static uint8_t a[N], last[N];
	struct structure x;

	expect(&x, N);
	for (uint32_t i = 0; i < TIMES; i++) {
		iid_arrange(&m, seed, i, a);
		look_at(&x, a);
		if (i > 0)
			note(&x.stay, same(a, last, N));
		memcpy(last, a, N);
	}
	agrees(&x.runs, TIMES);
	agrees(&x.inversions, TIMES);
	agrees(&x.stay, TIMES - 1);
	for (unsigned k = 0; k < ARRAY_LEN(lags); k++)
		assert_true(fabs(x.lag[k].sum) < 6 * sqrt(TIMES));
	for (unsigned k = 0; k < PARTS; k++)
		agrees(&x.part[k], TIMES);
}

static void large_arrangements_have_the_structure_of_random_ones(void **state)
{
	static const enum specimen_kind kinds[] = {
		SPECIMEN_UNIFORM1,   SPECIMEN_BIASED1, SPECIMEN_UNIFORM4,
		SPECIMEN_GEOMETRIC8, SPECIMEN_NORMAL8, SPECIMEN_UNIFORM8
	};
	static uint8_t s[N];

	(void)state;
	for (unsigned k = 0; k < ARRAY_LEN(kinds); k++) {
		specimen_fill(kinds[k], 1, s, N);
		mix_of(s, N);
		judge(k);
	}
	/* As a million of these would be drawn. */
	force_width(8);
	judge(100);
	m.bytes = true;
	judge(101);
	for (unsigned i = 0; i < N; i++)
		s[i] &= 3;
	mix_of(s, N);
	assert_int_equal(m.width, 2);
	judge(200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_orders_of_few_symbols_are_alike),
		cmocka_unit_test(
			large_arrangements_have_the_structure_of_random_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
