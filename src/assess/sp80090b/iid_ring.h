/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_RING_H
#define AQUIFER_ASSESS_SP80090B_IID_RING_H

/*
 * A block's tokens, sorted by what follows each, the block's end being followed
 * by its beginning. A token ends with a space, which comes before all digits,
 * so no token begins another, and texts sort as their sequences of tokens do.
 */
#include "assess/sp80090b/iid_block.h"

/* The token at the joint of end and beginning. */
#define IID_ODD SAMPLE_VALUES
/* Of a sorted key: the token before it. */
#define IID_TOKEN_MASK ((UINT64_C(1) << 9) - 1)

/* The tokens of a block in a ring, with the odd one first if there is one. */
struct iid_ring {
	const uint8_t *values;
	uint64_t n;   /* whole tokens */
	unsigned odd; /* IID_ODD, or the value that has the same letters */
	unsigned n_letters; /* of the odd one; 0: none */
	char letters[2 * IID_TOKEN_BYTES];
	uint32_t count[IID_TOKENS];
};

/* iid_ring_init - false: the block has too few tokens for a ring. */
bool iid_ring_init(const struct iid_block *b, struct iid_ring *r);

/* iid_ring_sort - into w->key. False: too much repeats. */
bool iid_ring_sort(const struct iid_text *t, const struct iid_ring *r,
		   struct iid_text_work *w);

#endif
