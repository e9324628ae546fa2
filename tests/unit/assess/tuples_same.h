/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_TUPLES_SAME_H
#define AQUIFER_TESTS_ASSESS_TUPLES_SAME_H

/* What the tests of tuple counts share. After cmocka.h. */
#include <math.h>
#include <string.h>

#include "assess/sp80090b/tuples.h"

#define LONG 40000
#define PADDING 16 /* room for a whole load beyond the end */

struct input {
	uint8_t bytes[8 * LONG + PADDING], packed[LONG + PADDING];
	struct sp80090b_data d;
};

/* bits of `bytes`, one a byte, or symbols of eight. */
static inline void prepare(struct input *in, size_t n, unsigned width)
{
	memset(in->packed, 0, sizeof in->packed);
	in->d = (struct sp80090b_data){ .n = n,
					.width = width,
					.alphabet = 1u << width };
	if (width == 8) {
		in->d.symbols = in->d.packed = in->bytes;
		in->d.packed_bytes = n;
		return;
	}
	for (size_t i = 0; i < n; i++)
		in->packed[i / 8] |= (uint8_t)((in->bytes[i] & 1) << (i % 8));
	in->d.packed = in->packed;
	in->d.packed_bytes = (n + 7) / 8;
}

/* Two tallies, as far as anybody asks: above what occurs 35 times. */
static inline void assert_same(const struct tuple_tally *a,
			       const struct tuple_tally *b)
{
	uint64_t end = tuple_tally_end(a);

	end = end > tuple_tally_end(b) ? end : tuple_tally_end(b);
	assert_false(a->no_memory || b->no_memory);
	assert_int_equal(a->often_length, b->often_length);
	/* Several tuples may have the best score. */
	assert_int_equal(a->best_length > 0, b->best_length > 0);
	if (a->best_length > 0)
		assert_true(fabs(a->best_score - b->best_score) < 1e-14);
	for (uint64_t l = end; l-- > a->often_length + 1;)
		assert_int_equal(tuple_tally_get(a, l), tuple_tally_get(b, l));
}

#endif
