/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_VERDICT_VERDICT_H
#define AQUIFER_ASSESS_VERDICT_VERDICT_H

/*
 * What a suite's numbers come to, in one word, and what that word does not
 * mean. Pure functions; threads: safe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	VERDICT_NONE,           /* shorter than the standard asks: no word */
	VERDICT_ESTIMATED,      /* sp800-90b without a claim */
	VERDICT_SUPPORTS_CLAIM, /* sp800-90b */
	VERDICT_BELOW_CLAIM,
	VERDICT_NOT_REJECTED, /* iid */
	VERDICT_REJECTED,
	VERDICT_PASSED, /* restart */
	VERDICT_FAILED,
	VERDICT_NO_DEVIATION_FOUND, /* sp800-22, fips140, ais31, quick */
	VERDICT_DEVIATES,
	VERDICT_REFUSED, /* too little data */
	VERDICT_COUNT
};

enum verdict_answer {
	VERDICT_YES,
	VERDICT_NO,
	VERDICT_NOT_JUDGED,
};

/* NULL for VERDICT_NONE; else the word of the program's output. */
const char *verdict_word(enum verdict v);
enum verdict_answer verdict_answer(enum verdict v);
/* verdict_says_not - what must not be concluded from it; never NULL. */
const char *verdict_says_not(enum verdict v);

/*
 * verdict_join - one answer from two that decide: a no is a no whatever else
 * could not be judged.
 */
enum verdict_answer verdict_join(enum verdict_answer a, enum verdict_answer b);

/*
 * SP 800-90B 3.1.3: H_I is the least of what was assessed and what the
 * submitter claims. claim: bits a symbol; NAN: none.
 */
struct verdict_claim {
	enum verdict verdict;
	double h_initial; /* the assessed value where there is no claim */
};
struct verdict_claim verdict_claim(double h_assessed, double claim);

/*
 * One test over many p-values (Bonferroni: holds however they depend on each
 * other). NANs are left out.
 */
struct verdict_family {
	size_t count;
	size_t least_at; /* index of the least */
	double least;    /* 1 for none */
	double adjusted; /* min(1, count * least) */
	enum verdict verdict;
};
struct verdict_family verdict_family(const double *p, size_t n, double alpha);

/* verdict_of_p - a single p-value, or one that is adjusted already. */
enum verdict verdict_of_p(double p, double alpha);

/*
 * verdict_binomial - the chance that `failed` or more of n blocks fail where
 * each does with the chance `each`; 1 up to the mean.
 */
double verdict_binomial(uint64_t n, uint64_t failed, double each);

#endif
