/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "assess/sp80022/excursions.h"
#include "assess/sp80022/math.h"

#define STATES (2 * EXCURSIONS_NEAR)

/* -4 to -1, then 1 to 4. */
static int state_of(unsigned i)
{
	return (int)i - EXCURSIONS_NEAR + (i >= EXCURSIONS_NEAR);
}

/* 3.14: the chance of k visits to state x within a cycle. */
static void class_chances(int x, double *ret)
{
	double leave = 1 / (2.0 * abs(x));

	ret[0] = 1 - leave;
	for (unsigned k = 1; k < EXCURSIONS_CLASSES - 1; k++)
		ret[k] = leave * leave * pow(1 - leave, k - 1.0);
	ret[EXCURSIONS_CLASSES - 1] = leave *
				      pow(1 - leave, EXCURSIONS_CLASSES - 2.0);
}

static unsigned p_count(const struct sp80022_params *p)
{
	(void)p;
	return STATES;
}

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 1000000; /* 2.14.7 */
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	static const char *const names[STATES] = {
		"chi2 -4", "chi2 -3", "chi2 -2", "chi2 -1",
		"chi2 1",  "chi2 2",  "chi2 3",  "chi2 4",
	};
	struct excursions e;

	(void)work;
	excursions_walk(b, &e);
	sp80022_begin(ret);
	sp80022_note(ret, "J", (double)e.cycles);
	if ((double)e.cycles < excursions_least(b->n_bits, p)) {
		ret->why = "the walk comes back to zero too rarely "
			   "(2.14.4 step 3)";
		return 0;
	}
	for (unsigned i = 0; i < STATES; i++) {
		int x = state_of(i);
		double chances[EXCURSIONS_CLASSES];
		double chi2;

		class_chances(x, chances);
		chi2 = math_chi2(e.v[x + EXCURSIONS_NEAR], chances,
				 EXCURSIONS_CLASSES, (double)e.cycles);
		sp80022_note(ret, names[i], chi2);
		sp80022_p(ret,
			  math_igamc((EXCURSIONS_CLASSES - 1) / 2.0, chi2 / 2));
	}
	return 0;
}

static void label(const struct sp80022_params *p, unsigned i, char *ret,
		  size_t cap_bytes)
{
	(void)p;
	(void)snprintf(ret, cap_bytes, "%d", state_of(i));
}

/* SP 800-22 rev 1a, 2.14. */
const struct sp80022_test sp80022_random_excursions = {
	.name = "random-excursions",
	.section = "2.14",
	.p_count = p_count,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
	.label = label,
};
