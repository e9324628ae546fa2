/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/report/text.h"
#include "base/bytes.h"

static void assert_put(const char *text, const char *expected)
{
	char *out = NULL;
	size_t len_bytes = 0;
	FILE *f = open_memstream(&out, &len_bytes);

	assert_non_null(f);
	report_text_put(f, text);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(out, expected);
	free(out);
}

static void markup_is_quoted(void **state)
{
	(void)state;
	assert_put("</title><script>alert('1' & \"2\")</script>",
		   "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39; &amp; "
		   "&quot;2&quot;)&lt;/script&gt;");
	assert_put("&amp;", "&amp;amp;");
	assert_put("", "");
}

/* Both sides of each length of RFC 3629, and what it forbids. */
static void only_utf8_passes(void **state)
{
	static const char *const good[] = {
		"~",
		"\xc2\xa0",
		"\xdf\xbf",
		"\xe0\xa0\x80",
		"\xed\x9f\xbf",
		"\xee\x80\x80",
		"\xef\xbf\xbd",
		"\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf",
		"Gr\xc3\xbc\xc3\x9f\x65 \xe6\xb0\xb4",
	};
	static const struct {
		const char *text, *shown;
	} bad[] = {
		{ "\x80", "\\x80" },                   /* no first byte */
		{ "\xc3", "\\xc3" },                   /* cut off */
		{ "\xc3(", "\\xc3(" },                 /* no second byte */
		{ "\xe2\x82", "\\xe2\\x82" },          /* cut off */
		{ "\xc0\xaf", "\\xc0\\xaf" },          /* '/', overlong */
		{ "\xc1\xbf", "\\xc1\\xbf" },          /* DEL, overlong */
		{ "\xe0\x9f\xbf", "\\xe0\\x9f\\xbf" }, /* overlong */
		{ "\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
		{ "\xed\xbf\xbf", "\\xed\\xbf\\xbf" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* too large */
		{ "\xff\xfe", "\\xff\\xfe" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_put(good[i], good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_put(bad[i].text, bad[i].shown);
}

static void what_steers_is_shown(void **state)
{
	(void)state;
	assert_put("a\tb\nc\x1b[31m", "a\\x09b\\x0ac\\x1b[31m");
	assert_put("\x7f", "\\x7f");
	assert_put("\xc2\x9b", "\\u009b");
	/* "gnp.exe" turned round to look like "exe.png". */
	assert_put("\xe2\x80\xaegnp.exe", "\\u202egnp.exe");
	assert_put("\xe2\x80\x8b", "\\u200b");
	assert_put("\xef\xbb\xbf", "\\ufeff");
	assert_put("\xef\xbf\xbe", "\\ufffe");
	assert_put("\xf3\xa0\x80\x81", "\\ue0001");
}

static void clean_text_is_cut_between_characters(void **state)
{
	char out[6];

	(void)state;
	memset(out, 'x', sizeof out);
	report_text_clean("ab\xc3\xbc\x64\x65", out, sizeof out);
	assert_string_equal(out, "ab\xc3\xbc\x64");
	report_text_clean("abcd\xc3\xbc", out, sizeof out);
	assert_string_equal(out, "abcd");
	report_text_clean("abc\n", out, sizeof out);
	assert_string_equal(out, "abc");
	report_text_clean("abcdef", out, 1);
	assert_string_equal(out, "");
}

static void numbers_are_for_readers(void **state)
{
	char count[TEXT_COUNT], number[TEXT_NUMBER];

	(void)state;
	assert_string_equal(report_text_count(0, count), "0");
	assert_string_equal(report_text_count(999, count), "999");
	assert_string_equal(report_text_count(1000, count), "1,000");
	assert_string_equal(report_text_count(UINT64_MAX, count),
			    "18,446,744,073,709,551,615");
	assert_string_equal(report_text_number(NAN, number), "-");
	assert_string_equal(report_text_number(0, number), "0.0000");
	assert_string_equal(report_text_number(1e-4, number), "0.0001");
	assert_string_equal(report_text_number(9.9e-5, number), "9.90e-05");
	assert_string_equal(report_text_number(999999, number), "999999.0000");
	assert_string_equal(report_text_number(1.5e6, number), "1.5e+06");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_quoted),
		cmocka_unit_test(only_utf8_passes),
		cmocka_unit_test(what_steers_is_shown),
		cmocka_unit_test(clean_text_is_cut_between_characters),
		cmocka_unit_test(numbers_are_for_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
