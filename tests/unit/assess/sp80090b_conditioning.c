/* SPDX-License-Identifier: ISC */
/* Entropy after conditioning, SP 800-90B 3.1.5. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assess/sp80090b/conditioning.h"
#include "base/bytes.h"

/*
 * NIST's SP800-90B_EntropyAssessment, commit 68ed165, ea_conditioning -v, to
 * the digits of a double; epsilon is what it says output lacks, of all, as a
 * power of two, 0 where it says nothing.
 */
static const struct {
	struct sp80090b_conditioning c;
	double h_out, epsilon_log2;
} vetted[] = {
	{ { 384, 256, 256, 300 },
	  255.9999999999999179961,
	  -51.47123362705514338852 },
	{ { 512, 256, 512, 256 }, 255, 0 },
	{ { 2048, 512, 1024, 100.5 }, 100.5, 0 },
	{ { 128, 128, 128, 128 }, 124.1599523847531908044, 0 },
	{ { 256, 8, 256, 4 }, 3.917850958646128439353, 0 },
	{ { 1000, 384, 512, 512 }, 384, -136.0561961277762585559 },
	{ { 64, 64, 64, 20 }, 19.99999999999991799268, 0 },
	{ { 10000, 256, 512, 400 }, 256, -151.4712336270551023831 },
	{ { 512, 512, 512, 500 }, 499.9996478225196989697, 0 },
	{ { 256, 128, 256, 128.5 }, 127.2284466968363880259, 0 },
	{ { 10, 8, 10, 0.5 }, 0.4976652963840858519902, 0 },
	{ { 8, 8, 4, 8 }, 3.332148728242203667348, 0 },
	{ { 1, 1, 1, 0.25 }, 0, 0 },
	{ { 300, 256, 200, 199 }, 198.4150374992788438133, 0 },
	{ { 70000, 65000, 66000, 65100 }, 65000, -115.4593857247456439307 },
};

static void vetted_is_as_nist_computes_it(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(vetted); k++) {
		struct sp80090b_conditioned r;
		double epsilon;

		assert_int_equal(sp80090b_conditioning_vetted(&vetted[k].c, &r),
				 0);
		assert_true(fabs(r.h_out - vetted[k].h_out) <=
			    1e-15 * vetted[k].h_out + 1e-15);
		assert_true(r.h_out == fmin(r.h_psi, r.h_omega));
		assert_true(r.h_out == r.output_entropy);
		if (vetted[k].epsilon_log2 == 0)
			continue;
		epsilon = log2(r.lacking_bits / vetted[k].c.out_bits);
		assert_true(fabs(epsilon - vetted[k].epsilon_log2) < 1e-12 * 160);
	}
}

/* The least of the formula, 0.999 n_out and h' n_out. */
static void another_component_is_bounded_by_its_output(void **state)
{
	const struct sp80090b_conditioning rich = { 384, 256, 256, 300 };
	const struct sp80090b_conditioning poor = { 512, 256, 512, 100 };
	struct sp80090b_conditioned r;

	(void)state;
	assert_int_equal(sp80090b_conditioning_other(&rich, 0.9, &r), 0);
	assert_true(fabs(r.h_out - 230.4) < 1e-12);
	assert_int_equal(sp80090b_conditioning_other(&rich, 0.9995, &r), 0);
	assert_true(fabs(r.h_out - 255.744) < 1e-12);
	assert_int_equal(sp80090b_conditioning_other(&poor, 0.5, &r), 0);
	assert_true(r.h_out == 100 && r.output_entropy == 100);
}

static void nonsense_is_refused(void **state)
{
	static const struct sp80090b_conditioning bad[] = {
		{ 0, 256, 256, 1 },     { 256, 0, 256, 1 },
		{ 256, 256, 0, 1 },     { 256, 256, 256, 0 },
		{ 256, 256, 256, -1 },  { 256, 256, 256, 256.5 },
		{ 256, 256, 256, NAN },
	};
	const struct sp80090b_conditioning good = { 256, 256, 256, 256 };
	struct sp80090b_conditioned r = { .h_out = 7 };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(bad); k++) {
		assert_int_equal(sp80090b_conditioning_vetted(&bad[k], &r),
				 -EINVAL);
		assert_int_equal(sp80090b_conditioning_other(&bad[k], 1, &r),
				 -EINVAL);
	}
	assert_int_equal(sp80090b_conditioning_other(&good, 0, &r), -EINVAL);
	assert_int_equal(sp80090b_conditioning_other(&good, 1.001, &r), -EINVAL);
	assert_int_equal(sp80090b_conditioning_other(&good, NAN, &r), -EINVAL);
	assert_true(r.h_out == 7);
	assert_int_equal(sp80090b_conditioning_other(&good, 1, &r), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vetted_is_as_nist_computes_it),
		cmocka_unit_test(another_component_is_bounded_by_its_output),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
