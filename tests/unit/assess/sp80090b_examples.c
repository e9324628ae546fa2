/* SPDX-License-Identifier: ISC */
/*
 * The worked examples of SP 800-90B 6.3.1 to 6.3.10, to the digits printed
 * there. Most have smaller parameters than the estimators, so they hold the
 * plain versions, and those hold the estimators (sp80090b_plain).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assess/sp80090b/sp80090b.h"
#include "plain_sp80090b_counts.h"

/* 6.3.2 and 6.3.3. */
static const uint8_t bits40[] = { 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1,
				  0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1,
				  0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0 };
/* 6.3.4. */
static const uint8_t bits48[] = { 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1,
				  0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0,
				  0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0,
				  1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1 };
/* 6.3.5 and 6.3.6. */
static const uint8_t tuples21[] = { 2, 2, 0, 1, 0, 2, 0, 1, 2, 1, 2,
				    0, 1, 2, 1, 0, 0, 1, 0, 0, 0 };

/* The text rounds z to 2.576, and what it prints to four digits. */
#define PRINTED 0.0006

static void assert_near(double a, double b, double tolerance)
{
	assert_true(fabs(a - b) < tolerance);
}

static void counts_give_the_examples(void **state)
{
	static const uint8_t mcv20[] = { 0, 1, 1, 2, 0, 1, 2, 2, 0, 1,
					 0, 1, 1, 0, 2, 2, 1, 0, 2, 1 };
	double t_tuple, lrs;

	(void)state;
	assert_near(plain_mcv(mcv20, 20), 0.5363, PRINTED);
	assert_near(plain_collision(bits40, 40), 0.4483, PRINTED);
	assert_near(plain_markov(bits40, 40), 0.7606, PRINTED);
	assert_near(plain_compression(bits48, 48, 4), 0.1345, PRINTED);
	plain_tuples(tuples21, 21, 3, &t_tuple, &lrs);
	assert_near(t_tuple, 0.2731, PRINTED);
	assert_near(lrs, 0.6146, PRINTED);
}

static void predictors_give_the_examples(void **state)
{
	static const uint8_t mcw12[] = { 1, 2, 1, 0, 2, 1, 1, 2, 2, 0, 0, 0 };
	static const uint8_t lag10[] = { 2, 1, 3, 2, 1, 3, 1, 3, 1, 2 };
	static const uint8_t lz13[] = { 2, 1, 3, 2, 1, 3, 1, 3, 1, 2, 1, 3, 2 };
	static const unsigned windows[] = { 3, 5, 7, 9 };
	struct plain_guesses g;

	(void)state;
	g = plain_multi_mcw(mcw12, 12, windows, 4);
	assert_near(plain_predicted(&g, 3), 0.3909, PRINTED);
	g = plain_lag(lag10, 10, 3);
	assert_near(plain_predicted(&g, 3), 0.735, PRINTED);
	/* The example of 6.3.9 is the first nine of that of 6.3.8. */
	g = plain_multi_mmc(lag10, 9, 3, 100000);
	assert_near(plain_predicted(&g, 3), 0.0755, PRINTED);
	g = plain_lz78y(lz13, 13, 4, 65536);
	assert_near(plain_predicted(&g, 3), 0.0191, PRINTED);
}

/* Those whose parameters are the estimators' own. */
static void estimators_give_the_examples(void **state)
{
	static const uint8_t mcv20[] = { 0, 1, 1, 2, 0, 1, 2, 2, 0, 1,
					 0, 1, 1, 0, 2, 2, 1, 0, 2, 1 };
	struct samples s = { mcv20, 20, 2 };
	struct sp80090b_result r;

	(void)state;
	assert_int_equal(sp80090b_run(&s, NULL, &r), 0);
	assert_near(r.original[SP80090B_MCV].h, 0.5363, PRINTED);
	s = (struct samples){ bits40, 40, 1 };
	assert_int_equal(sp80090b_run(&s, NULL, &r), 0);
	assert_near(r.original[SP80090B_COLLISION].h, 0.4483, PRINTED);
	assert_near(r.original[SP80090B_MARKOV].h, 0.7606, PRINTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_give_the_examples),
		cmocka_unit_test(predictors_give_the_examples),
		cmocka_unit_test(estimators_give_the_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
