/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_SPECIMEN_DATA_H
#define AQUIFER_TESTS_ASSESS_SPECIMEN_DATA_H

/*
 * The data sets the reference figures were computed on, one sample a byte:
 * deterministic, from SplitMix64 (Steele, Lea, Flood 2014) and a seed.
 */
#include <stddef.h>
#include <stdint.h>

enum specimen_kind {
	SPECIMEN_UNIFORM8,
	SPECIMEN_UNIFORM4,
	SPECIMEN_UNIFORM1,
	SPECIMEN_BIASED1,    /* 614 of 1024 are ones */
	SPECIMEN_NORMAL8,    /* the mean of four bytes */
	SPECIMEN_MARKOV1,    /* flips with 102 of 1024 */
	SPECIMEN_COUNTER8,   /* i mod 251, one in 64 spoilt */
	SPECIMEN_STICKY8,    /* a new value one time in 4 */
	SPECIMEN_GEOMETRIC8, /* trailing ones, at most 63 */
	SPECIMEN_REPEAT8,    /* the last 20,000 were there half way before */
};

static inline uint64_t specimen_next(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static inline unsigned specimen_trailing_ones(uint64_t z)
{
	unsigned n = 0;

	for (; n < 63 && (z & 1) != 0; z >>= 1)
		n++;
	return n;
}

static inline void specimen_fill(enum specimen_kind kind, uint64_t seed,
				 uint8_t *ret, size_t n)
{
	uint64_t s = seed;
	unsigned last = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = specimen_next(&s);
		unsigned v = 0;

		switch (kind) {
		case SPECIMEN_UNIFORM8:
			v = z & 255;
			break;
		case SPECIMEN_UNIFORM4:
			v = z & 15;
			break;
		case SPECIMEN_UNIFORM1:
			v = z & 1;
			break;
		case SPECIMEN_BIASED1:
			v = z % 1024 < 614;
			break;
		case SPECIMEN_NORMAL8:
			v = (unsigned)((z & 255) + (z >> 8 & 255) +
				       (z >> 16 & 255) + (z >> 24 & 255)) /
			    4;
			break;
		case SPECIMEN_MARKOV1:
			v = last ^ (z % 1024 >= 922);
			break;
		case SPECIMEN_COUNTER8:
			v = (unsigned)(i % 251);
			if (z % 64 == 0)
				v ^= z >> 8 & 255;
			break;
		case SPECIMEN_STICKY8:
			v = z % 4 == 0 ? z >> 8 & 255 : last;
			break;
		case SPECIMEN_GEOMETRIC8:
			v = specimen_trailing_ones(z);
			break;
		case SPECIMEN_REPEAT8:
			v = z & 255;
			if (n >= 20000 && i >= n - 20000 && i >= n / 2)
				v = ret[i - n / 2];
			break;
		}
		ret[i] = (uint8_t)v;
		last = v;
	}
}

#endif
