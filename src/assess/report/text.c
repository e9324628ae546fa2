/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "assess/report/text.h"
#include "base/bytes.h"

/* Well-formed by RFC 3629: no overlong form, no surrogate, at most U+10FFFF. */
static size_t decode(const unsigned char *s, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80     ? 1 :
		     s[0] >> 5 == 6  ? 2 :
		     s[0] >> 4 == 14 ? 3 :
		     s[0] >> 3 == 30 ? 4 :
				       0;
	uint32_t c;

	if (len == 0)
		return 0;
	c = len == 1 ? s[0] : s[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || c >> 11 == 0x1b)
		return 0;
	*ret = c;
	return len;
}

/* First and last of what is not shown as it is. */
static const struct {
	uint32_t first, last;
} unseen[] = {
	{ 0x0000, 0x001f },
	{ 0x007f, 0x009f }, /* controls */
	{ 0x00ad, 0x00ad }, /* soft hyphen */
	{ 0x061c, 0x061c },
	{ 0x200b, 0x200f }, /* no width, direction marks */
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f }, /* separators, overrides */
	{ 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },   /* byte order, annotations */
	{ 0xfffe, 0xffff },   /* XML has none of these */
	{ 0xe0000, 0xe0fff }, /* tags */
};

static bool is_unseen(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(unseen); i++)
		if (c >= unseen[i].first && c <= unseen[i].last)
			return true;
	return false;
}

size_t report_text_piece(const char **s, char ret[TEXT_PIECE])
{
	const unsigned char *u = (const unsigned char *)*s;
	uint32_t c = 0;
	size_t len;

	if (*u == '\0')
		return 0;
	len = decode(u, &c);
	if (len > 0 && !is_unseen(c)) {
		memcpy(ret, u, len);
		ret[len] = '\0';
		*s += len;
		return len;
	}
	*s += len > 0 ? len : 1;
	if (len > 1)
		return (size_t)snprintf(ret, TEXT_PIECE, "\\u%04" PRIx32, c);
	return (size_t)snprintf(ret, TEXT_PIECE, "\\x%02x", u[0]);
}

void report_text_clean(const char *s, char *ret, size_t cap_bytes)
{
	char piece[TEXT_PIECE];
	size_t at = 0, len;

	while ((len = report_text_piece(&s, piece)) > 0 && at + len < cap_bytes) {
		memcpy(ret + at, piece, len);
		at += len;
	}
	ret[at] = '\0';
}

void report_text_put(FILE *f, const char *s)
{
	static const struct {
		char c;
		const char *as;
	} quoted[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};
	char piece[TEXT_PIECE];

	while (report_text_piece(&s, piece) > 0) {
		const char *as = piece;

		for (size_t i = 0; i < ARRAY_LEN(quoted); i++)
			if (piece[0] == quoted[i].c)
				as = quoted[i].as;
		(void)fputs(as, f);
	}
}

const char *report_text_count(uint64_t n, char ret[TEXT_COUNT])
{
	char digits[TEXT_COUNT];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n);
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			ret[at++] = ',';
		ret[at++] = digits[i];
	}
	ret[at] = '\0';
	return ret;
}

const char *report_text_number(double v, char ret[TEXT_NUMBER])
{
	if (isnan(v))
		(void)snprintf(ret, TEXT_NUMBER, "-");
	else if (v != 0 && fabs(v) < 1e-4)
		(void)snprintf(ret, TEXT_NUMBER, "%.2e", v);
	else if (fabs(v) >= 1e6)
		(void)snprintf(ret, TEXT_NUMBER, "%.4g", v);
	else
		(void)snprintf(ret, TEXT_NUMBER, "%.4f", v);
	return ret;
}
