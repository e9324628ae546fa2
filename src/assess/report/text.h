/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_REPORT_TEXT_H
#define AQUIFER_ASSESS_REPORT_TEXT_H

/*
 * Foreign text made fit to be shown. What is not UTF-8, steers a terminal or a
 * line's direction, or cannot be seen comes out as \x1b or \u202e; the rest as
 * it is. XML has no escape for some of it, so this comes before any quoting.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The longest piece, with its terminating NUL. */
#define TEXT_PIECE 8

/*
 * report_text_piece - the next character of *s, or what stands for it; moves *s on.
 * Returns the piece's length in bytes; 0 at the end.
 */
size_t report_text_piece(const char **s, char ret[TEXT_PIECE]);

/* report_text_clean - as much of s as fits; always ends with a NUL. */
void report_text_clean(const char *s, char *ret, size_t cap_bytes);

/* report_text_put - for element content and quoted attributes, XML and HTML. */
void report_text_put(FILE *f, const char *s);

/* report_text_count - 1,000,000. ret: room for 27 bytes. */
#define TEXT_COUNT 27
const char *report_text_count(uint64_t n, char ret[TEXT_COUNT]);

/* report_text_number - as many digits as a reader wants; "-" for none (NAN). */
#define TEXT_NUMBER 32
const char *report_text_number(double v, char ret[TEXT_NUMBER]);

#endif
