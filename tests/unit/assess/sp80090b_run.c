/* SPDX-License-Identifier: ISC */
/* The suite as a caller sees it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assess/sp80090b/sp80090b.h"
#include "base/bytes.h"
#include "specimen_data.h"

#define SHORT 20000

static void bad_input_is_refused(void **state)
{
	uint8_t symbols[] = { 0, 1, 2, 3, 4 };
	struct samples s = { symbols, sizeof symbols, 2 };
	struct sample_alphabet a;
	struct sp80090b_result r = { .n = 77 };
	size_t bad = 99;

	(void)state;
	assert_int_equal(samples_alphabet(&s, &a, &bad), -ERANGE);
	assert_int_equal(bad, 4);
	assert_int_equal(sp80090b_run(&s, NULL, &r), -ERANGE);
	s.bits = 3;
	assert_int_equal(samples_alphabet(&s, &a, NULL), 0);
	assert_int_equal(a.count, 5);
	assert_int_equal(a.top, 4);
	assert_int_equal(samples_width(symbols, sizeof symbols), 3);
	assert_int_equal(samples_width(symbols, 4), 2);
	assert_int_equal(samples_width(symbols, 1), 1);
	s.bits = 0;
	assert_int_equal(sp80090b_run(&s, NULL, &r), -EINVAL);
	s.bits = 9;
	assert_int_equal(sp80090b_run(&s, NULL, &r), -EINVAL);
	s = (struct samples){ symbols, 0, 3 };
	assert_int_equal(sp80090b_run(&s, NULL, &r), -EINVAL);
	assert_int_equal(r.n, 77);
}

static void one_symbol_has_no_entropy(void **state)
{
	uint8_t symbols[100] = { 0 };
	struct samples s = { symbols, sizeof symbols, 8 };
	struct sp80090b_result r;

	(void)state;
	memset(symbols, 0x55, sizeof symbols);
	assert_int_equal(sp80090b_run(&s, NULL, &r), 0);
	assert_int_equal(r.alphabet, 1);
	assert_true(r.h_original == 0 && r.h_assessed == 0);
	assert_null(r.original[SP80090B_MCV].why_not);
	assert_non_null(r.original[SP80090B_LAG].why_not);
	assert_false(r.has_bitstring);
}

static bool count_calls(void *context, double fraction)
{
	unsigned *calls = context;

	assert_true(fraction >= 0 && fraction <= 1);
	return ++*calls != 5;
}

static void progress_can_cancel(void **state)
{
	static uint8_t symbols[SHORT];
	unsigned calls = 0;
	struct samples s = { symbols, SHORT, 8 };
	struct sp80090b_options o = { 1, count_calls, &calls };
	struct sp80090b_result r;

	(void)state;
	specimen_fill(SPECIMEN_UNIFORM8, 1, symbols, SHORT);
	assert_int_equal(sp80090b_run(&s, &o, &r), -ECANCELED);
	assert_int_equal(calls, 5);
	calls = 5;
	assert_int_equal(sp80090b_run(&s, &o, &r), 0);
	assert_true(calls > 10);
}

static void threads_change_nothing(void **state)
{
	static const enum specimen_kind kinds[] = { SPECIMEN_NORMAL8,
						    SPECIMEN_STICKY8,
						    SPECIMEN_REPEAT8,
						    SPECIMEN_MARKOV1 };
	static uint8_t symbols[2 * SHORT];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct samples s = { symbols, sizeof symbols, 8 };
		struct sp80090b_options o = { 1, NULL, NULL };
		struct sp80090b_result a, b;

		specimen_fill(kinds[k], k, symbols, sizeof symbols);
		assert_int_equal(sp80090b_run(&s, &o, &a), 0);
		for (o.threads = 2; o.threads < 9; o.threads += 3) {
			assert_int_equal(sp80090b_run(&s, &o, &b), 0);
			assert_memory_equal(a.original, b.original,
					    sizeof a.original);
			assert_memory_equal(a.bitstring, b.bitstring,
					    sizeof a.bitstring);
			assert_true(a.h_assessed == b.h_assessed);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_input_is_refused),
		cmocka_unit_test(one_symbol_has_no_entropy),
		cmocka_unit_test(progress_can_cancel),
		cmocka_unit_test(threads_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
