/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_TESTS_H
#define AQUIFER_ASSESS_SP80090B_IID_TESTS_H

/* The additional tests of SP 800-90B 5.2. */
#include "assess/sp80090b/iid.h"

/* 5.2.1 and 5.2.3. Returns 0 or -ENOMEM. */
int iid_independence(const struct samples *s, const struct sample_alphabet *a,
		     struct iid_chi_square *ret);

/* 5.2.2 and 5.2.4. */
void iid_goodness(const struct samples *s, const struct sample_alphabet *a,
		  struct iid_chi_square *ret);

/*
 * iid_repeat_length - of the longest substring that occurs twice.
 * Returns 0 or -ENOMEM.
 */
int iid_repeat_length(const struct samples *s, const struct sample_alphabet *a,
		      uint64_t *ret);
uint64_t iid_repeat_need_bytes(uint64_t n);

/*
 * 5.2.5. length: of the longest substring that occurs twice, overlaps allowed.
 * At least two distinct symbols.
 */
void iid_repeat_judge(const struct sample_alphabet *a, uint64_t n,
		      uint64_t length, struct iid_repeat *ret);

#endif
