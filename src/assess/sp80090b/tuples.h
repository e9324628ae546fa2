/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often tuples repeat, for 6.3.5 (t-tuple) and 6.3.6 (LRS). Both come from
 * grouping the positions by what follows them, longer and longer; no order
 * among them is needed for its own sake.
 *
 * Three ways to the same numbers. By windows: 64 bits from each position, split
 * by radix; only groups that stay equal for longer look further. Random data
 * ends within the first window. Where many positions share their window, that
 * would take time that grows with the repeats: there the suffixes are sorted,
 * those of symbols as they are, those of bits by way of their runs.
 */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_H

#include "assess/sp80090b/estimate.h"

#define TUPLE_OFTEN 35 /* 6.3.5 step 1 */

#define TUPLE_PAGE 4096 /* lengths */

/* What is known. Pairs are taken together from the longest length down. */
struct tuple_tally {
	uint64_t n; /* of the sequence */
	/*
	 * Of length l exactly: pairs that are equal up to l and not beyond.
	 * Right above `often_length` only: below it nobody asks. Pages that
	 * nothing was added to are not there.
	 */
	int64_t **page;
	bool no_memory; /* something is not counted */
	/* The longest tuple that occurs TUPLE_OFTEN times; 0: none does. */
	uint64_t often_length;
	/*
	 * The t-tuple estimate takes the largest count^(1 / length), so of a
	 * group of positions only the longest tuple counts.
	 */
	double best_score;
	uint64_t best_length, best_count;
	/*
	 * By length, below a page: no tuple as long or longer is known to occur
	 * more often.
	 */
	uint32_t most[TUPLE_PAGE];
};

/* Returns 0 or -ENOMEM. */
int tuple_tally_init(struct tuple_tally *t, uint64_t n);
void tuple_tally_free(struct tuple_tally *t);

/* Makes the page of a length; false without memory. */
bool tuple_tally_page(struct tuple_tally *t, uint64_t length);

/* A length at which, and beyond which, there is nothing. */
uint64_t tuple_tally_end(const struct tuple_tally *t);

/* Is there nothing to learn from a tuple that occurs so many times? */
static inline bool tuple_tally_is_less(const struct tuple_tally *t,
				       uint64_t length, uint64_t count)
{
	return length < TUPLE_PAGE && count <= t->most[length];
}

/* A tuple of this length occurs `count` times, TUPLE_OFTEN at least. */
void tuple_tally_score(struct tuple_tally *t, uint64_t length, uint64_t count);

static inline void tuple_tally_often(struct tuple_tally *t, uint64_t length,
				     uint64_t count)
{
	if (!tuple_tally_is_less(t, length, count))
		tuple_tally_score(t, length, count);
}

static inline void tuple_tally_add(struct tuple_tally *t, uint64_t length,
				   int64_t pairs)
{
	if (t->page[length / TUPLE_PAGE] != NULL || tuple_tally_page(t, length))
		t->page[length / TUPLE_PAGE][length % TUPLE_PAGE] += pairs;
}

static inline int64_t tuple_tally_get(const struct tuple_tally *t,
				      uint64_t length)
{
	const int64_t *page = t->page[length / TUPLE_PAGE];

	return page == NULL ? 0 : page[length % TUPLE_PAGE];
}

/* m positions share a tuple of each length above `above` up to `to`. */
static inline void tuple_tally_group(struct tuple_tally *t, uint64_t above,
				     uint64_t to, uint64_t m)
{
	int64_t pairs = (int64_t)(m * (m - 1) / 2);

	if (m >= TUPLE_OFTEN) {
		tuple_tally_often(t, to, m);
		return;
	}
	tuple_tally_add(t, to, pairs);
	tuple_tally_add(t, above, -pairs);
}

/* Repeats too many or too long: take another way. Stays in sp80090b_tuples. */
#define TUPLES_TOO_DEEP 1

/*
 * All: 0 or -errno; the first also TUPLES_TOO_DEEP. The tally comes as
 * initialised, and may lack memory in the end.
 */
int tuples_by_windows(const struct sp80090b_data *d, struct tuple_tally *t);
int tuples_by_symbols(const struct sp80090b_data *d, struct tuple_tally *t);
int tuples_by_runs(const struct sp80090b_data *d, struct tuple_tally *t);

uint64_t tuples_windows_need_bytes(uint64_t n);
uint64_t tuples_symbols_need_bytes(uint64_t n);
uint64_t tuples_runs_need_bytes(uint64_t n);

#endif
