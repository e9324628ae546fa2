/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_DOCTOR_TEXT_H
#define AQUIFER_CMD_DOCTOR_TEXT_H

/* Inside the report for people. */
#include "cmd/doctor.h"

/* Where text begins below a finding's title. */
#define BODY_INDENT 4

struct show {
	FILE *f;
	unsigned width;
	const struct doctor_options *o;
	const struct machine *m;
	const struct report *r;
};

/* show_wrap - where and how wide; see doctor_wrap(). */
struct wrap show_wrap(const struct show *s, unsigned indent, enum tone tone);

/* show_wrapped - a paragraph of its own line, from column indent on. */
void show_wrapped(const struct show *s, unsigned indent, enum tone tone,
		  const char *text);

/* show_fix - what to do, unless a finding shown before says the same. */
void show_fix(const struct show *s, const struct finding *f);

#endif
