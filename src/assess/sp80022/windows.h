/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80022_WINDOWS_H
#define AQUIFER_ASSESS_SP80022_WINDOWS_H

/*
 * Histograms of overlapping windows of bits, which the template, entropy and
 * serial tests are made of.
 */
#include "assess/bits.h"

#define WINDOWS_BITS_MAX 24

/*
 * windows_count - add to hist the len-bit windows that begin at bits from to
 * from + count - 1; all of them end within the stream. hist: 2^len counters.
 */
void windows_count(const struct bits *b, size_t from, size_t count,
		   unsigned len, uint32_t *hist);

/* windows_count_cyclic - n_bits windows; the stream's begin follows its end. */
void windows_count_cyclic(const struct bits *b, unsigned len, uint32_t *hist);

/*
 * windows_fold - from a cyclic histogram of len-bit windows to that of len - 1
 * bits, in place: each shorter window begins two of the longer ones.
 */
void windows_fold(uint32_t *hist, unsigned len);

#endif
