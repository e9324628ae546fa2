/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static const char *log_program = "aquifer";
static enum log_level log_max = LOG_LEVEL_INFO;
static bool log_to_journal;

/*
 * systemd.exec(5): $JOURNAL_STREAM is "DEVICE:INODE" of the stream. Compared,
 * because a terminal's programs inherit the variable and not the stream.
 */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[48];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	(void)snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)st.st_dev,
		       (uintmax_t)st.st_ino);
	return strcmp(stream, own) == 0;
}

void log_init(const char *program, enum log_level max)
{
	log_program = program;
	log_max = max;
	log_to_journal = stderr_is_journal();
}

/* A line being made: what does not fit any more is left out. */
struct line {
	char text[LOG_LINE_BYTES];
	size_t len_bytes;
};

/* Room is kept for "..." and the newline. */
#define LINE_ROOM_BYTES (LOG_LINE_BYTES - 4)

/* Appends text with unprintable bytes escaped. Returns false when cut. */
static bool append(struct line *l, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool prints = c >= 0x20 && c < 0x7f;

		if (l->len_bytes + (prints ? 1 : 4) > LINE_ROOM_BYTES)
			return false;
		if (prints) {
			l->text[l->len_bytes++] = (char)c;
			continue;
		}
		l->text[l->len_bytes++] = '\\';
		l->text[l->len_bytes++] = 'x';
		l->text[l->len_bytes++] = digits[c >> 4];
		l->text[l->len_bytes++] = digits[c & 15];
	}
	return true;
}

static void log_text(enum log_level level, const char *text)
{
	struct line l = { .len_bytes = 0 };

	if (log_to_journal) {
		l.len_bytes = (size_t)snprintf(l.text, sizeof l.text, "<%d>",
					       (int)level);
	} else {
		(void)append(&l, log_program);
		(void)append(&l, ": ");
	}
	if (!append(&l, text)) {
		memcpy(l.text + l.len_bytes, "...", 3);
		l.len_bytes += 3;
	}
	l.text[l.len_bytes++] = '\n';
	while (write(STDERR_FILENO, l.text, l.len_bytes) < 0 && errno == EINTR)
		;
}

/* The text has more room than a line: where it is cut, the line is too. */
#define LOG_FUNCTION(name, level) \
	void name(const char *format, ...) \
	{ \
		int kept_errno = errno; \
		char text[LOG_LINE_BYTES] = "(unprintable)"; \
		va_list ap; \
\
		if ((level) > log_max) \
			return; \
		va_start(ap, format); \
		(void)vsnprintf(text, sizeof text, format, ap); \
		va_end(ap); \
		log_text(level, text); \
		errno = kept_errno; \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
