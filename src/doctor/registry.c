/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/check.h"
#include "doctor/summary.h"

/* In the order people read them: is it seeded, from what, is it unique... */
static const struct check_family *const families[] = {
	&family_boot,     &family_sources, &family_clones,
	&family_services, &family_hosts,
};

const struct check_family *check_family_at(size_t i)
{
	return i < ARRAY_LEN(families) ? families[i] : NULL;
}

const struct check *check_find(const char *id)
{
	for (size_t f = 0; f < ARRAY_LEN(families); f++) {
		for (size_t i = 0; i < families[f]->n_checks; i++) {
			const struct check *c = &families[f]->checks[i];

			if (strcmp(c->id, id) == 0)
				return c;
		}
	}
	return NULL;
}

const char *doctor_verdict_name(enum doctor_verdict verdict)
{
	static const char *const names[] = {
		[DOCTOR_READY] = "ready",
		[DOCTOR_DEGRADED] = "degraded",
		[DOCTOR_UNSAFE] = "unsafe",
		[DOCTOR_UNKNOWN] = "unknown",
	};

	return (size_t)verdict < ARRAY_LEN(names) ? names[verdict] : "?";
}

/* What a run is about: guests seen from their host, an image, a machine. */
static unsigned subject(const struct machine *m)
{
	if (m->host_wanted)
		return CHECK_HOST;
	return m->kind == PROBE_IMAGE ? CHECK_IMAGE : CHECK_MACHINE;
}

static bool is_asked(const char *id, const char *const *only, size_t n_only)
{
	for (size_t i = 0; only && i < n_only; i++) {
		if (strcmp(only[i], id) == 0)
			return true;
	}
	return !only;
}

/* Returns 0 or -ENOMEM. */
static int run_check(const struct check *c, const struct machine *m,
		     struct report *report)
{
	struct finding *f = &report->findings[report->count];

	*f = (struct finding){ .id = c->id };
	if (!c->judge(m, f)) {
		finding_free(f);
		return 0;
	}
	if (!f->title) /* the severity alone was settled */
		finding_say(f, f->severity, "%s", c->question);
	if (!f->reference)
		f->reference = c->reference;
	report->count++;
	report->n_severity[f->severity]++;
	return f->failed ? -ENOMEM : 0;
}

static const struct finding *finding_of(const struct report *report,
					const char *id)
{
	for (size_t i = 0; i < report->count; i++) {
		if (strcmp(report->findings[i].id, id) == 0)
			return &report->findings[i];
	}
	return NULL;
}

static enum doctor_verdict judge(const struct report *report,
				 const struct machine *m, bool all)
{
	const struct finding *decisive = finding_of(report, DECISIVE_ID);
	bool machine = subject(m) == CHECK_MACHINE;

	if (machine && (decisive ? decisive->severity == SEVERITY_UNKNOWN : all))
		return DOCTOR_UNKNOWN;
	/* Nothing was seen: that is no 'ready', nor where only() asked. */
	if (report->count == report->n_severity[SEVERITY_UNKNOWN])
		return DOCTOR_UNKNOWN;
	if (report->n_severity[SEVERITY_CRITICAL] > 0)
		return DOCTOR_UNSAFE;
	return report->n_severity[SEVERITY_WARN] > 0 ? DOCTOR_DEGRADED :
						       DOCTOR_READY;
}

int doctor_run(const struct machine *m, const char *const *only, size_t n_only,
	       struct report *ret_report)
{
	struct report report = { 0 };
	size_t n = 0;
	int r = 0;

	for (size_t f = 0; f < ARRAY_LEN(families); f++)
		n += families[f]->n_checks;
	report.findings = calloc(n ? n : 1, sizeof *report.findings);
	if (!report.findings)
		return -ENOMEM;
	for (size_t f = 0; f < ARRAY_LEN(families) && r == 0; f++) {
		for (size_t i = 0; i < families[f]->n_checks && r == 0; i++) {
			const struct check *c = &families[f]->checks[i];

			if ((c->applies & subject(m)) &&
			    is_asked(c->id, only, n_only))
				r = run_check(c, m, &report);
		}
	}
	if (r < 0) {
		report_free(&report);
		return r;
	}
	report.verdict = judge(&report, m, !only);
	report_summarise(&report, m);
	*ret_report = report;
	return 0;
}

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		finding_free(&report->findings[i]);
	free(report->findings);
	*report = (struct report){ 0 };
}
