/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "cmd/assess.h"

static void packs_the_first_bit_to_the_top(void **state)
{
	const uint8_t bits[] = { 1, 0, 1, 1, 0, 0, 1, 0, 1, 1 };
	const uint8_t threes[] = { 5, 2, 7, 0, 1, 6, 3, 4 };
	struct assess_packer p = { .width = 1 };
	uint8_t out[16];
	size_t n;

	(void)state;
	assert_true(assess_pack(&p, bits, ARRAY_LEN(bits), out, &n));
	assert_int_equal(n, 1);
	assert_int_equal(out[0], 0xb2);
	assert_int_equal(p.n_bits, 2);
	/* 101 010 11|1 000 001 1|10 011 100 */
	p = (struct assess_packer){ .width = 3 };
	assert_true(assess_pack(&p, threes, 3, out, &n));
	assert_int_equal(n, 1);
	assert_true(assess_pack(&p, threes + 3, 5, out + 1, &n));
	assert_int_equal(n, 2);
	assert_memory_equal(out, "\xab\x83\x9c", 3);
	assert_int_equal(p.n_taken, 8);
	p = (struct assess_packer){ .width = 8 };
	assert_true(assess_pack(&p, threes, 8, out, &n));
	assert_int_equal(n, 8);
	assert_memory_equal(out, threes, 8);
}

static void a_symbol_that_does_not_fit_is_named(void **state)
{
	const uint8_t symbols[] = { 3, 3, 4, 3 };
	struct assess_packer p = { .width = 2 };
	uint8_t out[16];
	size_t n;

	(void)state;
	assert_false(assess_pack(&p, symbols, 4, out, &n));
	assert_int_equal(p.n_taken, 2);
	p = (struct assess_packer){ .width = 3 };
	assert_true(assess_pack(&p, symbols, 4, out, &n));
}

static void picks_bits_of_records(void **state)
{
	struct assess_options o = { .mask = 0xf01e00 };

	(void)state;
	assert_int_equal(assess_pick(0x501400, &o, 0), 0x5a);
	o.mask = UINT64_C(1) << 63 | 1;
	assert_int_equal(assess_pick(UINT64_C(1) << 63, &o, 0), 2);
	assert_int_equal(assess_pick(UINT64_MAX, &o, 0), 3);
	o = (struct assess_options){ .shift = 4 };
	assert_int_equal(assess_pick(0xabcd, &o, 0), 0xbc);
	assert_int_equal(assess_pick(0xabcd, &o, 4), 0xc);
	o = (struct assess_options){ .shift = 60, .mask = 6 };
	assert_int_equal(assess_pick(UINT64_C(6) << 60, &o, 0), 3);
}

static const struct {
	const char *text;
	enum assess_format format;
} guesses[] = {
	{ "1\n2\n3\n", ASSESS_TEXT },
	{ " \n 12, 13\n", ASSESS_TEXT },
	{ "0x10 0x20", ASSESS_TEXT },
	/* What is wrong in it is found later, with its line. */
	{ "1\nnan\n", ASSESS_TEXT },
	{ "0110100111", ASSESS_TEXT },
	{ "0110\n1001\n", ASSESS_TEXT },
	/* Digits without an end are bytes, like words and binary data. */
	{ "7777777777", ASSESS_BYTES },
	{ "nan 1", ASSESS_BYTES },
	{ "-1 2", ASSESS_BYTES },
	{ "text 1 2", ASSESS_BYTES },
	{ "1 2 \x80", ASSESS_BYTES },
	{ "1 2 \x01", ASSESS_BYTES },
	{ "1 2 \x7f", ASSESS_BYTES },
	{ " \n", ASSESS_BYTES },
	{ "", ASSESS_BYTES },
};

static void guesses_text_from_what_is_printable(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(guesses); i++)
		assert_int_equal(
			assess_guess_format((const uint8_t *)guesses[i].text,
					    strlen(guesses[i].text)),
			guesses[i].format);
	assert_int_equal(assess_guess_format((const uint8_t *)"1 2\0", 4),
			 ASSESS_BYTES);
}

static void parses(const char *const *words, struct assess_options *ret)
{
	char text[16][64], *argv[17];
	int argc = 0;

	for (; words[argc]; argc++) {
		(void)snprintf(text[argc], sizeof text[argc], "%s", words[argc]);
		argv[argc] = text[argc];
	}
	argv[argc] = NULL;
	optind = 0;
	assert_int_equal(assess_parse(argc, argv, ret), 0);
}

static void options_have_their_defaults(void **state)
{
	static const char *const plain[] = { "assess", "-", NULL };
	struct assess_options o;

	(void)state;
	parses(plain, &o);
	assert_true(o.all);
	assert_true(isnan(o.claim));
	assert_true(o.alpha == 1e-4);
	assert_true(o.threads >= 1);
	assert_int_equal(o.seed, 1);
	assert_true(assess_chosen(&o, ASSESS_SP80090B));
	assert_true(assess_chosen(&o, ASSESS_SP80022));
	assert_true(assess_chosen(&o, ASSESS_FIPS140));
	assert_true(assess_chosen(&o, ASSESS_QUICK));
	/* AIS 31 is slow: only where it is named. */
	assert_false(assess_chosen(&o, ASSESS_AIS31));
}

static void suites_are_a_list(void **state)
{
	static const char *const two[] = { "assess", "f", "--suite",
					   "quick,fips140", NULL };
	static const char *const twice[] = { "assess",  "f",       "--suite",
					     "all",     "--suite", "ais31",
					     "--claim", "1.25",    NULL };
	struct assess_options o;

	(void)state;
	parses(two, &o);
	assert_false(o.all);
	assert_int_equal(o.suites, 1u << ASSESS_QUICK | 1u << ASSESS_FIPS140);
	assert_false(assess_chosen(&o, ASSESS_SP80090B));
	parses(twice, &o);
	assert_true(assess_chosen(&o, ASSESS_SP80090B));
	assert_true(assess_chosen(&o, ASSESS_AIS31));
	assert_true(o.claim == 1.25);
}

static void counts_have_commas(void **state)
{
	struct assess_texts t = { 0 };

	(void)state;
	assert_string_equal(assess_count(&t, 0), "0");
	assert_string_equal(assess_count(&t, 999), "999");
	assert_string_equal(assess_count(&t, 1000), "1,000");
	assert_string_equal(assess_count(&t, UINT64_MAX),
			    "18,446,744,073,709,551,615");
	assert_string_equal(assess_size(&t, 512), "0.5 KiB");
	assert_string_equal(assess_size(&t, 76u << 20), "76 MiB");
	assert_false(t.failed);
	assess_texts_free(&t);
}

static void outcome(struct assess_run *run, enum assess_suite_id i,
		    enum verdict v, bool decides)
{
	static struct assess_outcome all[ASSESS_SUITES];

	all[i].verdict = v;
	all[i].decides = decides;
	run->outcomes[i] = &all[i];
}

/* What is shown for information moves nothing. */
static void only_what_decides_answers(void **state)
{
	struct assess_run run = { 0 };

	(void)state;
	assert_int_equal(assess_deciding(&run), -1);
	outcome(&run, ASSESS_SP80022, VERDICT_DEVIATES, false);
	assert_int_equal(assess_answer(&run), VERDICT_YES);
	assert_int_equal(assess_deciding(&run), -1);
	outcome(&run, ASSESS_SP80090B, VERDICT_SUPPORTS_CLAIM, true);
	assert_int_equal(assess_answer(&run), VERDICT_YES);
	assert_int_equal(assess_deciding(&run), ASSESS_SP80090B);
	outcome(&run, ASSESS_RESTART, VERDICT_REFUSED, true);
	assert_int_equal(assess_answer(&run), VERDICT_NOT_JUDGED);
	assert_int_equal(assess_deciding(&run), ASSESS_RESTART);
	outcome(&run, ASSESS_QUICK, VERDICT_DEVIATES, true);
	assert_int_equal(assess_answer(&run), VERDICT_NO);
	assert_int_equal(assess_deciding(&run), ASSESS_QUICK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packs_the_first_bit_to_the_top),
		cmocka_unit_test(a_symbol_that_does_not_fit_is_named),
		cmocka_unit_test(picks_bits_of_records),
		cmocka_unit_test(guesses_text_from_what_is_printable),
		cmocka_unit_test(options_have_their_defaults),
		cmocka_unit_test(suites_are_a_list),
		cmocka_unit_test(counts_have_commas),
		cmocka_unit_test(only_what_decides_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
