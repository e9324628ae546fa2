/* SPDX-License-Identifier: ISC */
/*
 * JSON (RFC 8259) as far as options need it: read once from left to right, each
 * scalar kept under the dotted path of its names. QEMU's own reader takes
 * 'single quotes' too, so this one does.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "probe/hosts_opts.h"

#define PATH_BYTES 256
#define STRING_BYTES 4096

struct reader {
	const char *p, *end;
	struct opt_list *list;
	char path[PATH_BYTES];
	size_t path_bytes;
	char string[STRING_BYTES];
	size_t string_bytes;
};

static int read_value(struct reader *r, unsigned depth);

static int peek(struct reader *r)
{
	while (r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p != '\0')
		r->p++;
	return r->p < r->end ? (unsigned char)*r->p : -1;
}

static bool eat(struct reader *r, char c)
{
	if (peek(r) != (unsigned char)c)
		return false;
	r->p++;
	return true;
}

static void put(struct reader *r, unsigned byte)
{
	if (r->string_bytes < sizeof r->string)
		r->string[r->string_bytes++] = (char)byte;
	else
		r->list->cut = true;
}

static void put_utf8(struct reader *r, uint32_t c)
{
	/* Halves of a pair and NUL have no place in a path or a name. */
	if (c == 0 || (c >= 0xd800 && c <= 0xdfff))
		c = '?';
	if (c < 0x80) {
		put(r, c);
	} else if (c < 0x800) {
		put(r, 0xc0 | c >> 6);
		put(r, 0x80 | (c & 0x3f));
	} else {
		put(r, 0xe0 | c >> 12);
		put(r, 0x80 | (c >> 6 & 0x3f));
		put(r, 0x80 | (c & 0x3f));
	}
}

static int read_hex4(struct reader *r)
{
	uint32_t c = 0;

	if (r->end - r->p < 4)
		return -EBADMSG;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef";
		char lower = (char)(*r->p | (*r->p >= 'A' ? 0x20 : 0));
		const char *d = strchr(digits, lower);

		if (lower == '\0' || !d)
			return -EBADMSG;
		c = c << 4 | (uint32_t)(d - digits);
		r->p++;
	}
	put_utf8(r, c);
	return 0;
}

static int read_escape(struct reader *r)
{
	static const char from[] = "\"'\\/bfnrt", to[] = "\"'\\/\b\f\n\r\t";
	const char *at;

	if (r->p == r->end || *r->p == '\0')
		return -EBADMSG;
	if (*r->p == 'u') {
		r->p++;
		return read_hex4(r);
	}
	at = strchr(from, *r->p++);
	if (!at)
		return -EBADMSG;
	put(r, (unsigned char)to[at - from]);
	return 0;
}

static int read_string(struct reader *r)
{
	char quote = *r->p++;

	r->string_bytes = 0;
	while (r->p < r->end && *r->p != quote) {
		char c = *r->p++;

		if ((unsigned char)c < 0x20)
			return -EBADMSG;
		if (c != '\\')
			put(r, (unsigned char)c);
		else if (read_escape(r) < 0)
			return -EBADMSG;
	}
	if (r->p == r->end)
		return -EBADMSG;
	r->p++;
	return 0;
}

static bool keep(struct reader *r, const char *value, size_t len_bytes)
{
	return opt_add(r->list, r->path, r->path_bytes, value, len_bytes);
}

/* Steps into a member; what is too deep in names is passed over as cut. */
static int read_member(struct reader *r, const char *name, size_t name_bytes,
		       unsigned depth)
{
	size_t before = r->path_bytes;
	int ret;

	if (before + 1 + name_bytes > sizeof r->path) {
		r->list->cut = true;
		return -EBADMSG;
	}
	if (before > 0)
		r->path[r->path_bytes++] = '.';
	memcpy(r->path + r->path_bytes, name, name_bytes);
	r->path_bytes += name_bytes;
	ret = read_value(r, depth);
	r->path_bytes = before;
	return ret;
}

static int read_object(struct reader *r, unsigned depth)
{
	r->p++;
	if (eat(r, '}')) {
		(void)keep(r, "", 0);
		return 0;
	}
	do {
		char name[PATH_BYTES];
		size_t name_bytes;
		int quote = peek(r);

		if ((quote != '"' && quote != '\'') || read_string(r) < 0)
			return -EBADMSG;
		name_bytes = min_size(r->string_bytes, sizeof name);
		memcpy(name, r->string, name_bytes);
		if (!eat(r, ':') ||
		    read_member(r, name, name_bytes, depth + 1) < 0)
			return -EBADMSG;
	} while (eat(r, ','));
	return eat(r, '}') ? 0 : -EBADMSG;
}

static int read_array(struct reader *r, unsigned depth)
{
	unsigned i = 0;

	r->p++;
	if (eat(r, ']')) {
		(void)keep(r, "", 0);
		return 0;
	}
	do {
		char name[12];
		int n = snprintf(name, sizeof name, "%u", i++);

		if (read_member(r, name, (size_t)n, depth + 1) < 0)
			return -EBADMSG;
	} while (eat(r, ','));
	return eat(r, ']') ? 0 : -EBADMSG;
}

static int read_bare(struct reader *r)
{
	static const char bare[] = "+-.0123456789"
				   "abcdefghijklmnopqrstuvwxyzE";
	static const struct {
		const char *word, *value;
	} words[] = { { "true", "on" }, { "false", "off" }, { "null", NULL } };
	const char *from = r->p;
	size_t len;

	while (r->p < r->end && *r->p != '\0' && strchr(bare, *r->p))
		r->p++;
	len = (size_t)(r->p - from);
	if (len == 0)
		return -EBADMSG;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (len == strlen(words[i].word) &&
		    memcmp(from, words[i].word, len) == 0) {
			if (words[i].value)
				(void)keep(r, words[i].value,
					   strlen(words[i].value));
			return 0;
		}
	if (*from != '-' && (*from < '0' || *from > '9'))
		return -EBADMSG;
	(void)keep(r, from, len);
	return 0;
}

static int read_value(struct reader *r, unsigned depth)
{
	if (depth > OPT_MAX_DEPTH)
		return -EBADMSG;
	switch (peek(r)) {
	case '{':
		return read_object(r, depth);
	case '[':
		return read_array(r, depth);
	case '"':
	case '\'':
		if (read_string(r) < 0)
			return -EBADMSG;
		(void)keep(r, r->string, r->string_bytes);
		return 0;
	case -1:
		return -EBADMSG;
	default:
		return read_bare(r);
	}
}

int opt_parse_json(struct opt_list *ret_list, const char *text, size_t len_bytes)
{
	struct reader r;
	int ret;

	ret_list->count = 0;
	ret_list->used_bytes = 0;
	ret_list->cut = false;
	r.p = text;
	r.end = text + len_bytes;
	r.list = ret_list;
	r.path_bytes = 0;
	r.string_bytes = 0;
	ret = peek(&r) == '{' ? read_value(&r, 0) : -EBADMSG;
	if (ret == 0 && peek(&r) != -1)
		ret = -EBADMSG;
	if (ret < 0)
		opt_wipe(ret_list);
	wipe(&r, sizeof r);
	return ret;
}
