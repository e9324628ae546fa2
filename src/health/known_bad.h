/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_KNOWN_BAD_H
#define AQUIFER_HEALTH_KNOWN_BAD_H

/*
 * Tests for what broken generators have been seen to do: a word or a counter
 * over and over, words of zeros or ones among good ones (AMD Zen 2 RDRAND gave
 * all ones, Zen 5 RDSEED zeros), a buffer handed out twice. Comes with
 * health/health.h.
 *
 * A word is 2, 4 or 8 consecutive symbols (16, 32, 64 bits of 8-bit symbols),
 * read little and big endian and at every offset, because a driver may hand
 * out a counter from the middle. Symbols of fewer bits make shorter words: a
 * word of k symbols has k * symbol_bits bits.
 *
 * A word of k symbols has min-entropy k * H. The predictors "the last word
 * again" and "the last word plus the last difference" therefore get a
 * repetition count test with that H.
 */
#include "health/equal_block.h"
#include "health/rct.h"

#define HEALTH_WIDTHS 3
#define HEALTH_RATE_WORDS 512

/* The words of one width that begin at one offset. */
struct health_phase {
	struct health_rct word; /* little endian; its `last` is the last word */
	struct health_rct difference_le;
	struct health_rct difference_be;
	uint64_t last_be;
};

/*
 * All-zero and all-one words among 512 words in a row. Two values, so the
 * chance of a hit is at most 2 * 2^-(kH), and the count of hits is no larger
 * than a binomial one.
 */
struct health_rate {
	unsigned cutoff; /* HEALTH_RATE_WORDS + 1: off */
	unsigned hits;
	unsigned words;
};

struct health_known_bad {
	unsigned symbol_bits;
	uint64_t seen;
	uint64_t le; /* the last 8 symbols, newest on top */
	uint64_t be; /* the same, newest at the bottom */
	uint8_t last;
	struct health_rct difference_8;
	struct health_rate rate[HEALTH_WIDTHS];
	struct health_phase phase[2 + 4 + 8];
	struct health_equal_block equal_block;
};

void health_known_bad_init(struct health_known_bad *t, uint32_t h_mbits,
			   unsigned symbol_bits, unsigned alpha_log2);

/*
 * health_known_bad_feed - one symbol, below 2^symbol_bits.
 * Returns the test that failed, or HEALTH_NONE.
 */
enum health_test health_known_bad_feed(struct health_known_bad *t,
				       uint8_t symbol);

/* health_known_bad_reset - wipe the stream, keep the cutoffs. */
void health_known_bad_reset(struct health_known_bad *t);

#endif
