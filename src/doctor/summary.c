/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/summary.h"
#include "doctor/text.h"

/* More names than that are a list, no sentence. */
#define NAMES_MAX 4

struct sentence {
	char text[1024];
	size_t len;
};

static void append(struct sentence *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append(struct sentence *s, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(s->text + s->len, sizeof s->text - s->len, format, args);
	va_end(args);
	if (n > 0)
		s->len = min_size(s->len + (size_t)n, sizeof s->text - 1);
}

bool finding_needs_root(const struct finding *f)
{
	static const char *const words[] = { "needs root", "need root",
					     "as root", "sudo " };
	const struct finding_lines *const parts[] = { &f->evidence, &f->fix };

	if (f->severity != SEVERITY_UNKNOWN)
		return false;
	for (size_t w = 0; w < ARRAY_LEN(words); w++) {
		if (f->title && strstr(f->title, words[w]))
			return true;
		for (size_t p = 0; p < ARRAY_LEN(parts); p++)
			for (size_t i = 0; i < parts[p]->count; i++)
				if (strstr(parts[p]->lines[i].text, words[w]))
					return true;
	}
	return false;
}

/* The title where there is one such finding, else their ids. */
static void append_findings(struct sentence *s, const struct report *r,
			    enum severity severity)
{
	size_t n = r->n_severity[severity], shown = 0;

	if (n > 1)
		append(s, "%zu findings: ", n);
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];

		if (f->severity != severity)
			continue;
		if (n == 1) {
			append(s, "%s", f->title);
			return;
		}
		if (shown == NAMES_MAX && n > NAMES_MAX + 1) {
			append(s, " and %zu more", n - shown);
			return;
		}
		append(s, "%s%s", shown ? ", " : "", f->id);
		shown++;
	}
}

static const char *nothing_wrong(const struct machine *m)
{
	if (m->host_wanted)
		return "no guest here needs a change";
	if (m->kind == PROBE_IMAGE)
		return "no secret and no identity was found in this image";
	return "nothing here needs a change";
}

static void append_verdict(struct sentence *s, const struct report *r,
			   const struct machine *m)
{
	size_t n_warn = r->n_severity[SEVERITY_WARN];
	size_t n_act = n_warn + r->n_severity[SEVERITY_CRITICAL];

	append(s, "%s: ", doctor_verdict_name(r->verdict));
	switch (r->verdict) {
	case DOCTOR_READY:
		append(s, "%s", nothing_wrong(m));
		break;
	case DOCTOR_DEGRADED:
		append_findings(s, r, SEVERITY_WARN);
		break;
	case DOCTOR_UNSAFE:
		append_findings(s, r, SEVERITY_CRITICAL);
		if (n_warn > 0)
			append(s, "; %zu warning%s", n_warn,
			       n_warn == 1 ? "" : "s");
		break;
	case DOCTOR_UNKNOWN:
		if (r->count == 0 && m->host_wanted)
			append(s, "no guest was found to judge");
		else if (r->count == r->n_severity[SEVERITY_UNKNOWN])
			append(s, "nothing was seen that could be judged");
		else
			append(s, "whether the kernel's generator is ready "
				  "could not be seen");
		if (n_act > 0)
			append(s, "; %zu finding%s to act on", n_act,
			       n_act == 1 ? "" : "s");
		break;
	}
}

/* Is one that could not be answered in the verdict's words already? */
static size_t verdict_says(const struct report *r)
{
	for (size_t i = 0; r->verdict == DOCTOR_UNKNOWN && i < r->count; i++)
		if (strcmp(r->findings[i].id, DECISIVE_ID) == 0)
			return !finding_needs_root(&r->findings[i]);
	return 0;
}

void report_summarise(struct report *report, const struct machine *m)
{
	size_t n_root = 0, n_other = report->n_severity[SEVERITY_UNKNOWN];
	struct sentence s = { .len = 0 };

	append_verdict(&s, report, m);
	for (size_t i = 0; i < report->count; i++)
		n_root += finding_needs_root(&report->findings[i]);
	n_other -= n_root + verdict_says(report);
	if (n_root > 0)
		append(&s, "; %zu check%s root", n_root,
		       n_root == 1 ? " needs" : "s need");
	if (n_other > 0)
		append(&s, "; %zu check%s could not be answered", n_other,
		       n_other == 1 ? "" : "s");
	(void)text_clean(s.text, 0, report->summary, sizeof report->summary);
}
