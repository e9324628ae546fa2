/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/doctor.h"

#define ID_COLUMNS 20

static void list(FILE *f)
{
	struct wrap w = { .f = f,
			  .width = doctor_width(f),
			  .indent = 2 + ID_COLUMNS };
	const struct check_family *family;

	for (size_t i = 0; (family = check_family_at(i)); i++) {
		text_put(f, TONE_STRONG, 0, "%s%s", i ? "\n" : "", family->name);
		(void)fputc('\n', f);
		for (size_t k = 0; k < family->n_checks; k++) {
			(void)fprintf(f, "  %-*s", ID_COLUMNS,
				      family->checks[k].id);
			doctor_wrap(&w, family->checks[k].question);
		}
	}
	(void)fputs("\n'aquifer doctor --explain ID' tells what a check looks "
		    "at and what it means.\n",
		    f);
}

static const char *applies_words(unsigned applies)
{
	if (applies & CHECK_HOST)
		return "guests of a host";
	if ((applies & CHECK_IMAGE) && (applies & CHECK_MACHINE))
		return "machines and images";
	return applies & CHECK_IMAGE ? "images" : "machines";
}

/*
 * A page's paragraphs are filled to the width; a line that begins with a blank
 * stands as it is: a table, a command.
 */
static int page(FILE *f, const struct check *c)
{
	struct wrap w = { .f = f, .width = doctor_width(f) };
	char *text = strdup(c->page), *rest = text, last[512];

	if (!text)
		return EXIT_MACHINE;
	text_put(f, TONE_STRONG, 0, "%s", c->id);
	w.indent = (unsigned)strlen(c->id) + 2;
	(void)fputs(": ", f);
	doctor_wrap(&w, c->question);
	w.indent = 0;
	for (char *line; (line = strsep(&rest, "\n"));) {
		bool fixed = *line == ' ' || *line == '\t';

		/* Lines of one paragraph are joined again. */
		while (!fixed && *line && rest && *rest && *rest != '\n' &&
		       *rest != ' ' && *rest != '\t') {
			rest[-1] = ' ';
			(void)strsep(&rest, "\n");
		}
		if (fixed)
			(void)fprintf(f, "%s\n", line);
		else
			doctor_wrap(&w, line);
	}
	free(text);
	(void)snprintf(last, sizeof last, "Asked of %s.%s%s%s",
		       applies_words(c->applies), c->reference ? " See " : "",
		       c->reference ? c->reference : "",
		       c->reference ? "." : "");
	(void)fputc('\n', f);
	doctor_wrap(&w, last);
	return 0;
}

int doctor_explain(const struct doctor_options *o)
{
	const struct check *c;
	char near[128];

	if (!o->explain_id || strcmp(o->explain_id, "list") == 0) {
		list(stdout);
		return EXIT_YES;
	}
	c = check_find(o->explain_id);
	if (!c) {
		(void)doctor_near(o->explain_id, near, sizeof near);
		return doctor_fail(o, EXIT_USAGE,
				   "no check '%s'%s%s%s; 'aquifer doctor "
				   "--explain' lists them",
				   o->explain_id,
				   near[0] ? " (did you mean " : "", near,
				   near[0] ? "?)" : "");
	}
	return page(stdout, c);
}
