/* SPDX-License-Identifier: ISC */
/* The ways of counting tuples, against each other and against plain counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "specimen_data.h"
#include "tuples_same.h"

#define PLAIN_MAX 260

/* From the lengths that all pairs of positions have in common. */
static void plain(const struct input *in, struct tuple_tally *t)
{
	static uint16_t common[PLAIN_MAX + 1][PLAIN_MAX + 1];
	size_t n = in->d.n;

	assert_int_equal(tuple_tally_init(t, n), 0);
	memset(common, 0, sizeof common);
	for (size_t i = n; i-- > 0;) {
		for (size_t j = n; j-- > i + 1;) {
			if (in->bytes[i] == in->bytes[j])
				common[i][j] = common[i + 1][j + 1] + 1;
			common[j][i] = common[i][j];
			tuple_tally_add(t, common[i][j], 1);
		}
	}
	for (size_t l = 1; l < n; l++) {
		for (size_t i = 0; i < n; i++) {
			uint64_t m = 1;

			for (size_t j = 0; j < n; j++)
				m += j != i && common[i][j] >= l;
			if (m >= TUPLE_OFTEN)
				tuple_tally_often(t, l, m);
		}
	}
}

static void fill_short(uint8_t *s, size_t n, uint64_t seed)
{
	unsigned kind = specimen_next(&seed) % 7;
	size_t period = 1 + specimen_next(&seed) % 40;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = specimen_next(&seed);
		uint8_t last = i > 0 ? s[i - 1] : 0;

		switch (kind) {
		case 0:
			s[i] = z & 1;
			break;
		case 1:
			s[i] = z % 20 == 0;
			break;
		case 2: /* long runs of both */
			s[i] = z % 30 == 0 ? !last : last;
			break;
		case 3:
			s[i] = i < period ? z & 1 : s[i - period];
			break;
		case 4: /* nearly periodic */
			s[i] = i < period ? z & 1 :
					    s[i - period] ^ (z % 50 == 0);
			break;
		case 5: /* around the lengths that a code byte holds */
			s[i] = (i + z % 64 / 63) % 38 < period % 12;
			break;
		default:
			s[i] = z % 100 != 0;
			break;
		}
	}
}

static void assert_runs_count(const struct input *in,
			      const struct tuple_tally *want)
{
	struct tuple_tally t;

	assert_int_equal(tuple_tally_init(&t, in->d.n), 0);
	assert_int_equal(tuples_by_runs(&in->d, &t), 0);
	assert_same(want, &t);
	tuple_tally_free(&t);
}

static void runs_count_as_plainly_as_can_be(void **state)
{
	static struct input in;
	unsigned by_windows = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 500; seed++) {
		uint64_t z = seed;
		size_t n = 2 + specimen_next(&z) % (PLAIN_MAX - 1);
		struct tuple_tally a, b;

		fill_short(in.bytes, n, seed);
		prepare(&in, n, 1);
		plain(&in, &a);
		assert_runs_count(&in, &a);
		assert_int_equal(tuple_tally_init(&b, n), 0);
		/* Unless one window is nearly all there is. */
		if (tuples_by_windows(&in.d, &b) == 0) {
			assert_same(&a, &b);
			by_windows++;
		}
		tuple_tally_free(&b);
		tuple_tally_free(&a);
	}
	assert_true(by_windows > 350);
}

static void symbols_count_as_plainly_as_can_be(void **state)
{
	static struct input in;

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		uint64_t z = seed;
		size_t n = 2 + specimen_next(&z) % (PLAIN_MAX - 1);
		struct tuple_tally a, b, c;

		specimen_fill((enum specimen_kind)(seed % 10), seed, in.bytes,
			      n);
		prepare(&in, n, 8);
		plain(&in, &a);
		assert_int_equal(tuple_tally_init(&b, n), 0);
		assert_int_equal(tuple_tally_init(&c, n), 0);
		assert_int_equal(tuples_by_symbols(&in.d, &b), 0);
		assert_int_equal(tuples_by_windows(&in.d, &c), 0);
		assert_same(&a, &b);
		assert_same(&a, &c);
		tuple_tally_free(&a);
		tuple_tally_free(&b);
		tuple_tally_free(&c);
	}
}

static void long_data_counts_the_same_both_ways(void **state)
{
	static struct input in;
	static const enum specimen_kind kinds[] = {
		SPECIMEN_UNIFORM8, SPECIMEN_STICKY8, SPECIMEN_REPEAT8,
		SPECIMEN_COUNTER8, SPECIMEN_GEOMETRIC8
	};

	(void)state;
	for (size_t k = 0; k < 2 * ARRAY_LEN(kinds); k++) {
		struct tuple_tally a, b;

		specimen_fill(kinds[k / 2], k, in.bytes, LONG);
		prepare(&in, LONG, 8);
		if (k % 2 == 1) {
			in.d.width = 1;
			in.d.symbols = NULL;
			in.d.alphabet = 2;
			in.d.n = 8 * LONG;
		}
		assert_int_equal(tuple_tally_init(&a, in.d.n), 0);
		assert_int_equal(tuple_tally_init(&b, in.d.n), 0);
		/* Windows leave off where their time would grow. */
		if (tuples_by_windows(&in.d, &a) == 0) {
			assert_int_equal((k % 2 ? tuples_by_runs :
						  tuples_by_symbols)(&in.d, &b),
					 0);
			assert_same(&a, &b);
		} else {
			assert_true(kinds[k / 2] != SPECIMEN_UNIFORM8);
		}
		tuple_tally_free(&a);
		tuple_tally_free(&b);
	}
}

static void long_repeats_go_the_other_way(void **state)
{
	static struct input in;
	struct tuple_tally t;

	(void)state;
	for (size_t i = 0; i < 8 * LONG; i++)
		in.bytes[i] = (uint8_t)(i % 251);
	prepare(&in, 8 * LONG, 8);
	assert_int_equal(tuple_tally_init(&t, in.d.n), 0);
	assert_int_equal(tuples_by_windows(&in.d, &t), TUPLES_TOO_DEEP);
	tuple_tally_free(&t);
	assert_int_equal(tuple_tally_init(&t, in.d.n), 0);
	assert_int_equal(tuples_by_symbols(&in.d, &t), 0);
	/* 34 periods from the end, a tuple occurs 35 times for the last time. */
	assert_int_equal(t.often_length, 8 * LONG - 34 * 251);
	assert_int_equal(tuple_tally_end(&t) > 8 * LONG - 251, 1);
	assert_int_equal(tuple_tally_get(&t, 8 * LONG - 251), 1);
	tuple_tally_free(&t);
}

/* Runs of every length around those that end in a byte of the code. */
static void runs_of_all_lengths_count_plainly(void **state)
{
	static const size_t zeros[] = { 0,  1,  2,  6,  7,  14, 15, 29, 30,
					31, 32, 33, 61, 62, 63, 64, 92, 93 };
	static const size_t ones[] = { 0,  1,  5,  6,  7,  8,  9,
				       30, 37, 38, 39, 40, 68, 69 };
	static struct input in;

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(zeros) * ARRAY_LEN(ones); k++) {
		size_t z = zeros[k / ARRAY_LEN(ones)];
		size_t o = ones[k % ARRAY_LEN(ones)], n = 0;
		struct tuple_tally a;

		/* Three tokens, one of them a little different. */
		for (size_t token = 0; token < 3 && n < 160; token++) {
			memset(in.bytes + n, 0, z + token / 2);
			n += z + token / 2;
			memset(in.bytes + n, 1, o);
			n += o;
		}
		if (n < 2)
			continue;
		n = n > 160 ? 160 : n;
		prepare(&in, n, 1);
		plain(&in, &a);
		assert_runs_count(&in, &a);
		tuple_tally_free(&a);
	}
}

struct windows_job {
	struct sp80090b_data d;
	struct tuple_tally t;
	int r;
};

static void *windows_job(void *argument)
{
	struct windows_job *j = argument;

	j->r = tuples_by_windows(&j->d, &j->t);
	return NULL;
}

/*
 * A period that comes back for long, among random data: in its groups are
 * groups again, at every length, because the end takes one position each time.
 */
static void nested_groups_use_no_more_stack(void **state)
{
	static struct input in;
	static struct windows_job j;
	struct tuple_tally t;
	pthread_attr_t small;
	pthread_t thread;
	uint64_t seed = 1;
	size_t n = 262144;

	(void)state;
	/* Symbols of four bits, seven times each; a look does not see it. */
	for (size_t i = 0; i < n; i++)
		in.bytes[i] = i < n / 2 ? specimen_next(&seed) & 1 :
					  i / 4 / 7 % 5 >> (3 - i % 4) & 1;
	prepare(&in, n, 1);
	j.d = in.d;
	assert_int_equal(tuple_tally_init(&j.t, n), 0);
	assert_int_equal(pthread_attr_init(&small), 0);
	assert_int_equal(pthread_attr_setstacksize(&small, 2 << 20), 0);
	assert_int_equal(pthread_create(&thread, &small, windows_job, &j), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(j.r, TUPLES_TOO_DEEP);
	(void)pthread_attr_destroy(&small);
	tuple_tally_free(&j.t);
	assert_int_equal(tuple_tally_init(&t, n), 0);
	assert_int_equal(tuples_by_runs(&in.d, &t), 0);
	/* 34 periods from the end, a tuple occurs 35 times for the last time. */
	assert_int_equal(t.often_length, n / 2 - 34 * 140);
	tuple_tally_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_count_as_plainly_as_can_be),
		cmocka_unit_test(runs_of_all_lengths_count_plainly),
		cmocka_unit_test(nested_groups_use_no_more_stack),
		cmocka_unit_test(symbols_count_as_plainly_as_can_be),
		cmocka_unit_test(long_data_counts_the_same_both_ways),
		cmocka_unit_test(long_repeats_go_the_other_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
