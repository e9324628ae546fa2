/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "assess/fips140/fips140.h"
#include "base/bytes.h"
#include "made_blocks.h"
#include "plain_fips140.h"
#include "specimen_data.h"

#define BLOCK FIPS140_BLOCK_BYTES

static void counts_agree(const uint8_t *block)
{
	struct fips140_counts want, got;

	plain_count(block, &want);
	fips140_count_plain(block, &got);
	assert_memory_equal(&want, &got, sizeof want);
	if (fips140_count_avx2(block, &got))
		assert_memory_equal(&want, &got, sizeof want);
	fips140_count(block, &got);
	assert_memory_equal(&want, &got, sizeof want);
}

static void counts_of_all_shapes(void **state)
{
	static const enum specimen_kind kinds[] = {
		SPECIMEN_UNIFORM8,   SPECIMEN_UNIFORM4, SPECIMEN_UNIFORM1,
		SPECIMEN_NORMAL8,    SPECIMEN_COUNTER8, SPECIMEN_STICKY8,
		SPECIMEN_GEOMETRIC8,
	};
	uint8_t block[BLOCK];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (uint64_t seed = 1; seed <= 20; seed++) {
			specimen_fill(kinds[k], seed, block, BLOCK);
			counts_agree(block);
		}
	for (unsigned v = 0; v < 256; v++) {
		memset(block, (int)v, BLOCK);
		counts_agree(block);
	}
}

/* A run of each length at each place, over all seams of words and lanes. */
static void runs_over_every_seam(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned at = 0; at + 40 <= FIPS140_BLOCK_BITS; at += 37)
		for (unsigned bit = 0; bit < 2; bit++) {
			unsigned len = 1 + at / 37 % 40;

			memset(block, 0x55, BLOCK);
			set_bits(block, at, len, bit);
			counts_agree(block);
		}
	for (unsigned seam = 64; seam < FIPS140_BLOCK_BITS; seam += 64) {
		memset(block, 0x55, BLOCK);
		set_bits(block, seam - 13, 26, seam / 64 % 2);
		counts_agree(block);
	}
}

static void runs_at_both_ends(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned len = 1; len < 70; len++)
		for (unsigned bit = 0; bit < 2; bit++) {
			memset(block, 0x55, BLOCK);
			set_bits(block, 0, len, bit);
			set_bits(block, FIPS140_BLOCK_BITS - len, len, !bit);
			counts_agree(block);
		}
}

/* A block that passes all, to be spoilt in one place. */
static void good_block(uint8_t *block)
{
	for (uint64_t seed = 1;; seed++) {
		specimen_fill(SPECIMEN_UNIFORM8, seed, block, BLOCK);
		if (fips140_judge(block, 0) == 0)
			return;
	}
}

static unsigned ones_of(const uint8_t *block)
{
	struct fips140_counts c;

	plain_count(block, &c);
	return c.ones;
}

/* 9725 < ones < 10275: single bits are set until the count is reached. */
static void monobit_bounds(void **state)
{
	static const struct {
		unsigned ones;
		bool fails;
	} sides[] = { { 9725, true },
		      { 9726, false },
		      { 10274, false },
		      { 10275, true } };
	uint8_t block[BLOCK];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(sides); k++) {
		unsigned i = 0;

		good_block(block);
		while (ones_of(block) != sides[k].ones) {
			unsigned want = ones_of(block) < sides[k].ones;

			if (plain_bit(block, i) != want)
				set_bits(block, i, 1, want);
			i += 7;
		}
		assert_int_equal(fips140_judge(block, 0) & 1, sides[k].fails);
	}
}

/* 2.16 < X < 46.17, where X = 16 / 5000 S - 5000. */
static void poker_bounds(void **state)
{
	static const struct {
		unsigned off[5];
		unsigned fails;
	} nibbles[] = {
		{ { 18, 3, 1, 1, 0 }, 1 },  /* S = 1563174, X = 2.1568 */
		{ { 18, 2, 2, 2, 0 }, 0 },  /* S = 1563176, X = 2.1632 */
		{ { 84, 12, 2, 2, 2 }, 0 }, /* S = 1576928, X = 46.1696 */
		{ { 84, 12, 3, 2, 0 }, 1 }, /* S = 1576930, X = 46.176 */
	};
	uint8_t block[BLOCK];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(nibbles); k++) {
		write_nibbles(block, nibbles[k].off);
		assert_int_equal(fips140_judge(block, 0) >> FIPS140_POKER & 1,
				 nibbles[k].fails);
	}
}

/* Both ends of each class's interval pass, what is one beyond fails. */
static void runs_bounds(void **state)
{
	static const unsigned ends[6][2] = { { 2315, 2685 }, { 1114, 1386 },
					     { 527, 723 },   { 240, 384 },
					     { 103, 209 },   { 103, 209 } };
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned k = 0; k < 6; k++)
		for (unsigned beyond = 0; beyond < 2; beyond++) {
			write_runs_at(block, k, ends[k][0] - beyond);
			assert_int_equal(
				fips140_judge(block, 0) >> FIPS140_RUNS & 1,
				beyond);
			write_runs_at(block, k, ends[k][1] + beyond);
			assert_int_equal(
				fips140_judge(block, 0) >> FIPS140_RUNS & 1,
				beyond);
		}
}

static void long_run_bound(void **state)
{
	uint8_t block[BLOCK];

	(void)state;
	for (unsigned bit = 0; bit < 2; bit++)
		for (unsigned len = 25; len <= 26; len++) {
			good_block(block);
			set_bits(block, 5000, len, bit);
			set_bits(block, 4999, 1, !bit);
			set_bits(block, 5000 + len, 1, !bit);
			assert_int_equal(fips140_judge(block, 0),
					 len == 26 ? 1u << FIPS140_LONG : 0);
		}
}

static void continuous_run_sees_the_word_before(void **state)
{
	uint8_t block[BLOCK];
	uint32_t first;

	(void)state;
	good_block(block);
	memcpy(&first, block, 4);
	assert_int_equal(fips140_judge(block, first), 1u << FIPS140_CONTINUOUS);
	assert_int_equal(fips140_judge(block, first ^ 1), 0);
	memcpy(block + 4, block, 4);
	assert_int_equal(fips140_judge(block, 0), 1u << FIPS140_CONTINUOUS);
	/* Only words that begin at multiples of four bytes. */
	good_block(block);
	memcpy(block + 6, block + 2, 4);
	assert_int_equal(fips140_judge(block, 0), 0);
}

static void same_counts(const struct fips140 *a, const struct fips140 *b)
{
	assert_int_equal(a->blocks, b->blocks);
	assert_int_equal(a->failed_blocks, b->failed_blocks);
	assert_memory_equal(a->failures, b->failures, sizeof a->failures);
}

static void pieces_of_any_size(void **state)
{
	static uint8_t data[4 + 20 * BLOCK + 77];
	static const size_t sizes[] = { 1, 3, 4, 5, 2499, 2500, 2501, 7777 };
	static struct fips140 whole, parts;

	(void)state;
	specimen_fill(SPECIMEN_NORMAL8, 3, data, sizeof data);
	fips140_begin(&whole, FIPS140_AS_RNGTEST5);
	fips140_feed(&whole, data, sizeof data);
	assert_int_equal(whole.blocks, 20);
	for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
		fips140_begin(&parts, FIPS140_AS_RNGTEST5);
		for (size_t i = 0; i < sizeof data; i += sizes[k])
			fips140_feed(&parts, data + i,
				     min_size(sizes[k], sizeof data - i));
		same_counts(&whole, &parts);
	}
}

/*
 * What rngtest 5 (Debian's rng-tools5 5-4.1) prints for specimens: blocks,
 * failed blocks, and the five tests in their order.
 */
#include "rngtest_figures.h"

static void same_as_rngtest(void **state)
{
	static uint8_t data[RNGTEST_BYTES];
	static struct fips140 f;

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(rngtest_figures); k++) {
		const struct rngtest_figure *w = &rngtest_figures[k];

		rngtest_fill(w, data);
		fips140_begin(&f, FIPS140_AS_RNGTEST5);
		fips140_feed(&f, data, sizeof data);
		assert_int_equal(f.blocks, w->blocks);
		assert_int_equal(f.failed_blocks, w->failed);
		for (unsigned i = 0; i < FIPS140_TESTS; i++)
			assert_int_equal(f.failures[i], w->failures[i]);
	}
}

/* 1 - (1 - q)^n for one block or more; certain for none. */
static void the_verdict_is_binomial(void **state)
{
	double q = FIPS140_BLOCK_FAILS;

	(void)state;
	assert_float_equal(fips140_p_value(1000, 0), 1, 0);
	assert_true(fabs(fips140_p_value(100, 1) + expm1(100 * log1p(-q))) <
		    1e-12);
	assert_true(fabs(fips140_p_value(1, 1) - q) < 1e-12);
	assert_true(fabs(fips140_p_value(2, 2) / (q * q) - 1) < 1e-9);
	assert_true(fips140_p_value(1000000, (uint64_t)(q * 1e6) + 1) > 0.4);
	assert_true(fips140_p_value(10000, 100) < 1e-50);
	assert_true(fips140_p_value(10000, 10000) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_of_all_shapes),
		cmocka_unit_test(runs_over_every_seam),
		cmocka_unit_test(runs_at_both_ends),
		cmocka_unit_test(monobit_bounds),
		cmocka_unit_test(poker_bounds),
		cmocka_unit_test(runs_bounds),
		cmocka_unit_test(long_run_bound),
		cmocka_unit_test(continuous_run_sees_the_word_before),
		cmocka_unit_test(pieces_of_any_size),
		cmocka_unit_test(same_as_rngtest),
		cmocka_unit_test(the_verdict_is_binomial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
