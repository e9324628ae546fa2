/* SPDX-License-Identifier: ISC */
/*
 * Runs, verdicts and the sentence, with checks of the test's own: the families
 * below take the place of those in the library.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "doctor/check.h"

/* What the next run's checks come to; SEVERITY_COUNT: nothing to say. */
static enum severity ready, other, third, of_image, of_host;
static bool needs_root, memory_is_out;

static bool say(struct finding *f, enum severity severity)
{
	if (severity == SEVERITY_COUNT)
		return false;
	finding_say(f, severity, "%s is %s", f->id, severity_name(severity));
	if (severity == SEVERITY_UNKNOWN && needs_root)
		finding_fix(f, FIX_GUEST, "Run this as root.");
	f->failed = memory_is_out;
	return true;
}

static bool judge_ready(const struct machine *m, struct finding *f)
{
	(void)m;
	return say(f, ready);
}

static bool judge_other(const struct machine *m, struct finding *f)
{
	(void)m;
	return say(f, other);
}

static bool judge_third(const struct machine *m, struct finding *f)
{
	(void)m;
	/* Something was added before it turned out that it does not apply. */
	finding_evidence(f, "/file", "value");
	f->reference = "a page of its own";
	return say(f, third);
}

static bool judge_image(const struct machine *m, struct finding *f)
{
	(void)m;
	return say(f, of_image);
}

static bool judge_host(const struct machine *m, struct finding *f)
{
	(void)m;
	return say(f, of_host);
}

static const struct check boot[] = {
	{ "crng-ready", CHECK_MACHINE, "q", "p", "the check's page",
	  judge_ready },
	{ "other", CHECK_MACHINE, "q", "p", "the check's page", judge_other },
};
static const struct check sources[] = {
	{ "third", CHECK_MACHINE, "q", "p", "the check's page", judge_third },
};
static const struct check clones[] = {
	{ "image", CHECK_IMAGE, "q", "p", NULL, judge_image },
};
static const struct check hosts[] = {
	{ "host", CHECK_HOST, "q", "p", NULL, judge_host },
};

const struct check_family family_boot = { "boot", boot, ARRAY_LEN(boot) };
const struct check_family family_sources = { "sources", sources,
					     ARRAY_LEN(sources) };
const struct check_family family_clones = { "clones", clones,
					    ARRAY_LEN(clones) };
const struct check_family family_services = { "services", NULL, 0 };
const struct check_family family_hosts = { "hosts", hosts, ARRAY_LEN(hosts) };

static void reset(void)
{
	ready = other = third = of_image = of_host = SEVERITY_OK;
	needs_root = false;
}

static struct report run(enum probe_kind kind, bool host,
			 const char *const *only, size_t n_only)
{
	const struct machine m = { .kind = kind, .host_wanted = host };
	struct report report;

	assert_int_equal(doctor_run(&m, only, n_only, &report), 0);
	return report;
}

static void checks_are_found_by_id(void **state)
{
	(void)state;
	assert_ptr_equal(check_find("crng-ready"), &boot[0]);
	assert_ptr_equal(check_find("host"), &hosts[0]);
	assert_null(check_find("crng-read"));
	assert_null(check_find(""));
	assert_ptr_equal(check_family_at(0), &family_boot);
	assert_ptr_equal(check_family_at(4), &family_hosts);
	assert_null(check_family_at(5));
}

static void a_run_asks_what_applies(void **state)
{
	static const struct {
		enum probe_kind kind;
		bool host;
		const char *ids;
	} rows[] = {
		{ PROBE_LIVE, false, "crng-ready other third " },
		{ PROBE_RECORD, false, "crng-ready other third " },
		{ PROBE_IMAGE, false, "image " },
		{ PROBE_LIVE, true, "host " },
	};

	(void)state;
	reset();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct report r = run(rows[i].kind, rows[i].host, NULL, 0);
		char ids[100] = "";
		int n = 0;

		for (size_t k = 0; k < r.count; k++)
			n += snprintf(ids + n, sizeof ids - (size_t)n, "%s ",
				      r.findings[k].id);
		assert_string_equal(ids, rows[i].ids);
		assert_int_equal(r.verdict, DOCTOR_READY);
		report_free(&r);
	}
}

static void only_some_can_be_asked(void **state)
{
	static const char *const only[] = { "third", "host", "crng-ready",
					    "no-such" };
	struct report r;

	(void)state;
	reset();
	r = run(PROBE_LIVE, false, only, ARRAY_LEN(only));
	assert_int_equal(r.count, 2);
	assert_string_equal(r.findings[0].id, "crng-ready");
	assert_string_equal(r.findings[1].id, "third");
	/* The check's own reference, where the finding brings none. */
	assert_string_equal(r.findings[0].reference, "the check's page");
	assert_string_equal(r.findings[1].reference, "a page of its own");
	report_free(&r);
	r = run(PROBE_IMAGE, false, only, ARRAY_LEN(only));
	assert_int_equal(r.count, 0);
	assert_int_equal(r.verdict, DOCTOR_UNKNOWN);
	report_free(&r);
}

#define NONE SEVERITY_COUNT

static const struct {
	enum severity ready, other, third;
	enum doctor_verdict verdict;
} verdicts[] = {
	{ SEVERITY_OK, SEVERITY_OK, SEVERITY_OK, DOCTOR_READY },
	{ SEVERITY_OK, SEVERITY_INFO, SEVERITY_UNKNOWN, DOCTOR_READY },
	{ SEVERITY_INFO, NONE, NONE, DOCTOR_READY },
	{ SEVERITY_OK, SEVERITY_WARN, SEVERITY_OK, DOCTOR_DEGRADED },
	{ SEVERITY_WARN, SEVERITY_OK, SEVERITY_UNKNOWN, DOCTOR_DEGRADED },
	{ SEVERITY_OK, SEVERITY_WARN, SEVERITY_CRITICAL, DOCTOR_UNSAFE },
	{ SEVERITY_CRITICAL, SEVERITY_UNKNOWN, NONE, DOCTOR_UNSAFE },
	/* The one that decides, whatever else there is. */
	{ SEVERITY_UNKNOWN, SEVERITY_OK, SEVERITY_OK, DOCTOR_UNKNOWN },
	{ SEVERITY_UNKNOWN, SEVERITY_CRITICAL, SEVERITY_OK, DOCTOR_UNKNOWN },
	{ NONE, SEVERITY_OK, SEVERITY_OK, DOCTOR_UNKNOWN },
	{ NONE, SEVERITY_CRITICAL, NONE, DOCTOR_UNKNOWN },
	{ NONE, NONE, NONE, DOCTOR_UNKNOWN },
};

static void the_verdict_follows_the_worst(void **state)
{
	(void)state;
	reset();
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		const char *name = doctor_verdict_name(verdicts[i].verdict);
		size_t sum = 0;
		struct report r;

		ready = verdicts[i].ready;
		other = verdicts[i].other;
		third = verdicts[i].third;
		r = run(PROBE_RECORD, false, NULL, 0);
		if (r.verdict != verdicts[i].verdict)
			fail_msg("row %zu: %s", i,
				 doctor_verdict_name(r.verdict));
		for (unsigned s = 0; s < SEVERITY_COUNT; s++)
			sum += r.n_severity[s];
		assert_int_equal(sum, r.count);
		/* The sentence begins with the word. */
		assert_memory_equal(r.summary, name, strlen(name));
		assert_int_equal(r.summary[strlen(name)], ':');
		report_free(&r);
	}
}

/* Where only some were asked, the others' absence says nothing. */
static void asked_alone_a_check_decides(void **state)
{
	static const char *const only[] = { "other" };
	static const enum doctor_verdict expected[] = {
		[SEVERITY_OK] = DOCTOR_READY,
		[SEVERITY_INFO] = DOCTOR_READY,
		[SEVERITY_UNKNOWN] = DOCTOR_UNKNOWN,
		[SEVERITY_WARN] = DOCTOR_DEGRADED,
		[SEVERITY_CRITICAL] = DOCTOR_UNSAFE,
		[NONE] = DOCTOR_UNKNOWN,
	};

	(void)state;
	reset();
	ready = SEVERITY_UNKNOWN;
	for (unsigned i = 0; i < ARRAY_LEN(expected); i++) {
		struct report r;

		other = i;
		r = run(PROBE_LIVE, false, only, 1);
		assert_int_equal(r.verdict, expected[i]);
		report_free(&r);
	}
}

/* crng-ready is of machines: an image and a host are judged without it. */
static void images_and_hosts_are_judged_by_theirs(void **state)
{
	static const struct {
		enum severity severity;
		enum doctor_verdict verdict;
	} rows[] = {
		{ SEVERITY_OK, DOCTOR_READY },
		{ SEVERITY_WARN, DOCTOR_DEGRADED },
		{ SEVERITY_CRITICAL, DOCTOR_UNSAFE },
		{ SEVERITY_UNKNOWN, DOCTOR_UNKNOWN },
		/* No fact at all is no 'ready'. */
		{ NONE, DOCTOR_UNKNOWN },
	};

	(void)state;
	reset();
	ready = SEVERITY_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct report r;

		of_image = of_host = rows[i].severity;
		r = run(PROBE_IMAGE, false, NULL, 0);
		assert_int_equal(r.verdict, rows[i].verdict);
		report_free(&r);
		r = run(PROBE_LIVE, true, NULL, 0);
		assert_int_equal(r.verdict, rows[i].verdict);
		report_free(&r);
	}
}

static void the_sentence_counts_what_was_not_seen(void **state)
{
	struct report r;

	(void)state;
	reset();
	other = third = SEVERITY_UNKNOWN;
	needs_root = true;
	r = run(PROBE_LIVE, false, NULL, 0);
	assert_string_equal(r.summary, "ready: nothing here needs a change; 2 "
				       "checks need root");
	report_free(&r);
	needs_root = false;
	r = run(PROBE_LIVE, false, NULL, 0);
	assert_string_equal(r.summary, "ready: nothing here needs a change; 2 "
				       "checks could not be answered");
	report_free(&r);
	other = SEVERITY_WARN;
	needs_root = true;
	r = run(PROBE_LIVE, false, NULL, 0);
	assert_string_equal(r.summary, "degraded: other is warn; 1 check needs "
				       "root");
	report_free(&r);
	ready = SEVERITY_CRITICAL;
	third = SEVERITY_WARN;
	r = run(PROBE_LIVE, false, NULL, 0);
	assert_string_equal(r.summary, "unsafe: crng-ready is critical; 2 "
				       "warnings");
	report_free(&r);
	other = SEVERITY_CRITICAL;
	r = run(PROBE_LIVE, false, NULL, 0);
	assert_string_equal(r.summary, "unsafe: 2 findings: crng-ready, other; "
				       "1 warning");
	report_free(&r);
	report_free(&r);
	/* What the verdict's own words say is not counted once more. */
	ready = SEVERITY_UNKNOWN;
	third = SEVERITY_UNKNOWN;
	other = SEVERITY_OK;
	needs_root = false;
	r = run(PROBE_LIVE, false, NULL, 0);
	assert_string_equal(r.summary, "unknown: whether the kernel's generator "
				       "is ready could not be seen; 1 check "
				       "could not be answered");
	report_free(&r);
	report_free(&r); /* twice is harmless */
}

/* A report with a hole in it is none. */
static void missing_memory_is_told(void **state)
{
	const struct machine m = { .kind = PROBE_LIVE };
	struct report r = { .count = 77 };

	(void)state;
	reset();
	memory_is_out = true;
	assert_int_equal(doctor_run(&m, NULL, 0, &r), -ENOMEM);
	memory_is_out = false;
	assert_int_equal(r.count, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_are_found_by_id),
		cmocka_unit_test(a_run_asks_what_applies),
		cmocka_unit_test(only_some_can_be_asked),
		cmocka_unit_test(the_verdict_follows_the_worst),
		cmocka_unit_test(asked_alone_a_check_decides),
		cmocka_unit_test(images_and_hosts_are_judged_by_theirs),
		cmocka_unit_test(the_sentence_counts_what_was_not_seen),
		cmocka_unit_test(missing_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
