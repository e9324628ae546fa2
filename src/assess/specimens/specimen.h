/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SPECIMENS_SPECIMEN_H
#define AQUIFER_ASSESS_SPECIMENS_SPECIMEN_H

/*
 * Generators that are known to be bad, each in its own way, and two that are
 * known to be good at looking random: what a battery can and cannot catch.
 * None is a source of entropy; all follow from the seed. Threads: safe.
 */
#include <stddef.h>
#include <stdint.h>

/* The suites that are expected to say something against it. */
enum specimen_caught {
	SPECIMEN_SP80090B = 1, /* h_assessed below SPECIMEN_FULL of the width */
	SPECIMEN_IID = 2,
	SPECIMEN_SP80022 = 4,
	SPECIMEN_FIPS140 = 8,
	SPECIMEN_QUICK = 16,
};

/*
 * What no good generator falls below: the estimators are made to err low, the
 * compression estimate of a bit string the most.
 */
#define SPECIMEN_FULL 0.8

/* All batteries were tried on this many samples. */
#define SPECIMEN_SAMPLES 1000000

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
