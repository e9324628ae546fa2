/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_FIPS140_H
#define AQUIFER_TESTS_ASSESS_PLAIN_FIPS140_H

/* The block counts bit by bit. For comparison only. */
#include <string.h>

#include "assess/fips140/block.h"

static inline unsigned plain_bit(const uint8_t *block, unsigned i)
{
	return block[i / 8] >> (7 - i % 8) & 1;
}

static inline void plain_count(const uint8_t *block, struct fips140_counts *ret)
{
	unsigned run = 0;

	memset(ret, 0, sizeof *ret);
	for (unsigned i = 0; i < FIPS140_BLOCK_BITS; i++) {
		unsigned bit = plain_bit(block, i);

		ret->ones += bit;
		run++;
		if (i + 1 < FIPS140_BLOCK_BITS && plain_bit(block, i + 1) == bit)
			continue;
		ret->runs[bit][run > 6 ? 5 : run - 1]++;
		if (run >= 26 && run > ret->long_run)
			ret->long_run = run;
		run = 0;
	}
	for (unsigned i = 0; i < FIPS140_BLOCK_BITS; i += 4) {
		unsigned v = 0;

		for (unsigned k = 0; k < 4; k++)
			v = v << 1 | plain_bit(block, i + k);
		ret->nibbles[v]++;
	}
}

/* T5's sum over 5,000 bits from bit from on. */
static inline unsigned plain_autocorrelation(const uint8_t *block,
					     unsigned from, unsigned tau)
{
	unsigned z = 0;

	for (unsigned i = from; i < from + 5000; i++)
		z += plain_bit(block, i) ^ plain_bit(block, i + tau);
	return z;
}

#endif
