/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "cmd/assess.h"

static json_t *suite_json(const struct assess_suite *s,
			  const struct assess_outcome *a)
{
	const char *word = verdict_word(a->verdict);
	json_t *o = json_pack("{s:s, s:o}", "suite", s->name, "verdict",
			      word ? json_string(word) : json_null());

	if (o && a->json)
		(void)json_object_update(o, a->json);
	(void)json_object_set_new(o, "decides", json_boolean(a->decides));
	(void)json_object_set_new(o, "says", cmd_json_text(a->says));
	(void)json_object_set_new(o, "does_not_mean",
				  json_string(assess_says_not(a)));
	return o;
}

static json_t *notes_json(const struct assess_input *in)
{
	json_t *list = json_array();

	for (size_t i = 0; i < in->n_notes; i++)
		(void)json_array_append_new(list, cmd_json_text(in->notes[i]));
	return list;
}

int assess_show_json(FILE *f, const struct assess_run *run)
{
	const struct assess_input *in = run->in;
	json_t *list = json_array(), *o;
	unsigned bits = in->samples.bits ? in->samples.bits : in->packed_width;
	uint64_t n = in->samples.bits ? in->samples.n : in->n_symbols;
	bool none = !assess_has_samples(run->o);
	int r = -1;

	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		if (run->outcomes[i])
			(void)json_array_append_new(
				list,
				suite_json(assess_suites[i], run->outcomes[i]));
	}
	o = json_pack("{s:o, s:I, s:o, s:o, s:o, s:b, s:o, s:I}", "file",
		      none ? json_null() :
			     cmd_json_text(run->o->file ? run->o->file :
							  in->name),
		      "samples", (json_int_t)n, "bits_per_symbol",
		      none ? json_null() : json_integer((json_int_t)bits),
		      "suites", list, "source",
		      in->sidecar.present ? cmd_json_text(in->sidecar.source) :
					    json_null(),
		      "raw", in->raw, "notes", notes_json(in), "exit",
		      (json_int_t)assess_answer(run));
	if (o)
		r = json_dumpf(o, f, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	json_decref(o);
	if (r < 0 || fputc('\n', f) == EOF)
		return cmd_fail(&command_assess, EXIT_MACHINE, "%s",
				strerror(errno ? errno : ENOMEM));
	return 0;
}
