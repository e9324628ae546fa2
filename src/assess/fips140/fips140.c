/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/fips140/fips140.h"
#include "assess/verdict/verdict.h"
#include "base/bytes.h"

const char *const fips140_names[FIPS140_TESTS] = {
	[FIPS140_MONOBIT] = "Monobit",
	[FIPS140_POKER] = "Poker",
	[FIPS140_RUNS] = "Runs",
	[FIPS140_LONG] = "Long run",
	[FIPS140_CONTINUOUS] = "Continuous run",
};

/* FIPS 140-2 4.9.1 with change notice 1: 9725 < ones < 10275. */
#define ONES_LEAST 9726
#define ONES_MOST 10274
/*
 * Sum of squared counts of nibbles; X = 16/5000 sum - 5000 with 2.16 < X <
 * 46.17 in whole numbers.
 */
#define SQUARES_LEAST 1563176
#define SQUARES_MOST 1576928

static const struct {
	unsigned least, most;
} runs_bounds[FIPS140_RUN_CLASSES] = {
	{ 2315, 2685 }, { 1114, 1386 }, { 527, 723 },
	{ 240, 384 },   { 103, 209 },   { 103, 209 },
};

static bool runs_fail(const struct fips140_counts *c)
{
	for (unsigned bit = 0; bit < 2; bit++)
		for (unsigned k = 0; k < FIPS140_RUN_CLASSES; k++)
			if (c->runs[bit][k] < runs_bounds[k].least ||
			    c->runs[bit][k] > runs_bounds[k].most)
				return true;
	return false;
}

static bool poker_fails(const struct fips140_counts *c)
{
	unsigned squares = 0;

	for (unsigned v = 0; v < 16; v++)
		squares += c->nibbles[v] * c->nibbles[v];
	return squares < SQUARES_LEAST || squares > SQUARES_MOST;
}

/* 4.9.2 with n = 32: no word is like the one before it. */
static bool continuous_fails(const uint8_t *block, uint32_t last32)
{
	uint32_t word[FIPS140_BLOCK_BYTES / 4 + 1];
	unsigned equal = 0;

	word[0] = last32;
	memcpy(word + 1, block, FIPS140_BLOCK_BYTES);
	for (unsigned i = 0; i < FIPS140_BLOCK_BYTES / 4; i++)
		equal |= word[i] == word[i + 1];
	return equal != 0;
}

static unsigned judge(const struct fips140_counts *c, const uint8_t *block,
		      uint32_t last32)
{
	unsigned failed = 0;

	if (c->ones < ONES_LEAST || c->ones > ONES_MOST)
		failed |= 1u << FIPS140_MONOBIT;
	if (poker_fails(c))
		failed |= 1u << FIPS140_POKER;
	if (runs_fail(c))
		failed |= 1u << FIPS140_RUNS;
	if (c->long_run >= FIPS140_LONG_RUN)
		failed |= 1u << FIPS140_LONG;
	if (continuous_fails(block, last32))
		failed |= 1u << FIPS140_CONTINUOUS;
	return failed;
}

unsigned fips140_judge(const uint8_t *block, uint32_t last32)
{
	struct fips140_counts c;

	fips140_count(block, &c);
	return judge(&c, block, last32);
}

static unsigned last_run(const uint8_t *block)
{
	unsigned bit = block[FIPS140_BLOCK_BYTES - 1] & 1;
	unsigned run = 0;

	while (run < FIPS140_RUN_CLASSES &&
	       (block[FIPS140_BLOCK_BYTES - 1 - run / 8] >> run % 8 & 1) == bit)
		run++;
	return run;
}

/*
 * A run is counted when the next begins, under the next one's bit; the last,
 * for want of a next, under its own. A block that does not go on with the bit
 * the last one ended with ends a run of no bits, in the class before runs of
 * one: for ones that is the last of the zeros, for zeros the counter that lies
 * before all of them, the nibble 15's.
 */
static void count_as_rngtest5(struct fips140_counts *c, const uint8_t *block,
			      unsigned last_bit)
{
	unsigned first = block[0] >> 7;
	unsigned end = block[FIPS140_BLOCK_BYTES - 1] & 1;
	unsigned end_class = last_run(block) - 1;
	struct fips140_counts was = *c;

	for (unsigned k = 0; k < FIPS140_RUN_CLASSES; k++) {
		c->runs[0][k] = was.runs[1][k];
		c->runs[1][k] = was.runs[0][k];
	}
	c->runs[!end][end_class]--;
	c->runs[end][end_class]++;
	if (first == last_bit)
		return;
	if (first == 1)
		c->runs[0][FIPS140_RUN_CLASSES - 1]++;
	else
		c->nibbles[15]++;
}

void fips140_begin(struct fips140 *f, enum fips140_as as)
{
	memset(f, 0, sizeof *f);
	f->as = as;
}

static void take_block(struct fips140 *f, const uint8_t *block)
{
	struct fips140_counts c;
	unsigned failed;

	fips140_count(block, &c);
	if (f->as == FIPS140_AS_RNGTEST5)
		count_as_rngtest5(&c, block, f->last_bit);
	failed = judge(&c, block, f->last32);
	memcpy(&f->last32, block + FIPS140_BLOCK_BYTES - 4, 4);
	f->last_bit = block[FIPS140_BLOCK_BYTES - 1] & 1;
	f->blocks++;
	f->failed_blocks += failed != 0;
	for (unsigned i = 0; i < FIPS140_TESTS; i++)
		f->failures[i] += failed >> i & 1;
}

/* Bytes for what is not full yet; returns how many were taken. */
static size_t hold(struct fips140 *f, const uint8_t *data, size_t len_bytes)
{
	size_t take;

	if (f->started_bytes < sizeof f->last32) {
		take = min_size(sizeof f->last32 - f->started_bytes, len_bytes);
		memcpy((uint8_t *)&f->last32 + f->started_bytes, data, take);
		f->started_bytes += (unsigned)take;
		return take;
	}
	take = min_size(FIPS140_BLOCK_BYTES - f->held_bytes, len_bytes);
	memcpy(f->held + f->held_bytes, data, take);
	f->held_bytes += take;
	if (f->held_bytes == FIPS140_BLOCK_BYTES) {
		take_block(f, f->held);
		f->held_bytes = 0;
	}
	return take;
}

void fips140_feed(struct fips140 *f, const uint8_t *data, size_t len_bytes)
{
	while (len_bytes > 0) {
		size_t taken = FIPS140_BLOCK_BYTES;

		if (f->started_bytes == sizeof f->last32 &&
		    f->held_bytes == 0 && len_bytes >= FIPS140_BLOCK_BYTES)
			take_block(f, data);
		else
			taken = hold(f, data, len_bytes);
		data += taken;
		len_bytes -= taken;
	}
}

double fips140_p_value(uint64_t blocks, uint64_t failed_blocks)
{
	return verdict_binomial(blocks, failed_blocks, FIPS140_BLOCK_FAILS);
}
