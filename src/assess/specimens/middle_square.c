/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/specimens/generators.h"

/* The largest even number of digits whose square fits 64 bits. */
#define DIGITS 8

static uint64_t power_of_ten(unsigned digits)
{
	uint64_t power = 1;

	while (digits-- > 0)
		power *= 10;
	return power;
}

uint64_t middle_square_next(uint64_t x, unsigned digits)
{
	return x * x / power_of_ten(digits / 2) % power_of_ten(digits);
}

static void generate_middle_square(uint64_t seed, uint8_t *ret, size_t n)
{
	uint64_t x = splitmix64(&seed) % power_of_ten(DIGITS);

	for (size_t i = 0; i < n; i++) {
		x = middle_square_next(x, DIGITS);
		ret[i] = (uint8_t)x;
	}
}

const struct specimen specimen_middle_square = {
	.name = "middle-square",
	.what = "von Neumann's of 1949: the middle digits of the square",
	.shows = "Looks well at first, then ends in a short cycle or in zero"
		 " for good: a sample from the beginning is not enough.",
	.bits = 8,
	.h_true = 0,
	.caught = SPECIMEN_SP80090B | SPECIMEN_SP80022 | SPECIMEN_FIPS140 |
		  SPECIMEN_QUICK,
	.generate = generate_middle_square,
};
