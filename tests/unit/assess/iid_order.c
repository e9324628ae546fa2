/* SPDX-License-Identifier: ISC */
/* What is run first, and what is left out once the samples are rejected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "iid_compare.h"

static void a_rejection_ends_it_unless_all_is_asked_for(void **state)
{
	struct samples v = specimen(SPECIMEN_MARKOV1, 1);
	struct iid_options o = { .seed = 1, .threads = 2 };
	struct iid_result r;

	(void)state;
	assert_int_equal(iid_run(&v, &o, &r), 0);
	assert_int_equal(r.verdict, IID_REJECTED);
	assert_int_equal(r.independence.outcome, IID_FAILED);
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		consistent(&r.permutation[k]);
		assert_int_equal(r.permutation[k].outcome, IID_NOT_RUN);
		assert_true(r.permutation[k].initial > 0);
	}
	v.n = 1500;
	o.full = true;
	assert_int_equal(iid_run(&v, &o, &r), 0);
	assert_int_equal(r.verdict, IID_REJECTED);
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		consistent(&r.permutation[k]);
		assert_int_not_equal(r.permutation[k].outcome, IID_NOT_RUN);
	}
	assert_int_equal(r.permutation[IID_MEDIAN_RUNS].outcome, IID_FAILED);
	assert_int_equal(r.permutation[IID_COMPRESSION].outcome, IID_FAILED);
}

/*
 * One value of 16 is that of 8 before: no pair side by side shows it. Covariance
 * would fail as well, but periodicity is cheaper and one failure is enough.
 */
static void a_statistic_that_fails_leaves_others_out(void **state)
{
	struct samples v = specimen(SPECIMEN_UNIFORM4, 9);
	struct iid_options o = { .seed = 0 };
	struct iid_result r, all;

	(void)state;
	for (size_t i = 16; i < N; i++) {
		if (i % 16 == 15)
			s[i] = s[i - 8];
	}
	assert_int_equal(iid_run(&v, &o, &r), 0);
	assert_int_equal(r.verdict, IID_REJECTED);
	assert_int_equal(r.independence.outcome, IID_PASSED);
	assert_int_equal(r.permutation[IID_PERIODICITY_8].outcome, IID_FAILED);
	assert_int_equal(r.permutation[IID_COVARIANCE_8].outcome, IID_NOT_RUN);
	assert_int_equal(r.permutation[IID_COMPRESSION].outcome, IID_NOT_RUN);
	o.full = true;
	assert_int_equal(iid_run(&v, &o, &all), 0);
	assert_int_equal(all.permutation[IID_COVARIANCE_8].outcome, IID_FAILED);
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		consistent(&r.permutation[k]);
		consistent(&all.permutation[k]);
		/* What was run is what it is otherwise. */
		if (r.permutation[k].outcome != IID_NOT_RUN)
			assert_memory_equal(&r.permutation[k],
					    &all.permutation[k],
					    sizeof all.permutation[k]);
	}
}

/* Of 60 good sets, some have a suspect that passes in the end. */
static void what_is_looked_at_first_changes_no_count(void **state)
{
	unsigned n_late = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct samples v = specimen(SPECIMEN_UNIFORM4, seed);
		struct iid_options o = { .seed = seed, .threads = 3 };
		struct iid_result r, all;

		v.n = 500;
		assert_int_equal(iid_run(&v, &o, &r), 0);
		o.full = true;
		assert_int_equal(iid_run(&v, &o, &all), 0);
		assert_int_equal(r.verdict, all.verdict);
		if (r.verdict != IID_NOT_REJECTED)
			continue;
		same(&r, &all);
		for (unsigned k = 0; k < IID_STATISTICS; k++)
			n_late += r.permutation[k].counted > 500;
	}
	assert_true(n_late > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rejection_ends_it_unless_all_is_asked_for),
		cmocka_unit_test(a_statistic_that_fails_leaves_others_out),
		cmocka_unit_test(what_is_looked_at_first_changes_no_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
