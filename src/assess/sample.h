/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SAMPLE_H
#define AQUIFER_ASSESS_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLE_BITS_MAX 8
#define SAMPLE_VALUES 256

/* What every suite is given: samples in the order they were drawn. */
struct samples {
	const uint8_t *symbols; /* one a byte, each below 2^bits */
	size_t n;
	unsigned bits; /* 1 to SAMPLE_BITS_MAX */
};

/*
 * The symbols that occur, and their rank among those: SP 800-90B 6.4 maps a
 * sparse alphabet down to 0 .. count - 1 before it is estimated.
 */
struct sample_alphabet {
	uint64_t counts[SAMPLE_VALUES]; /* by symbol */
	uint8_t rank[SAMPLE_VALUES];
	unsigned count;
	unsigned top; /* the largest symbol that occurs */
};

/*
 * samples_alphabet - count the symbols, which checks them too.
 * Returns 0; -EINVAL for a width outside 1 .. 8 or for no samples; -ERANGE if
 * a symbol does not fit the width, with its index in ret_bad (may be NULL).
 */
int samples_alphabet(const struct samples *s, struct sample_alphabet *ret,
		     size_t *ret_bad);

/* The width that holds the largest of n symbols; 1 where all are zero. */
unsigned samples_width(const uint8_t *symbols, size_t n);

#endif
