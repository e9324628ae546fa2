/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "assess/quick/quick.h"
#include "base/bytes.h"
#include "specimen_data.h"

static void look(const void *data, size_t n, struct quick *q,
		 struct quick_result *ret)
{
	quick_begin(q);
	quick_feed(q, data, n);
	quick_end(q, ret);
}

/* 0, 1, ... 255: worked by hand. */
static void a_counter_is_too_even(void **state)
{
	uint8_t data[256 * 6];
	struct quick q;
	struct quick_result r;
	struct quick_p p[QUICK_P_VALUES];

	(void)state;
	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)i;
	look(data, sizeof data, &q, &r);
	assert_float_equal(r.byte_entropy, 8, 1e-12);
	assert_float_equal(r.min_entropy, 8, 1e-12);
	assert_float_equal(r.bit_entropy, 1, 1e-12);
	assert_float_equal(r.byte_mean, 127.5, 1e-12);
	assert_float_equal(r.byte_chi2, 0, 0);
	assert_float_equal(r.byte_chi2_p, 1, 0);
	assert_float_equal(r.ones_all, 0.5, 0);
	assert_int_equal(quick_p_values(&q, p), 0);
	assert_string_equal(p[0].name, "byte counts");
	assert_float_equal(p[0].value, 0, 0);
	assert_true(p[9].value < 1e-100);
}

/* 1 2 3 4: Knuth's formula, (4 * 24 - 100) / (4 * 30 - 100) = -0.2. */
static void correlation_goes_around(void **state)
{
	static const uint8_t data[] = { 1, 2, 3, 4 };
	struct quick q;
	struct quick_result r;

	(void)state;
	look(data, 4, &q, &r);
	assert_float_equal(r.serial_correlation, -0.2, 1e-12);
	assert_float_equal(r.byte_mean, 2.5, 0);
	assert_float_equal(r.byte_entropy, 2, 1e-12);
	assert_float_equal(r.byte_chi2, 252, 1e-9);
	/* Ones: 1, 1, 2, 1 of 32. */
	assert_float_equal(r.ones_all, 5.0 / 32, 1e-12);
	assert_float_equal(r.ones[0], 0.5, 0);
	assert_float_equal(r.ones[2], 0.25, 0);
	assert_float_equal(r.ones[7], 0, 0);
	assert_true(isnan(r.pi));
}

static void a_constant(void **state)
{
	uint8_t data[2000];
	struct quick q;
	struct quick_result r;
	struct quick_p p[QUICK_P_VALUES];

	(void)state;
	memset(data, 0xff, sizeof data);
	look(data, sizeof data, &q, &r);
	assert_float_equal(r.byte_entropy, 0, 0);
	assert_float_equal(r.min_entropy, 0, 0);
	assert_float_equal(r.bit_entropy, 0, 0);
	assert_true(isnan(r.serial_correlation));
	assert_float_equal(r.pi, 0, 0);
	assert_int_equal(quick_p_values(&q, p), 0);
	assert_true(p[0].value < 1e-100);
	assert_true(p[10].value < 1e-100);
}

/* On the circle counts as inside: x = 2^24 - 1, y = 0. */
static void the_circle_has_its_edge(void **state)
{
	static const uint8_t data[] = { 255, 255, 255, 0, 0, 0,
					255, 255, 255, 0, 0, 1 };
	struct quick q;
	struct quick_result r;

	(void)state;
	look(data, sizeof data, &q, &r);
	assert_int_equal(q.points, 2);
	assert_int_equal(q.inside, 1);
	assert_float_equal(r.pi, 2, 0);
}

static void pieces_of_any_size(void **state)
{
	static uint8_t data[5000];
	struct quick whole, parts;
	struct quick_result a, b;

	(void)state;
	specimen_fill(SPECIMEN_NORMAL8, 1, data, sizeof data);
	look(data, sizeof data, &whole, &a);
	for (size_t size = 1; size < 20; size++) {
		quick_begin(&parts);
		for (size_t i = 0; i < sizeof data; i += size)
			quick_feed(&parts, data + i,
				   min_size(size, sizeof data - i));
		quick_end(&parts, &b);
		assert_memory_equal(&a, &b, sizeof a);
	}
}

/* A fixed seed: always the same outcome. */
static void good_data_has_fair_p_values(void **state)
{
	static uint8_t data[600000];
	struct quick q;
	struct quick_result r;
	struct quick_p p[QUICK_P_VALUES];

	(void)state;
	specimen_fill(SPECIMEN_UNIFORM8, 11, data, sizeof data);
	look(data, sizeof data, &q, &r);
	assert_int_equal(quick_p_values(&q, p), 0);
	for (unsigned i = 0; i < QUICK_P_VALUES; i++)
		assert_true(p[i].value > 1e-4 && p[i].value <= 1);
	assert_true(r.byte_entropy > 7.999 && r.byte_entropy < 8);
	assert_true(r.min_entropy > 7.8 && r.min_entropy < 8);
	assert_float_equal(r.pi, M_PI, 0.03);
	assert_float_equal(r.serial_correlation, 0, 0.01);
}

static void too_little_has_no_p_values(void **state)
{
	uint8_t data[QUICK_LEAST_BYTES] = { 0 };
	struct quick q;
	struct quick_result r;
	struct quick_p p[QUICK_P_VALUES];

	(void)state;
	look(data, 0, &q, &r);
	assert_true(isnan(r.byte_entropy) && isnan(r.ones[3]));
	assert_int_equal(quick_p_values(&q, p), -EINVAL);
	look(data, QUICK_LEAST_BYTES - 1, &q, &r);
	assert_int_equal(quick_p_values(&q, p), -EINVAL);
	look(data, QUICK_LEAST_BYTES, &q, &r);
	assert_int_equal(quick_p_values(&q, p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_is_too_even),
		cmocka_unit_test(correlation_goes_around),
		cmocka_unit_test(a_constant),
		cmocka_unit_test(the_circle_has_its_edge),
		cmocka_unit_test(pieces_of_any_size),
		cmocka_unit_test(good_data_has_fair_p_values),
		cmocka_unit_test(too_little_has_no_p_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
