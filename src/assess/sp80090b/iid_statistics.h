/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_STATISTICS_H
#define AQUIFER_ASSESS_SP80090B_IID_STATISTICS_H

/*
 * The statistics of SP 800-90B 5.1 on one sequence. All are exact: whole
 * numbers, but for the excursion and the average collision, which are quotients
 * of whole numbers and rounded once.
 */
#include <stdint.h>

#include "assess/sp80090b/iid.h"
#include "assess/sp80090b/iid_text.h"

/* What all arrangements of the samples share. */
struct iid_series {
	uint64_t n;
	/*
	 * Two distinct symbols are written 0 and 1; `step` is their distance.
	 * Others are taken as they are, with a step of 1.
	 */
	bool binary;
	unsigned step;
	uint8_t bottom, top; /* the least and the largest value as written */
	uint64_t sum;
	uint64_t count[SAMPLE_VALUES]; /* by value as written */
	uint8_t threshold; /* from here on a value is not below the median */
	struct iid_text text;
};

void iid_series_init(struct iid_series *q, const struct samples *s,
		     const struct sample_alphabet *a);

/* iid_ranked - the symbol at an index, were the samples sorted. */
uint8_t iid_ranked(const struct sample_alphabet *a, uint64_t index);

struct iid_scratch {
	uint64_t *mask;     /* a bit a sample */
	uint8_t *converted; /* 5.1, conversion I; only where binary */
	uint8_t *packed;    /* conversion II */
	struct iid_text_work text;
};

int iid_scratch_init(struct iid_scratch *w, const struct iid_series *s);
void iid_scratch_free(struct iid_scratch *w);
uint64_t iid_scratch_need_bytes(uint64_t n);

#define IID_ALL ((1u << IID_STATISTICS) - 1)

/*
 * iid_statistics - of n values, those in the set `wanted` (a bit each).
 * Returns 0, or -ENOMEM, which compression alone can give.
 */
int iid_statistics(const struct iid_series *s, const uint8_t *values,
		   uint32_t wanted, struct iid_scratch *w,
		   double ret[IID_STATISTICS]);

#endif
