/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/bits.h"
#include "base/bytes.h"

static uint64_t reverse_in_bytes(uint64_t x)
{
	x = (x >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f)) |
	    (x & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 4;
	x = (x >> 2 & UINT64_C(0x3333333333333333)) |
	    (x & UINT64_C(0x3333333333333333)) << 2;
	return (x >> 1 & UINT64_C(0x5555555555555555)) |
	       (x & UINT64_C(0x5555555555555555)) << 1;
}

static uint64_t load_be(const uint8_t *p, size_t n_bytes)
{
	uint64_t x = 0;

	for (size_t i = 0; i < n_bytes; i++)
		x |= (uint64_t)p[i] << (56 - 8 * i);
	return x;
}

void bits_fill(uint64_t *ret_words, const uint8_t *bytes, size_t n_bits,
	       enum bit_order order)
{
	size_t n_bytes = n_bits / 8 + (n_bits % 8 != 0);
	size_t n_words = bits_words(n_bits);

	for (size_t i = 0; i < n_words; i++) {
		size_t at = 8 * i;
		uint64_t x = 0;

		if (at < n_bytes)
			x = load_be(bytes + at, min_size(8, n_bytes - at));
		ret_words[i] = order == BITS_MSB_FIRST ? x : reverse_in_bytes(x);
	}
	if (n_bits % 64 != 0)
		ret_words[n_bits / 64] &= ~(~UINT64_C(0) >> n_bits % 64);
}

void bits_fill_unpacked(uint64_t *ret_words, const uint8_t *bits, size_t n_bits)
{
	size_t n_words = bits_words(n_bits);

	for (size_t i = 0; i < n_words; i++)
		ret_words[i] = 0;
	for (size_t i = 0; i < n_bits; i++)
		ret_words[i / 64] |= (uint64_t)(bits[i] & 1) << (63 - i % 64);
}

size_t bits_ones(const struct bits *b, size_t from, size_t len)
{
	size_t ones = 0;

	for (; len >= 64; from += 64, len -= 64)
		ones += bits_popcount(bits_window64(b, from));
	if (len > 0)
		ones += bits_popcount(bits_window(b, from, (unsigned)len));
	return ones;
}
