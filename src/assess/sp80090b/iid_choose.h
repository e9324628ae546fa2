/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_CHOOSE_H
#define AQUIFER_ASSESS_SP80090B_IID_CHOOSE_H

/* Which of bzip2's Huffman tables is the cheapest for each fifty symbols. */
#include "assess/sp80090b/iid_letters.h"

#define IID_TABLES_MAX 6
#define IID_SYMBOLS 16

struct iid_tables {
	unsigned n; /* 2 to 6 */
	/* Each symbol's code length, at most 20; 0 for those that are none. */
	uint8_t bits[IID_TABLES_MAX][IID_SYMBOLS];
};

/*
 * iid_choose - each fifty takes the table that needs the fewest bits, of
 * several such the first.
 * ret_frequency: of each symbol in the fifties that took a table.
 * Returns the bits of the choices: as many as tables were chosen since its last
 * time, and one. At first the first table is the last one chosen, and so on.
 */
uint64_t iid_choose(const struct iid_letters *l, const struct iid_tables *t,
		    uint32_t ret_frequency[IID_TABLES_MAX][IID_SYMBOLS]);
uint64_t iid_choose_plain(const struct iid_letters *l,
			  const struct iid_tables *t,
			  uint32_t ret_frequency[IID_TABLES_MAX][IID_SYMBOLS]);

#endif
