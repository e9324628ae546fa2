/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_CODE_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_CODE_H

#include "assess/sp80090b/tuples_runs.h"

/*
 * The tokens of a bit string as bytes that sort as their numbers do, nearly
 * always one for each. The first byte of a token has the zeros in its upper
 * bits, and ones in the others, so these are not 0 but in a token without ones,
 * which is the last. Larger numbers have the largest value there, and the rest
 * in bytes that are multiples of 8.
 */
#define ZEROS_LONG (TOKEN_ZEROS_SHORT + 1)
#define ONES_LONG (TOKEN_ONES_SHORT + 1)
#define BOTH_LONG (ZEROS_LONG << TOKEN_ONES_BITS | ONES_LONG)

struct token_code {
	uint8_t *bytes; /* more of them may be loaded than there are */
	uint32_t n;
	uint32_t last;      /* where the last token begins */
	struct token first; /* what stands before the first boundary */
};

/* Returns 0 or -ENOMEM. */
int token_code_init(struct token_code *c, const struct sp80090b_data *d);
void token_code_free(struct token_code *c);

/* The token that begins there. */
struct token token_take(const uint8_t *from);

/* The bits that a byte stands for, of whatever token. */
static inline uint32_t token_bits_of(uint8_t x)
{
	if (x == BOTH_LONG)
		return ZEROS_LONG;
	return (x >> TOKEN_ONES_BITS) + (x & TOKEN_ONES_MASK);
}

/* Does a token begin with byte i? */
static inline bool token_starts(const struct token_code *c, uint32_t i)
{
	return (c->bytes[i] & TOKEN_ONES_MASK) != 0 || i == c->last;
}

#endif
