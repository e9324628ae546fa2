/* SPDX-License-Identifier: ISC */
/* Restart tests, SP 800-90B 3.1.4, on specimens as row datasets. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assess/sp80090b/restart.h"
#include "base/bytes.h"
#include "sanitized.h"
#include "specimen_data.h"

/*
 * NIST's SP800-90B_EntropyAssessment, commit 68ed165, ea_restart -n, on the
 * specimens with seed 1; its cutoffs are of 5,000,000 simulations each.
 */
static const struct {
	enum specimen_kind kind;
	unsigned bits;
	double h_initial;
	unsigned most, cutoff;
	double h_row, h_column; /* six digits */
} reference[] = {
	{ SPECIMEN_UNIFORM1, 1, 0.9, 558, 605, 0.835291, 0.838226 },
	{ SPECIMEN_BIASED1, 1, 0.7, 651, 683, 0.523037, 0.528326 },
	{ SPECIMEN_MARKOV1, 1, 0.15, 679, 940, 0.076898, 0.313173 },
	{ SPECIMEN_UNIFORM4, 4, 3.5, 93, 135, 3.773078, 3.887108 },
	{ SPECIMEN_NORMAL8, 8, 6, 25, 40, 6.362501, 5.306231 },
	{ SPECIMEN_STICKY8, 8, 0.6, 62, 725, 0.410818, 0.819853 },
};

static const struct samples *make(enum specimen_kind kind, unsigned bits)
{
	static uint8_t symbols[SP80090B_RESTART_SAMPLES];
	static struct samples s;

	specimen_fill(kind, 1, symbols, sizeof symbols);
	s = (struct samples){ symbols, sizeof symbols, bits };
	return &s;
}

static void specimens_are_judged_as_nist_does(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(reference); k++) {
		struct sp80090b_restart_result r;

		if (SANITIZED && reference[k].bits > 1)
			continue;
		assert_int_equal(sp80090b_restart(make(reference[k].kind,
						       reference[k].bits),
						  reference[k].h_initial, NULL,
						  &r),
				 0);
		assert_int_equal(r.sanity.most, reference[k].most);
		assert_int_equal(r.sanity.cutoff, reference[k].cutoff);
		assert_true(fabs(r.h_row - reference[k].h_row) < 1e-6);
		assert_true(fabs(r.h_column - reference[k].h_column) < 1e-6);
		assert_true(r.passes && r.validates && r.sanity.passes);
		assert_true(r.h_validated ==
			    fmin(fmin(r.h_row, r.h_column), r.h_initial));
	}
}

static void each_of_both_can_fail_by_itself(void **state)
{
	struct sp80090b_restart_result r;

	(void)state;
	/* 651 ones in a row are too many of 0.9 bits; the estimates do. */
	assert_int_equal(
		sp80090b_restart(make(SPECIMEN_BIASED1, 1), 0.9, NULL, &r), 0);
	assert_true(r.validates && !r.sanity.passes && !r.passes);
	assert_int_equal(r.sanity.cutoff, 605);
	/* 0.0769 is less than half of 0.16, and not of 0.15. */
	assert_int_equal(
		sp80090b_restart(make(SPECIMEN_MARKOV1, 1), 0.16, NULL, &r), 0);
	assert_true(!r.validates && r.sanity.passes && !r.passes);
}

static bool cancel(void *context, double fraction)
{
	double *most = context;

	assert_true(fraction >= *most && fraction <= 1);
	*most = fraction;
	return fraction < 0.6;
}

static void other_input_is_refused(void **state)
{
	struct sp80090b_restart_result r = { .h_row = 7 };
	struct samples s = *make(SPECIMEN_UNIFORM1, 1);
	double most = 0;
	struct sp80090b_options o = { .progress = cancel, .context = &most };

	(void)state;
	assert_int_equal(sp80090b_restart(&s, 0, NULL, &r), -EINVAL);
	assert_int_equal(sp80090b_restart(&s, 1.1, NULL, &r), -EINVAL);
	assert_int_equal(sp80090b_restart(&s, NAN, NULL, &r), -EINVAL);
	s.n--;
	assert_int_equal(sp80090b_restart(&s, 1, NULL, &r), -EINVAL);
	s = *make(SPECIMEN_NORMAL8, 1);
	assert_int_equal(sp80090b_restart(&s, 1, NULL, &r), -ERANGE);
	s = *make(SPECIMEN_UNIFORM1, 1);
	assert_int_equal(sp80090b_restart(&s, 1, &o, &r), -ECANCELED);
	assert_true(most >= 0.6 && r.h_row == 7);
}

static unsigned cutoff(unsigned n, double p, double alpha)
{
	unsigned x;

	assert_int_equal(sp80090b_restart_cutoff(n, p, alpha, &x), 0);
	return x;
}

static void cutoffs_are_those_worked_by_hand(void **state)
{
	(void)state;
	/* Four coins all fall alike in 2 of 16 cases. */
	assert_int_equal(cutoff(4, 0.5, 0.126), 3);
	assert_int_equal(cutoff(4, 0.5, 0.124), 4);
	/* 0.4, 0.4 and what is left: three alike in 2 * 0.064 + 0.008. */
	assert_int_equal(cutoff(3, 0.4, 0.137), 2);
	assert_int_equal(cutoff(3, 0.4, 0.135), 3);
	assert_int_equal(cutoff(1000, 1, 0.01), 1000);
	/* One coin chosen beforehand: 1 of 16, then 5 of 16. */
	assert_int_equal(sp80090b_restart_text_cutoff(4, 0.5, 0.0624), 4);
	assert_int_equal(sp80090b_restart_text_cutoff(4, 0.5, 0.0626), 3);
	assert_int_equal(sp80090b_restart_text_cutoff(4, 1, 0.01), 4);
}

/* Of 256 values one of each row or column is above what one value may have. */
static void the_texts_cutoff_is_smaller(void **state)
{
	double alpha = SP80090B_RESTART_ALPHA;

	(void)state;
	assert_int_equal(cutoff(1000, 1 / 256.0, alpha), 19);
	assert_int_equal(sp80090b_restart_text_cutoff(1000, 1 / 256.0, alpha),
			 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specimens_are_judged_as_nist_does),
		cmocka_unit_test(each_of_both_can_fail_by_itself),
		cmocka_unit_test(other_input_is_refused),
		cmocka_unit_test(cutoffs_are_those_worked_by_hand),
		cmocka_unit_test(the_texts_cutoff_is_smaller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
