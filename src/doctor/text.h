/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_TEXT_H
#define AQUIFER_DOCTOR_TEXT_H

/*
 * Text from a machine that is not trusted, made fit for a terminal, a log line
 * and a shell that something is pasted into. Pure; threads: safe.
 */
#include <stddef.h>

enum {
	TEXT_KEEP_LINES = 1 << 0, /* newlines and tabs stay */
};

/*
 * text_clean - a copy with '?' for each byte that is no valid UTF-8 and for
 * each character that controls instead of showing: C0, DEL, C1, line and
 * paragraph separators, and those that reverse or hide what follows (Unicode's
 * bidirectional and zero-width controls). Newlines and tabs become blanks
 * unless kept; blanks at both ends are cut (a kept text keeps its indent). One
 * too long for ret_text ends in "...", never within a character.
 * ret_text: cap_bytes, at least 4; always terminated. Returns its length.
 */
size_t text_clean(const char *text, unsigned flags, char *ret_text,
		  size_t cap_bytes);

/*
 * text_utf8 - the length in bytes of the UTF-8 character at text (1 to 4),
 * 0 where there is none: NUL, a stray or missing continuation byte, an overlong
 * form, a surrogate, beyond U+10FFFF. ret_code: the code point, on success.
 */
size_t text_utf8(const char *text, unsigned long *ret_code);

#endif
