/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80022_BERLEKAMP_MASSEY_H
#define AQUIFER_ASSESS_SP80022_BERLEKAMP_MASSEY_H

/*
 * The length of the shortest LFSR that makes a block (SP 800-22 rev 1a, 2.10,
 * and Handbook of Applied Cryptography, algorithm 6.30), for BM_LANES blocks
 * at once: block k of a batch is bit k of every vector, so that one XOR does
 * one step of all of them. What differs between blocks is a mask.
 */
#include "assess/bits.h"

#define BM_LANES 256
/* The longest block: 2.10.7 asks for 500 to 5000 bits. */
#define BM_BITS_MAX 5000

/* bm_need_bytes - working memory, aligned to 32. */
size_t bm_need_bytes(unsigned block_bits);

/*
 * bm_lengths - for the count (1 to BM_LANES) blocks of block_bits that begin
 * at bit from. ret: one length a block.
 */
void bm_lengths(const struct bits *b, size_t from, unsigned block_bits,
		unsigned count, void *work, unsigned *ret);

#endif
