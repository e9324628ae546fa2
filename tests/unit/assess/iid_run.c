/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "iid_compare.h"

static void good_samples_are_not_rejected(void **state)
{
	static const enum specimen_kind kinds[] = { SPECIMEN_UNIFORM4,
						    SPECIMEN_UNIFORM1,
						    SPECIMEN_BIASED1,
						    SPECIMEN_GEOMETRIC8 };

	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct samples v = specimen(kinds[k], 1);
		struct iid_result r;

		assert_int_equal(iid_run(&v, NULL, &r), 0);
		assert_int_equal(r.verdict, IID_NOT_REJECTED);
		for (unsigned i = 0; i < IID_STATISTICS; i++) {
			consistent(&r.permutation[i]);
			assert_int_equal(r.permutation[i].outcome, IID_PASSED);
		}
	}
}

static void threads_change_nothing(void **state)
{
	static const enum specimen_kind kinds[] = { SPECIMEN_UNIFORM4,
						    SPECIMEN_BIASED1,
						    SPECIMEN_STICKY8 };
	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct samples v = specimen(kinds[k], 5);
		struct iid_options o = { .seed = 3, .threads = 1 };
		struct iid_result one, many, other;

		assert_int_equal(iid_run(&v, &o, &one), 0);
		for (o.threads = 2; o.threads <= 5; o.threads++) {
			assert_int_equal(iid_run(&v, &o, &many), 0);
			same(&one, &many);
		}
		if (one.verdict != IID_NOT_REJECTED)
			continue;
		/* The seed does. */
		o.seed = 4;
		assert_int_equal(iid_run(&v, &o, &other), 0);
		assert_memory_not_equal(other.permutation, one.permutation,
					sizeof one.permutation);
	}
}

static void one_symbol_is_not_judged(void **state)
{
	struct samples v = { s, 100, 8 };
	struct iid_result r;

	(void)state;
	memset(s, 9, 100);
	assert_int_equal(iid_run(&v, NULL, &r), 0);
	assert_int_equal(r.verdict, IID_NOT_JUDGED);
	assert_non_null(r.permutation[0].why_not);
	assert_true(r.h_assessed <= 0 && r.h_assessed >= 0);
}

static void two_symbols_of_any_width_are_bits(void **state)
{
	struct samples v = specimen(SPECIMEN_BIASED1, 2);
	struct iid_result bits, wide;

	(void)state;
	assert_int_equal(iid_run(&v, NULL, &bits), 0);
	for (size_t i = 0; i < N; i++)
		s[i] = s[i] != 0 ? 7 : 3;
	v.bits = 3;
	assert_int_equal(iid_run(&v, NULL, &wide), 0);
	assert_true(wide.binary);
	/* The text has the same shape, the sum four times the excursion. */
	same(&(struct iid_result){ .verdict = bits.verdict },
	     &(struct iid_result){ .verdict = wide.verdict });
	assert_true(wide.permutation[IID_EXCURSION].initial ==
		    4 * bits.permutation[IID_EXCURSION].initial);
	assert_true(wide.mean == 3 + 4 * bits.mean);
	for (unsigned k = 1; k < IID_STATISTICS; k++)
		assert_memory_equal(&wide.permutation[k], &bits.permutation[k],
				    sizeof wide.permutation[k]);
}

static bool stop_at(void *context, double fraction)
{
	double *last = context;

	assert_true(fraction >= *last && fraction <= 1);
	*last = fraction;
	return fraction < 0.5;
}

static bool watch(void *context, double fraction)
{
	double *last = context;

	assert_true(fraction >= *last && fraction <= 1);
	*last = fraction;
	return true;
}

static void progress_rises_and_can_cancel(void **state)
{
	struct samples v = specimen(SPECIMEN_UNIFORM4, 1);
	double last = 0;
	struct iid_options o = { .threads = 3,
				 .progress = watch,
				 .context = &last };
	struct iid_result r, untouched;

	(void)state;
	assert_int_equal(iid_run(&v, &o, &r), 0);
	assert_true(last >= 1);
	memset(&r, 7, sizeof r);
	untouched = r;
	last = 0;
	o.progress = stop_at;
	assert_int_equal(iid_run(&v, &o, &r), -ECANCELED);
	assert_memory_equal(&r, &untouched, sizeof r);
}

static void bad_samples_are_refused(void **state)
{
	struct samples none = { s, 0, 8 }, narrow = { s, N, 7 };
	struct samples wide = { s, N, 9 };
	struct iid_result r;

	(void)state;
	(void)specimen(SPECIMEN_UNIFORM8, 1);
	assert_int_equal(iid_run(&none, NULL, &r), -EINVAL);
	assert_int_equal(iid_run(&wide, NULL, &r), -EINVAL);
	assert_int_equal(iid_run(&narrow, NULL, &r), -ERANGE);
}

static void too_many_samples_are_refused(void **state)
{
	size_t n = IID_SAMPLES_MAX + 1;
	void *zeros = mmap(NULL, n, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct samples v = { zeros, n, 8 };
	struct iid_result r;

	(void)state;
	assert_true(zeros != MAP_FAILED);
	assert_int_equal(iid_run(&v, NULL, &r), -EFBIG);
	v.n--;
	assert_int_equal(iid_run(&v, NULL, &r), 0);
	assert_int_equal(munmap(zeros, n), 0);
}

static void the_shortest_samples_do_no_harm(void **state)
{
	struct iid_result r;

	(void)state;
	(void)specimen(SPECIMEN_UNIFORM8, 1);
	for (size_t n = 1; n < 40; n++) {
		struct samples v = { s, n, 8 };

		assert_int_equal(iid_run(&v, NULL, &r), 0);
	}
}

static void memory_is_about_what_is_told(void **state)
{
	uint64_t one = iid_need_bytes(1000000, 8, 1);

	(void)state;
	assert_true(one > UINT64_C(16) * 1000000);
	assert_true(one < UINT64_C(48) * 1000000);
	assert_true(iid_need_bytes(1000000, 8, 4) > one);
	assert_true(iid_need_bytes(10000000, 8, 1) > 2 * one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_samples_are_not_rejected),
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(one_symbol_is_not_judged),
		cmocka_unit_test(two_symbols_of_any_width_are_bits),
		cmocka_unit_test(progress_rises_and_can_cancel),
		cmocka_unit_test(bad_samples_are_refused),
		cmocka_unit_test(too_many_samples_are_refused),
		cmocka_unit_test(the_shortest_samples_do_no_harm),
		cmocka_unit_test(memory_is_about_what_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
