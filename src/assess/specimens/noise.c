/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/specimens/generators.h"

/* Models of noise: the dice stand for what cannot be foretold. */

static void generate_good(uint64_t seed, uint8_t *ret, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = (uint8_t)splitmix64(&seed);
}

const struct specimen specimen_good = {
	.name = "good",
	.what = "even, independent bytes (SplitMix64)",
	.shows = "The control: what is found here is a false alarm.",
	.bits = 8,
	.h_true = 8,
	.generate = generate_good,
};

static void generate_biased(uint64_t seed, uint8_t *ret, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = splitmix64(&seed) % 1024 < 614;
}

const struct specimen specimen_biased = {
	.name = "biased",
	.what = "independent bits, six of ten are ones",
	.shows = "Bias is the fault that all see. It is also harmless where it"
		 " is counted: the bits hold 0.74 bits each.",
	.bits = 1,
	.h_true = 0.7379, /* -log2(614 / 1024) */
	.caught = SPECIMEN_SP80090B | SPECIMEN_SP80022 | SPECIMEN_FIPS140 |
		  SPECIMEN_QUICK,
	.generate = generate_biased,
};

static void generate_sticky(uint64_t seed, uint8_t *ret, size_t n)
{
	uint8_t last = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = splitmix64(&seed);

		if (z % 4 == 0)
			last = (uint8_t)(z >> 8);
		ret[i] = last;
	}
}

const struct specimen specimen_sticky = {
	.name = "sticky",
	.what = "bytes read faster than they change: three of four are the one"
		" before",
	.shows = "Each value is as frequent as it should be: a histogram sees"
		 " nothing, whoever looks at neighbours sees all.",
	.bits = 8,
	.h_true = 0.4132, /* -log2(3/4 + 1/4 * 1/256) */
	.caught = SPECIMEN_SP80090B | SPECIMEN_SP80022 | SPECIMEN_FIPS140 |
		  SPECIMEN_QUICK,
	.generate = generate_sticky,
};
