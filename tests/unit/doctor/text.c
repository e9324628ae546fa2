/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "doctor/text.h"

/* RFC 3629: the ends of each length, and what is none. */
static const struct {
	const char *bytes;
	size_t length;
	unsigned long code;
} characters[] = {
	{ "", 0, 0 },
	{ "A", 1, 'A' },
	{ "\x7f", 1, 0x7f },
	{ "\x80", 0, 0 },
	{ "\xc1\xbf", 0, 0 }, /* overlong */
	{ "\xc2\x80", 2, 0x80 },
	{ "\xdf\xbf", 2, 0x7ff },
	{ "\xe0\x9f\xbf", 0, 0 },
	{ "\xe0\xa0\x80", 3, 0x800 },
	{ "\xed\x9f\xbf", 3, 0xd7ff },
	{ "\xed\xa0\x80", 0, 0 }, /* a surrogate */
	{ "\xee\x80\x80", 3, 0xe000 },
	{ "\xef\xbf\xbf", 3, 0xffff },
	{ "\xf0\x8f\xbf\xbf", 0, 0 },
	{ "\xf0\x90\x80\x80", 4, 0x10000 },
	{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	{ "\xf4\x90\x80\x80", 0, 0 },
	{ "\xf8\x88\x80\x80\x80", 0, 0 },
	{ "\xff", 0, 0 },
	{ "\xc3", 0, 0 }, /* the end where a byte should follow */
	{ "\xe2\x82", 0, 0 },
	{ "\xf0\x9f\x92", 0, 0 },
	{ "\xc3"
	  "A",
	  0, 0 },
};

static void utf8_is_read_as_the_standard_has_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(characters); i++) {
		unsigned long code = 99;
		size_t n = text_utf8(characters[i].bytes, &code);

		if (n != characters[i].length ||
		    code != (n ? characters[i].code : 99))
			fail_msg("row %zu: %zu, %lx", i, n, code);
	}
}

static const struct {
	unsigned flags;
	const char *text, *clean;
} texts[] = {
	{ 0, "", "" },
	{ 0, " \t\n ", "" },
	{ 0, "  plain \n", "plain" },
	{ 0, "flags\t\t: fpu vme", "flags  : fpu vme" },
	{ 0, "two\nlines", "two lines" },
	{ 0, "back\rover", "back?over" },
	{ 0, "\033[31mred\033]0;title\007", "?[31mred?]0;title?" },
	{ 0, "del\x7f", "del?" },
	{ 0, "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
	{ 0,
	  "\xc2\x9b"
	  "31m",
	  "?31m" }, /* CSI as a C1 control */
	{ 0,
	  "a\xe2\x80\xae"
	  "b",
	  "a?b" }, /* right-to-left override */
	{ 0,
	  "a\xe2\x81\xa6"
	  "b",
	  "a?b" }, /* isolate */
	{ 0,
	  "a\xe2\x80\x8b"
	  "b",
	  "a?b" }, /* zero width */
	{ 0,
	  "a\xe2\x80\xa8"
	  "b",
	  "a?b" }, /* line separator */
	{ 0,
	  "\xef\xbb\xbf"
	  "bom",
	  "?bom" },
	{ 0,
	  "a\xf3\xa0\x80\xa1"
	  "b",
	  "a?b" }, /* a tag */
	{ 0,
	  "a\xe2\x80\x90"
	  "b",
	  "a\xe2\x80\x90"
	  "b" }, /* a hyphen */
	{ 0,
	  "bad\xff\xfe"
	  "x\xc3",
	  "bad??x?" },
	{ TEXT_KEEP_LINES, "  a\n\tb\n", "  a\n\tb" },
	{ TEXT_KEEP_LINES, "a\r\nb\033c", "a?\nb?c" },
};

static void what_controls_is_not_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char clean[64];
		size_t n;

		memset(clean, 0x5a, sizeof clean);
		n = text_clean(texts[i].text, texts[i].flags, clean,
			       sizeof clean);
		assert_string_equal(clean, texts[i].clean);
		assert_int_equal(n, strlen(clean));
	}
}

/* Every byte alone, and every pair: the result is UTF-8 without controls. */
static void no_byte_gets_through(void **state)
{
	(void)state;
	for (unsigned v = 1; v < 0x10000; v++) {
		char text[] = { 'x', (char)(v & 0xff), (char)(v >> 8), 'x', 0 };
		char clean[16];

		(void)text_clean(text, 0, clean, sizeof clean);
		for (const char *p = clean; *p;) {
			unsigned long code;
			size_t n = text_utf8(p, &code);

			assert_in_range(n, 1, 4);
			assert_true(code >= 0x20 && code != 0x7f &&
				    !(code >= 0x80 && code < 0xa0));
			p += n;
		}
	}
}

static void a_long_text_is_cut_between_characters(void **state)
{
	static const char euros[] = "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
				    "\xe2\x82\xac";

	(void)state;
	for (size_t cap = 4; cap <= sizeof euros; cap++) {
		char clean[sizeof euros];
		size_t n = text_clean(euros, 0, clean, cap);
		/* 12 bytes and the NUL fit into 13 alone. */
		size_t whole = cap == 13 ? 4 : (cap - 4) / 3;

		assert_int_equal(strlen(clean), n);
		assert_true(n < cap);
		assert_memory_equal(clean, euros, 3 * whole);
		assert_string_equal(clean + 3 * whole, cap == 13 ? "" : "...");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_read_as_the_standard_has_it),
		cmocka_unit_test(what_controls_is_not_shown),
		cmocka_unit_test(no_byte_gets_through),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
