/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_JOBS_H
#define AQUIFER_ASSESS_SP80090B_JOBS_H

#include "assess/sp80090b/estimate.h"

#define SP80090B_JOBS_MAX (2 * SP80090B_COUNT)

struct sp80090b_job {
	sp80090b_fn *fn;
	struct sp80090b_data data;
	struct sp80090b_estimate *ret;
};

/* The symbols, mapped down, and the bit string, as the estimators take them. */
struct sp80090b_sequences {
	struct sp80090b_data original, bits;
	bool has_bits;
	uint8_t *ranks; /* owned; NULL where the samples are used as they are */
	uint8_t *packed, *bit_string; /* owned */
};

/*
 * At least two distinct symbols; bits: with the bit string, at least three.
 * Returns 0 or -ENOMEM.
 */
int sp80090b_sequences_init(struct sp80090b_sequences *q,
			    const struct samples *s,
			    const struct sample_alphabet *a, bool bits);
void sp80090b_sequences_free(struct sp80090b_sequences *q);

/* The jobs for them, the longest first; returns how many. */
unsigned sp80090b_jobs(const struct sp80090b_sequences *q,
		       struct sp80090b_watch *watch, struct sp80090b_result *ret,
		       struct sp80090b_job jobs[SP80090B_JOBS_MAX]);

/* sp80090b_run() without the bit string. */
int sp80090b_run_symbols(const struct samples *s,
			 const struct sp80090b_options *o,
			 struct sp80090b_result *ret);

/* Every estimate as it is before, or without, a job: why there is none. */
void sp80090b_no_estimates(struct sp80090b_result *ret);

#endif
