/* SPDX-License-Identifier: ISC */
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/suite.h"
#include "base/bytes.h"

/* From x far below a to far above, as far as GSL does not underflow. */
static void igamc_is_gsls(void **state)
{
	static const double a[] = { 0.5, 1,     1.5, 2.5,  3,     4.5,  31.5,
				    32,  127.5, 512, 8192, 16384, 65536 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(a); i++)
		for (int quarter = -8 * 4; quarter <= 20 * 4; quarter++) {
			double x = a[i] + quarter / 4.0 * sqrt(a[i]);
			double want;

			if (x <= 0)
				continue;
			want = gsl_sf_gamma_inc_Q(a[i], x);
			if (fabs(math_igamc(a[i], x) - want) >
			    1e-10 * want + 1e-13)
				fail_msg("Q(%g, %g): %.17g, GSL %.17g", a[i], x,
					 math_igamc(a[i], x), want);
		}
}

static void igamc_at_its_ends(void **state)
{
	(void)state;
	assert_float_equal(math_igamc(3, 0), 1, 0);
	assert_float_equal(math_igamc(3, -1e-9), 1, 0);
	assert_float_equal(math_igamc(3, INFINITY), 0, 0);
	assert_float_equal(math_igamc(3, 1e6), 0, 0);
	assert_float_equal(math_igamc(16384, 1), 1, 0);
	/* Q(1, x) = e^-x; Q(1/2, x) = erfc(sqrt x): both tails. */
	for (int i = 0; i < 19; i++) {
		double x = 1e-6 * pow(3, i); /* to 387 */

		assert_true(fabs(math_igamc(1, x) / exp(-x) - 1) < 1e-12);
		assert_true(fabs(math_igamc(0.5, x) / erfc(sqrt(x)) - 1) < 1e-11);
	}
}

static void the_table_names_all_once(void **state)
{
	static const char *const names[] = {
		"frequency",
		"block-frequency",
		"cumulative-sums",
		"runs",
		"longest-run",
		"rank",
		"dft",
		"non-overlapping-template",
		"overlapping-template",
		"universal",
		"approximate-entropy",
		"random-excursions",
		"random-excursions-variant",
		"serial",
		"linear-complexity",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct sp80022_test *t = sp80022_find(names[i]);

		assert_non_null(t);
		assert_ptr_equal(t, sp80022_tests[i]);
		assert_non_null(t->section);
		assert_true(t->least_bits(&sp80022_defaults) >= 100);
		assert_true(t->least_bits(&sp80022_defaults) <=
			    SP80022_STREAM_BITS);
		assert_int_equal(t->label != NULL,
				 t->p_count(&sp80022_defaults) > 1);
	}
	assert_null(sp80022_find("poker"));
}

static void label_is(const struct sp80022_test *t, unsigned i, const char *want)
{
	char text[16];

	t->label(&sp80022_defaults, i, text, sizeof text);
	assert_string_equal(text, want);
}

static void labels_are_in_the_sections_order(void **state)
{
	char tight[4];

	(void)state;
	assert_int_equal(sp80022_non_overlapping.p_count(&sp80022_defaults),
			 148);
	label_is(&sp80022_non_overlapping, 0, "000000001");
	label_is(&sp80022_non_overlapping, 1, "000000011");
	label_is(&sp80022_non_overlapping, 147, "111111110");
	label_is(&sp80022_random_excursions, 0, "-4");
	label_is(&sp80022_random_excursions, 3, "-1");
	label_is(&sp80022_random_excursions, 4, "1");
	label_is(&sp80022_random_excursions_variant, 0, "-9");
	label_is(&sp80022_random_excursions_variant, 17, "9");
	label_is(&sp80022_cumulative_sums, 1, "backward");
	label_is(&sp80022_serial, 1, "del2 psi2");
	sp80022_non_overlapping.label(&sp80022_defaults, 0, tight, sizeof tight);
	assert_string_equal(tight, "000");
}

/* 2.1.7 and so on: the lengths that the sections ask for. */
static void least_lengths(void **state)
{
	const struct sp80022_params *p = &sp80022_defaults;

	(void)state;
	assert_int_equal(sp80022_frequency.least_bits(p), 100);
	assert_int_equal(sp80022_block_frequency.least_bits(p), 16384);
	assert_int_equal(sp80022_block_frequency.least_bits(&sp80022_nist), 128);
	assert_int_equal(sp80022_longest_run.least_bits(p), 128);
	assert_int_equal(sp80022_rank.least_bits(p), 38912);
	assert_int_equal(sp80022_dft.least_bits(p), 1000);
	assert_int_equal(sp80022_universal.least_bits(p), 387840);
	assert_int_equal(sp80022_approximate_entropy.least_bits(p), 65536);
	assert_int_equal(sp80022_serial.least_bits(p), 524288);
	assert_int_equal(sp80022_linear_complexity.least_bits(p), 1000000);
}

/* 4.2.1's example: 1000 streams, 996 passed: (0.98056, 0.99944). */
static void proportion(void **state)
{
	static double p[1000];
	struct sp80022_second_level s;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		p[i] = i < 4 ? 0.0099 : 0.01 + (double)i / 1010.2;
	sp80022_second_level(p, 1000, &s);
	assert_int_equal(s.passed, 996);
	assert_float_equal(s.proportion, 0.996, 1e-12);
	assert_float_equal(s.least, 0.9805607, 1e-7);
	assert_float_equal(s.most, 0.9994393, 1e-7);
	assert_true(s.proportion_ok);
	for (size_t i = 0; i < 19; i++)
		p[i] = 0;
	sp80022_second_level(p, 1000, &s);
	assert_true(s.proportion_ok);
	p[19] = 0;
	sp80022_second_level(p, 1000, &s);
	assert_false(s.proportion_ok);
}

static void uniformity_from_55_streams_on(void **state)
{
	double p[60];
	struct sp80022_second_level s;

	(void)state;
	for (size_t i = 0; i < 60; i++)
		p[i] = ((double)(i % 10) + 0.5) / 10;
	sp80022_second_level(p, 54, &s);
	assert_false(s.uniformity_stated);
	assert_true(isnan(s.uniformity));
	sp80022_second_level(p, 55, &s);
	assert_true(s.uniformity_stated);
	/* Five bins of 6, five of 5: chi2 = 10 * 0.25 / 5.5. */
	assert_float_equal(s.uniformity, gsl_sf_gamma_inc_Q(4.5, 2.5 / 5.5 / 2),
			   1e-12);
	sp80022_second_level(p, 60, &s);
	assert_float_equal(s.uniformity, 1, 1e-12);
	for (size_t i = 0; i < 10; i++)
		p[i] = NAN;
	sp80022_second_level(p, 60, &s);
	assert_int_equal(s.streams, 50);
	assert_false(s.uniformity_stated);
	for (size_t i = 0; i < 60; i++)
		p[i] = 1;
	sp80022_second_level(p, 60, &s);
	assert_int_equal(s.bins[9], 60);
	assert_true(s.uniformity < 1e-100);
}

static void no_streams_say_nothing(void **state)
{
	double p[] = { NAN };
	struct sp80022_second_level s;

	(void)state;
	sp80022_second_level(p, 1, &s);
	assert_int_equal(s.streams, 0);
	assert_true(isnan(s.proportion));
	assert_true(s.proportion_ok);
}

/* count * 16 * least against alpha, both sides of it. */
static void the_family_is_one_test(void **state)
{
	struct sp80022_family f;
	double p[188];

	(void)state;
	sp80022_family_begin(&f);
	assert_false(sp80022_deviates(&f, 1));
	for (size_t i = 0; i < 188; i++)
		p[i] = 0.003;
	p[5] = NAN;
	sp80022_family_add(&f, p, 188);
	assert_int_equal(f.count, 187);
	assert_float_equal(f.adjusted, 1, 0);
	assert_false(sp80022_deviates(&f, 1e-4));
	p[0] = 1e-4 / (16 * 188) * 1.0001;
	sp80022_family_add(&f, p, 1);
	assert_false(sp80022_deviates(&f, 1e-4));
	sp80022_family_begin(&f);
	p[0] = 1e-4 / (16 * 187) * 0.9999;
	sp80022_family_add(&f, p, 188);
	assert_true(sp80022_deviates(&f, 1e-4));
	sp80022_family_begin(&f);
	p[0] = 0;
	sp80022_family_add(&f, p, 1);
	assert_true(sp80022_deviates(&f, 1e-4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(igamc_is_gsls),
		cmocka_unit_test(igamc_at_its_ends),
		cmocka_unit_test(the_table_names_all_once),
		cmocka_unit_test(labels_are_in_the_sections_order),
		cmocka_unit_test(least_lengths),
		cmocka_unit_test(proportion),
		cmocka_unit_test(uniformity_from_55_streams_on),
		cmocka_unit_test(no_streams_say_nothing),
		cmocka_unit_test(the_family_is_one_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
