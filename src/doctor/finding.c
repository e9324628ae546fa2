/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/finding.h"
#include "doctor/text.h"

/*
 * A machine can hold any number of host keys, and name its files as it likes:
 * what it makes us say is bounded in number and in length.
 */
#define LINES_MAX 64
#define TITLE_MAX_BYTES 160
#define EVIDENCE_MAX_BYTES 400
#define PARAGRAPH_MAX_BYTES 2000
#define COMMAND_MAX_BYTES 6000

static const char more[] = "(and more of the same, left out here)";

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITY_COUNT] = {
		"ok", "info", "unknown", "warn", "critical",
	};

	return (unsigned)severity < SEVERITY_COUNT ? names[severity] : "?";
}

const char *fix_place_name(enum fix_place place)
{
	static const char *const names[FIX_PLACE_COUNT] = {
		"guest",
		"host",
		"image",
	};

	return (unsigned)place < FIX_PLACE_COUNT ? names[place] : "?";
}

/* A string of the caller's, NULL where memory ran out. */
static char *format_text(size_t max_bytes, unsigned flags, const char *format,
			 va_list args) __attribute__((format(printf, 3, 0)));

static char *format_text(size_t max_bytes, unsigned flags, const char *format,
			 va_list args)
{
	char *raw = NULL, *clean = NULL;

	if (vasprintf(&raw, format, args) < 0)
		return NULL;
	/* Cleaning never makes a text longer; a cut adds "...". */
	clean = malloc(max_bytes);
	if (clean)
		text_clean(raw, flags, clean, max_bytes);
	free(raw);
	return clean;
}

static bool is_there(const struct finding_lines *lines,
		     const struct finding_line *line)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct finding_line *l = &lines->lines[i];

		if (l->place == line->place &&
		    l->is_command == line->is_command &&
		    strcmp(l->text, line->text) == 0)
			return true;
	}
	return false;
}

static bool grow(struct finding_lines *lines)
{
	size_t cap = lines->cap_count ? 2 * lines->cap_count : 4;
	struct finding_line *bigger;

	if (lines->count < lines->cap_count)
		return true;
	bigger = reallocarray(lines->lines, cap, sizeof *bigger);
	if (!bigger)
		return false;
	lines->lines = bigger;
	lines->cap_count = cap;
	return true;
}

/* Takes text, which may be NULL. The last line says that there were more. */
static void add(struct finding *f, struct finding_lines *lines,
		struct finding_line line)
{
	if (line.text && lines->count >= LINES_MAX - 1 &&
	    !is_there(lines, &line)) {
		free(line.text);
		line.text = strdup(more);
		line.is_command = false;
	}
	if (!line.text) {
		f->failed = true;
	} else if (lines->count == LINES_MAX || is_there(lines, &line)) {
		free(line.text);
	} else if (!grow(lines)) {
		f->failed = true;
		free(line.text);
	} else {
		lines->lines[lines->count++] = line;
	}
}

void finding_say(struct finding *f, enum severity severity, const char *format,
		 ...)
{
	char *title, *other = NULL;
	va_list args;

	assert((unsigned)severity < SEVERITY_COUNT);
	va_start(args, format);
	title = format_text(TITLE_MAX_BYTES, 0, format, args);
	va_end(args);
	if (!title) {
		f->failed = true;
	} else if (!f->title || severity > f->severity) {
		other = f->title;
		f->title = title;
	} else {
		other = title;
	}
	if (severity > f->severity)
		f->severity = severity;
	if (other && strcmp(other, f->title) != 0)
		add(f, &f->evidence, (struct finding_line){ .text = other });
	else
		free(other);
}

void finding_evidence(struct finding *f, const char *where, const char *format,
		      ...)
{
	char *value, *whole = NULL, *clean = NULL;
	va_list args;

	va_start(args, format);
	value = format_text(EVIDENCE_MAX_BYTES, 0, format, args);
	va_end(args);
	if (value && where && asprintf(&whole, "%s: %s", where, value) < 0)
		whole = NULL;
	if (whole && (clean = malloc(EVIDENCE_MAX_BYTES)))
		text_clean(whole, 0, clean, EVIDENCE_MAX_BYTES);
	free(whole);
	if (where) {
		free(value);
		value = clean;
	}
	add(f, &f->evidence, (struct finding_line){ .text = value });
}

void finding_why(struct finding *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(f, &f->why,
	    (struct finding_line){ .text = format_text(PARAGRAPH_MAX_BYTES, 0,
						       format, args) });
	va_end(args);
}

void finding_fix(struct finding *f, enum fix_place place, const char *format,
		 ...)
{
	va_list args;

	va_start(args, format);
	add(f, &f->fix,
	    (struct finding_line){
		    .text = format_text(PARAGRAPH_MAX_BYTES, 0, format, args),
		    .place = place });
	va_end(args);
}

static size_t count_newlines(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

void finding_command(struct finding *f, enum fix_place place,
		     const char *format, ...)
{
	struct finding_line line = { .place = place, .is_command = true };
	va_list args;

	va_start(args, format);
	line.text = format_text(COMMAND_MAX_BYTES, TEXT_KEEP_LINES, format,
				args);
	va_end(args);
	/*
	 * A newline out of a file's name would be a command of its own in the
	 * shell this is pasted into. A whole text ("%s") is the check's.
	 */
	if (line.text && strcmp(format, "%s") != 0 &&
	    count_newlines(line.text) > count_newlines(format)) {
		for (char *p = line.text; (p = strchr(p, '\n'));)
			*p = '?';
	}
	add(f, &f->fix, line);
}

static void free_lines(struct finding_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->lines[i].text);
	free(lines->lines);
	*lines = (struct finding_lines){ 0 };
}

void finding_free(struct finding *f)
{
	free(f->title);
	f->title = NULL;
	free_lines(&f->evidence);
	free_lines(&f->why);
	free_lines(&f->fix);
}
