/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_FIPS140_BLOCK_H
#define AQUIFER_ASSESS_FIPS140_BLOCK_H

/*
 * What FIPS 140-1 4.11.1, FIPS 140-2 4.9.1 and AIS 31's T1 to T4 count in a
 * block of 20,000 bits; they differ in their bounds only. Bits are taken most
 * significant first. Threads: safe.
 */
#include <stdint.h>

#define FIPS140_BLOCK_BYTES 2500
#define FIPS140_BLOCK_BITS 20000
#define FIPS140_RUN_CLASSES 6
/* The shortest run that counts as long: FIPS 140-2 says 26, AIS 31 says 34. */
#define FIPS140_LONG_RUN 26

struct fips140_counts {
	unsigned ones;
	unsigned nibbles[16];
	/* [bit][k]: runs of k + 1 bits; the last: of 6 and more. */
	unsigned runs[2][FIPS140_RUN_CLASSES];
	/* The longest run, where there is one of FIPS140_LONG_RUN; else 0. */
	unsigned long_run;
};

void fips140_count(const uint8_t *block, struct fips140_counts *ret);

/*
 * The two ways it is done, of which fips140_count takes the one that this CPU
 * runs best; for tests. The second returns false where it cannot run.
 */
void fips140_count_plain(const uint8_t *block, struct fips140_counts *ret);
_Bool fips140_count_avx2(const uint8_t *block, struct fips140_counts *ret);

#endif
