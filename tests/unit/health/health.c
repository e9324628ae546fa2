/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "streams.h"

static const struct health_config sound = { 8000, 8, 30, 1024 };

static void init_refuses_what_is_out_of_range(void **state)
{
	static const struct {
		struct health_config config;
		int result;
	} cases[] = {
		{ { 0, 8, 30, 1024 }, -EINVAL },
		{ { 1, 8, 30, 1024 }, 0 },
		{ { 8000, 8, 30, 1024 }, 0 },
		{ { 8001, 8, 30, 1024 }, -EINVAL },
		{ { 1, 0, 30, 1024 }, -EINVAL },
		{ { 1000, 1, 30, 1024 }, 0 },
		{ { 1001, 1, 30, 1024 }, -EINVAL },
		{ { 8000, 9, 30, 1024 }, -EINVAL },
		{ { 8000, 8, 7, 1024 }, -EINVAL },
		{ { 8000, 8, 8, 1024 }, 0 },
		{ { 8000, 8, 60, 1024 }, 0 },
		{ { 8000, 8, 61, 1024 }, -EINVAL },
		{ { 8000, 8, 30, 0 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct health h, before;

		memset(&h, 0x5a, sizeof h);
		memcpy(&before, &h, sizeof h);
		assert_int_equal(health_init(&h, &cases[i].config),
				 cases[i].result);
		if (cases[i].result < 0)
			assert_memory_equal(&h, &before, sizeof h);
		else
			assert_int_equal(h.verdict, HEALTH_PENDING);
	}
}

static void passes_after_startup_and_settles_by_windows(void **state)
{
	uint64_t seed = 1;
	struct health h;

	(void)state;
	start(&h, 8000, 8);
	assert_int_equal(health_feed(&h, NULL, 0), HEALTH_PENDING);
	assert_int_equal(feed_good(&h, &seed, 1023), HEALTH_PENDING);
	assert_int_equal(h.settled_count, 0);
	assert_int_equal(feed_good(&h, &seed, 1), HEALTH_PASS);
	assert_int_equal(h.settled_count, 1024);
	assert_int_equal(feed_good(&h, &seed, 511), HEALTH_PASS);
	assert_int_equal(h.settled_count, 1024);
	assert_int_equal(feed_good(&h, &seed, 1), HEALTH_PASS);
	assert_int_equal(h.settled_count, 1536);
	assert_int_equal(h.symbol_count, 1536);
}

static void startup_inside_a_window_settles_closed_ones(void **state)
{
	struct health_config config = sound;
	uint64_t seed = 2;
	struct health h;

	(void)state;
	config.startup_symbols = 1100;
	assert_int_equal(health_init(&h, &config), 0);
	assert_int_equal(feed_good(&h, &seed, 1099), HEALTH_PENDING);
	assert_int_equal(h.settled_count, 0);
	assert_int_equal(feed_good(&h, &seed, 1), HEALTH_PASS);
	assert_int_equal(h.settled_count, 1024);
}

static void finish_judges_a_source_that_gives_once(void **state)
{
	struct health_config config = sound;
	uint64_t seed = 3;
	struct health h;

	(void)state;
	config.startup_symbols = 0;
	assert_int_equal(health_init(&h, &config), 0);
	assert_int_equal(health_finish(&h), HEALTH_PENDING);
	assert_int_equal(feed_good(&h, &seed, 32), HEALTH_PENDING);
	assert_int_equal(h.settled_count, 0);
	assert_int_equal(health_finish(&h), HEALTH_PASS);
	assert_int_equal(h.settled_count, 32);
	assert_int_equal(health_finish(&h), HEALTH_PASS);
	assert_int_equal(h.settled_count, 32);
	/* It gave more after all: a new window, which has to close. */
	assert_int_equal(feed_good(&h, &seed, 32), HEALTH_PASS);
	assert_int_equal(h.settled_count, 32);
	assert_int_equal(health_finish(&h), HEALTH_PASS);
	assert_int_equal(h.settled_count, 64);
}

static void finish_closes_the_window_of_a_passed_lane(void **state)
{
	uint64_t seed = 4;
	struct health h;

	(void)state;
	start(&h, 8000, 8);
	assert_int_equal(feed_good(&h, &seed, 1023), HEALTH_PENDING);
	assert_int_equal(health_finish(&h), HEALTH_PENDING);
	assert_int_equal(h.settled_count, 0);
	assert_int_equal(feed_good(&h, &seed, 77), HEALTH_PASS);
	assert_int_equal(h.settled_count, 1024);
	assert_int_equal(health_finish(&h), HEALTH_PASS);
	assert_int_equal(h.settled_count, 1100);
}

static void failure_stays_until_restart(void **state)
{
	static const uint8_t stuck[16];
	uint64_t seed = 5;
	struct health h;

	(void)state;
	start(&h, 8000, 8);
	assert_int_equal(feed_good(&h, &seed, 100000), HEALTH_PASS);
	assert_int_equal(h.settled_count, 99840);
	assert_int_equal(health_feed(&h, stuck, sizeof stuck), HEALTH_FAIL);
	assert_int_equal(h.failed, HEALTH_RCT);
	assert_int_equal(h.failure_count[HEALTH_RCT], 1);
	assert_in_range(h.symbol_count, 100004, 100005);
	/* Not judged further, not counted, not forgiven. */
	assert_int_equal(feed_good(&h, &seed, 5000), HEALTH_FAIL);
	assert_int_equal(health_finish(&h), HEALTH_FAIL);
	assert_in_range(h.symbol_count, 100004, 100005);
	assert_int_equal(h.settled_count, 99840);
	assert_int_equal(h.failure_count[HEALTH_RCT], 1);

	health_restart(&h);
	assert_int_equal(h.verdict, HEALTH_PENDING);
	assert_int_equal(h.failed, HEALTH_NONE);
	assert_int_equal(h.symbol_count, 0);
	assert_int_equal(h.settled_count, 0);
	assert_int_equal(h.failure_count[HEALTH_RCT], 1);
	assert_int_equal(feed_good(&h, &seed, 1023), HEALTH_PENDING);
	assert_int_equal(feed_good(&h, &seed, 1), HEALTH_PASS);
}

/* Nothing of the stream is left: the struct held raw symbols. */
static void restart_is_as_new(void **state)
{
	uint64_t seed = 6;
	struct health h, fresh;

	(void)state;
	memset(&h, 0, sizeof h);
	memset(&fresh, 0, sizeof fresh);
	start(&h, 4000, 8);
	start(&fresh, 4000, 8);
	assert_int_equal(feed_good(&h, &seed, 20000), HEALTH_PASS);
	health_restart(&h);
	assert_memory_equal(&h, &fresh, sizeof h);
}

static void a_failure_anywhere_in_a_batch_is_the_verdict(void **state)
{
	uint8_t batch[64];
	uint64_t seed = 7;
	struct health h;

	(void)state;
	for (size_t i = 0; i < sizeof batch; i++)
		batch[i] = next_symbol(&seed);
	memset(batch + 20, 0xff, 5);
	start(&h, 8000, 8);
	assert_int_equal(health_feed(&h, batch, sizeof batch), HEALTH_FAIL);
	assert_int_equal(h.symbol_count, 25);
}

static void bits_above_the_symbol_are_not_seen(void **state)
{
	uint64_t seed = 8;
	struct health h;
	size_t n = 0;

	(void)state;
	start(&h, 4000, 4);
	while (h.verdict != HEALTH_FAIL && n++ < 100) {
		uint8_t symbol = (uint8_t)(next_symbol(&seed) & 0xf0) | 3;

		(void)health_feed(&h, &symbol, 1);
	}
	assert_int_equal(h.failed, HEALTH_RCT);
	assert_int_equal(h.symbol_count, 9);
}

static void says_which_tests_are_on(void **state)
{
	/* equal-block: ceil(42 / H) <= 4096; extreme-rate: 8 H > 1 at least. */
	static const struct {
		uint32_t test_mbits;
		bool apt, extreme, block;
	} cases[] = {
		{ 8000, true, true, true }, { 333, true, true, true },
		{ 59, true, false, true },  { 58, false, false, true },
		{ 11, false, false, true }, { 10, false, false, false },
		{ 1, false, false, false },
	};
	struct health h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		start(&h, cases[i].test_mbits, 8);
		assert_int_equal(health_test_on(&h, HEALTH_APT), cases[i].apt);
		assert_int_equal(health_test_on(&h, HEALTH_EXTREME_RATE),
				 cases[i].extreme);
		assert_int_equal(health_test_on(&h, HEALTH_EQUAL_BLOCK),
				 cases[i].block);
		assert_true(health_test_on(&h, HEALTH_RCT));
		for (unsigned t = HEALTH_DIFFERENCE_8; t <= HEALTH_WORD_64; t++)
			assert_true(health_test_on(&h, (enum health_test)t));
	}
	assert_false(health_test_on(&h, HEALTH_NONE));
	assert_false(health_test_on(&h, HEALTH_TEST_COUNT));
}

static void every_test_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < HEALTH_TEST_COUNT; i++) {
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(
				health_test_name((enum health_test)i),
				health_test_name((enum health_test)j));
	}
	assert_string_equal(health_test_name(HEALTH_RCT), "repetition-count");
	assert_string_equal(health_test_name(HEALTH_TEST_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_refuses_what_is_out_of_range),
		cmocka_unit_test(passes_after_startup_and_settles_by_windows),
		cmocka_unit_test(startup_inside_a_window_settles_closed_ones),
		cmocka_unit_test(finish_judges_a_source_that_gives_once),
		cmocka_unit_test(finish_closes_the_window_of_a_passed_lane),
		cmocka_unit_test(failure_stays_until_restart),
		cmocka_unit_test(restart_is_as_new),
		cmocka_unit_test(a_failure_anywhere_in_a_batch_is_the_verdict),
		cmocka_unit_test(bits_above_the_symbol_are_not_seen),
		cmocka_unit_test(says_which_tests_are_on),
		cmocka_unit_test(every_test_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
