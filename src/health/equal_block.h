/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_EQUAL_BLOCK_H
#define AQUIFER_HEALTH_EQUAL_BLOCK_H

/*
 * Equal-block test: has the stream said the last `block` symbols before, within
 * the 4,096 symbols that precede them? Catches short cycles and buffers handed
 * out twice. Comes with health/health.h.
 *
 * "As `lag` symbols ago" is a predictor for each of the 4,096 lags; it is right
 * `block` times in a row with probability at most 2^-(H * block), all lags
 * together 4,096 times that, hence block = ceil((alpha_log2 + 12) / H).
 *
 * Every block-th symbol starts a block that is remembered by its hash, so a
 * repetition of 2 * block - 1 symbols contains a remembered one and is found,
 * unless a later block has taken its place in the table; a longer one is found
 * a block later. What the hash says is only a hint, the symbols are compared.
 */
#define HEALTH_EQUAL_BLOCK_LAGS_LOG2 12
#define HEALTH_EQUAL_BLOCK_LAGS (1 << HEALTH_EQUAL_BLOCK_LAGS_LOG2)
/* The longest block and the largest lag before it. */
#define HEALTH_EQUAL_BLOCK_HISTORY (2 * HEALTH_EQUAL_BLOCK_LAGS)
#define HEALTH_EQUAL_BLOCK_SLOTS_LOG2 11

/* Holds raw symbols: wipe after use. */
struct health_equal_block {
	unsigned block;       /* symbols; 0: the test is off */
	uint64_t oldest_base; /* base^block, takes the oldest symbol out */
	uint64_t hash;        /* of the last `block` symbols */
	uint64_t seen;
	unsigned until_start; /* symbols until the next remembered block */
	/* Where a block of this hash began, and more of the hash. */
	uint16_t mark[1 << HEALTH_EQUAL_BLOCK_SLOTS_LOG2];
	uint8_t history[HEALTH_EQUAL_BLOCK_HISTORY];
};

/* health_equal_block_init - off where the block would exceed the 4,096 lags. */
void health_equal_block_init(struct health_equal_block *t, uint32_t h_mbits,
			     unsigned alpha_log2);

enum verdict health_equal_block_feed(struct health_equal_block *t,
				     uint8_t symbol);

/* health_equal_block_reset - wipe the stream, keep the block length. */
void health_equal_block_reset(struct health_equal_block *t);

#endif
