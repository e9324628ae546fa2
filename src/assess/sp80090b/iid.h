/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_H
#define AQUIFER_ASSESS_SP80090B_IID_H

/*
 * The IID track of SP 800-90B: permutation tests (5.1), chi-square tests
 * (5.2.1 to 5.2.4) and the longest repeated substring (5.2.5). They can reject
 * that samples are independent and identically distributed; they cannot show
 * that they are.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assess/sample.h"

/* SP 800-90B 3.1.1: what a sequential dataset has to have. */
#define IID_SAMPLES_MIN 1000000
/* n times the excursion stays within 63 bits. */
#define IID_SAMPLES_MAX (UINT64_C(1) << 28)

/* 5.1: 10,000 permutations; a rank within the 5 outermost rejects. */
#define IID_PERMUTATIONS 10000
#define IID_RANK_MIN 5

/* 5.2: each of these tests rejects at this probability. */
#define IID_ALPHA 0.001

/* The statistics of 5.1.1 to 5.1.11, in that order. */
enum iid_id {
	IID_EXCURSION,
	IID_DIRECTIONAL_RUNS,
	IID_DIRECTIONAL_LENGTH,
	IID_INCREASES,
	IID_MEDIAN_RUNS,
	IID_MEDIAN_LENGTH,
	IID_COLLISION_AVERAGE,
	IID_COLLISION_MAXIMUM,
	IID_PERIODICITY_1,
	IID_PERIODICITY_2,
	IID_PERIODICITY_8,
	IID_PERIODICITY_16,
	IID_PERIODICITY_32,
	IID_COVARIANCE_1,
	IID_COVARIANCE_2,
	IID_COVARIANCE_8,
	IID_COVARIANCE_16,
	IID_COVARIANCE_32,
	IID_COMPRESSION,
	IID_STATISTICS
};

extern const char *const iid_names[IID_STATISTICS];

enum iid_outcome {
	IID_NOT_RUN, /* why_not says why */
	IID_PASSED,
	IID_FAILED
};

/* One statistic of 5.1 against those of the rearranged samples. */
struct iid_permutation {
	double initial; /* of the samples as they came */
	/* How often the initial value was less, equal, greater: C0, C1, C2. */
	uint32_t c[3];
	/* Permutations counted: fewer than all once no rank can fail. */
	uint32_t counted;
	enum iid_outcome outcome;
	const char *why_not; /* static; NULL unless not run to the end */
};

struct iid_chi_square {
	double score; /* T */
	uint64_t degrees_of_freedom;
	double p_value;
	enum iid_outcome outcome;
	const char *why_not; /* static */
};

struct iid_repeat {
	uint64_t length;  /* W */
	double collision; /* of one symbol with another, p_col */
	double p_value;   /* of a repeat at least that long */
	enum iid_outcome outcome;
	const char *why_not; /* static */
};

enum iid_verdict {
	IID_NOT_JUDGED, /* one symbol only: nothing to permute */
	IID_NOT_REJECTED,
	IID_REJECTED
};

struct iid_result {
	uint64_t n, seed;
	unsigned bits, alphabet;
	bool binary; /* two distinct symbols: the conversions of 5.1 apply */
	double mean, median;
	struct iid_permutation permutation[IID_STATISTICS];
	struct iid_chi_square independence; /* 5.2.1, binary 5.2.3 */
	struct iid_chi_square goodness;     /* 5.2.2, binary 5.2.4 */
	struct iid_repeat repeat;
	enum iid_verdict verdict;
	/* 6.3.1 alone, which is what an IID claim is estimated by (6.1). */
	double h_original;
	double h_bitstring; /* NaN where the samples are bits */
	double h_assessed;
};

struct iid_options {
	uint64_t seed;    /* of the permutations */
	unsigned threads; /* 0 counts as 1 */
	/*
	 * Every test to its end. Without it a test that rejects ends the work:
	 * chi-square and repeats come first, then the statistics of 5.1 but
	 * compression, those first that look like failing, then that.
	 */
	bool full;
	/* Called from any of the threads, one at a time; false cancels. */
	bool (*progress)(void *context, double fraction);
	void *context;
};

/* The most memory that iid_run() asks for, without the samples. */
uint64_t iid_need_bytes(uint64_t n, unsigned bits, unsigned threads);

/*
 * iid_run - all tests of the track.
 * o: may be NULL. Depends on its seed and full; not on the threads.
 * Too few samples for a verdict are judged all the same: the caller says so.
 * Returns 0; -EINVAL, -ERANGE as samples_alphabet(); -EFBIG above
 * IID_SAMPLES_MAX; -ENOMEM; -ECANCELED. ret is written only on success.
 */
int iid_run(const struct samples *s, const struct iid_options *o,
	    struct iid_result *ret);

#endif
