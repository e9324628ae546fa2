/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often tuples repeat, for 6.3.5 (t-tuple) and 6.3.6 (LRS): for each length
 * the count of the most frequent tuple, where that is at least 35, and the
 * number of pairs of equal tuples. Both come from grouping the positions by
 * what follows them, longer and longer; no order among them is needed.
 *
 * Two ways to the same numbers. By windows: 64 bits from each position, split
 * by radix; only groups that stay equal for longer look further. Random data
 * ends within the first window. By suffixes: a suffix array, for data whose
 * repeats are so long that windows would take time that grows with them.
 */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_H

#include "assess/sp80090b/estimate.h"

#define TUPLE_OFTEN 35 /* 6.3.5 step 1 */

/* What is known by length; both are taken together from the longest down. */
struct tuple_tally {
	/* Of length l exactly: pairs that are equal up to l and not beyond. */
	int64_t *pairs;
	uint32_t *most; /* a count reached at length l, or at a longer one */
	uint64_t room;  /* lengths 0 .. room - 1 */
};

int tuple_tally_room(struct tuple_tally *t, uint64_t length);
void tuple_tally_free(struct tuple_tally *t);

/* m positions share a tuple of each length above `above` up to `to`. */
static inline void tuple_tally_group(struct tuple_tally *t, uint64_t above,
				     uint64_t to, uint64_t m)
{
	int64_t pairs = (int64_t)(m * (m - 1) / 2);

	t->pairs[to] += pairs;
	t->pairs[above] -= pairs;
	if (m > t->most[to])
		t->most[to] = (uint32_t)m;
}

/* Data with long repeats: take the other way. Never leaves sp80090b_tuples. */
#define TUPLES_TOO_DEEP 1

/* Both: 0 or -errno; the first also TUPLES_TOO_DEEP. The tally is empty. */
int tuples_by_windows(const struct sp80090b_data *d, struct tuple_tally *t);
int tuples_by_suffixes(const struct sp80090b_data *d, struct tuple_tally *t);

uint64_t tuples_windows_need_bytes(uint64_t n);
uint64_t tuples_suffixes_need_bytes(uint64_t n);

#endif
