/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_RUNS_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_RUNS_H

#include "assess/sp80090b/tuples.h"

/*
 * Boundaries: where a zero follows a one, and the end of the bits. In the order
 * of what follows them, with the bits that each shares with the one before it.
 */
struct boundaries {
	uint32_t *at, *common;
	uint32_t n;
};

/*
 * Sorts them. thrifty: with a third less memory, in twice the time.
 * Returns 0 or -ENOMEM.
 */
int boundaries_init(struct boundaries *b, const struct sp80090b_data *d,
		    bool thrifty);
void boundaries_free(struct boundaries *b);

/*
 * tuples_by_runs() with a say in what it chooses by itself; the counts are the
 * same. segment: boundaries moved at once, at least 1; 8 bytes for each.
 */
int tuples_by_runs_as(const struct sp80090b_data *d, struct tuple_tally *t,
		      bool thrifty, uint32_t segment);

#endif
