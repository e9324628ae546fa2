/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/specimens/generators.h"

#define MASK31 0x7fffffffU

uint32_t randu_next(uint32_t x)
{
	return x * 65539U & MASK31;
}

static void generate_randu(uint64_t seed, uint8_t *ret, size_t n)
{
	/* An even start has a shorter period still. */
	uint32_t x = (uint32_t)splitmix64(&seed) & MASK31;

	x |= 1;
	for (size_t i = 0; i < n; i++) {
		x = randu_next(x);
		ret[i] = (uint8_t)(x >> 23);
	}
}

const struct specimen specimen_randu = {
	.name = "randu",
	.what = "the highest eight bits of RANDU, x = 65539 x mod 2^31",
	.shows = "Used for science for years, though three values in a row lie"
		 " on 15 planes (Marsaglia 1968). Counting tests see nothing;"
		 " a predictor that looks back at two values does.",
	.bits = 8,
	.h_true = 0,
	.caught = SPECIMEN_SP80090B,
	.generate = generate_randu,
};

uint32_t ansi_rand(uint32_t *state)
{
	*state = *state * 1103515245U + 12345U;
	return *state / 65536 % 32768;
}

static void generate_truncated_lcg(uint64_t seed, uint8_t *ret, size_t n)
{
	uint32_t state = (uint32_t)splitmix64(&seed);

	for (size_t i = 0; i < n; i++)
		ret[i] = (uint8_t)ansi_rand(&state);
}

const struct specimen specimen_truncated_lcg = {
	.name = "truncated-lcg",
	.what = "rand() & 255 with the rand() that ISO C gives for an example",
	.shows = "Cutting off the lowest bits of a linear congruence hides its"
		 " lattice from most tests; a few values give the state away.",
	.bits = 8,
	.h_true = 0,
	.generate = generate_truncated_lcg,
};
