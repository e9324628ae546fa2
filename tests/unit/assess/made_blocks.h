/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_MADE_BLOCKS_H
#define AQUIFER_TESTS_ASSESS_MADE_BLOCKS_H

/* Blocks of 20,000 bits that lie just within a test's bound, or just beyond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "assess/fips140/block.h"

static inline void set_bit(uint8_t *block, unsigned i, unsigned bit)
{
	block[i / 8] = (uint8_t)((block[i / 8] & ~(128u >> i % 8)) |
				 (bit ? 128u >> i % 8 : 0));
}

static inline void set_bits(uint8_t *block, unsigned from, unsigned len,
			    unsigned bit)
{
	for (unsigned i = from; i < from + len; i++)
		set_bit(block, i, bit);
}

/*
 * 8 nibbles occur 312 times and 8 do 313 times, which makes the sum S of the
 * squares 1562504; one of each of the first five pairs occurs `off` times more
 * and the other as many times less, which adds 2 off^2.
 */
static inline void write_nibbles(uint8_t *block, const unsigned *off)
{
	unsigned at = 0;

	memset(block, 0, FIPS140_BLOCK_BYTES);
	for (unsigned v = 0; v < 16; v++) {
		unsigned by = v < 10 ? off[v / 2] : 0;
		unsigned count = v < 8 ? 312 : 313;

		count = v % 2 ? count + by : count - by;
		for (; count > 0; count--, at++)
			block[at / 2] |= (uint8_t)(v << 4 * (at % 2));
	}
	assert_int_equal(at, 2 * FIPS140_BLOCK_BYTES);
}

/* Runs of each length, as many of ones as of zeros; the last class fills up. */
static inline void write_runs(uint8_t *block, const unsigned *count)
{
	unsigned at = 0, rest = 4 * FIPS140_BLOCK_BYTES;

	memset(block, 0, FIPS140_BLOCK_BYTES);
	for (unsigned len = 1; len <= 5; len++)
		rest -= len * count[len - 1];
	for (unsigned k = 0; k < 6; k++)
		for (unsigned i = 0; i < count[k]; i++) {
			unsigned len = k + 1;

			if (k == 5)
				len = rest / count[5] + (i < rest % count[5]);
			assert_true(len >= k + 1 && len < 26);
			set_bits(block, at, len, 1);
			at += 2 * len;
		}
	assert_int_equal(at, 8 * FIPS140_BLOCK_BYTES);
}

/*
 * A block whose class k (0 to 5) of runs is at the end of its interval, or one
 * beyond. There are few long ones besides, so that the longest can fill up.
 */
static inline void write_runs_at(uint8_t *block, unsigned k, unsigned value)
{
	unsigned count[6] = { 2400, 1200, 600, 290, 110, 130 };

	count[k] = value;
	write_runs(block, count);
}

#endif
