/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SPECIMENS_GENERATORS_H
#define AQUIFER_ASSESS_SPECIMENS_GENERATORS_H

/* The steps behind the specimens, where known answers can be held to them. */
#include <stddef.h>
#include <stdint.h>

#include "assess/specimens/specimen.h"
#include "assess/splitmix64.h"

extern const struct specimen specimen_good, specimen_biased, specimen_sticky,
	specimen_all_ones, specimen_counter, specimen_middle_square,
	specimen_randu, specimen_truncated_lcg, specimen_lfsr, specimen_arc4,
	specimen_encrypted_counter;

/* x * 65539 mod 2^31 (IBM, Scientific Subroutine Package, 1968). */
uint32_t randu_next(uint32_t x);

/* rand() as ISO C gives it for an example (C99 7.20.2.2): 0 to 32767. */
uint32_t ansi_rand(uint32_t *state);

/* The middle of the square: of 2 * digits decimal digits; digits even. */
uint64_t middle_square_next(uint64_t x, unsigned digits);

/* x^32 + x^22 + x^2 + x + 1, primitive; returns the next bit. */
unsigned lfsr_next(uint32_t *state);

struct arc4 {
	uint8_t s[256];
	uint8_t i, j;
};

void arc4_begin(struct arc4 *a, const uint8_t *key, size_t len_bytes);
uint8_t arc4_next(struct arc4 *a);

/* XTEA (Needham, Wheeler 1997), 32 cycles; words big endian as published. */
uint64_t xtea_encrypt(const uint32_t key[4], uint64_t block);

#endif
