/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80022_SUITE_H
#define AQUIFER_ASSESS_SP80022_SUITE_H

/*
 * The fifteen tests as a table, and what many streams say together. Pure
 * functions; threads: safe, each with its own work and results. A caller that
 * has more threads gives each its own streams: the results do not depend on it.
 */
#include "assess/sp80022/test.h"

#define SP80022_TESTS 15
/* The usual stream, as arcetri/sts has it: 2^20 makes the transform fast. */
#define SP80022_STREAM_BITS 1048576

/* In the order in which they are reported. */
extern const struct sp80022_test *const sp80022_tests[SP80022_TESTS];

/* sp80022_need_bytes - working memory that serves each test in turn. */
size_t sp80022_need_bytes(size_t n_bits, const struct sp80022_params *p);

/* sp80022_find - by name; NULL where there is none. */
const struct sp80022_test *sp80022_find(const char *name);

/* 4.2: many streams, one place in the list of p-values. */
#define SP80022_BINS 10
#define SP80022_UNIFORMITY_STREAMS 55
#define SP80022_ALPHA 0.01

struct sp80022_second_level {
	size_t streams;     /* that the test applied to */
	size_t passed;      /* p >= SP80022_ALPHA */
	double proportion;  /* passed / streams; NAN for none */
	double least, most; /* the interval of 4.2.1 */
	bool proportion_ok; /* true for no streams */
	size_t bins[SP80022_BINS];
	bool uniformity_stated; /* from 55 streams on (4.2.2) */
	double uniformity;      /* P-value_T; NAN where it is not stated */
};

/* sp80022_second_level - p: the p-values of n streams; NANs are left out. */
void sp80022_second_level(const double *p, size_t n,
			  struct sp80022_second_level *ret);

/*
 * The one test over all p-values. Bonferroni, because it holds however much
 * the p-values depend on each other, as those of the templates and states do.
 */
struct sp80022_family {
	size_t count;    /* p-values seen */
	double least;    /* the smallest; 1 for none */
	double adjusted; /* min(1, count * SP80022_TAIL * least) */
};

/*
 * The p-values are limits for infinitely long streams. Far out, at the 1e-8
 * that a family of thousands looks at, counts that are still a little skew make
 * small values likelier than they say: see docs/assess-sp80022.md. This much is
 * allowed for.
 */
#define SP80022_TAIL 16

void sp80022_family_begin(struct sp80022_family *f);
void sp80022_family_add(struct sp80022_family *f, const double *p, size_t n);
/* sp80022_deviates - the family-wise test at alpha rejects. */
bool sp80022_deviates(const struct sp80022_family *f, double alpha);

#endif
