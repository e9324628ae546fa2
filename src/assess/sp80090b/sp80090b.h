/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_H
#define AQUIFER_ASSESS_SP80090B_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assess/sample.h"

/* SP 800-90B 3.1.1: what a sequential dataset has to have. */
#define SP80090B_SAMPLES_MIN 1000000
/* Counters are 32 bits wide; a bit string is samples times bits long. */
#define SP80090B_LENGTH_MAX (UINT64_C(1) << 30)

/* SP 800-90B 6.3.1 to 6.3.10, in that order. */
enum sp80090b_id {
	SP80090B_MCV,
	SP80090B_COLLISION,
	SP80090B_MARKOV,
	SP80090B_COMPRESSION,
	SP80090B_T_TUPLE,
	SP80090B_LRS,
	SP80090B_MULTI_MCW,
	SP80090B_LAG,
	SP80090B_MULTI_MMC,
	SP80090B_LZ78Y,
	SP80090B_COUNT
};

extern const char *const sp80090b_names[SP80090B_COUNT];

#define SP80090B_DETAILS 8

/* One estimator on one sequence; bits of min-entropy a symbol of it. */
struct sp80090b_estimate {
	double h;            /* a number only where why_not is NULL */
	const char *why_not; /* static: why there is no estimate */
	struct {
		const char *name; /* static, the standard's letter or word */
		double value;
	} detail[SP80090B_DETAILS];
	unsigned n_details;
};

struct sp80090b_result {
	uint64_t n;
	unsigned bits;
	unsigned alphabet; /* distinct symbols */
	/*
	 * Two distinct symbols are a binary source, whatever their width: the
	 * bit string says nothing more then, and is left out (3.1.3).
	 */
	bool has_bitstring;
	struct sp80090b_estimate original[SP80090B_COUNT];
	struct sp80090b_estimate bitstring[SP80090B_COUNT];
	double h_original;  /* the least of the estimates, at most bits */
	double h_bitstring; /* a bit, at most 1; NaN without bit string */
	double h_assessed;  /* min(h_original, bits * h_bitstring) */
};

struct sp80090b_options {
	unsigned threads; /* 0 counts as 1 */
	/* Called from any of the threads, one at a time; false cancels. */
	bool (*progress)(void *context, double fraction);
	void *context;
};

/*
 * The most memory that sp80090b_run() asks for, without the samples: where they
 * look random, and for any samples at all. Data with many repeats needs more
 * than the first, and nearly always far less than the second, which adds up
 * what no data has at once.
 */
uint64_t sp80090b_need_bytes(uint64_t n, unsigned bits, unsigned threads);
uint64_t sp80090b_need_deep_bytes(uint64_t n, unsigned bits, unsigned threads);

/*
 * sp80090b_run - the ten estimators on the symbols and on their bit string.
 * o: may be NULL. The estimates do not depend on it, to the last bit.
 * Too few samples for a verdict are estimated all the same: the caller says so.
 * Returns 0; -EINVAL, -ERANGE as samples_alphabet(); -EFBIG above
 * SP80090B_LENGTH_MAX; -ENOMEM; -ECANCELED. ret is written only on success.
 */
int sp80090b_run(const struct samples *s, const struct sp80090b_options *o,
		 struct sp80090b_result *ret);

#endif
