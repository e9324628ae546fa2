/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_QUICK_ESTIMATE_H
#define AQUIFER_SOURCE_QUICK_ESTIMATE_H

/*
 * A cheap, cautious look at a few thousand symbols. It decides whether a claim
 * made elsewhere can be believed here; it never makes one: a good figure shows
 * only that these few predictors failed. Pure.
 */
#include <stddef.h>
#include <stdint.h>

/*
 * quick_estimate_mbits - millibits a symbol, 0 to 8000.
 * The smallest over: the most common value (SP 800-90B 6.3.1), and predictors
 * in the manner of 6.3.7 to 6.3.9, each at the 99 % upper bound of its hits:
 * the symbol `lag` ago for each lag to 64, the last step repeated, and the
 * usual successor of the last one, two and three symbols.
 * Returns 0 for fewer than 64 symbols.
 */
uint32_t quick_estimate_mbits(const uint8_t *symbols, size_t n);

#endif
