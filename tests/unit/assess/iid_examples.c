/* SPDX-License-Identifier: ISC */
/* The examples that SP 800-90B gives with each statistic of 5.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assess/sp80090b/iid_statistics.h"
#include "assess/sp80090b/iid_tests.h"
#include "base/bytes.h"
#include "plain_iid.h"

static const struct example {
	const char *section;
	enum iid_id id;
	double value;
	size_t n;
	uint8_t s[16];
} examples[] = {
	{ "5.1.1", IID_EXCURSION, 6, 5, { 2, 15, 4, 10, 9 } },
	{ "5.1.2",
	  IID_DIRECTIONAL_RUNS,
	  3,
	  11,
	  { 2, 2, 2, 5, 7, 7, 9, 3, 1, 4, 4 } },
	{ "5.1.3",
	  IID_DIRECTIONAL_LENGTH,
	  6,
	  11,
	  { 2, 2, 2, 5, 7, 7, 9, 3, 1, 4, 4 } },
	{ "5.1.4", IID_INCREASES, 8, 11, { 2, 2, 2, 5, 7, 7, 9, 3, 1, 4, 4 } },
	{ "5.1.5", IID_MEDIAN_RUNS, 5, 7, { 5, 15, 12, 1, 13, 9, 4 } },
	{ "5.1.6", IID_MEDIAN_LENGTH, 2, 7, { 5, 15, 12, 1, 13, 9, 4 } },
	{ "5.1.7", IID_COLLISION_AVERAGE, 3, 10, { 2, 1, 1, 2, 0, 1, 0, 1, 1, 2 } },
	{ "5.1.8", IID_COLLISION_MAXIMUM, 4, 10, { 2, 1, 1, 2, 0, 1, 0, 1, 1, 2 } },
	{ "5.1.9", IID_PERIODICITY_2, 5, 10, { 2, 1, 2, 1, 0, 1, 0, 1, 1, 2 } },
	{ "5.1.10", IID_COVARIANCE_2, 164, 7, { 5, 2, 6, 10, 12, 3, 1 } },
};

static void value_of(const uint8_t *s, size_t n, double ret[IID_STATISTICS])
{
	struct samples v = { s, n, 8 };
	struct sample_alphabet a;
	static struct iid_series q;
	struct iid_scratch w;

	assert_int_equal(samples_alphabet(&v, &a, NULL), 0);
	iid_series_init(&q, &v, &a);
	assert_int_equal(iid_scratch_init(&w, &q), 0);
	assert_int_equal(iid_statistics(&q, s, IID_ALL, &w, ret), 0);
	iid_scratch_free(&w);
}

static void examples_give_the_printed_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		const struct example *e = &examples[i];
		double fast[IID_STATISTICS], plain[IID_STATISTICS];

		value_of(e->s, e->n, fast);
		plain_statistics(e->s, e->n, plain);
		assert_float_equal(fast[e->id], e->value, 1e-12);
		assert_float_equal(plain[e->id], e->value, 1e-12);
	}
}

/* 5.1: both conversions of the same 20 bits. */
static void conversions_are_those_of_the_standard(void **state)
{
	static const uint8_t bits[20] = { 1, 0, 0, 0, 1, 1, 1, 0, 1, 1,
					  0, 1, 1, 0, 1, 1, 0, 0, 1, 1 };
	static const uint8_t one[3] = { 4, 6, 2 }, two[3] = { 142, 219, 48 };
	uint8_t ret[20];

	(void)state;
	assert_int_equal(plain_convert(bits, 20, 1, ret), 3);
	assert_memory_equal(ret, one, 3);
	assert_int_equal(plain_convert(bits, 20, 2, ret), 3);
	assert_memory_equal(ret, two, 3);
}

/*
 * 5.2.4, worked by hand: of 100 bits the first 3 are ones, so 0.3 are expected
 * in each tenth, few as that is. 2.7^2 (1/0.3 + 1/9.7) + 9 0.3^2 (1/0.3 + 1/9.7)
 */
static void few_ones_have_a_bin_of_their_own(void **state)
{
	uint8_t s[100] = { 1, 1, 1 };
	struct samples v = { s, sizeof s, 1 };
	struct sample_alphabet a;
	struct iid_chi_square c;

	(void)state;
	assert_int_equal(samples_alphabet(&v, &a, NULL), 0);
	iid_goodness(&v, &a, &c);
	assert_true(fabs(c.score - (7.29 + 0.81) * (1 / 0.3 + 1 / 9.7)) < 1e-9);
	assert_int_equal(c.degrees_of_freedom, 9);
	/* The chi-square distribution's 0.001 point at 9 is 27.877. */
	assert_int_equal(c.outcome, IID_PASSED);
	s[3] = 1;
	assert_int_equal(samples_alphabet(&v, &a, NULL), 0);
	iid_goodness(&v, &a, &c);
	assert_int_equal(c.outcome, IID_FAILED);
	v.n = 9;
	assert_int_equal(samples_alphabet(&v, &a, NULL), 0);
	iid_goodness(&v, &a, &c);
	assert_int_equal(c.outcome, IID_NOT_RUN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_give_the_printed_values),
		cmocka_unit_test(few_ones_have_a_bin_of_their_own),
		cmocka_unit_test(conversions_are_those_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
