/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/doctor_profile.h"
#include "doctor/text.h"

static const struct profile *const profiles[] = { &profile_scs_0101 };

struct outcome outcome(enum result result, const char *format, ...)
{
	struct outcome o = { .result = result };
	char raw[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	(void)text_clean(raw, 0, o.seen, sizeof o.seen);
	return o;
}

static const char *const result_names[] = {
	[RESULT_PASS] = "pass",
	[RESULT_FAIL] = "fail",
	[RESULT_UNSEEN] = "unknown",
	[RESULT_NOT_JUDGED] = "not-judged",
};

struct judged {
	const struct profile *profile;
	const struct doctor_options *o;
	const struct doctor_subject *s;
	struct outcome outcomes[PROFILE_REQUIREMENTS_MAX];
	enum result verdict;
};

/* A requirement fails it, or leaves it open; a warning does neither. */
static void judge_all(struct judged *j, const struct asked *a)
{
	j->verdict = RESULT_PASS;
	for (size_t i = 0; i < j->profile->n_requirements; i++) {
		const struct requirement *r = &j->profile->requirements[i];

		j->outcomes[i] = r->judge(a);
		if (!r->must || j->verdict == RESULT_FAIL)
			continue;
		if (j->outcomes[i].result == RESULT_FAIL ||
		    j->outcomes[i].result == RESULT_UNSEEN)
			j->verdict = j->outcomes[i].result;
	}
}

static void show_requirement(FILE *f, const struct requirement *r,
			     const struct outcome *o, bool verbose)
{
	const bool warns = !r->must && o->result == RESULT_FAIL;
	struct wrap w = { .f = f, .width = doctor_width(f), .indent = 11 };

	(void)fputc('\n', f);
	text_put(f,
		 o->result == RESULT_PASS            ? TONE_GOOD :
		 o->result == RESULT_FAIL && r->must ? TONE_BAD :
						       TONE_WARN,
		 11, "%s", warns ? "warning" : result_names[o->result]);
	w.tone = TONE_STRONG;
	doctor_wrap(&w, r->text);
	(void)fprintf(f, "%11s", "");
	w.tone = TONE_PLAIN;
	doctor_wrap(&w, o->seen);
	(void)fprintf(f, "%11s", "");
	w.tone = TONE_WEAK;
	doctor_wrap(&w, r->clause);
	if (r->note && (verbose || o->result != RESULT_PASS)) {
		(void)fprintf(f, "%11s", "");
		w.tone = TONE_PLAIN;
		doctor_wrap(&w, r->note);
	}
}

static void show_text(FILE *f, const struct judged *j)
{
	static const char *const words[] = {
		[RESULT_PASS] = "passes",
		[RESULT_FAIL] = "fails",
		[RESULT_UNSEEN] = "unknown",
	};

	text_put(f,
		 j->verdict == RESULT_PASS ? TONE_GOOD :
		 j->verdict == RESULT_FAIL ? TONE_BAD :
					     TONE_WARN,
		 0, "%s", words[j->verdict]);
	(void)fprintf(f, ": %s\n", j->profile->title);
	if (j->o->quiet)
		return;
	text_put(f, TONE_WEAK, 0, "%s; %s\n", j->s->what, j->profile->source);
	for (size_t i = 0; i < j->profile->n_requirements; i++)
		show_requirement(f, &j->profile->requirements[i],
				 &j->outcomes[i], j->o->verbose);
}

static int show_json(FILE *f, const struct judged *j)
{
	json_t *list = json_array(), *root;
	int r = -ENOMEM;

	for (size_t i = 0; i < j->profile->n_requirements; i++) {
		const struct requirement *q = &j->profile->requirements[i];

		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:b, s:s, s:s, s:s, s:o, s:s?}", "id",
				  q->id, "must", q->must, "requirement",
				  q->text, "clause", q->clause, "result",
				  result_names[j->outcomes[i].result],
				  "evidence", cmd_json_text(j->outcomes[i].seen),
				  "note", q->note));
	}
	root = json_pack("{s:s, s:s, s:s, s:s, s:o}", "profile",
			 j->profile->name, "title", j->profile->title, "source",
			 j->profile->source, "verdict",
			 result_names[j->verdict], "requirements", list);
	if (root && json_dumpf(root, f, JSON_INDENT(2)) == 0)
		r = fputc('\n', f) == EOF ? -EIO : 0;
	json_decref(root);
	return r;
}

static int produce(FILE *f, void *context)
{
	const struct judged *j = context;

	if (j->o->format == FORMAT_JSON)
		return show_json(f, j);
	show_text(f, j);
	return ferror(f) ? -EIO : 0;
}

static const struct profile *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(profiles); i++) {
		if (strcmp(profiles[i]->name, name) == 0)
			return profiles[i];
	}
	return NULL;
}

bool doctor_profile_known(const char *name)
{
	return find(name) != NULL;
}

int doctor_profile(const struct doctor_options *o, const struct probe_root *root,
		   const struct machine *m, const struct doctor_subject *s)
{
	static const int codes[] = {
		[RESULT_PASS] = EXIT_YES,
		[RESULT_FAIL] = EXIT_NO,
		[RESULT_UNSEEN] = EXIT_MACHINE,
	};
	const struct asked a = { .m = m, .root = root };
	struct judged j = { .o = o, .s = s, .profile = find(o->profile) };
	int code;

	assert(j.profile); /* the options were checked */
	if (m->kind == PROBE_IMAGE)
		return doctor_fail(o, EXIT_USAGE,
				   "%s is about running machines; %s is an "
				   "image",
				   o->profile, s->what);
	judge_all(&j, &a);
	code = doctor_write(o, produce, &j);
	return code ? code : codes[j.verdict];
}
