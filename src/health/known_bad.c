/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "health/cutoff.h"
#include "health/health.h"

/* The widths of words; a width's phases lie at phase[symbols - 2]. */
static const struct width {
	unsigned symbols;
	enum health_test word;
	enum health_test difference;
} widths[HEALTH_WIDTHS] = {
	{ 2, HEALTH_WORD_16, HEALTH_DIFFERENCE_16 },
	{ 4, HEALTH_WORD_32, HEALTH_DIFFERENCE_32 },
	{ 8, HEALTH_WORD_64, HEALTH_DIFFERENCE_64 },
};

static uint64_t low_bits(unsigned n)
{
	return UINT64_MAX >> (64 - n);
}

static unsigned rate_cutoff(uint32_t word_mbits, unsigned alpha_log2)
{
	/* 2 * 2^-(kH) = 2^-(kH - 1); a hit may be certain where kH <= 1. */
	if (word_mbits <= 1000)
		return HEALTH_RATE_WORDS + 1;
	return health_cutoff_count(HEALTH_RATE_WORDS, word_mbits - 1000,
				   alpha_log2);
}

void health_known_bad_init(struct health_known_bad *t, uint32_t h_mbits,
			   unsigned symbol_bits, unsigned alpha_log2)
{
	t->symbol_bits = symbol_bits;
	health_rct_init(&t->difference_8, h_mbits, alpha_log2);
	for (unsigned w = 0; w < HEALTH_WIDTHS; w++) {
		unsigned symbols = widths[w].symbols;
		uint32_t mbits = h_mbits * symbols;

		t->rate[w].cutoff = rate_cutoff(mbits, alpha_log2);
		for (unsigned i = 0; i < symbols; i++) {
			struct health_phase *p = &t->phase[symbols - 2 + i];

			health_rct_init(&p->word, mbits, alpha_log2);
			health_rct_init(&p->difference_le, mbits, alpha_log2);
			health_rct_init(&p->difference_be, mbits, alpha_log2);
		}
	}
	health_equal_block_init(&t->equal_block, h_mbits, alpha_log2);
	health_known_bad_reset(t);
}

static bool rate_fails(struct health_rate *t, bool hit)
{
	if (hit && ++t->hits >= t->cutoff)
		return true;
	if (++t->words == HEALTH_RATE_WORDS) {
		t->words = 0;
		t->hits = 0;
	}
	return false;
}

static bool differences_fail(struct health_phase *p, uint64_t le, uint64_t be,
			     uint64_t mask)
{
	uint64_t le_step = (le - p->word.last) & mask;
	uint64_t be_step = (be - p->last_be) & mask;
	bool le_fails, be_fails;

	/* Both are fed, whatever the first says. */
	le_fails = health_rct_feed(&p->difference_le, le_step) == HEALTH_FAIL;
	be_fails = health_rct_feed(&p->difference_be, be_step) == HEALTH_FAIL;
	return le_fails || be_fails;
}

/* Inlined for each width: shifts by constants, or this is half the cost. */
__attribute__((always_inline)) static inline enum health_test width_feed(
	struct health_known_bad *t, unsigned w)
{
	const struct width *width = &widths[w];
	unsigned offset = (unsigned)t->seen & (width->symbols - 1);
	struct health_phase *p = &t->phase[width->symbols - 2 + offset];
	uint64_t mask = low_bits(width->symbols * t->symbol_bits);
	uint64_t le = t->le >> ((8 - width->symbols) * t->symbol_bits);
	uint64_t be = t->be & mask;
	enum health_test failed = HEALTH_NONE;

	if (t->seen < width->symbols)
		return HEALTH_NONE;
	/* A difference needs a word before this one. */
	if (p->word.run > 0 && differences_fail(p, le, be, mask))
		failed = width->difference;
	p->last_be = be;
	if (health_rct_feed(&p->word, le) == HEALTH_FAIL)
		failed = width->word;
	/* The rate is counted over words that do not overlap. */
	if (offset == 0 && rate_fails(&t->rate[w], le == 0 || le == mask) &&
	    failed == HEALTH_NONE)
		failed = HEALTH_EXTREME_RATE;
	return failed;
}

enum health_test health_known_bad_feed(struct health_known_bad *t,
				       uint8_t symbol)
{
	unsigned bits = t->symbol_bits;
	enum health_test failed = HEALTH_NONE;

	if (t->seen > 0 &&
	    health_rct_feed(&t->difference_8,
			    (symbol - (unsigned)t->last) & low_bits(bits)) ==
		    HEALTH_FAIL)
		failed = HEALTH_DIFFERENCE_8;
	t->last = symbol;
	t->seen++;
	t->le = t->le >> bits | (uint64_t)symbol << (7 * bits);
	t->be = (t->be << bits | symbol) & low_bits(8 * bits);
	if (failed == HEALTH_NONE)
		failed = width_feed(t, 0);
	if (failed == HEALTH_NONE)
		failed = width_feed(t, 1);
	if (failed == HEALTH_NONE)
		failed = width_feed(t, 2);
	if (failed == HEALTH_NONE &&
	    health_equal_block_feed(&t->equal_block, symbol) == HEALTH_FAIL)
		failed = HEALTH_EQUAL_BLOCK;
	return failed;
}

void health_known_bad_reset(struct health_known_bad *t)
{
	t->seen = 0;
	t->le = 0;
	t->be = 0;
	t->last = 0;
	health_rct_reset(&t->difference_8);
	for (size_t w = 0; w < ARRAY_LEN(t->rate); w++) {
		t->rate[w].hits = 0;
		t->rate[w].words = 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(t->phase); i++) {
		health_rct_reset(&t->phase[i].word);
		health_rct_reset(&t->phase[i].difference_le);
		health_rct_reset(&t->phase[i].difference_be);
		t->phase[i].last_be = 0;
	}
	health_equal_block_reset(&t->equal_block);
}
