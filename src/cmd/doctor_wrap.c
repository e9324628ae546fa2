/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "cmd/doctor.h"

/* Longer lines are hard to follow, however wide the terminal is. */
#define WIDEST_COLUMNS 100
#define NARROWEST_COLUMNS 40
#define FILE_COLUMNS 80

unsigned doctor_width(FILE *f)
{
	unsigned width = text_width(f);

	if (width == 0)
		return FILE_COLUMNS;
	if (width < NARROWEST_COLUMNS)
		return NARROWEST_COLUMNS;
	return width < WIDEST_COLUMNS ? width : WIDEST_COLUMNS;
}

/* Columns of len bytes: characters, as all that is shown is UTF-8. */
static unsigned columns(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

/* A part of text in a tone: no colour stands in the margin. */
static void put_part(const struct wrap *w, const char *text, size_t len)
{
	text_put(w->f, w->tone, 0, "%.*s", (int)len, text);
}

void doctor_wrap(const struct wrap *w, const char *text)
{
	const char *line = text;
	unsigned at = w->column ? w->column : w->indent;
	size_t len = 0; /* of the line so far */

	for (;;) {
		size_t gap = strspn(line + len, " ");
		size_t word = strcspn(line + len + gap, " ");
		size_t with = len + gap + word;

		if (word > 0 &&
		    (len == 0 || at + columns(line, with) <= w->width)) {
			len = with;
			continue;
		}
		put_part(w, line, len);
		(void)fputc('\n', w->f);
		if (word == 0)
			return;
		(void)fprintf(w->f, "%*s", (int)w->indent, "");
		at = w->indent;
		line += len + gap;
		len = 0;
	}
}

void doctor_paste(const struct wrap *w, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > 0) {
			(void)fprintf(w->f, "%*s", (int)w->indent, "");
			put_part(w, text, len);
		}
		(void)fputc('\n', w->f);
		text += len + (text[len] == '\n');
	}
}
