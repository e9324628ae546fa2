/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "assess/report/pictures.h"
#include "base/bytes.h"
#include "specimen_data.h"

/* The definitions, straight: floating point, one loop a sum. */
static double plain_autocorrelation(const struct samples *s, unsigned lag)
{
	double mean = 0, above = 0, below = 0;

	for (size_t i = 0; i < s->n; i++)
		mean += s->symbols[i] / (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		below += (s->symbols[i] - mean) * (s->symbols[i] - mean);
	for (size_t i = 0; i + lag < s->n; i++)
		above += (s->symbols[i] - mean) * (s->symbols[i + lag] - mean);
	return above / below;
}

static uint64_t plain_runs(const struct samples *s, uint64_t len, bool longer)
{
	uint64_t found = 0;

	for (size_t i = 0; i < s->n;) {
		size_t end = i;

		while (end < s->n && s->symbols[end] == s->symbols[i])
			end++;
		found += longer ? end - i >= len : end - i == len;
		i = end;
	}
	return found;
}

static void compare(const struct samples *s)
{
	struct pictures p;
	uint64_t pairs = 0;

	assert_int_equal(pictures_make(s, &p), 0);
	assert_int_equal(p.n, s->n);
	assert_int_equal(p.n_values, 1 << s->bits);
	for (unsigned k = 0; k < p.n_lags; k++)
		assert_float_equal(p.autocorrelation[k],
				   plain_autocorrelation(s, k + 1), 1e-9);
	for (unsigned k = 1; k <= PICTURES_RUNS; k++)
		assert_int_equal(p.runs[k - 1],
				 plain_runs(s, k, k == PICTURES_RUNS));
	for (unsigned a = 0; a < p.n_values; a++) {
		uint64_t count = 0;

		for (size_t i = 0; i < s->n; i++)
			count += s->symbols[i] == a;
		assert_int_equal(p.counts[a], count);
		for (unsigned b = 0; b < p.n_values; b++)
			pairs += p.pairs[a * p.n_values + b];
	}
	assert_int_equal(pairs, s->n - 1);
	for (unsigned b = 0; b < s->bits; b++) {
		double ones = 0;

		for (size_t i = 0; i < s->n; i++)
			ones += s->symbols[i] >> b & 1;
		assert_float_equal(p.ones[b], ones / (double)s->n, 1e-12);
	}
	assert_int_equal(p.plane_samples,
			 min_size(s->n, PICTURES_PLANE_SAMPLES));
	assert_memory_equal(p.plane, s->symbols, p.plane_samples);
	pictures_free(&p);
}

static void pictures_are_what_the_definitions_say(void **state)
{
	static const struct {
		enum specimen_kind kind;
		unsigned bits;
	} kinds[] = {
		{ SPECIMEN_UNIFORM8, 8 },   { SPECIMEN_UNIFORM4, 4 },
		{ SPECIMEN_UNIFORM1, 1 },   { SPECIMEN_NORMAL8, 8 },
		{ SPECIMEN_MARKOV1, 1 },    { SPECIMEN_STICKY8, 8 },
		{ SPECIMEN_GEOMETRIC8, 6 },
	};
	/* Around the lags, the picture of the planes, the block of products. */
	static const size_t lengths[] = { 1,   2,    3,    99,   100,      101,
					  102, 8191, 8192, 8193, 32768 + 5 };
	static uint8_t data[33000];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
			struct samples s = { data, lengths[i], kinds[k].bits };

			specimen_fill(kinds[k].kind, 1000 + i, data, s.n);
			compare(&s);
		}
}

/* 255 throughout but for one: the largest products, many blocks. */
static void large_samples_do_not_overflow(void **state)
{
	static uint8_t data[200000];
	struct samples s = { data, sizeof data, 8 };
	struct pictures p;

	(void)state;
	memset(data, 255, sizeof data);
	data[sizeof data / 2] = 0;
	assert_int_equal(pictures_make(&s, &p), 0);
	assert_int_equal(p.n_lags, PICTURES_LAGS);
	for (unsigned k = 0; k < p.n_lags; k++)
		assert_float_equal(p.autocorrelation[k],
				   plain_autocorrelation(&s, k + 1), 1e-9);
	pictures_free(&p);
}

static void a_constant_has_no_lags_and_one_run(void **state)
{
	static const uint8_t data[1000];
	struct samples s = { data, sizeof data, 1 };
	struct pictures p;

	(void)state;
	assert_int_equal(pictures_make(&s, &p), 0);
	assert_int_equal(p.n_lags, 0);
	assert_int_equal(p.longest_run, 1000);
	assert_int_equal(p.runs[PICTURES_RUNS - 1], 1);
	/* And that is what is expected of it. */
	assert_float_equal(p.runs_expected[PICTURES_RUNS - 1], 1, 1e-9);
	for (unsigned k = 0; k + 1 < PICTURES_RUNS; k++)
		assert_float_equal(p.runs_expected[k], 0, 1e-9);
	pictures_free(&p);
}

static void expected_runs_by_hand(void **state)
{
	static const uint8_t even[] = { 0, 1, 0, 1 };
	static const uint8_t third[] = { 0, 1, 1 };
	struct samples s = { even, 4, 1 };
	struct pictures p;
	double q = 1 / 3.0, r = 2 / 3.0;

	(void)state;
	/*
	 * Four tosses of a fair coin: a run of 1 starts each end (1/2 each) and each of the
	 * two inner places (1/4 each): 3/2. Of 2: ends 1/4 each, inner 1/8.
	 * Of 3: 1/8 each end. Of 4: 1/8.
	 */
	assert_int_equal(pictures_make(&s, &p), 0);
	assert_float_equal(p.runs_expected[0], 1.5, 1e-12);
	assert_float_equal(p.runs_expected[1], 0.625, 1e-12);
	assert_float_equal(p.runs_expected[2], 0.25, 1e-12);
	assert_float_equal(p.runs_expected[3], 0.125, 1e-12);
	assert_float_equal(p.runs_expected[4], 0, 0);
	pictures_free(&p);
	/* Three of a coin that falls on 0 one time in three. */
	s = (struct samples){ third, 3, 1 };
	assert_int_equal(pictures_make(&s, &p), 0);
	assert_float_equal(p.runs_expected[0],
			   q * r * r + r * q * q + 2 * (q * r + r * q), 1e-12);
	assert_float_equal(p.runs_expected[1], 2 * (q * q * r + r * r * q),
			   1e-12);
	assert_float_equal(p.runs_expected[2], q * q * q + r * r * r, 1e-12);
	pictures_free(&p);
}

/* As many samples as make a run of the last length: both sides of it. */
static void the_last_length_counts_all_longer_ones(void **state)
{
	uint8_t data[PICTURES_RUNS + 1] = { 0 };
	struct pictures p;

	(void)state;
	for (unsigned over = 0; over < 3; over++) {
		struct samples s = { data, PICTURES_RUNS - 1 + over, 1 };

		assert_int_equal(pictures_make(&s, &p), 0);
		assert_int_equal(p.runs[PICTURES_RUNS - 2], over == 0);
		assert_int_equal(p.runs[PICTURES_RUNS - 1], over > 0);
		assert_int_equal(p.longest_run, s.n);
		pictures_free(&p);
	}
}

static void pairs_are_in_their_order(void **state)
{
	static const uint8_t data[] = { 0, 3, 3, 1 };
	struct samples s = { data, sizeof data, 2 };
	struct pictures p;

	(void)state;
	assert_int_equal(pictures_make(&s, &p), 0);
	assert_int_equal(p.pairs[0 * 4 + 3], 1);
	assert_int_equal(p.pairs[3 * 4 + 3], 1);
	assert_int_equal(p.pairs[3 * 4 + 1], 1);
	assert_int_equal(p.pairs[1 * 4 + 3], 0);
	pictures_free(&p);
}

static void what_is_no_sample_is_refused(void **state)
{
	static const uint8_t data[] = { 1, 2, 3 };
	struct pictures p, before;

	(void)state;
	memset(&p, 0x55, sizeof p);
	before = p;
	assert_int_equal(pictures_make(&(struct samples){ data, 0, 8 }, &p),
			 -EINVAL);
	assert_int_equal(pictures_make(&(struct samples){ data, 3, 0 }, &p),
			 -EINVAL);
	assert_int_equal(pictures_make(&(struct samples){ data, 3, 9 }, &p),
			 -EINVAL);
	assert_int_equal(pictures_make(&(struct samples){ data, 3, 1 }, &p),
			 -ERANGE);
	assert_memory_equal(&p, &before, sizeof p);
	pictures_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_what_the_definitions_say),
		cmocka_unit_test(large_samples_do_not_overflow),
		cmocka_unit_test(a_constant_has_no_lags_and_one_run),
		cmocka_unit_test(expected_runs_by_hand),
		cmocka_unit_test(the_last_length_counts_all_longer_ones),
		cmocka_unit_test(pairs_are_in_their_order),
		cmocka_unit_test(what_is_no_sample_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
