/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_MMC_H
#define AQUIFER_ASSESS_SP80090B_MMC_H

#include "assess/sp80090b/estimate.h"

/* 6.3.9 step 1: D = 16 models, each of at most 100,000 entries (x, y). */
#define MMC_ORDERS 16
#define MMC_ENTRIES 100000
#define MMC_BITS_MIN (MMC_ORDERS + 2)

/* 6.3.10 step 1: B = 16, and a dictionary of at most 65,536 contexts. */
#define LZ78Y_ORDERS 16
#define LZ78Y_CONTEXTS 65536
#define LZ78Y_LENGTH_MIN (LZ78Y_ORDERS + 2)

/*
 * On symbols, with models or a dictionary of another size: entries, 1 at least;
 * contexts, more than LZ78Y_ORDERS. d: of 3 and of LZ78Y_LENGTH_MIN symbols at
 * least. Both return 0, -ENOMEM or -ECANCELED.
 */
int sp80090b_guess_mmc(const struct sp80090b_data *d, uint32_t entries,
		       struct sp80090b_guesses *ret);
int sp80090b_guess_lz78y(const struct sp80090b_data *d, uint32_t contexts,
			 struct sp80090b_guesses *ret);

#endif
