/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_PERMUTE_H
#define AQUIFER_ASSESS_SP80090B_IID_PERMUTE_H

/* The permutations of SP 800-90B 5.1, by as many threads as there are. */
#include "assess/sp80090b/iid.h"
#include "assess/sp80090b/iid_arrange.h"
#include "assess/sp80090b/iid_statistics.h"

#define IID_THREADS_MAX 64

struct iid_permuter {
	const struct iid_series *series;
	const struct iid_mix *mix;
	const struct iid_options *o;
	/* One for each thread. */
	struct iid_scratch *scratch;
	uint8_t **values;
	unsigned n_threads;
	struct iid_permutation *ret; /* IID_STATISTICS of them */
};

/*
 * After so many permutations, a statistic that none has reached is suspected to
 * fail.
 */
#define IID_FIRST_LOOK 500

/*
 * iid_permute - rank the statistics in the set `which`, each until it has
 * passed or all permutations are done. ret has their initial values.
 * Unless all is asked for, those that are suspected go on alone, and once one
 * has failed the others are left without an outcome.
 * Permutation i is what the seed and i make it; they are counted in order.
 * Returns 0, -ENOMEM or -ECANCELED.
 */
int iid_permute(const struct iid_permuter *p, uint32_t which);

#endif
