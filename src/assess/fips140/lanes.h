/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_FIPS140_LANES_H
#define AQUIFER_ASSESS_FIPS140_LANES_H

/*
 * 256 bits at once, and counting the ones of many such by carry-save adders
 * (Mula, Kurz, Lemire 2018: Harley and Seal's tree): one addition for sixteen
 * vectors instead of sixteen. All of it is inlined into functions of one kind
 * of CPU each; vectors go by pointer, because by value their ABI depends on it.
 */
#include <stdint.h>

#define LANES 4
#define INLINE static inline __attribute__((always_inline))

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

/* So far: bytes * top, and the weights 1, 2, 4, 8 not yet carried up. */
struct counter {
	lanes carry[4];
	lanes bytes;
};

/* a + b + c, bit by bit: the sum to a, the carry to ret. ret may be b or c. */
INLINE void add3(lanes *a, const lanes *b, const lanes *c, lanes *ret)
{
	lanes both = *a ^ *b;
	lanes up = (*a & *b) | (both & *c);

	*a = both ^ *c;
	*ret = up;
}

/* The ones in each byte of x. */
INLINE void byte_ones(const lanes *x, lanes *ret)
{
	lanes y = *x - (*x >> 1 & UINT64_C(0x5555555555555555));

	y = (y & UINT64_C(0x3333333333333333)) +
	    (y >> 2 & UINT64_C(0x3333333333333333));
	*ret = (y + (y >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
}

/* A top of 4: bytes grow by at most 8 a call, so 31 calls fit. */
INLINE void counter_add4(struct counter *t, const lanes *x)
{
	lanes two[2], four, ones;

	add3(&t->carry[0], &x[0], &x[1], &two[0]);
	add3(&t->carry[0], &x[2], &x[3], &two[1]);
	add3(&t->carry[1], &two[0], &two[1], &four);
	byte_ones(&four, &ones);
	t->bytes += ones;
}

/* A top of 16. */
INLINE void counter_add16(struct counter *t, const lanes *x)
{
	lanes two[2], four[2], eight[2], sixteen, ones;

	for (unsigned i = 0; i < 2; i++) {
		for (unsigned j = 0; j < 2; j++) {
			const lanes *at = x + 8 * i + 4 * j;

			add3(&t->carry[0], &at[0], &at[1], &two[0]);
			add3(&t->carry[0], &at[2], &at[3], &two[1]);
			add3(&t->carry[1], &two[0], &two[1], &four[j]);
		}
		add3(&t->carry[2], &four[0], &four[1], &eight[i]);
	}
	add3(&t->carry[3], &eight[0], &eight[1], &sixteen);
	byte_ones(&sixteen, &ones);
	t->bytes += ones;
}

/* The sum of all bytes; each is at most 255. */
INLINE unsigned sum_bytes(const lanes *x)
{
	lanes pairs = (*x & UINT64_C(0x00ff00ff00ff00ff)) +
		      (*x >> 8 & UINT64_C(0x00ff00ff00ff00ff));
	uint64_t all = pairs[0] + pairs[1] + pairs[2] + pairs[3];

	return (unsigned)(all * UINT64_C(0x0001000100010001) >> 48);
}

INLINE unsigned counter_total(const struct counter *t, unsigned top)
{
	lanes small = { 0 };

	for (unsigned k = 0; 1u << k < top; k++) {
		lanes ones;

		byte_ones(&t->carry[k], &ones);
		small += ones << k;
	}
	return sum_bytes(&small) + top * sum_bytes(&t->bytes);
}

#endif
