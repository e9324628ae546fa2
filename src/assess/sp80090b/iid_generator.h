/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_GENERATOR_H
#define AQUIFER_ASSESS_SP80090B_IID_GENERATOR_H

/*
 * xoshiro256++ 1.0 (Blackman, Vigna 2019), four of them side by side, which
 * take turns with 8 bytes each. Started by SplitMix64. Not for secrets.
 */
#include <stdint.h>

#define IID_DRAWN_BYTES 1024

struct iid_generator {
	uint64_t s[4][4]; /* word by word, of all four */
};

/*
 * iid_generator_init - from a seed and an index.
 * The index is mixed with a number that is made of the seed, so no stream of
 * one seed is one of another but by chance.
 */
void iid_generator_init(struct iid_generator *g, uint64_t seed, uint64_t index);

/* iid_generator_draw - the next IID_DRAWN_BYTES. */
void iid_generator_draw(struct iid_generator *g, void *ret);

#endif
