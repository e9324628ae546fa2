/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/doctor.h"

static json_t *lines_json(const struct finding_lines *lines)
{
	json_t *list = json_array();

	for (size_t i = 0; i < lines->count; i++)
		(void)json_array_append_new(list,
					    cmd_json_text(lines->lines[i].text));
	return list;
}

/* One text: paragraphs with an empty line between them. */
static json_t *why_json(const struct finding_lines *why)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	json_t *whole;

	for (size_t i = 0; f && i < why->count; i++)
		(void)fprintf(f, "%s%s", i ? "\n\n" : "", why->lines[i].text);
	if (!f || fclose(f) != 0)
		return NULL;
	whole = cmd_json_text(text);
	free(text);
	return whole;
}

static json_t *fix_json(const struct finding_lines *fix)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fix->count; i++) {
		const struct finding_line *l = &fix->lines[i];

		(void)json_array_append_new(
			list, json_pack("{s:s, s:s, s:b}", "where",
					fix_place_name(l->place), "text",
					l->text, "command", l->is_command));
	}
	return list;
}

static json_t *text_or_null(const char *text)
{
	return text && text[0] ? cmd_json_text(text) : json_null();
}

static json_t *finding_json(const struct finding *f)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", f->id,
			 "severity", severity_name(f->severity), "title",
			 cmd_json_text(f->title), "evidence",
			 lines_json(&f->evidence), "why", why_json(&f->why),
			 "fix", fix_json(&f->fix), "reference",
			 text_or_null(f->reference));
}

static const char *kind_name(const struct machine *m)
{
	static const char *const names[] = {
		[PROBE_LIVE] = "live",
		[PROBE_RECORD] = "record",
		[PROBE_IMAGE] = "image",
	};

	return names[m->kind];
}

/* RFC 3339, UTC; null where the record does not tell its time. */
static json_t *time_json(int64_t now_s)
{
	time_t seconds = (time_t)now_s;
	struct tm tm;
	char text[64];

	if (now_s == 0 || !gmtime_r(&seconds, &tm) ||
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return json_null();
	return json_string(text);
}

static json_t *machine_json(const struct machine *m,
			    const struct doctor_subject *s,
			    const struct report *r)
{
	const struct platform *p = &m->platform;
	bool image = m->kind == PROBE_IMAGE;
	json_t *counts = json_object();

	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		(void)json_object_set_new(
			counts, severity_name(i),
			json_integer((json_int_t)r->n_severity[i]));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, "
			 "s:o}",
			 "kind", kind_name(m), "what", cmd_json_text(s->what),
			 "system", text_or_null(s->system), "kernel",
			 text_or_null(p->kernel_release), "architecture",
			 text_or_null(s->architecture), "virtual",
			 image ? json_null() : json_boolean(p->hypervisor),
			 "hypervisor", text_or_null(p->hypervisor_name), "now",
			 time_json(m->now_s), "privileged", m->privileged,
			 "host", m->host_wanted, "counts", counts);
}

int doctor_json(FILE *f, const struct machine *m,
		const struct doctor_subject *s, const struct report *r)
{
	json_t *list = json_array(), *root;
	int error = -ENOMEM;

	for (size_t i = 0; i < r->count; i++)
		(void)json_array_append_new(list, finding_json(&r->findings[i]));
	root = json_pack("{s:s, s:o, s:o, s:o}", "verdict",
			 doctor_verdict_name(r->verdict), "summary",
			 cmd_json_text(r->summary), "machine",
			 machine_json(m, s, r), "findings", list);
	/* A finding that memory ran out for would be missing unsaid. */
	if (root && json_array_size(list) == r->count &&
	    json_dumpf(root, f, JSON_INDENT(2)) == 0)
		error = fputc('\n', f) == EOF ? -EIO : 0;
	json_decref(root);
	return error;
}
