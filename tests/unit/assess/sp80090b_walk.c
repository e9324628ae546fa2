/* SPDX-License-Identifier: ISC */
/* Walking positions by what they share, against runs of each length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assess/sp80090b/tuples_walk.h"
#include "specimen_data.h"
#include "tuples_same.h"

/* For every length, the positions that share it, run by run. */
static void plain_walk(const uint32_t *shared, size_t n, uint32_t most,
		       struct tuple_tally *t)
{
	for (uint32_t l = 1; l <= most; l++) {
		for (size_t i = 1, m = 1; i <= n; i++) {
			if (i < n && shared[i] >= l) {
				m++;
				continue;
			}
			if (m >= TUPLE_OFTEN)
				tuple_tally_often(t, l, m);
			m = 1;
		}
	}
	for (uint32_t l = t->often_length + 1; l <= most; l++) {
		for (size_t i = 1, m = 1; i <= n; i++) {
			if (i < n && shared[i] >= l) {
				m++;
				continue;
			}
			tuple_tally_add(t, l, (int64_t)(m * (m - 1) / 2));
			tuple_tally_add(t, l - 1, -(int64_t)(m * (m - 1) / 2));
			m = 1;
		}
	}
}

/* What no order of positions need have: any numbers. */
static void any_lengths_are_walked_the_same(void **state)
{
	static uint32_t shared[1200];

	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		uint64_t z = seed;
		size_t n = 2 + specimen_next(&z) % (seed % 4 ? 150 : 1199);
		uint32_t most = 2 + specimen_next(&z) % 60;
		uint32_t slope = 1 + specimen_next(&z) % 8;
		struct tuple_tally a, b;
		struct tuple_walk w;

		shared[0] = 0;
		for (size_t i = 1; i < n; i++) {
			uint64_t x = specimen_next(&z);

			/* Independent, or a few more or less than before. */
			if (seed % 3 == 0 || x % 32 == 0)
				shared[i] = (uint32_t)(x >> 8) % (most + 1);
			else
				shared[i] = shared[i - 1] +
					    (uint32_t)(x >> 8) % (2 * slope) -
					    slope;
			if (shared[i] > most)
				shared[i] = x % 2 ? most : most / 2;
		}
		assert_int_equal(tuple_tally_init(&a, 4 * n + 200), 0);
		assert_int_equal(tuple_tally_init(&b, 4 * n + 200), 0);
		plain_walk(shared, n, most, &a);
		assert_int_equal(tuple_walk_init(&w, &b), 0);
		if (seed % 2 == 0)
			tuple_walk_ahead(&b, shared, (uint32_t)n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(tuple_walk_step(&w, shared[i]), 0);
		assert_int_equal(tuple_walk_end(&w), 0);
		tuple_walk_free(&w);
		assert_same(&a, &b);
		tuple_tally_free(&a);
		tuple_tally_free(&b);
	}
}

/* Up, step by step, to more stretches within each other than fit at once. */
static void long_stairs_are_walked(void **state)
{
	uint32_t n = 3 * TUPLE_STRETCHES * TUPLE_BLOCK;
	struct tuple_tally t;
	struct tuple_walk w;

	(void)state;
	assert_int_equal(tuple_tally_init(&t, n), 0);
	assert_int_equal(tuple_walk_init(&w, &t), 0);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(tuple_walk_step(&w, i), 0);
	assert_int_equal(tuple_walk_end(&w), 0);
	tuple_walk_free(&w);
	/* Positions l - 1 and up share l. */
	assert_int_equal(t.often_length, n - TUPLE_OFTEN + 1);
	for (uint32_t l = n - TUPLE_OFTEN + 2; l < n; l++)
		assert_int_equal(tuple_tally_get(&t, l), n - l);
	assert_int_equal(tuple_tally_get(&t, n), 0);
	tuple_tally_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_lengths_are_walked_the_same),
		cmocka_unit_test(long_stairs_are_walked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
