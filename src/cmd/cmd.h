/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_CMD_H
#define AQUIFER_CMD_CMD_H

/*
 * The program aquifer: one file and one table row a subcommand, and what they
 * share: the machine they run on, text for people, and exit codes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/platform.h"
#include "source/source.h"

enum exit_code {
	EXIT_YES = 0,
	EXIT_NO = 1,      /* the honest answer is no */
	EXIT_USAGE = 2,   /* usage, or input that cannot be used */
	EXIT_MACHINE = 3, /* permission, I/O, or no answer to be had */
	EXIT_INTERRUPTED = 130,
};

struct command {
	const char *name;
	const char *summary; /* one line */
	const char *usage;   /* whole text of `aquifer help NAME` */
	int (*run)(int argc, char **argv); /* argv[0] is the name */
};

extern const struct command command_sources, command_record, command_bytes,
	command_feed, command_status, command_doctor, command_assess;

/* cmd_env - the running machine, probed once. */
const struct source_env *cmd_env(void);

/* cmd_usage - "aquifer NAME: MESSAGE", the usage's first line; EXIT_USAGE. */
int cmd_usage(const struct command *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* cmd_fail - "aquifer NAME: MESSAGE" on stderr. Returns code. */
int cmd_fail(const struct command *c, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * cmd_parse_count - "100", "64k", "100M", "2G" (powers of 1024 as dd has them).
 * Returns 0 or -EINVAL.
 */
int cmd_parse_count(const char *text, uint64_t *ret_count);

/* cmd_json_text - a string for JSON; where text is not UTF-8, with '?'. */
struct json_t;
struct json_t *cmd_json_text(const char *text);

/* cmd_catch_interrupt - Ctrl-C and SIGTERM set a flag instead of killing. */
void cmd_catch_interrupt(void);
bool cmd_interrupted(void);

/* Text: colour only on a terminal without NO_COLOR, width-aware. */
enum tone {
	TONE_PLAIN,
	TONE_GOOD,
	TONE_BAD,
	TONE_WEAK,
	TONE_STRONG,
	TONE_WARN,
	TONE_NOTE,
};
bool text_has_colour(FILE *f);
unsigned text_width(FILE *f); /* columns; 0: not a terminal */
/* text_put - text in a tone, padded to width columns (0: as it is). */
void text_put(FILE *f, enum tone tone, unsigned width, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* text_wrap - words from column indent on, wrapped to the terminal's width. */
void text_wrap(FILE *f, unsigned indent, enum tone tone, const char *text);
/* text_bits - "1.50 bits", "333 mbits" of a millibit count. */
const char *text_mbits(uint64_t mbits, char *buf, size_t cap_bytes);

/* progress_show - one line on stderr, rewritten; only on a terminal. */
void progress_show(const char *what, uint64_t done, uint64_t total,
		   uint64_t start_ns);
void progress_end(void);

#endif
