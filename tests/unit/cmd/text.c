/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/bytes.h"
#include "cmd/cmd.h"

#include "../skip.h"

static const struct {
	const char *text;
	int expected;
	uint64_t count;
} counts[] = {
	{ "0", 0, 0 },
	{ "1", 0, 1 },
	{ "007", 0, 7 },
	{ "1k", 0, 1024 },
	{ "1K", 0, 1024 },
	{ "3M", 0, 3 << 20 },
	{ "2G", 0, UINT64_C(2) << 30 },
	{ "5T", 0, UINT64_C(5) << 40 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18014398509481983k", 0, UINT64_MAX - 1023 },
	{ "18014398509481984k", -EINVAL, 0 },
	{ "16777215T", 0, UINT64_C(16777215) << 40 },
	{ "16777216T", -EINVAL, 0 },
	{ "18446744073709551616", -EINVAL, 0 },
	{ "99999999999999999999999", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "k", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "1kk", -EINVAL, 0 },
	{ "1kB", -EINVAL, 0 },
	{ "1m", -EINVAL, 0 },
	{ "1P", -EINVAL, 0 },
	{ "1.5M", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 },
};

static void counts_have_powers_of_1024(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		uint64_t got = 77;
		int r = cmd_parse_count(counts[i].text, &got);

		if (r != counts[i].expected ||
		    got != (r == 0 ? counts[i].count : 77))
			fail_msg("'%s': %d, %llu", counts[i].text, r,
				 (unsigned long long)got);
	}
}

static void millibits_are_shown_as_bits(void **state)
{
	static const struct {
		uint64_t mbits;
		const char *text;
	} rows[] = { { 0, "0" },        { 1, "0.001" },    { 333, "0.333" },
		     { 1000, "1" },     { 1500, "1.500" }, { 8000, "8" },
		     { 256000, "256" }, { 7999, "7.999" } };
	char buf[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(text_mbits(rows[i].mbits, buf, sizeof buf),
				    rows[i].text);
}

static void json_text_is_utf8_in_any_case(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "virtio_rng.0", "virtio_rng.0" },
		{ "ger\xc3\xa4t", "ger\xc3\xa4t" },
		{ "ger\xe4t", "ger?t" },
		{ "cut \xc3", "cut ?" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *s = cmd_json_text(rows[i][0]);

		assert_string_equal(json_string_value(s), rows[i][1]);
		json_decref(s);
	}
}

/* A terminal of ours: what is written to f is read from fd. */
struct terminal {
	FILE *f;
	int fd;
};

static void terminal_open(struct terminal *t, unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	int slave;

	if (openpty(&t->fd, &slave, NULL, NULL, &size) < 0)
		skip_because("no pseudo-terminals");
	t->f = fdopen(slave, "w");
	assert_non_null(t->f);
}

static const char *terminal_text(struct terminal *t)
{
	static char text[4096];
	ssize_t n;

	assert_int_equal(fflush(t->f), 0);
	n = read(t->fd, text, sizeof text - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	(void)fclose(t->f);
	(void)close(t->fd);
	return text;
}

static void colour_is_for_terminals_that_want_it(void **state)
{
	static const struct {
		const char *no_color, *term;
		bool expected;
	} rows[] = {
		{ NULL, "xterm", true }, { "", "xterm", true },
		{ "1", "xterm", false }, { NULL, "dumb", false },
		{ NULL, NULL, true },
	};
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct terminal t;

		(void)unsetenv("NO_COLOR");
		(void)unsetenv("TERM");
		if (rows[i].no_color)
			(void)setenv("NO_COLOR", rows[i].no_color, 1);
		if (rows[i].term)
			(void)setenv("TERM", rows[i].term, 1);
		terminal_open(&t, 80);
		assert_int_equal(text_has_colour(t.f), rows[i].expected);
		assert_false(text_has_colour(file));
		text_put(t.f, TONE_BAD, 6, "%s", "bad");
		assert_string_equal(terminal_text(&t),
				    rows[i].expected ? "\033[31mbad   \033[0m" :
						       "bad   ");
	}
	text_put(file, TONE_BAD, 0, "%s", "bad");
	assert_int_equal(ftell(file), 3);
	(void)fclose(file);
}

static void lines_end_where_the_terminal_does(void **state)
{
	static const char words[] =
		"aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj";
	struct terminal t;
	char copy[4096];
	FILE *file;

	(void)state;
	(void)setenv("NO_COLOR", "1", 1);
	terminal_open(&t, 40);
	assert_int_equal(text_width(t.f), 40);
	text_wrap(t.f, 10, TONE_WEAK, words);
	(void)snprintf(copy, sizeof copy, "%s", terminal_text(&t));
	/* The first line begins at the indent, which the caller has written. */
	for (char *line = strtok(copy, "\r\n"), *first = line; line;
	     line = strtok(NULL, "\r\n"))
		assert_true(strlen(line) + (line == first ? 10 : 0) <= 40);
	/* A file has no width: one line. */
	file = tmpfile();
	assert_non_null(file);
	assert_int_equal(text_width(file), 0);
	text_wrap(file, 10, TONE_WEAK, words);
	assert_int_equal(ftell(file), (long)sizeof words);
	(void)fclose(file);
	/* A terminal that does not know its width. */
	terminal_open(&t, 0);
	assert_int_equal(text_width(t.f), 80);
	(void)terminal_text((text_put(t.f, TONE_PLAIN, 0, "x"), &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_have_powers_of_1024),
		cmocka_unit_test(millibits_are_shown_as_bits),
		cmocka_unit_test(json_text_is_utf8_in_any_case),
		cmocka_unit_test(colour_is_for_terminals_that_want_it),
		cmocka_unit_test(lines_end_where_the_terminal_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
