/* SPDX-License-Identifier: ISC */
#include "health/cutoff.h"
#include "streams.h"

/*
 * SP 800-90B 4.4.2, table of example cutoffs for alpha = 2^-20; the rows for
 * 2^-30 are from tools/cutoffs.py.
 */
static const struct {
	uint32_t h_mbits;
	unsigned symbol_bits;
	unsigned alpha_log2;
	unsigned cutoff;
} known[] = {
	{ 200, 1, 20, 941 },  { 400, 1, 20, 840 },  { 600, 1, 20, 748 },
	{ 800, 1, 20, 664 },  { 1000, 1, 20, 589 }, { 500, 8, 20, 410 },
	{ 1000, 8, 20, 311 }, { 2000, 8, 20, 177 }, { 4000, 8, 20, 62 },
	{ 8000, 8, 20, 13 },  { 1000, 1, 30, 609 }, { 1000, 8, 30, 325 },
	{ 4000, 8, 30, 71 },  { 8000, 8, 30, 16 },
};

/* The first symbol counts as equal to itself. */
static void apt_fails_on_the_cutoff_and_not_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct health_apt t;

		health_apt_init(&t, known[i].h_mbits, known[i].symbol_bits,
				known[i].alpha_log2);
		assert_int_equal(t.window,
				 known[i].symbol_bits == 1 ? 1024 : 512);
		assert_int_equal(t.cutoff, known[i].cutoff);
		for (unsigned n = 1; n < t.cutoff; n++)
			assert_int_equal(health_apt_feed(&t, 1), HEALTH_PASS);
		assert_int_equal(health_apt_feed(&t, 1), HEALTH_FAIL);
	}
}

/* `ones` of the symbols of one window, the first among them, spread evenly. */
static enum verdict window_with(struct health_apt *t, unsigned ones)
{
	enum verdict v = health_apt_feed(t, 1);
	unsigned given = 1;

	for (unsigned i = 1; i < t->window && v == HEALTH_PASS; i++) {
		bool one = (uint64_t)i * (ones - 1) / (t->window - 1) >= given;

		given += one;
		v = health_apt_feed(t, one);
	}
	assert_true(v == HEALTH_FAIL || given == ones);
	return v;
}

static void apt_counts_in_windows_that_do_not_overlap(void **state)
{
	struct health_apt t;

	(void)state;
	health_apt_init(&t, 1000, 1, 30);
	for (unsigned round = 1; round <= 20; round++) {
		assert_int_equal(window_with(&t, t.cutoff - 1), HEALTH_PASS);
		assert_int_equal(t.closed_count, 1024 * round);
		assert_int_equal(t.seen, 0);
	}
	assert_int_equal(window_with(&t, t.cutoff), HEALTH_FAIL);
	assert_int_equal(t.closed_count, 1024 * 20);
}

static void apt_failure_on_the_last_symbol_does_not_close(void **state)
{
	struct health_apt t;

	(void)state;
	health_apt_init(&t, 1000, 8, 30);
	for (unsigned i = 0; i < t.cutoff - 1; i++)
		assert_int_equal(health_apt_feed(&t, 9), HEALTH_PASS);
	for (unsigned i = t.cutoff - 1; i < t.window - 1; i++)
		assert_int_equal(health_apt_feed(&t, 8), HEALTH_PASS);
	assert_int_equal(health_apt_feed(&t, 9), HEALTH_FAIL);
	assert_int_equal(t.closed_count, 0);
}

static void apt_counts_the_first_symbol_only(void **state)
{
	struct health_apt t;

	(void)state;
	health_apt_init(&t, 1000, 8, 30);
	(void)health_apt_feed(&t, 1);
	for (unsigned i = 1; i < t.window; i++)
		assert_int_equal(health_apt_feed(&t, 2), HEALTH_PASS);
	assert_int_equal(t.closed_count, t.window);
}

/* 2^-(512 H) > 2^-30 up to H = 0.0585; 2^-(1024 H) up to 0.0292. */
static void apt_is_off_where_no_count_is_a_surprise(void **state)
{
	struct health_apt t;

	(void)state;
	health_apt_init(&t, 58, 8, 30);
	assert_int_equal(t.cutoff, 513);
	for (unsigned i = 0; i < 3 * 512; i++)
		assert_int_equal(health_apt_feed(&t, 1), HEALTH_PASS);
	health_apt_init(&t, 59, 8, 30);
	assert_int_equal(t.cutoff, 512);
	health_apt_init(&t, 29, 1, 30);
	assert_int_equal(t.cutoff, 1025);
	health_apt_init(&t, 30, 1, 30);
	assert_int_equal(t.cutoff, 1024);
}

/* Binomials small enough to add up on paper. */
static void counts_worked_by_hand(void **state)
{
	(void)state;
	/* n = 10, p = 1/2: P(X = 10) = 1/1024, P(X >= 9) = 11/1024. */
	assert_int_equal(health_cutoff_count(10, 1000, 10), 10);
	assert_int_equal(health_cutoff_count(10, 1000, 11), 11);
	assert_int_equal(health_cutoff_count(10, 1000, 7), 10);
	assert_int_equal(health_cutoff_count(10, 1000, 6), 9);
	/* n = 2, p = 1/4: P(X = 2) = 1/16, P(X >= 1) = 7/16. */
	assert_int_equal(health_cutoff_count(2, 2000, 4), 2);
	assert_int_equal(health_cutoff_count(2, 2000, 5), 3);
	assert_int_equal(health_cutoff_count(2, 2000, 2), 2);
	assert_int_equal(health_cutoff_count(2, 2000, 1), 1);
	/* n = 512, p = 2^-63: even one hit is rarer than 2^-30. */
	assert_int_equal(health_cutoff_count(512, 63000, 30), 1);
	assert_int_equal(health_cutoff_count(512, 38000, 30), 2);
}

/* 512 * 2^-(alpha_log2 + 9) is alpha; P(X >= 1) is below it by a hair. */
static void one_hit_at_exactly_alpha_is_a_failure(void **state)
{
	(void)state;
	for (unsigned alpha_log2 = 10; alpha_log2 <= 54; alpha_log2++) {
		uint32_t h_mbits = 1000 * (alpha_log2 + 9);

		assert_int_equal(health_cutoff_count(512, h_mbits, alpha_log2),
				 1);
		assert_int_equal(
			health_cutoff_count(512, h_mbits - 1, alpha_log2), 2);
	}
}

static void cutoffs_never_grow_with_h(void **state)
{
	unsigned last = 513;

	(void)state;
	for (uint32_t h = 1; h <= 8000; h++) {
		unsigned cutoff = health_cutoff_count(512, h, 30);

		assert_true(cutoff <= last && cutoff >= 1);
		last = cutoff;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apt_fails_on_the_cutoff_and_not_before),
		cmocka_unit_test(apt_counts_in_windows_that_do_not_overlap),
		cmocka_unit_test(apt_failure_on_the_last_symbol_does_not_close),
		cmocka_unit_test(apt_counts_the_first_symbol_only),
		cmocka_unit_test(apt_is_off_where_no_count_is_a_surprise),
		cmocka_unit_test(counts_worked_by_hand),
		cmocka_unit_test(one_hit_at_exactly_alpha_is_a_failure),
		cmocka_unit_test(cutoffs_never_grow_with_h),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
