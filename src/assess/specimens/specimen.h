/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SPECIMENS_SPECIMEN_H
#define AQUIFER_ASSESS_SPECIMENS_SPECIMEN_H

/*
 * Generators that are known to be bad, each in its own way, and a good one: what a battery can and cannot catch.
 * None is a source of entropy; all follow from the seed. Threads: safe.
 */
#include <stddef.h>
#include <stdint.h>

/* The suites that are expected to say something against it. */
enum specimen_caught {
	SPECIMEN_SP80090B = 1, /* h_assessed below SPECIMEN_FULL of the width */
	SPECIMEN_SP80022 = 2,  /* deviates, family-wise at SPECIMEN_ALPHA */
	SPECIMEN_FIPS140 = 4,
	SPECIMEN_QUICK = 8,
};

/*
 * What a good generator of bytes stays above, but for few sets in a thousand (2
 * of 1,000): compression puts a bit string at 0.88 or more, and a run of three
 * hits of one of four predictors, which one set in six has, makes 6.64 of 8 bits
 * (6.3.7, P_local of r = 4); a run of four makes 5.30.
 */
#define SPECIMEN_FULL 0.8
#define SPECIMEN_ALPHA 1e-4

/* On this many: SP 800-90B's million, and a stream of SP 800-22 of bits. */
#define SPECIMEN_SAMPLES 1048576

struct specimen {
	const char *name;
	const char *what;  /* a clause: what it is */
	const char *shows; /* a sentence: what it teaches */
	unsigned bits;     /* of a sample */
	/*
	 * Bits of min-entropy a sample really has to one who knows how it is
	 * made but not the seed's stream: 0 for all that is deterministic.
	 */
	double h_true;
	unsigned caught; /* a set of enum specimen_caught */
	/* The first n samples, one a byte; the same seed gives the same. */
	void (*generate)(uint64_t seed, uint8_t *ret, size_t n);
};

/* specimen_at - in the order of the table in docs; NULL past the last. */
const struct specimen *specimen_at(size_t index);
/* specimen_find - by name; NULL where there is none. */
const struct specimen *specimen_find(const char *name);

#endif
