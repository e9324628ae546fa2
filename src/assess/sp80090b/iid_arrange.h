/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_ARRANGE_H
#define AQUIFER_ASSESS_SP80090B_IID_ARRANGE_H

/*
 * Random arrangements of given symbols: step 2.1 of SP 800-90B 5.1. Each of the
 * n! / (c0! c1! ...) sequences with these counts is as likely as any other.
 * That is the law of Fisher and Yates's shuffle, which the standard names, in
 * less than half of its time: the shuffle reads a random place for each symbol.
 *
 * Symbols are drawn one by one, independently, by a table that has them nearly
 * in their proportions. Of some symbols there are too many then. Positions are
 * drawn until each such symbol has lost its surplus, and get what is short. No
 * step treats one position unlike another, so the law of the outcome stays the
 * same when positions are exchanged; and its counts are fixed. Both together
 * are the uniform law.
 */
#include <stdbool.h>
#include <stdint.h>

#include "assess/sample.h"

#define IID_MIX_LOG2 13

struct iid_mix {
	uint64_t n;
	uint32_t count[SAMPLE_VALUES];
	/*
	 * The random bits that a symbol takes: 1, 2, 4 or 8 where the counts
	 * are even enough, and a byte has its symbols in `group`; otherwise
	 * 16, of which the upper 13 are the table's index.
	 */
	unsigned width;
	uint8_t group[256][8];
	bool bytes; /* each byte is its own symbol */
	uint8_t table[1 << IID_MIX_LOG2];
};

/* iid_mix_init - count: of each symbol, n in all, 1 to 2^31. */
void iid_mix_init(struct iid_mix *m, const uint64_t count[SAMPLE_VALUES]);

/*
 * iid_arrange - arrangement `index` of those that belong to a seed
 * (assess/sp80090b/iid_generator.h).
 * ret: m->n symbols.
 */
void iid_arrange(const struct iid_mix *m, uint64_t seed, uint32_t index,
		 uint8_t *ret);

#endif
