/* SPDX-License-Identifier: ISC */
/* The forms of a report, of a machine and findings made by hand. */
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "cmd/doctor.h"

static struct boot_facts boot;

static struct machine a_machine(enum probe_kind kind)
{
	struct machine m = { .kind = kind, .now_s = 1790003600, .boot = &boot };

	(void)strcpy(m.platform.kernel_release, "6.1.0");
	(void)strcpy(m.platform.hypervisor_name, "KVM");
	m.platform.hypervisor = true;
	boot = (struct boot_facts){ .log = { .ready_seen = true,
					     .ready_s = 0.5 } };
	return m;
}

static struct report a_report(struct finding findings[3])
{
	struct report r = { .findings = findings,
			    .count = 3,
			    .verdict = DOCTOR_UNSAFE,
			    .n_severity = { [SEVERITY_OK] = 1,
					    [SEVERITY_WARN] = 1,
					    [SEVERITY_CRITICAL] = 1 } };

	(void)strcpy(r.summary, "unsafe: a | b; 1 warning");
	memset(findings, 0, 3 * sizeof *findings);
	findings[0].id = "crng-ready";
	finding_say(&findings[0], SEVERITY_OK, "ready after 0.5 s");
	findings[1].id = "virtio-rng";
	finding_say(&findings[1], SEVERITY_WARN, "no driver");
	finding_evidence(&findings[1], "/sys/x", "value");
	finding_why(&findings[1], "First paragraph.");
	finding_why(&findings[1], "Second paragraph.");
	finding_fix(&findings[1], FIX_GUEST, "Load it:");
	finding_command(&findings[1], FIX_GUEST, "modprobe virtio_rng");
	findings[1].reference = "VIRTIO 5.4";
	findings[2].id = "host-keys";
	finding_say(&findings[2], SEVERITY_CRITICAL, "known keys");
	return r;
}

static void free_all(struct finding findings[3])
{
	for (size_t i = 0; i < 3; i++)
		finding_free(&findings[i]);
}

/* What a form printed, in memory of its own. */
struct paper {
	FILE *f;
	char *text;
	size_t len;
};

static void paper_open(struct paper *p)
{
	p->f = open_memstream(&p->text, &p->len);
	assert_non_null(p->f);
}

static const char *paper_read(struct paper *p)
{
	assert_int_equal(fclose(p->f), 0);
	return p->text;
}

static void json_has_the_issue_s_shape(void **state)
{
	const struct doctor_subject s = { .what = "DIR" };
	struct machine m = a_machine(PROBE_RECORD);
	struct finding findings[3];
	struct report r = a_report(findings);
	json_t *doc, *f, *machine, *fix;
	struct paper p;

	(void)state;
	paper_open(&p);
	assert_int_equal(doctor_json(p.f, &m, &s, &r), 0);
	doc = json_loads(paper_read(&p), 0, NULL);
	assert_non_null(doc);
	assert_string_equal(json_string_value(json_object_get(doc, "verdict")),
			    "unsafe");
	machine = json_object_get(doc, "machine");
	assert_string_equal(json_string_value(json_object_get(machine, "now")),
			    "2026-09-21T15:13:20Z");
	assert_true(json_is_null(json_object_get(machine, "architecture")));
	assert_int_equal(json_array_size(json_object_get(doc, "findings")), 3);
	f = json_array_get(json_object_get(doc, "findings"), 1);
	assert_string_equal(json_string_value(json_object_get(f, "severity")),
			    "warn");
	assert_string_equal(json_string_value(json_object_get(f, "why")),
			    "First paragraph.\n\nSecond paragraph.");
	fix = json_array_get(json_object_get(f, "fix"), 1);
	assert_true(json_is_true(json_object_get(fix, "command")));
	assert_string_equal(json_string_value(json_object_get(fix, "where")),
			    "guest");
	/* A finding without a reference says so. */
	f = json_array_get(json_object_get(doc, "findings"), 2);
	assert_true(json_is_null(json_object_get(f, "reference")));
	assert_string_equal(json_string_value(json_object_get(f, "why")), "");
	json_decref(doc);
	free(p.text);
	free_all(findings);
}

static void a_monitor_gets_one_line(void **state)
{
	static const struct {
		enum doctor_verdict verdict;
		const char *begin;
	} rows[] = {
		{ DOCTOR_READY, "AQUIFER OK - " },
		{ DOCTOR_DEGRADED, "AQUIFER WARNING - " },
		{ DOCTOR_UNSAFE, "AQUIFER CRITICAL - " },
		{ DOCTOR_UNKNOWN, "AQUIFER UNKNOWN - " },
	};
	struct machine m = a_machine(PROBE_LIVE);
	struct finding findings[3];
	struct report r = a_report(findings);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct paper p;
		const char *text;

		r.verdict = rows[i].verdict;
		paper_open(&p);
		doctor_nagios(p.f, &m, &r);
		text = paper_read(&p);
		assert_memory_equal(text, rows[i].begin, strlen(rows[i].begin));
		assert_string_equal(text + strlen(rows[i].begin),
				    "unsafe: a / b; 1 warning | ok=1 info=0 "
				    "unknown=0 warn=1 critical=1 "
				    "crng_ready=0.500000s\n");
		free(p.text);
	}
	free_all(findings);
}

/* The kernel's answer, else the check's; neither of an image. */
static void readiness_is_the_kernel_s_word(void **state)
{
	struct machine m = a_machine(PROBE_LIVE);
	struct finding findings[3];
	struct report r = a_report(findings);

	(void)state;
	assert_true(doctor_readiness(&m, &r).known);
	assert_true(doctor_readiness(&m, &r).ready);
	findings[0].severity = SEVERITY_UNKNOWN;
	assert_false(doctor_readiness(&m, &r).known);
	findings[0].severity = SEVERITY_CRITICAL;
	assert_true(doctor_readiness(&m, &r).known);
	assert_false(doctor_readiness(&m, &r).ready);
	boot.live = (struct probe_live){ .known = true, .crng_ready = true };
	assert_true(doctor_readiness(&m, &r).ready);
	boot.log.ready_s = NAN;
	assert_false(doctor_readiness(&m, &r).time_known);
	m.kind = PROBE_IMAGE;
	assert_false(doctor_readiness(&m, &r).known);
	free_all(findings);
}

static void words_are_wrapped_by_characters(void **state)
{
	static const struct {
		unsigned width, indent, column;
		const char *text, *shown;
	} rows[] = {
		{ 40, 0, 0, "", "\n" },
		{ 40, 0, 0, "one two", "one two\n" },
		{ 7, 0, 0, "one two", "one two\n" },
		{ 6, 0, 0, "one two", "one\ntwo\n" },
		{ 8, 2, 0, "one two six", "one\n  two\n  six\n" },
		{ 9, 2, 0, "one two six", "one two\n  six\n" },
		{ 9, 2, 5, "one two six", "one\n  two six\n" },
		{ 4, 2, 0, "enormous", "enormous\n" },
		{ 4, 2, 0, "a enormous b", "a\n  enormous\n  b\n" },
		{ 7, 0, 0, "\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4",
		  "\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct paper p;
		struct wrap w = { .width = rows[i].width,
				  .indent = rows[i].indent,
				  .column = rows[i].column };

		paper_open(&p);
		w.f = p.f;
		doctor_wrap(&w, rows[i].text);
		assert_string_equal(paper_read(&p), rows[i].shown);
		free(p.text);
	}
}

static void commands_stand_as_they_are(void **state)
{
	struct paper p;
	struct wrap w = { .width = 10, .indent = 4 };

	(void)state;
	paper_open(&p);
	w.f = p.f;
	doctor_paste(&w, "a very long command --with options\n\n  <x/>");
	assert_string_equal(paper_read(&p),
			    "    a very long command --with options\n\n"
			    "      <x/>\n");
	free(p.text);
}

static void a_mistyped_check_has_neighbours(void **state)
{
	static const struct {
		const char *wrong, *near;
	} rows[] = {
		{ "crng-raedy", "crng-ready" },
		{ "CRNG", "" },
		{ "waiters", "crng-waiters" },
		{ "xyzzyxyzzy", "" },
		{ "", "" },
		{ "a-name-that-is-much-longer-than-any-check's", "" },
	};
	char near[128], small[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *got = doctor_near(rows[i].wrong, near, sizeof near);

		if (rows[i].near[0])
			assert_non_null(strstr(got, rows[i].near));
		else
			assert_string_equal(got, "");
	}
	/* Never more than fits. */
	(void)doctor_near("rng", small, sizeof small);
	assert_true(strlen(small) < sizeof small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_has_the_issue_s_shape),
		cmocka_unit_test(a_monitor_gets_one_line),
		cmocka_unit_test(readiness_is_the_kernel_s_word),
		cmocka_unit_test(words_are_wrapped_by_characters),
		cmocka_unit_test(commands_stand_as_they_are),
		cmocka_unit_test(a_mistyped_check_has_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
