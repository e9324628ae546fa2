/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/specimens/generators.h"
#include "base/bytes.h"

#define CYCLES 32
#define DELTA 0x9e3779b9U

uint64_t xtea_encrypt(const uint32_t key[4], uint64_t block)
{
	uint32_t y = (uint32_t)(block >> 32), z = (uint32_t)block, sum = 0;

	for (unsigned i = 0; i < CYCLES; i++) {
		y += ((z << 4 ^ z >> 5) + z) ^ (sum + key[sum & 3]);
		sum += DELTA;
		z += ((y << 4 ^ y >> 5) + y) ^ (sum + key[sum >> 11 & 3]);
	}
	return (uint64_t)y << 32 | z;
}

static void generate_encrypted_counter(uint64_t seed, uint8_t *ret, size_t n)
{
	/* Nothing up the sleeve: the whole key is public. */
	static const uint32_t key[4] = { 0x00010203, 0x04050607, 0x08090a0b,
					 0x0c0d0e0f };
	uint64_t block = 0;

	for (size_t i = 0; i < n; i++) {
		if (i % 8 == 0)
			block = xtea_encrypt(key, seed + i / 8);
		ret[i] = (uint8_t)(block >> (56 - 8 * (i % 8)));
	}
}

const struct specimen specimen_encrypted_counter = {
	.name = "encrypted-counter",
	.what = "1, 2, 3 ... encrypted (XTEA) with a key that is written in"
		" the program",
	.shows = "Passes everything, and whoever has the key knows each bit"
		 " to come. No test of samples can tell it from noise: trust"
		 " needs to know where the noise comes from.",
	.bits = 8,
	.h_true = 0,
	.generate = generate_encrypted_counter,
};
