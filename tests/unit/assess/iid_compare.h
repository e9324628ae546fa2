/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_IID_COMPARE_H
#define AQUIFER_TESTS_ASSESS_IID_COMPARE_H

/* Short specimens, and what must be so of each result. After cmocka.h. */
#include "assess/sp80090b/iid.h"
#include "specimen_data.h"

#define N 4000

static uint8_t s[N];

static inline struct samples specimen(enum specimen_kind kind, uint64_t seed)
{
	struct samples v = { s, N, 0 };

	specimen_fill(kind, seed, s, N);
	v.bits = samples_width(s, N);
	return v;
}

static inline void same(const struct iid_result *a, const struct iid_result *b)
{
	assert_int_equal(a->verdict, b->verdict);
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		const struct iid_permutation *x = &a->permutation[k];
		const struct iid_permutation *y = &b->permutation[k];

		assert_memory_equal(&x->initial, &y->initial, sizeof(double));
		assert_memory_equal(x->c, y->c, sizeof x->c);
		assert_int_equal(x->counted, y->counted);
		assert_int_equal(x->outcome, y->outcome);
		assert_true(x->why_not == y->why_not);
	}
}

/* Each rule of 5.1 on what was counted. */
static inline void consistent(const struct iid_permutation *p)
{
	assert_int_equal(p->c[0] + p->c[1] + p->c[2], p->counted);
	if (p->outcome == IID_NOT_RUN) {
		assert_non_null(p->why_not);
		assert_int_equal(p->counted, 0);
	} else if (p->outcome == IID_PASSED) {
		/* Not one more than needed. */
		assert_true(p->c[0] + p->c[1] == 6 || p->c[1] + p->c[2] == 6);
		assert_true(p->c[0] + p->c[1] >= 6 && p->c[1] + p->c[2] >= 6);
	} else {
		assert_int_equal(p->counted, IID_PERMUTATIONS);
		assert_true(p->c[0] + p->c[1] <= 5 || p->c[1] + p->c[2] <= 5);
	}
}

#endif
