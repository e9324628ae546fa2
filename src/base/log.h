/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_LOG_H
#define AQUIFER_BASE_LOG_H

/*
 * Messages of the daemons: one line each to standard error, in one write(2) of
 * at most LOG_LINE_BYTES, so that the lines of two processes never mix. A
 * longer text ends in "...". Bytes that do not print are shown as \xNN: what a
 * device or a file called itself cannot forge a line or move a cursor.
 * Nothing is allocated; errno is kept. Threads: safe after log_init.
 */
#define LOG_LINE_BYTES 512

/* The numbers are syslog(3)'s. */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARN = 4,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7,
};

/*
 * log_init - program: static text, put in front of each line; max: what is
 * beyond it is not written. Where standard error is the journal's
 * ($JOURNAL_STREAM), the line begins with "<LEVEL>", as sd-daemon(3) has it,
 * and the program's name is left to the journal. Before: "aquifer", INFO.
 */
void log_init(const char *program, enum log_level max);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
