/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_FIPS140_FIPS140_H
#define AQUIFER_ASSESS_FIPS140_FIPS140_H

/*
 * The block tests of FIPS 140-2 (2001-10-10) as rngtest of rng-tools does them,
 * with the same counts on the same data: the first 32 bits only start the
 * continuous test, blocks of 20,000 bits follow, a last short one is left out.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assess/fips140/block.h"

enum fips140_test {
	FIPS140_MONOBIT,
	FIPS140_POKER,
	FIPS140_RUNS,
	FIPS140_LONG,
	FIPS140_CONTINUOUS,
	FIPS140_TESTS
};

/*
 * Whose bookkeeping. rngtest of rng-tools 5, which Debian and Ubuntu have, sets
 * a count wrong in every other block: what should be the first bit's run goes
 * to the runs of 6 ones and more, or to the nibble 15, and the last run to the
 * other bit's. One block in ten thousand is judged otherwise for it. rng-tools
 * 6.11 counts as the standard says.
 */
enum fips140_as { FIPS140_AS_STANDARD, FIPS140_AS_RNGTEST5 };

/* rngtest's names. */
extern const char *const fips140_names[FIPS140_TESTS];

/* A stream, fed in pieces of any size. */
struct fips140 {
	uint64_t blocks;
	uint64_t failed_blocks;           /* that failed at least one test */
	uint64_t failures[FIPS140_TESTS]; /* blocks, by test */
	enum fips140_as as;
	uint32_t last32;   /* of the continuous test */
	unsigned last_bit; /* of the block before; rngtest 5 starts with 0 */
	unsigned started_bytes; /* of the first four */
	size_t held_bytes;
	uint8_t held[FIPS140_BLOCK_BYTES];
};

void fips140_begin(struct fips140 *f, enum fips140_as as);
void fips140_feed(struct fips140 *f, const uint8_t *data, size_t len_bytes);

/*
 * fips140_judge - the tests' bounds, as the standard counts. last32: the 32
 * bits before the block, as they lie in memory. Returns a set of bits, 1 <<
 * enum fips140_test; 0 where all passed.
 */
unsigned fips140_judge(const uint8_t *block, uint32_t last32);

/*
 * The share of blocks of a perfect source that fails a test: 9,696 of 12,000,001
 * were measured, and two standard deviations added (docs/assess-sp80022.md).
 */
#define FIPS140_BLOCK_FAILS 8.25e-4

/*
 * fips140_p_value - the chance that as many blocks or more fail, if each fails
 * with the chance above: the upper tail of the binomial.
 */
double fips140_p_value(uint64_t blocks, uint64_t failed_blocks);

#endif
