/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_FIPS140_AIS31_H
#define AQUIFER_ASSESS_FIPS140_AIS31_H

/*
 * T1 to T5 of AIS 20/31 (BSI, functionality classes for random number
 * generators, version 2.0, 2.4.4.1) on blocks of 20,000 bits, with AIS's own
 * bounds, which are those of FIPS 140-1: wider than FIPS 140-2's. T0 and the
 * rules of procedure A, which allow one failure in 1,285, are the caller's.
 */
#include "assess/fips140/block.h"

enum ais31_test {
	AIS31_T1,
	AIS31_T2,
	AIS31_T3,
	AIS31_T4,
	AIS31_T5,
	AIS31_TESTS
};

extern const char *const ais31_names[AIS31_TESTS];

/*
 * What a good block fails with at most: T1, T2, T4 and T5 have a chance of about
 * one in a million each, and T3's twelve intervals of one or two together.
 */
#define AIS31_BLOCK_FAILS 1e-5

/* Returns a set of bits, 1 << enum ais31_test; 0 where all passed. */
unsigned ais31_judge(const uint8_t *block);

/*
 * ais31_autocorrelation - T5's value for a block; ret_shift: the tau that the
 * first half chose, the smallest of those equally far from 2,500.
 */
unsigned ais31_autocorrelation(const uint8_t *block, unsigned *ret_shift);

#endif
