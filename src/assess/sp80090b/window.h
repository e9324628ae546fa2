/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_WINDOW_H
#define AQUIFER_ASSESS_SP80090B_WINDOW_H

#include <errno.h>
#include <stdint.h>

/* 6.3.7 step 1. */
#define MCW_WINDOWS 4
#define MCW_LENGTH_MIN 4096
static const uint32_t mcw_window[MCW_WINDOWS] = { 63, 255, 1023, 4095 };

/* Those of the n positions from i on that have a full window before them. */
static inline uint64_t mcw_valid(uint64_t i, unsigned n, uint32_t window)
{
	uint64_t all = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;

	if (i >= window)
		return all;
	return window - i >= 64 ? 0 : all & ~UINT64_C(0) << (window - i);
}

#endif
