/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assess/verdict/verdict.h"
#include "base/bytes.h"

static const struct {
	enum verdict verdict;
	const char *word;
	enum verdict_answer answer;
} words[] = {
	{ VERDICT_NONE, NULL, VERDICT_YES },
	{ VERDICT_ESTIMATED, "estimated", VERDICT_YES },
	{ VERDICT_SUPPORTS_CLAIM, "supports-claim", VERDICT_YES },
	{ VERDICT_BELOW_CLAIM, "below-claim", VERDICT_NO },
	{ VERDICT_NOT_REJECTED, "not-rejected", VERDICT_YES },
	{ VERDICT_REJECTED, "rejected", VERDICT_NO },
	{ VERDICT_PASSED, "passed", VERDICT_YES },
	{ VERDICT_FAILED, "failed", VERDICT_NO },
	{ VERDICT_NO_DEVIATION_FOUND, "no-deviation-found", VERDICT_YES },
	{ VERDICT_DEVIATES, "deviates", VERDICT_NO },
	{ VERDICT_REFUSED, "refused", VERDICT_NOT_JUDGED },
};

static void every_verdict_has_a_word_and_what_it_does_not_mean(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_LEN(words), VERDICT_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		enum verdict v = words[i].verdict;

		if (words[i].word)
			assert_string_equal(verdict_word(v), words[i].word);
		else
			assert_null(verdict_word(v));
		assert_int_equal(verdict_answer(v), words[i].answer);
		assert_true(strlen(verdict_says_not(v)) > 20);
		/* No two words are excused alike. */
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(
				verdict_says_not(v),
				verdict_says_not(words[k].verdict));
	}
}

static void a_no_stays_a_no(void **state)
{
	(void)state;
	assert_int_equal(verdict_join(VERDICT_YES, VERDICT_YES), VERDICT_YES);
	assert_int_equal(verdict_join(VERDICT_YES, VERDICT_NOT_JUDGED),
			 VERDICT_NOT_JUDGED);
	assert_int_equal(verdict_join(VERDICT_NOT_JUDGED, VERDICT_YES),
			 VERDICT_NOT_JUDGED);
	assert_int_equal(verdict_join(VERDICT_NO, VERDICT_NOT_JUDGED),
			 VERDICT_NO);
	assert_int_equal(verdict_join(VERDICT_NOT_JUDGED, VERDICT_NO),
			 VERDICT_NO);
	assert_int_equal(verdict_join(VERDICT_YES, VERDICT_NO), VERDICT_NO);
}

static void a_claim_is_met_from_its_own_value_on(void **state)
{
	struct verdict_claim c = verdict_claim(3.5, NAN);

	(void)state;
	assert_int_equal(c.verdict, VERDICT_ESTIMATED);
	assert_true(c.h_initial == 3.5);
	c = verdict_claim(3.5, 3.5);
	assert_int_equal(c.verdict, VERDICT_SUPPORTS_CLAIM);
	assert_true(c.h_initial == 3.5);
	c = verdict_claim(3.5, 2);
	assert_int_equal(c.verdict, VERDICT_SUPPORTS_CLAIM);
	assert_true(c.h_initial == 2);
	c = verdict_claim(3.5, nextafter(3.5, 4));
	assert_int_equal(c.verdict, VERDICT_BELOW_CLAIM);
	assert_true(c.h_initial == 3.5);
}

static void one_test_over_all(void **state)
{
	const double p[] = { 0.5, NAN, 0.004, 1, 0.3 };
	struct verdict_family f = verdict_family(p, ARRAY_LEN(p), 0.016);

	(void)state;
	assert_int_equal(f.count, 4);
	assert_int_equal(f.least_at, 2);
	assert_true(f.least == 0.004);
	assert_true(f.adjusted == 0.016);
	/* At the level is rejected, a little below the level is not. */
	assert_int_equal(f.verdict, VERDICT_DEVIATES);
	f = verdict_family(p, ARRAY_LEN(p), 0.0159);
	assert_int_equal(f.verdict, VERDICT_NO_DEVIATION_FOUND);
	/* A single small one among many is what good data shows. */
	f = verdict_family(p, ARRAY_LEN(p), 1e-4);
	assert_int_equal(f.verdict, VERDICT_NO_DEVIATION_FOUND);
	f = verdict_family(p, 1, 1e-4);
	assert_true(f.adjusted == 0.5);
	f = verdict_family(p + 1, 1, 1e-4);
	assert_int_equal(f.count, 0);
	assert_true(f.adjusted <= 1 && f.least == 1);
	assert_int_equal(f.verdict, VERDICT_NO_DEVIATION_FOUND);
}

/* A zero of a p-value far beyond the doubles is a deviation like any other. */
static void zero_deviates(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_p(0, 1e-4), VERDICT_DEVIATES);
	assert_int_equal(verdict_of_p(1e-4, 1e-4), VERDICT_DEVIATES);
	assert_int_equal(verdict_of_p(1.0001e-4, 1e-4),
			 VERDICT_NO_DEVIATION_FOUND);
}

/* Each by its definition: the sum over the outcomes of n coins. */
static double tail_plain(unsigned n, unsigned k, double each)
{
	double sum = 0;

	for (unsigned i = k; i <= n; i++) {
		double term = 1;

		for (unsigned j = 0; j < i; j++)
			term *= (double)(n - j) / (i - j) * each;
		for (unsigned j = i; j < n; j++)
			term *= 1 - each;
		sum += term;
	}
	return sum;
}

static void binomial_tail(void **state)
{
	static const double chances[] = { 1e-5, 0.01, 0.3 };

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(chances); c++) {
		for (unsigned n = 1; n <= 60; n += 7) {
			for (unsigned k = 0; k <= n; k++) {
				double got = verdict_binomial(n, k, chances[c]);
				double want = tail_plain(n, k, chances[c]);

				if (k <= n * chances[c])
					assert_true(got == 1);
				else
					assert_true(fabs(got - want) <=
						    1e-9 * want);
			}
		}
	}
	/* 257 blocks as AIS 31 has them, one and two failures at 1e-5. */
	assert_true(fabs(verdict_binomial(257, 1, 1e-5) - 2.5667e-3) < 1e-6);
	assert_true(verdict_binomial(257, 2, 1e-5) < 1e-5);
	assert_true(verdict_binomial(UINT64_C(1) << 40, 1 << 30, 1e-5) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_verdict_has_a_word_and_what_it_does_not_mean),
		cmocka_unit_test(a_no_stays_a_no),
		cmocka_unit_test(a_claim_is_met_from_its_own_value_on),
		cmocka_unit_test(one_test_over_all),
		cmocka_unit_test(zero_deviates),
		cmocka_unit_test(binomial_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
