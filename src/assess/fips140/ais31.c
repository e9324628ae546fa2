/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>

#include "assess/bits.h"
#include "assess/fips140/ais31.h"

#define T5_SHIFTS 5000
#define T5_BITS 5000
#define T5_HALF 10000

const char *const ais31_names[AIS31_TESTS] = {
	[AIS31_T1] = "T1 monobit",
	[AIS31_T2] = "T2 poker",
	[AIS31_T3] = "T3 runs",
	[AIS31_T4] = "T4 long run",
	[AIS31_T5] = "T5 autocorrelation",
};

/* 9654 < T1 < 10346. */
#define T1_LEAST 9655
#define T1_MOST 10345
/* 1.03 < T2 < 57.4, T2 = 16/5000 sum of squares - 5000. */
#define T2_SCALE (16.0 / 5000)
#define T2_ABOVE 1.03
#define T2_BELOW 57.4
/* T4 fails on a run of 34 bits or more. */
#define T4_RUN 34
/* 2326 < T5 < 2674. */
#define T5_LEAST 2327
#define T5_MOST 2673

static const struct {
	unsigned least, most;
} t3_bounds[FIPS140_RUN_CLASSES] = {
	{ 2267, 2733 }, { 1079, 1421 }, { 502, 748 },
	{ 223, 402 },   { 90, 223 },    { 90, 223 },
};

static bool t2_fails(const struct fips140_counts *c)
{
	unsigned squares = 0;
	double value;

	for (unsigned v = 0; v < 16; v++)
		squares += c->nibbles[v] * c->nibbles[v];
	value = T2_SCALE * squares - 5000;
	return !(value > T2_ABOVE && value < T2_BELOW);
}

static bool t3_fails(const struct fips140_counts *c)
{
	for (unsigned bit = 0; bit < 2; bit++)
		for (unsigned k = 0; k < FIPS140_RUN_CLASSES; k++)
			if (c->runs[bit][k] < t3_bounds[k].least ||
			    c->runs[bit][k] > t3_bounds[k].most)
				return true;
	return false;
}

/* Bits that differ from those tau later, among 5,000 from bit from on. */
static unsigned differing(const struct bits *b, unsigned from, unsigned tau)
{
	unsigned n = 0;
	unsigned i = 0;

	for (; i + 64 <= T5_BITS; i += 64)
		n += bits_popcount(bits_window64(b, from + i) ^
				   bits_window64(b, from + i + tau));
	return n + bits_popcount(bits_window(b, from + i, T5_BITS % 64) ^
				 bits_window(b, from + i + tau, T5_BITS % 64));
}

unsigned ais31_autocorrelation(const uint8_t *block, unsigned *ret_shift)
{
	uint64_t words[FIPS140_BLOCK_BITS / 64 + 2];
	struct bits b = { words, FIPS140_BLOCK_BITS };
	unsigned farthest = 0;
	unsigned shift = 1;

	bits_fill(words, block, FIPS140_BLOCK_BITS, BITS_MSB_FIRST);
	for (unsigned tau = 1; tau <= T5_SHIFTS; tau++) {
		unsigned z = differing(&b, 0, tau);
		unsigned off = z > T5_BITS / 2 ? z - T5_BITS / 2 :
						 T5_BITS / 2 - z;

		if (off > farthest) {
			farthest = off;
			shift = tau;
		}
	}
	*ret_shift = shift;
	return differing(&b, T5_HALF, shift);
}

unsigned ais31_judge(const uint8_t *block)
{
	struct fips140_counts c;
	unsigned shift, t5;
	unsigned failed = 0;

	fips140_count(block, &c);
	t5 = ais31_autocorrelation(block, &shift);
	if (c.ones < T1_LEAST || c.ones > T1_MOST)
		failed |= 1u << AIS31_T1;
	if (t2_fails(&c))
		failed |= 1u << AIS31_T2;
	if (t3_fails(&c))
		failed |= 1u << AIS31_T3;
	if (c.long_run >= T4_RUN)
		failed |= 1u << AIS31_T4;
	if (t5 < T5_LEAST || t5 > T5_MOST)
		failed |= 1u << AIS31_T5;
	return failed;
}
