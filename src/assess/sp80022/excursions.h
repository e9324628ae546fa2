/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80022_EXCURSIONS_H
#define AQUIFER_ASSESS_SP80022_EXCURSIONS_H

/* The random walk that 2.14 and 2.15 look at: +1 for a one, -1 for a zero. */
#include "assess/sp80022/test.h"

#define EXCURSIONS_REACH 9 /* 2.15 looks at the states -9 to 9 */
#define EXCURSIONS_NEAR 4  /* 2.14 at -4 to 4, cycle by cycle */
#define EXCURSIONS_CLASSES 6

struct excursions {
	uint64_t cycles; /* J; an unfinished one at the end counts */
	/* [state + REACH]: visits in all. */
	uint64_t visits[2 * EXCURSIONS_REACH + 1];
	/* [state + NEAR][k]: cycles with k visits, the last: or more. */
	uint64_t v[2 * EXCURSIONS_NEAR + 1][EXCURSIONS_CLASSES];
};

void excursions_walk(const struct bits *b, struct excursions *ret);

/* excursions_least - 2.14.4 (3): with fewer cycles no statement is made. */
double excursions_least(size_t n_bits, const struct sp80022_params *p);

#endif
