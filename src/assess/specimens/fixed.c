/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/specimens/generators.h"

static void generate_all_ones(uint64_t seed, uint8_t *ret, size_t n)
{
	(void)seed;
	memset(ret, 0xff, n);
}

/* Families 0x15 and 0x16; programs that wanted unique names noticed, 2019. */
const struct specimen specimen_all_ones = {
	.name = "all-ones",
	.what = "RDRAND of some AMD processors after a suspend: success is"
		" reported, and every bit is one",
	.shows = "A broken source can say that all is well: its word is no"
		 " test.",
	.bits = 8,
	.h_true = 0,
	.caught = SPECIMEN_SP80090B | SPECIMEN_SP80022 | SPECIMEN_FIPS140 |
		  SPECIMEN_QUICK,
	.generate = generate_all_ones,
};

static void generate_counter(uint64_t seed, uint8_t *ret, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = (uint8_t)(seed + i);
}

const struct specimen specimen_counter = {
	.name = "counter",
	.what = "bytes that count: 0, 1, 2 up to 255, and again",
	.shows = "A perfect histogram and a perfect balance of ones, and"
		 " nothing unknown: too good is a deviation as well.",
	.bits = 8,
	.h_true = 0,
	.caught = SPECIMEN_SP80090B | SPECIMEN_SP80022 | SPECIMEN_FIPS140 |
		  SPECIMEN_QUICK,
	.generate = generate_counter,
};
