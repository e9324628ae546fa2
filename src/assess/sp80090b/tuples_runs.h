/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_RUNS_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_RUNS_H

#include "assess/sp80090b/tuples.h"

/* A run of zeros, then one of ones. */
struct token {
	uint32_t zeros, ones;
};

/* Short ones in a byte, which then is not 0: up to 30 zeros and 6 ones. */
#define TOKEN_ONES_BITS 3
#define TOKEN_ONES_MASK ((1u << TOKEN_ONES_BITS) - 1)
#define TOKEN_ZEROS_SHORT 30u
#define TOKEN_ONES_SHORT 6u

/*
 * Boundaries: where a zero follows a one, and the end of the bits. In the order
 * of what follows them, each with the bits that it shares with the one before
 * it in that order, and with the token that ends there.
 */
struct boundary_list {
	uint32_t *common;
	uint8_t *token;       /* 0: it is the next of `longer` */
	struct token *longer; /* in the same order */
	uint32_t n, n_longer;
};

struct boundaries {
	struct boundary_list all;
	struct boundary_list spare; /* as much room, and nothing in it */
};

/* Sorts them. Returns 0 or -ENOMEM. */
int boundaries_init(struct boundaries *b, const struct sp80090b_data *d);
void boundaries_free(struct boundaries *b);

#endif
