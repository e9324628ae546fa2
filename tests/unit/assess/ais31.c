/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "assess/fips140/ais31.h"
#include "base/bytes.h"
#include "made_blocks.h"
#include "plain_fips140.h"
#include "specimen_data.h"

#define BLOCK FIPS140_BLOCK_BYTES

/*
 * The bounds are as another program has them (yintianyu/AIS31-Test on GitHub,
 * Tester.cpp): the text of AIS 31 is not public code, and was not read.
 */

static void good_block(uint8_t *block)
{
	for (uint64_t seed = 1;; seed++) {
		specimen_fill(SPECIMEN_UNIFORM8, seed, block, BLOCK);
		if (ais31_judge(block) == 0)
			return;
	}
}

/* The shift comes from the first half, the value from the second. */
static void t5_is_the_plain_one(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		unsigned farthest = 0;
		unsigned tau = 0;
		unsigned shift;

		specimen_fill(seed == 3 ? SPECIMEN_NORMAL8 : SPECIMEN_UNIFORM8,
			      seed, block, BLOCK);
		for (unsigned t = 1; t <= 5000; t++) {
			int z = (int)plain_autocorrelation(block, 0, t) - 2500;

			if ((unsigned)abs(z) > farthest) {
				farthest = (unsigned)abs(z);
				tau = t;
			}
		}
		assert_int_equal(ais31_autocorrelation(block, &shift),
				 plain_autocorrelation(block, 10000, tau));
		assert_int_equal(shift, tau);
	}
}

/* A period of 1,000 bits: no bit differs from the one that much later. */
static void t5_finds_a_period(void **state)
{
	uint8_t block[BLOCK];
	unsigned shift;

	(void)state;
	specimen_fill(SPECIMEN_UNIFORM8, 5, block, BLOCK);
	for (unsigned i = 125; i < BLOCK; i++)
		block[i] = block[i - 125];
	assert_int_equal(ais31_autocorrelation(block, &shift), 0);
	assert_int_equal(shift, 1000);
	assert_true(ais31_judge(block) >> AIS31_T5 & 1);
}

/* 9654 < ones < 10346. */
static void t1_bounds(void **state)
{
	static const unsigned ones[] = { 9654, 9655, 10345, 10346 };
	static const unsigned fails[] = { 1, 0, 0, 1 };
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct fips140_counts c;

		good_block(block);
		plain_count(block, &c);
		for (unsigned i = 0; c.ones != ones[k]; i += 7) {
			unsigned want = c.ones < ones[k];

			if (plain_bit(block, i) == want)
				continue;
			set_bit(block, i, want);
			c.ones += want ? 1u : -1u;
		}
		assert_int_equal(ais31_judge(block) & 1, fails[k]);
	}
}

/* 1.03 < T2 < 57.4, where T2 = 16 / 5000 S - 5000. */
static const struct {
	unsigned off[5], fails;
} nibbles[] = {
	{ { 12, 3, 2, 1, 0 }, 1 },  /* S = 1562820, T2 = 1.0240 */
	{ { 12, 3, 2, 1, 1 }, 0 },  /* S = 1562822, T2 = 1.0304 */
	{ { 94, 11, 3, 0, 0 }, 0 }, /* S = 1580436, T2 = 57.3952 */
	{ { 94, 11, 3, 1, 0 }, 1 }, /* S = 1580438, T2 = 57.4016 */
};

static void t2_bounds(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(nibbles); k++) {
		write_nibbles(block, nibbles[k].off);
		assert_int_equal(ais31_judge(block) >> AIS31_T2 & 1,
				 nibbles[k].fails);
	}
}

/* T3: both ends of each class's interval pass, what is one beyond fails. */
static void t3_bounds(void **state)
{
	static const unsigned ends[6][2] = { { 2267, 2733 }, { 1079, 1421 },
					     { 502, 748 },   { 223, 402 },
					     { 90, 223 },    { 90, 223 } };
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned k = 0; k < 6; k++)
		for (unsigned beyond = 0; beyond < 2; beyond++) {
			write_runs_at(block, k, ends[k][0] - beyond);
			assert_int_equal(ais31_judge(block) >> AIS31_T3 & 1,
					 beyond);
			write_runs_at(block, k, ends[k][1] + beyond);
			assert_int_equal(ais31_judge(block) >> AIS31_T3 & 1,
					 beyond);
		}
}

/* 2326 < T5 < 2674. What the first half chooses does not see the second. */
static void t5_bounds(void **state)
{
	static const unsigned values[] = { 2326, 2327, 2673, 2674 };
	static const unsigned fails[] = { 1, 0, 0, 1 };

	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		uint8_t block[BLOCK];
		unsigned shift;

		good_block(block);
		(void)ais31_autocorrelation(block, &shift);
		for (unsigned i = 10000; i < 15000; i++)
			set_bit(block, i + shift,
				plain_bit(block, i) ^ (i < 10000 + values[k]));
		assert_int_equal(ais31_autocorrelation(block, &shift),
				 values[k]);
		assert_int_equal(ais31_judge(block) >> AIS31_T5 & 1, fails[k]);
	}
}

static void t4_bound(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned len = 33; len <= 34; len++) {
		good_block(block);
		for (unsigned i = 0; i < len; i++)
			set_bit(block, 6000 + i, 1);
		set_bit(block, 5999, 0);
		set_bit(block, 6000 + len, 0);
		assert_int_equal(ais31_judge(block) >> AIS31_T4 & 1, len == 34);
	}
}

static void a_constant_fails_all(void **state)
{
	uint8_t block[BLOCK] = { 0 };

	(void)state;
	assert_int_equal(ais31_judge(block), (1u << AIS31_TESTS) - 1);
}

/* All nibbles equally often: T2 is 0, below its lower bound. */
static void t2_dislikes_too_good(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned i = 0; i < BLOCK; i++)
		block[i] = (uint8_t)(2 * i % 16 << 4 | (2 * i + 1) % 16);
	assert_true(ais31_judge(block) >> AIS31_T2 & 1);
	good_block(block);
	assert_false(ais31_judge(block) >> AIS31_T2 & 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t5_is_the_plain_one),
		cmocka_unit_test(t5_finds_a_period),
		cmocka_unit_test(t1_bounds),
		cmocka_unit_test(t2_bounds),
		cmocka_unit_test(t3_bounds),
		cmocka_unit_test(t5_bounds),
		cmocka_unit_test(t4_bound),
		cmocka_unit_test(a_constant_fails_all),
		cmocka_unit_test(t2_dislikes_too_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
