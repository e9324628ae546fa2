/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "source/hostseed_parse.h"

#define BLANKS " \t\r\n"
#define SMBIOS_OEM_STRINGS 11

static bool all_decoded(const char *text, size_t len_bytes, const char *end)
{
	return end == text + len_bytes;
}

ssize_t seed_text_decode(const char *text, size_t len_bytes, uint8_t *ret_raw,
			 size_t cap_bytes)
{
	const char *end;
	size_t n;

	/* Both run in constant time over the text, and draw no randomness. */
	if (sodium_hex2bin(ret_raw, cap_bytes, text, len_bytes, BLANKS, &n,
			   &end) == 0 &&
	    all_decoded(text, len_bytes, end))
		return (ssize_t)n;
	if (sodium_base642bin(ret_raw, cap_bytes, text, len_bytes, BLANKS, &n,
			      &end, sodium_base64_VARIANT_ORIGINAL) == 0 &&
	    all_decoded(text, len_bytes, end))
		return (ssize_t)n;
	sodium_memzero(ret_raw, cap_bytes);
	/* Four characters hold three bytes at most. */
	return len_bytes / 4 * 3 > cap_bytes ? -ENOBUFS : -EBADMSG;
}

ssize_t smbios_string(const uint8_t *raw, size_t len_bytes, size_t n,
		      const char **ret_start)
{
	size_t at;

	if (len_bytes < 5 || raw[0] != SMBIOS_OEM_STRINGS || raw[1] < 5 ||
	    raw[1] > len_bytes)
		return -EBADMSG;
	if (n >= raw[4])
		return -ENOENT;
	for (at = raw[1]; at < len_bytes && raw[at] != 0; n--) {
		const uint8_t *nul = memchr(raw + at, 0, len_bytes - at);

		if (!nul)
			return -EBADMSG;
		if (n == 0) {
			*ret_start = (const char *)raw + at;
			return nul - (raw + at);
		}
		at = (size_t)(nul - raw) + 1;
	}
	return -ENOENT;
}

struct scan {
	const char *p, *end;
};

static void skip_blanks(struct scan *s)
{
	while (s->p < s->end && memchr(BLANKS, *s->p, sizeof BLANKS - 1))
		s->p++;
}

/* One character, blanks before it skipped. */
static bool accept(struct scan *s, char c)
{
	skip_blanks(s);
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Returns the length between the quotes, -EBADMSG when there is no string. */
static ssize_t scan_string(struct scan *s, const char **ret_start)
{
	const char *start;

	if (!accept(s, '"'))
		return -EBADMSG;
	for (start = s->p; s->p < s->end; s->p++) {
		if (*s->p == '"') {
			*ret_start = start;
			return s->p++ - start;
		}
		if (*s->p == '\\' && ++s->p == s->end)
			break;
	}
	return -EBADMSG;
}

/* Brackets are counted, not matched: a wrong kind ends in -EBADMSG later. */
static int skip_value(struct scan *s)
{
	const char *ignored;
	size_t depth = 0;

	do {
		skip_blanks(s);
		if (s->p == s->end)
			return -EBADMSG;
		if (*s->p == '"') {
			if (scan_string(s, &ignored) < 0)
				return -EBADMSG;
			continue;
		}
		if (*s->p == '{' || *s->p == '[')
			depth++;
		else if (*s->p == '}' || *s->p == ']') {
			if (depth-- == 0)
				return -EBADMSG;
		} else if (depth == 0) {
			/* A number or a word: up to what may follow it. */
			while (s->p < s->end && !strchr(BLANKS ",]}", *s->p))
				s->p++;
			return 0;
		}
		s->p++;
	} while (depth > 0);
	return 0;
}

/* Leaves s before the member's value. */
static int enter_member(struct scan *s, const char *key)
{
	const char *name;
	ssize_t len;

	if (!accept(s, '{'))
		return -ENOENT;
	if (accept(s, '}'))
		return -ENOENT;
	do {
		len = scan_string(s, &name);
		if (len < 0 || !accept(s, ':'))
			return -EBADMSG;
		if ((size_t)len == strlen(key) &&
		    memcmp(name, key, (size_t)len) == 0)
			return 0;
		if (skip_value(s) < 0)
			return -EBADMSG;
	} while (accept(s, ','));
	return accept(s, '}') ? -ENOENT : -EBADMSG;
}

ssize_t hostseed_json_string(const char *text, size_t len_bytes,
			     const char *const *keys, const char **ret_start)
{
	struct scan s = { text, text + len_bytes };
	int r = 0;

	for (; r == 0 && *keys; keys++)
		r = enter_member(&s, *keys);
	if (r < 0)
		return r;
	skip_blanks(&s);
	if (s.p < s.end && *s.p != '"')
		return -ENOENT;
	return scan_string(&s, ret_start);
}
