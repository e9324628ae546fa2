/* SPDX-License-Identifier: ISC */
#include "base/wipe.h"
#include "health/cutoff.h"
#include "health/health.h"

/*
 * Any odd constants spread over 64 bits will do: the base of a rolling
 * polynomial hash and the multiplier that folds it into the top bits.
 */
#define HASH_BASE UINT64_C(0xd1342543de82ef95)
#define HASH_FOLD UINT64_C(0x9e3779b97f4a7c15)

static uint8_t history_at(const struct health_equal_block *t, uint64_t position)
{
	return t->history[position % HEALTH_EQUAL_BLOCK_HISTORY];
}

/*
 * Where a block starts, modulo the history (13 bits), and above that three more
 * bits of its hash, so that few wrong candidates are compared.
 */
static uint16_t mark_of(uint64_t fold, uint64_t start)
{
	return (uint16_t)((fold >> 32) * HEALTH_EQUAL_BLOCK_HISTORY |
			  start % HEALTH_EQUAL_BLOCK_HISTORY);
}

static bool same_tag(uint16_t a, uint16_t b)
{
	return ((a ^ b) & ~(HEALTH_EQUAL_BLOCK_HISTORY - 1)) == 0;
}

void health_equal_block_init(struct health_equal_block *t, uint32_t h_mbits,
			     unsigned alpha_log2)
{
	unsigned block = health_cutoff_run(
				 h_mbits,
				 alpha_log2 + HEALTH_EQUAL_BLOCK_LAGS_LOG2) -
			 1;

	if (block > HEALTH_EQUAL_BLOCK_LAGS)
		block = 0;
	t->block = block;
	t->oldest_base = 1;
	for (unsigned i = 0; i < block; i++)
		t->oldest_base *= HASH_BASE;
	health_equal_block_reset(t);
}

static bool block_equal(const struct health_equal_block *t, uint64_t start,
			unsigned lag)
{
	for (unsigned i = 0; i < t->block; i++) {
		if (history_at(t, start + i) != history_at(t, start + i - lag))
			return false;
	}
	return true;
}

enum verdict health_equal_block_feed(struct health_equal_block *t,
				     uint8_t symbol)
{
	enum verdict verdict = HEALTH_PASS;
	uint64_t start, fold;
	unsigned slot, lag;
	uint16_t mark;

	if (t->block == 0)
		return HEALTH_PASS;
	/* Plus 1: a leading 0 must count too. */
	t->hash = t->hash * HASH_BASE + symbol + 1;
	if (t->seen >= t->block)
		t->hash -= t->oldest_base *
			   (history_at(t, t->seen - t->block) + 1u);
	t->history[t->seen % HEALTH_EQUAL_BLOCK_HISTORY] = symbol;
	t->seen++;
	if (t->seen < t->block)
		return HEALTH_PASS;

	start = t->seen - t->block;
	fold = t->hash * HASH_FOLD;
	slot = (unsigned)(fold >> (64 - HEALTH_EQUAL_BLOCK_SLOTS_LOG2));
	mark = mark_of(fold, start);
	/* A stale or empty slot gives a lag that is as good as any other. */
	lag = ((unsigned)mark - t->mark[slot]) % HEALTH_EQUAL_BLOCK_HISTORY;
	if (same_tag(mark, t->mark[slot]) && lag >= 1 &&
	    lag <= HEALTH_EQUAL_BLOCK_LAGS && lag <= start &&
	    block_equal(t, start, lag))
		verdict = HEALTH_FAIL;
	if (t->until_start == 0) {
		t->mark[slot] = mark;
		t->until_start = t->block;
	}
	t->until_start--;
	return verdict;
}

void health_equal_block_reset(struct health_equal_block *t)
{
	wipe(t->history, sizeof t->history);
	wipe(t->mark, sizeof t->mark);
	t->hash = 0;
	t->seen = 0;
	t->until_start = 0;
}
