/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_BITS_H
#define AQUIFER_ASSESS_BITS_H

/*
 * Packed bit streams, as the suites that look at bits take them: bit i is bit
 * 63 - i % 64 of words[i / 64]. All bits after the last are zero up to the end
 * of the memory, and one whole word of zeros follows, so that a window that
 * begins within the stream is read with two loads and no test.
 */
#include <stddef.h>
#include <stdint.h>

enum bit_order { BITS_MSB_FIRST, BITS_LSB_FIRST };

struct bits {
	const uint64_t *words;
	size_t n_bits;
};

/* bits_words - words to be allocated for n_bits, the word of zeros included. */
static inline size_t bits_words(size_t n_bits)
{
	return n_bits / 64 + (n_bits % 64 != 0) + 1;
}

/*
 * bits_fill - pack the first n_bits of bytes.
 * ret_words: bits_words(n_bits) words. order: which bit of a byte comes first.
 */
void bits_fill(uint64_t *ret_words, const uint8_t *bytes, size_t n_bits,
	       enum bit_order order);

/* bits_fill_unpacked - one bit a byte: its lowest bit. */
void bits_fill_unpacked(uint64_t *ret_words, const uint8_t *bits, size_t n_bits);

static inline unsigned bits_get(const struct bits *b, size_t i)
{
	return (unsigned)(b->words[i / 64] >> (63 - i % 64)) & 1;
}

/* bits_window64 - 64 bits from bit i on, the first at the top; i < n_bits. */
static inline uint64_t bits_window64(const struct bits *b, size_t i)
{
	const uint64_t *w = b->words + i / 64;
	unsigned shift = i % 64;

	/* In two steps, because a shift by 64 is undefined. */
	return w[0] << shift | w[1] >> 1 >> (63 - shift);
}

/* bits_window - the len (1 to 64) bits from bit i on, as a number. */
static inline uint64_t bits_window(const struct bits *b, size_t i, unsigned len)
{
	return bits_window64(b, i) >> (64 - len);
}

/* bits_popcount - without the instruction, which baseline x86-64 lacks. */
static inline unsigned bits_popcount(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* bits_ones - the ones among bits from to from + len - 1. */
size_t bits_ones(const struct bits *b, size_t from, size_t len);

#endif
