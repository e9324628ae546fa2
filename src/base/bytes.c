/* SPDX-License-Identifier: ISC */
#include <errno.h>

#include "base/bytes.h"

void hex_encode(const uint8_t *raw, size_t len_bytes, char *ret_text)
{
	/* Arithmetic, not a table: raw may be a secret. */
	for (size_t i = 0; i < len_bytes; i++) {
		unsigned hi = raw[i] >> 4, lo = raw[i] & 15;

		*ret_text++ = (char)('0' + hi + (((9 - hi) >> 8) & 39));
		*ret_text++ = (char)('0' + lo + (((9 - lo) >> 8) & 39));
	}
	*ret_text = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

long hex_decode(const char *text, uint8_t *ret_raw, size_t cap_bytes)
{
	size_t n = 0;

	for (;;) {
		int hi, lo;

		while (is_blank(*text))
			text++;
		if (*text == '\0')
			return (long)n;
		hi = digit_value(text[0]);
		lo = hi < 0 ? -1 : digit_value(text[1]);
		if (hi < 0 || lo < 0)
			return -EINVAL;
		if (n == cap_bytes)
			return -ENOBUFS;
		ret_raw[n++] = (uint8_t)(hi << 4 | lo);
		text += 2;
	}
}
