/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_FINDING_H
#define AQUIFER_DOCTOR_FINDING_H

/*
 * What a check has to say: severity, a line, the evidence, why it matters, what
 * to do. Text is plain ASCII or UTF-8 without control characters: what comes
 * from a machine is cleaned when it is put in.
 */
#include <stdbool.h>
#include <stddef.h>

/* In the order of weight; a finding only ever gets worse. */
enum severity {
	SEVERITY_OK,
	SEVERITY_INFO,    /* worth knowing, needs no act */
	SEVERITY_UNKNOWN, /* could not be seen; the fix says what would show it */
	SEVERITY_WARN,
	SEVERITY_CRITICAL,
	SEVERITY_COUNT,
};

/* severity_name - "ok" "info" "unknown" "warn" "critical". */
const char *severity_name(enum severity severity);

/* Where a fix is to be made. */
enum fix_place { FIX_GUEST, FIX_HOST, FIX_IMAGE, FIX_PLACE_COUNT };

/* fix_place_name - "guest" "host" "image". */
const char *fix_place_name(enum fix_place place);

struct finding_line {
	char *text;
	enum fix_place place; /* of a fix */
	bool is_command;      /* of a fix: to be pasted as it stands */
};

struct finding_lines {
	struct finding_line *lines;
	size_t count, cap_count;
};

struct finding {
	const char *id; /* of its check; static */
	enum severity severity;
	char *title; /* one line, says what is, not what was looked for */
	struct finding_lines evidence; /* "FILE: VALUE", the very files */
	struct finding_lines why;      /* paragraphs */
	struct finding_lines fix;
	const char *reference; /* static; NULL: the check's own */
	bool failed;           /* memory ran out: text is missing */
};

/*
 * finding_say - the verdict of one aspect. The worst severity wins and brings
 * its title; of equal ones the first stands. Every other title becomes a line
 * of evidence, so that nothing is lost. The lines of evidence, why and fix that
 * are added are kept whatever the severity.
 */
void finding_say(struct finding *f, enum severity severity, const char *format,
		 ...) __attribute__((format(printf, 3, 4)));

/* finding_evidence - one fact: the file (or the call) and its value. */
void finding_evidence(struct finding *f, const char *where, const char *format,
		      ...) __attribute__((format(printf, 3, 4)));

/* finding_why - one paragraph. Equal ones appear once. */
void finding_why(struct finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* finding_fix - one paragraph of advice. Equal ones appear once. */
void finding_fix(struct finding *f, enum fix_place place, const char *format,
		 ...) __attribute__((format(printf, 3, 4)));

/* finding_command - a line (or several) to paste, kept as it stands. */
void finding_command(struct finding *f, enum fix_place place, const char *format,
		     ...) __attribute__((format(printf, 3, 4)));

/* finding_free - wipes nothing (no secret ever gets in), frees all. */
void finding_free(struct finding *f);

#endif
