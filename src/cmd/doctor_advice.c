/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do: advice in words, and lines to paste, by the place they are for. */
#include <string.h>

#include "cmd/doctor_text.h"

#define COMMAND_INDENT 8

struct wrap show_wrap(const struct show *s, unsigned indent, enum tone tone)
{
	return (struct wrap){
		.f = s->f, .width = s->width, .indent = indent, .tone = tone
	};
}

void show_wrapped(const struct show *s, unsigned indent, enum tone tone,
		  const char *text)
{
	const struct wrap w = show_wrap(s, indent, tone);

	(void)fprintf(s->f, "%*s", (int)indent, "");
	doctor_wrap(&w, text);
}

static const char *place_words(const struct machine *m,
			       const struct finding_line *l)
{
	enum fix_place place = l->place;

	/* Paths of the commands are relative. */
	if (place == FIX_IMAGE)
		return l->is_command ? "In the top directory of the image:" :
				       "In the image:";
	if (place == FIX_HOST)
		return m->host_wanted ? "On this host:" : "On the host:";
	return m->host_wanted         ? "In the guest:" :
	       m->platform.hypervisor ? "In this guest:" :
					"On this machine:";
}

static bool is_same_fix(const struct finding *a, const struct finding *b)
{
	bool same = a->fix.count == b->fix.count;

	for (size_t i = 0; same && i < a->fix.count; i++) {
		const struct finding_line *x = &a->fix.lines[i];
		const struct finding_line *y = &b->fix.lines[i];

		same = x->place == y->place && x->is_command == y->is_command &&
		       strcmp(x->text, y->text) == 0;
	}
	return same;
}

/* Of findings with one cure the first that was shown; NULL: none was. */
static const struct finding *shown_with(const struct show *s,
					const struct finding *f)
{
	for (size_t i = 0; i < s->r->count && f->fix.count > 1; i++) {
		const struct finding *g = &s->r->findings[i];

		if ((g->severity > f->severity ||
		     (g->severity == f->severity && g < f)) &&
		    is_same_fix(f, g))
			return g;
	}
	return NULL;
}

/* Words after the heading of their place, which stands where that changes. */
static void show_advice(const struct show *s, const char *heading,
			const char *text)
{
	char line[4096];

	if (heading && strncmp(text, heading, strlen(heading)) == 0)
		heading = NULL;
	(void)snprintf(line, sizeof line, "%s%s%s", heading ? heading : "",
		       heading ? " " : "", text);
	show_wrapped(s, BODY_INDENT, TONE_PLAIN, line);
}

void show_fix(const struct show *s, const struct finding *f)
{
	const struct finding *before = shown_with(s, f);
	const struct wrap paste = show_wrap(s, COMMAND_INDENT, TONE_STRONG);
	bool leads = false; /* the line before ends in ":" */

	if (before) {
		(void)fprintf(s->f, "\n%*sWhat to do: as for %s.\n",
			      BODY_INDENT, "", before->id);
		return;
	}
	for (size_t i = 0; i < f->fix.count; i++) {
		const struct finding_line *l = &f->fix.lines[i];
		bool moved = i == 0 || l[-1].place != l->place;
		bool follows = !moved && l->is_command &&
			       (leads || l[-1].is_command);
		const char *heading = moved ? place_words(s->m, l) : NULL;
		size_t len = strlen(l->text);

		if (!follows)
			(void)fputc('\n', s->f);
		if (!l->is_command) {
			show_advice(s, heading, l->text);
		} else {
			if (heading)
				(void)fprintf(s->f, "%*s%s\n", BODY_INDENT, "",
					      heading);
			doctor_paste(&paste, l->text);
		}
		leads = !l->is_command && len > 0 && l->text[len - 1] == ':';
	}
}
