/* SPDX-License-Identifier: ISC */
#include "streams.h"

/* SP 800-90B 4.4.1, C = 1 + ceil(30 / H): worked by hand. */
static const struct {
	uint32_t h_mbits;
	unsigned alpha_log2;
	unsigned cutoff;
} known[] = {
	{ 8000, 30, 5 }, /* 3.75 */
	{ 7500, 30, 5 }, /* 4 exactly */
	{ 7501, 30, 5 }, /* 3.9995 */
	{ 7499, 30, 6 }, /* 4.0005 */
	{ 1000, 30, 31 }, { 300, 30, 101 }, { 1, 30, 30001 },
	{ 2000, 20, 11 }, /* the example in 4.4.1: alpha 2^-20, H = 2.0 */
	{ 64000, 30, 2 }, /* a 64-bit word of full entropy */
};

static void rct_fails_on_the_cutoff_and_not_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct health_rct t;

		health_rct_init(&t, known[i].h_mbits, known[i].alpha_log2);
		assert_int_equal(t.cutoff, known[i].cutoff);
		for (unsigned n = 1; n < t.cutoff; n++)
			assert_int_equal(health_rct_feed(&t, 7), HEALTH_PASS);
		assert_int_equal(health_rct_feed(&t, 7), HEALTH_FAIL);
	}
}

static void rct_another_value_starts_the_run_anew(void **state)
{
	struct health_rct t;

	(void)state;
	health_rct_init(&t, 8000, 30);
	for (unsigned round = 0; round < 100; round++) {
		for (unsigned n = 1; n < t.cutoff; n++)
			assert_int_equal(health_rct_feed(&t, round),
					 HEALTH_PASS);
	}
}

static void rct_zero_is_a_value_like_any_other(void **state)
{
	struct health_rct t;

	(void)state;
	health_rct_init(&t, 8000, 30);
	for (unsigned n = 1; n < t.cutoff; n++)
		assert_int_equal(health_rct_feed(&t, 0), HEALTH_PASS);
	assert_int_equal(health_rct_feed(&t, 0), HEALTH_FAIL);
}

static void rct_compares_all_64_bits(void **state)
{
	struct health_rct t;

	(void)state;
	health_rct_init(&t, 64000, 30);
	assert_int_equal(health_rct_feed(&t, 1), HEALTH_PASS);
	assert_int_equal(health_rct_feed(&t, 1 | UINT64_C(1) << 63),
			 HEALTH_PASS);
	assert_int_equal(health_rct_feed(&t, 1 | UINT64_C(1) << 63),
			 HEALTH_FAIL);
}

static void rct_reset_forgets_the_run_not_the_cutoff(void **state)
{
	struct health_rct t;

	(void)state;
	health_rct_init(&t, 8000, 30);
	for (unsigned n = 1; n < t.cutoff; n++)
		(void)health_rct_feed(&t, 7);
	health_rct_reset(&t);
	assert_int_equal(t.cutoff, 5);
	assert_int_equal(health_rct_feed(&t, 7), HEALTH_PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rct_fails_on_the_cutoff_and_not_before),
		cmocka_unit_test(rct_another_value_starts_the_run_anew),
		cmocka_unit_test(rct_zero_is_a_value_like_any_other),
		cmocka_unit_test(rct_compares_all_64_bits),
		cmocka_unit_test(rct_reset_forgets_the_run_not_the_cutoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
