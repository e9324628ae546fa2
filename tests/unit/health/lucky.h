/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_HEALTH_LUCKY_H
#define AQUIFER_TESTS_HEALTH_LUCKY_H

/*
 * A source of exactly H bits of min-entropy a symbol: with probability 2^-H it
 * gives what a predictor says, else one of the other symbols.
 */
#include "streams.h"

#define LUCKY_LAG 1000

/* What the source is lucky to repeat. */
enum luck {
	RANDOM,
	LIKE_FIRST, /* the first symbol of the adaptive-proportion window */
	ZERO,
	LAG_1, /* the symbol so many before */
	LAG_2,
	LAG_4,
	LAG_8,
	LAG_LONG,
	STEP_8, /* the last difference of words so wide, little endian */
	STEP_16,
	STEP_32,
	STEP_64,
};

struct lucky {
	uint64_t seed;
	uint64_t n;
	enum luck luck;
	unsigned symbol_bits;
	unsigned window;
	double p; /* 2^-H */
	uint8_t past[4096];
};

static inline uint8_t ago(const struct lucky *s, unsigned lag)
{
	return s->n < lag ? 0 : s->past[(s->n - lag) % sizeof s->past];
}

/* Symbol of the word that continues the last two words' little-endian step. */
static inline uint8_t step_symbol(const struct lucky *s, unsigned symbols)
{
	unsigned i = (unsigned)(s->n % symbols);
	uint64_t last = 0, before = 0;

	for (unsigned k = 0; k < symbols; k++) {
		unsigned shift = k * s->symbol_bits;

		last |= (uint64_t)ago(s, i + symbols - k) << shift;
		before |= (uint64_t)ago(s, i + 2 * symbols - k) << shift;
	}
	return (uint8_t)((2 * last - before) >> (i * s->symbol_bits) &
			 ((1u << s->symbol_bits) - 1));
}

static inline uint8_t predicted(const struct lucky *s)
{
	switch (s->luck) {
	case LIKE_FIRST:
		return ago(s, (unsigned)(s->n % s->window));
	case LAG_1:
		return ago(s, 1);
	case LAG_2:
		return ago(s, 2);
	case LAG_4:
		return ago(s, 4);
	case LAG_8:
		return ago(s, 8);
	case LAG_LONG:
		return ago(s, LUCKY_LAG);
	case STEP_8:
		return step_symbol(s, 1);
	case STEP_16:
		return step_symbol(s, 2);
	case STEP_32:
		return step_symbol(s, 4);
	case STEP_64:
		return step_symbol(s, 8);
	default:
		return 0;
	}
}

/* The predicted symbol with probability p, else one of the others. */
static inline uint8_t lucky_symbol(struct lucky *s)
{
	unsigned values = 1u << s->symbol_bits;
	uint8_t guess = predicted(s), symbol = guess;
	bool free_draw = s->luck == LIKE_FIRST && s->n % s->window == 0;

	if (s->luck == RANDOM || free_draw)
		symbol = (uint8_t)(next64(&s->seed) >> 32) & (values - 1);
	else if ((double)(next64(&s->seed) >> 11) * 0x1p-53 >= s->p)
		symbol = (uint8_t)((guess + 1 +
				    (next64(&s->seed) >> 32) % (values - 1)) %
				   values);
	s->past[s->n % sizeof s->past] = symbol;
	s->n++;
	return symbol;
}

#endif
