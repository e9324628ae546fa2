/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "source/quick_estimate.h"

#define N 1024

/* A fixed sequence: xorshift64*, Vigna 2016. */
static uint64_t next(uint64_t *x)
{
	*x ^= *x >> 12;
	*x ^= *x << 25;
	*x ^= *x >> 27;
	return *x * UINT64_C(2685821657736338717);
}

static uint8_t uniform(uint64_t *x)
{
	return (uint8_t)(next(x) >> 56);
}

static bool chance(uint64_t *x, double p)
{
	return (double)(next(x) >> 11) < p * 9007199254740992.0;
}

static void constants_counters_and_cycles_are_worth_nothing(void **state)
{
	uint8_t s[N];

	(void)state;
	memset(s, 7, N);
	assert_int_equal(quick_estimate_mbits(s, N), 0);
	for (unsigned stride = 1; stride < 256; stride += 37) {
		for (size_t i = 0; i < N; i++)
			s[i] = (uint8_t)(i * stride);
		assert_in_range(quick_estimate_mbits(s, N), 0, 20);
	}
	for (size_t cycle = 2; cycle <= 64; cycle++) {
		uint64_t x = cycle;

		for (size_t i = 0; i < N; i++)
			s[i] = i < cycle ? uniform(&x) : s[i - cycle];
		assert_in_range(quick_estimate_mbits(s, N), 0, 150);
	}
}

/*
 * Worked by hand: 512 of 1024 equal, the rest all different from them and in
 * an order nothing predicts: p_u = 1/2 + 2.576 * sqrt(1/4 / 1024) = 0.54025,
 * -log2 = 0.88830.
 */
static void the_most_common_value_has_its_known_answer(void **state)
{
	uint8_t s[N];
	uint64_t x = 42;
	size_t left = 512;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		bool common = next(&x) % (N - i) < left;

		left -= common;
		s[i] = common ? 0 : (uint8_t)(1 + uniform(&x) % 255);
	}
	assert_int_equal(left, 0);
	assert_in_range(quick_estimate_mbits(s, N), 870, 889);
}

/* True min-entropy, and what 1,024 symbols must say of it: never more. */
static void biased_symbols_are_not_overrated(void **state)
{
	static const struct {
		double p; /* of the symbol 0; else uniform over 1 to 255 */
		uint32_t true_mbits, least_mbits;
	} row[] = {
		{ 0.99, 14, 0 },        { 0.794, 333, 240 },
		{ 0.5, 1000, 800 },     { 0.25, 2000, 1700 },
		{ 0.0625, 4000, 3200 },
	};

	(void)state;
	for (size_t r = 0; r < ARRAY_LEN(row); r++) {
		uint64_t x = 1000 + r;
		uint8_t s[N];

		for (size_t i = 0; i < N; i++)
			s[i] = chance(&x, row[r].p) ?
				       0 :
				       (uint8_t)(1 + uniform(&x) % 255);
		assert_in_range(quick_estimate_mbits(s, N), row[r].least_mbits,
				row[r].true_mbits);
	}
}

static void uniform_symbols_keep_most_of_their_bits(void **state)
{
	uint8_t s[N];
	uint64_t x = 5;

	(void)state;
	for (size_t i = 0; i < N; i++)
		s[i] = uniform(&x);
	assert_in_range(quick_estimate_mbits(s, N), 4500, 8000);
}

/*
 * Every value equally often, but each follows from the one before, or from the
 * two before, nine times in ten: 0.152 bits, which a count of values misses.
 */
static void a_markov_chain_is_seen_through(void **state)
{
	uint8_t s[N];
	uint64_t x = 9;

	(void)state;
	s[0] = 1;
	for (size_t i = 1; i < N; i++)
		s[i] = chance(&x, 0.9) ? (uint8_t)((s[i - 1] * 5 + 3) & 15) :
					 uniform(&x) & 15;
	assert_in_range(quick_estimate_mbits(s, N), 50, 350);
	s[0] = 1;
	s[1] = 2;
	for (size_t i = 2; i < N; i++)
		s[i] = chance(&x, 0.9) ?
			       (uint8_t)((s[i - 1] * 5 + s[i - 2] * s[i - 2]) &
					 7) :
			       uniform(&x) & 7;
	assert_in_range(quick_estimate_mbits(s, N), 50, 450);
}

/* A constant duration seen through a coarse clock: floor((i + 1) a) - ... */
static void a_beat_against_the_clock_is_seen_through(void **state)
{
	uint8_t s[N];

	(void)state;
	for (size_t i = 0; i < N; i++)
		s[i] = (uint8_t)((i + 1) * 6180 / 10000 - i * 6180 / 10000);
	assert_in_range(quick_estimate_mbits(s, N), 0, 332);
}

static void too_few_symbols_say_nothing(void **state)
{
	uint8_t s[64];
	uint64_t x = 11;

	(void)state;
	for (size_t i = 0; i < sizeof s; i++)
		s[i] = uniform(&x);
	assert_int_equal(quick_estimate_mbits(s, 0), 0);
	assert_int_equal(quick_estimate_mbits(s, 63), 0);
	assert_true(quick_estimate_mbits(s, 64) > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants_counters_and_cycles_are_worth_nothing),
		cmocka_unit_test(the_most_common_value_has_its_known_answer),
		cmocka_unit_test(biased_symbols_are_not_overrated),
		cmocka_unit_test(uniform_symbols_keep_most_of_their_bits),
		cmocka_unit_test(a_markov_chain_is_seen_through),
		cmocka_unit_test(a_beat_against_the_clock_is_seen_through),
		cmocka_unit_test(too_few_symbols_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
