/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/specimens/generators.h"

unsigned lfsr_next(uint32_t *state)
{
	uint32_t s = *state;
	unsigned out = s & 1;

	/* Taps 32, 22, 2, 1 of a register that shifts to the right. */
	*state = s >> 1 | (s ^ s >> 10 ^ s >> 30 ^ s >> 31) << 31;
	return out;
}

static void generate_lfsr(uint64_t seed, uint8_t *ret, size_t n)
{
	/* Zero would stay zero. */
	uint32_t state = (uint32_t)splitmix64(&seed) | 1;

	for (size_t i = 0; i < n; i++) {
		unsigned byte = 0;

		for (unsigned b = 0; b < 8; b++)
			byte = byte << 1 | lfsr_next(&state);
		ret[i] = (uint8_t)byte;
	}
}

const struct specimen specimen_lfsr = {
	.name = "lfsr",
	.what = "a shift register of 32 bits with linear feedback",
	.shows = "Only tests that do linear algebra see that 64 bits in a row"
		 " foretell all others.",
	.bits = 8,
	.h_true = 0,
	.caught = SPECIMEN_SP80022,
	.generate = generate_lfsr,
};
