/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/text.h"

size_t text_utf8(const char *text, unsigned long *ret_code)
{
	/* By length: the lead byte's bits, and the least code point. */
	static const struct {
		unsigned char mask, lead;
		unsigned long least;
	} forms[] = {
		{ 0x80, 0x00, 0x1 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	const unsigned char *p = (const unsigned char *)text;

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		unsigned long code = p[0] & (unsigned char)~forms[i].mask;

		if ((p[0] & forms[i].mask) != forms[i].lead)
			continue;
		for (size_t k = 1; k <= i; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (p[k] & 0x3f);
		}
		if (code < forms[i].least || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			return 0;
		*ret_code = code;
		return i + 1;
	}
	return 0;
}

static bool is_shown(unsigned long code, unsigned flags)
{
	/* Ranges that move, hide or reverse instead of showing. */
	static const struct {
		unsigned long first, last;
	} controls[] = {
		{ 0x00, 0x1f },     { 0x7f, 0x9f },       { 0xad, 0xad },
		{ 0x61c, 0x61c },   { 0x180e, 0x180e },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f },   { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	if ((code == '\n' || code == '\t') && (flags & TEXT_KEEP_LINES))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(controls); i++) {
		if (code >= controls[i].first && code <= controls[i].last)
			return false;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Cuts back to where "..." fits behind a whole character. */
static size_t cut(char *text, size_t at, size_t cap_bytes)
{
	while (at > cap_bytes - 4 ||
	       (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80))
		at--;
	memcpy(text + at, "...", 4);
	return at + 3;
}

size_t text_clean(const char *text, unsigned flags, char *ret_text,
		  size_t cap_bytes)
{
	size_t at = 0, end = strlen(text);

	assert(cap_bytes >= 4);
	while (end > 0 && is_blank(text[end - 1]))
		end--;
	/* A command's first line keeps its indent. */
	for (; !(flags & TEXT_KEEP_LINES) && end > 0 && is_blank(*text); end--)
		text++;
	for (const char *stop = text + end; text < stop;) {
		unsigned long code;
		size_t n = text_utf8(text, &code);
		bool good = n > 0 && is_shown(code, flags);
		bool blank = is_blank(*text) && *text != '\r';

		/* What follows the cut is not looked at: at is in range. */
		if (at + (good ? n : 1) >= cap_bytes) {
			ret_text[at] = '\0';
			return cut(ret_text, at, cap_bytes);
		}
		if (good)
			memcpy(ret_text + at, text, n);
		else
			ret_text[at] = blank ? ' ' : '?';
		at += good ? n : 1;
		text += n > 0 ? n : 1;
	}
	ret_text[at] = '\0';
	return at;
}
