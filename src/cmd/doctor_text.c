/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report for people: the verdict in one sentence, what it is about, then the
 * findings by weight, each with its evidence, why it matters and what to do;
 * what is well comes last, a line each.
 */
#include <string.h>

#include "base/bytes.h"
#include "cmd/doctor_text.h"

/* Of the column of ids in the list of what is well. */
#define ID_COLUMNS_MAX 20
/* Lines of evidence that are shown without --verbose. */
#define EVIDENCE_SHOWN 5

/* Indexed by severity. */
static const struct {
	enum tone tone;
	const char *label;
} labels[SEVERITY_COUNT] = {
	[SEVERITY_OK] = { TONE_GOOD, "ok" },
	[SEVERITY_INFO] = { TONE_NOTE, "info" },
	[SEVERITY_UNKNOWN] = { TONE_NOTE, "unknown" },
	[SEVERITY_WARN] = { TONE_WARN, "warning" },
	[SEVERITY_CRITICAL] = { TONE_BAD, "critical" },
};

/* The word in its tone, the sentence behind it. */
static void show_verdict(const struct show *s)
{
	static const enum tone tones[] = {
		[DOCTOR_READY] = TONE_GOOD,
		[DOCTOR_DEGRADED] = TONE_WARN,
		[DOCTOR_UNSAFE] = TONE_BAD,
		[DOCTOR_UNKNOWN] = TONE_WARN,
	};
	const char *word = doctor_verdict_name(s->r->verdict);
	struct wrap w = show_wrap(s, BODY_INDENT, TONE_PLAIN);

	text_put(s->f, tones[s->r->verdict], 0, "%s", word);
	/* Alone it is one line, for whoever reads lines. */
	if (s->o->quiet && text_width(s->f) == 0)
		w.width = sizeof s->r->summary;
	w.column = (unsigned)strlen(word);
	doctor_wrap(&w, s->r->summary + strlen(word));
}

static void show_subject(const struct show *s,
			 const struct doctor_subject *subject)
{
	const struct platform *p = &s->m->platform;
	char line[512];
	int n = snprintf(line, sizeof line, "%s", subject->what);
	const struct {
		const char *before, *text;
	} parts[] = {
		{ ", ", subject->system },
		{ ", Linux ", p->kernel_release },
		{ ", ", subject->architecture },
		{ p->hypervisor ? ", guest of " : ", ", p->hypervisor_name },
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (parts[i].text[0] && n >= 0 && (size_t)n < sizeof line)
			n += snprintf(line + n, sizeof line - (size_t)n, "%s%s",
				      parts[i].before, parts[i].text);
	}
	show_wrapped(s, 0, TONE_WEAK, line);
}

static void show_evidence(const struct show *s, const struct finding *f,
			  unsigned indent, bool all)
{
	const struct wrap w = show_wrap(s, indent + 2, TONE_WEAK);
	size_t n = f->evidence.count, shown = n;

	/* One line more is no longer than the line that leaves it out. */
	if (!all && n > EVIDENCE_SHOWN + 1)
		shown = EVIDENCE_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		(void)fprintf(s->f, "%*s- ", (int)indent, "");
		doctor_wrap(&w, f->evidence.lines[i].text);
	}
	if (shown < n)
		text_put(s->f, TONE_WEAK, 0,
			 "%*s- and %zu more (--verbose shows them)\n",
			 (int)indent, "", n - shown);
}

/* "critical host-keys: what is". */
static void show_title(const struct show *s, const struct finding *f)
{
	const char *label = labels[f->severity].label;
	struct wrap w = show_wrap(s, BODY_INDENT, TONE_STRONG);

	(void)fputc('\n', s->f);
	text_put(s->f, labels[f->severity].tone, 0, "%s", label);
	(void)fprintf(s->f, " %s: ", f->id);
	w.column = (unsigned)(strlen(label) + strlen(f->id)) + 3;
	doctor_wrap(&w, f->title);
}

static void show_finding(const struct show *s, const struct finding *f)
{
	bool all = s->o->verbose;

	show_title(s, f);
	show_evidence(s, f, BODY_INDENT, all);
	for (size_t i = 0; i < f->why.count; i++) {
		/* Why it would matter if it were bad is a page's business. */
		if (!all && f->severity == SEVERITY_UNKNOWN)
			break;
		(void)fputc('\n', s->f);
		show_wrapped(s, BODY_INDENT, TONE_PLAIN, f->why.lines[i].text);
	}
	show_fix(s, f);
	if (f->reference && (all || f->severity >= SEVERITY_WARN)) {
		char see[600];

		(void)snprintf(see, sizeof see, "See %s", f->reference);
		(void)fputc('\n', s->f);
		show_wrapped(s, BODY_INDENT, TONE_WEAK, see);
	}
}

static void show_ok(const struct show *s)
{
	unsigned id_columns = 0;
	struct wrap w;

	for (size_t i = 0; i < s->r->count; i++) {
		unsigned n = (unsigned)strlen(s->r->findings[i].id);

		if (s->r->findings[i].severity == SEVERITY_OK && n > id_columns)
			id_columns = n < ID_COLUMNS_MAX ? n : ID_COLUMNS_MAX;
	}
	if (id_columns == 0)
		return;
	(void)fputc('\n', s->f);
	text_put(s->f, TONE_GOOD, 0, "%s", labels[SEVERITY_OK].label);
	(void)fputc('\n', s->f);
	w = show_wrap(s, 2 + id_columns + 2, TONE_PLAIN);
	for (size_t i = 0; i < s->r->count; i++) {
		const struct finding *f = &s->r->findings[i];

		if (f->severity != SEVERITY_OK)
			continue;
		(void)fprintf(s->f, "  %-*s  ", (int)id_columns, f->id);
		doctor_wrap(&w, f->title);
		if (s->o->verbose)
			show_evidence(s, f, w.indent, true);
	}
}

/* A mounted image can be put right at once; every check has a page. */
static void show_hints(const struct show *s)
{
	const struct report *r = s->r;
	char line[600];

	if (r->n_severity[SEVERITY_OK] == r->count)
		return;
	(void)fputc('\n', s->f);
	if (s->m->kind == PROBE_IMAGE && s->o->root &&
	    r->n_severity[SEVERITY_WARN] + r->n_severity[SEVERITY_CRITICAL]) {
		(void)snprintf(line, sizeof line,
			       "'aquifer doctor --root %s --fix' lists what to "
			       "remove from this image; --yes removes it.",
			       s->o->root);
		show_wrapped(s, 0, TONE_WEAK, line);
	}
	show_wrapped(s, 0, TONE_WEAK,
		     "'aquifer doctor --explain ID' tells more about a check.");
}

void doctor_text(FILE *f, const struct doctor_options *o,
		 const struct machine *m, const struct doctor_subject *subject,
		 const struct report *r)
{
	const struct show s = {
		.f = f, .width = doctor_width(f), .o = o, .m = m, .r = r
	};

	show_verdict(&s);
	if (o->quiet)
		return;
	show_subject(&s, subject);
	for (int severity = SEVERITY_COUNT - 1; severity > SEVERITY_OK;
	     severity--) {
		for (size_t i = 0; i < r->count; i++) {
			if ((int)r->findings[i].severity == severity)
				show_finding(&s, &r->findings[i]);
		}
	}
	show_ok(&s);
	show_hints(&s);
}
