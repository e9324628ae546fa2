/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_WINDOW_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_WINDOW_H

#include "assess/sp80090b/tuples_group.h"

/* One sweep after another over the sequence, each for some of its windows. */
struct collector {
	struct tuple_sorter s;
	struct tuple_set from, to;
	uint64_t room; /* windows in `from`; half as many in `to` */
	struct tuple_tail tails[64];
	unsigned n_tails;
	uint64_t n_windows; /* that lie within the sequence */
	bool only_tied;
};

/* Tallies all windows, or those that are tied: 0, -errno, TUPLES_TOO_DEEP. */
int tuple_collect(struct collector *c);

#endif
