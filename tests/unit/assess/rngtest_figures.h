/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_RNGTEST_FIGURES_H
#define AQUIFER_TESTS_ASSESS_RNGTEST_FIGURES_H

/*
 * Streams that fail in all ways, and what rngtest 5 says of them. Bits: a one
 * with bias of 65536, or, where flip is not 0, a change with flip of 65536.
 */
#include "specimen_data.h"

#define RNGTEST_BYTES (4 + 200 * 2500 + 1000)

struct rngtest_figure {
	uint32_t bias, flip;
	uint64_t seed;
	unsigned blocks, failed;
	unsigned failures[5];
};

static inline void rngtest_fill(const struct rngtest_figure *f, uint8_t *ret)
{
	uint64_t s = f->seed;
	unsigned bit = 0;

	for (size_t i = 0; i < RNGTEST_BYTES; i++) {
		unsigned v = 0;

		for (unsigned k = 0; k < 8; k++) {
			uint32_t z = (uint32_t)(specimen_next(&s) >> 48);

			bit = f->flip ? bit ^ (z < f->flip) : z < f->bias;
			v = v << 1 | bit;
		}
		ret[i] = (uint8_t)v;
	}
}

static const struct rngtest_figure rngtest_figures[] = {
	{ 32768, 0, 40, 200, 0, { 0, 0, 0, 0, 0 } },
	{ 33600, 0, 41, 200, 72, { 72, 10, 6, 0, 0 } },
	{ 31936, 0, 42, 200, 82, { 82, 3, 0, 0, 0 } },
	{ 34200, 0, 43, 200, 199, { 199, 143, 44, 0, 0 } },
	{ 0, 31900, 44, 200, 37, { 0, 6, 35, 0, 0 } },
	{ 0, 32300, 45, 200, 4, { 0, 0, 4, 0, 0 } },
	{ 0, 33250, 46, 200, 4, { 0, 0, 4, 0, 0 } },
	{ 0, 33700, 47, 200, 59, { 0, 5, 59, 0, 0 } },
	{ 0, 30000, 48, 200, 200, { 0, 200, 200, 1, 0 } },
	{ 0, 16000, 49, 200, 200, { 3, 200, 200, 197, 0 } },
	{ 65536, 0, 50, 200, 200, { 200, 200, 200, 200, 200 } },
	{ 1, 0, 51, 200, 200, { 200, 200, 200, 200, 200 } },
};

#endif
