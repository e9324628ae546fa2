/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "doctor/finding.h"

/* Takes the C library's place: the next ones may fail. */
static bool memory_is_out;
void *reallocarray(void *p, size_t n, size_t size_bytes);

void *reallocarray(void *p, size_t n, size_t size_bytes)
{
	return memory_is_out ? NULL : realloc(p, n * size_bytes);
}

static void names_are_those_of_the_reports(void **state)
{
	static const char *const severities[] = { "ok", "info", "unknown",
						  "warn", "critical" };
	static const char *const places[] = { "guest", "host", "image" };

	(void)state;
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		assert_string_equal(severity_name(i), severities[i]);
	for (unsigned i = 0; i < FIX_PLACE_COUNT; i++)
		assert_string_equal(fix_place_name(i), places[i]);
	assert_string_equal(severity_name(SEVERITY_COUNT), "?");
	assert_string_equal(fix_place_name(FIX_PLACE_COUNT), "?");
}

/* All orders of three severities: the worst one stands, nothing is lost. */
static void the_worst_severity_brings_its_title(void **state)
{
	(void)state;
	for (unsigned a = 0; a < SEVERITY_COUNT; a++) {
		for (unsigned b = 0; b < SEVERITY_COUNT; b++) {
			struct finding f = { .id = "x" };

			finding_say(&f, a, "first");
			finding_say(&f, b, "second %d", 2);
			assert_int_equal(f.severity, a > b ? a : b);
			assert_string_equal(f.title,
					    b > a ? "second 2" : "first");
			assert_int_equal(f.evidence.count, 1);
			assert_string_equal(f.evidence.lines[0].text,
					    b > a ? "first" : "second 2");
			assert_false(f.failed);
			finding_free(&f);
		}
	}
}

static void the_same_title_is_said_once(void **state)
{
	struct finding f = { .id = "x" };

	(void)state;
	finding_say(&f, SEVERITY_OK, "well");
	finding_say(&f, SEVERITY_OK, "well");
	finding_say(&f, SEVERITY_WARN, "well");
	assert_int_equal(f.severity, SEVERITY_WARN);
	assert_int_equal(f.evidence.count, 0);
	finding_free(&f);
	finding_free(&f); /* twice is harmless */
	assert_null(f.title);
}

static void equal_lines_appear_once(void **state)
{
	struct finding f = { .id = "x" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		finding_why(&f, "because of %s", "this");
		finding_fix(&f, FIX_GUEST, "do it");
		finding_fix(&f, FIX_HOST, "do it");
		finding_command(&f, FIX_GUEST, "do it");
		finding_evidence(&f, "/proc/x", "%d", 1);
		finding_evidence(&f, NULL, "%d", 1);
	}
	assert_int_equal(f.why.count, 1);
	assert_string_equal(f.why.lines[0].text, "because of this");
	assert_int_equal(f.fix.count, 3);
	assert_int_equal(f.fix.lines[0].place, FIX_GUEST);
	assert_int_equal(f.fix.lines[1].place, FIX_HOST);
	assert_true(f.fix.lines[2].is_command);
	assert_false(f.fix.lines[1].is_command);
	assert_int_equal(f.evidence.count, 2);
	assert_string_equal(f.evidence.lines[0].text, "/proc/x: 1");
	assert_string_equal(f.evidence.lines[1].text, "1");
	finding_free(&f);
}

static void text_from_a_machine_is_cleaned(void **state)
{
	static const char hostile[] = "\033]0;owned\007\nok: \xff\xe2\x80\xae";
	struct finding f = { .id = "x" };
	const char *const *all;

	(void)state;
	finding_say(&f, SEVERITY_WARN, "t %s", hostile);
	finding_evidence(&f, hostile, "e %s", hostile);
	finding_why(&f, "w %s", hostile);
	finding_fix(&f, FIX_GUEST, "f %s", hostile);
	finding_command(&f, FIX_GUEST, "c %s", hostile);
	all = (const char *const[]){ f.title, f.evidence.lines[0].text,
				     f.why.lines[0].text, f.fix.lines[0].text,
				     f.fix.lines[1].text };
	for (size_t i = 0; i < 5; i++) {
		for (const char *p = all[i]; *p; p++)
			assert_in_range((unsigned char)*p, 0x20, 0x7e);
	}
	assert_string_equal(f.title, "t ?]0;owned? ok: ??");
	finding_free(&f);
}

static void a_command_keeps_its_own_lines_alone(void **state)
{
	struct finding f = { .id = "x" };

	(void)state;
	finding_command(&f, FIX_GUEST, "one %s\n\ttwo", "name");
	finding_command(&f, FIX_GUEST, "rm %s", "a\nrm -rf /");
	finding_command(&f, FIX_GUEST, "one\nrm %s", "a\nrm -rf /");
	finding_command(&f, FIX_GUEST, "%s", "<a>\n  <b/>\n</a>\n");
	assert_string_equal(f.fix.lines[0].text, "one name\n\ttwo");
	assert_string_equal(f.fix.lines[1].text, "rm a?rm -rf /");
	assert_string_equal(f.fix.lines[2].text, "one?rm a?rm -rf /");
	assert_string_equal(f.fix.lines[3].text, "<a>\n  <b/>\n</a>");
	finding_free(&f);
}

static void what_a_machine_adds_is_bounded(void **state)
{
	static char huge[100000];
	struct finding f = { .id = "x" };
	size_t n;

	(void)state;
	memset(huge, 'a', sizeof huge - 1);
	finding_say(&f, SEVERITY_INFO, "%s", huge);
	assert_in_range(strlen(f.title), 100, 200);
	for (int i = 0; i < 1000; i++)
		finding_evidence(&f, "f", "%d %s", i, huge);
	n = f.evidence.count;
	assert_in_range(n, 10, 100);
	for (size_t i = 0; i < n; i++)
		assert_true(strlen(f.evidence.lines[i].text) < 500);
	/* The last line says that there were more. */
	assert_non_null(strstr(f.evidence.lines[n - 1].text, "left out"));
	assert_null(strstr(f.evidence.lines[n - 2].text, "left out"));
	assert_false(f.failed);
	finding_free(&f);
}

static void missing_memory_is_told(void **state)
{
	struct finding f = { .id = "x" };

	(void)state;
	finding_say(&f, SEVERITY_OK, "well");
	memory_is_out = true;
	finding_evidence(&f, "f", "a line that finds no place");
	memory_is_out = false;
	assert_true(f.failed);
	assert_int_equal(f.evidence.count, 0);
	finding_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_the_reports),
		cmocka_unit_test(the_worst_severity_brings_its_title),
		cmocka_unit_test(the_same_title_is_said_once),
		cmocka_unit_test(equal_lines_appear_once),
		cmocka_unit_test(text_from_a_machine_is_cleaned),
		cmocka_unit_test(a_command_keeps_its_own_lines_alone),
		cmocka_unit_test(what_a_machine_adds_is_bounded),
		cmocka_unit_test(missing_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
