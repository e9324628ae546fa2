/* SPDX-License-Identifier: ISC */
#include "streams.h"

static void startup_passes_on_the_last_symbol_needed(void **state)
{
	struct health_startup t;

	(void)state;
	health_startup_init(&t, 1024);
	for (unsigned i = 1; i < 1024; i++) {
		health_startup_feed(&t);
		assert_false(t.passed);
	}
	health_startup_feed(&t);
	assert_true(t.passed);
	health_startup_feed(&t);
	assert_int_equal(t.seen, 1024);
}

static void startup_reset_begins_anew(void **state)
{
	struct health_startup t;

	(void)state;
	health_startup_init(&t, 2);
	health_startup_feed(&t);
	health_startup_reset(&t);
	health_startup_feed(&t);
	assert_false(t.passed);
	health_startup_feed(&t);
	assert_true(t.passed);
	health_startup_reset(&t);
	assert_false(t.passed);
	assert_int_equal(t.needed, 2);
}

static void startup_of_nothing_waits_for_the_end(void **state)
{
	struct health_startup t;

	(void)state;
	health_startup_init(&t, 0);
	for (unsigned i = 0; i < 5000; i++)
		health_startup_feed(&t);
	assert_false(t.passed);
	health_startup_finish(&t, 0);
	assert_false(t.passed);
	health_startup_finish(&t, 1);
	assert_true(t.passed);
}

static void startup_cut_short_is_not_passed(void **state)
{
	struct health_startup t;

	(void)state;
	health_startup_init(&t, 1024);
	for (unsigned i = 0; i < 1023; i++)
		health_startup_feed(&t);
	health_startup_finish(&t, 1023);
	assert_false(t.passed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(startup_passes_on_the_last_symbol_needed),
		cmocka_unit_test(startup_reset_begins_anew),
		cmocka_unit_test(startup_of_nothing_waits_for_the_end),
		cmocka_unit_test(startup_cut_short_is_not_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
