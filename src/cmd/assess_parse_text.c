/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples as text: whole numbers, or nothing but the digits 0 and 1. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/assess.h"

/* Longest spelling of a number that makes sense, 0b and 64 digits. */
#define WORD_BYTES 72

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' ||
	       c == ';';
}

static bool only_bits(const uint8_t *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] != '0' && text[i] != '1' && !is_blank(text[i]))
			return false;
	}
	return true;
}

/*
 * Text is what has printable characters only and begins with a digit; whatever
 * stands in it that is no number is told with its line, not taken as a byte.
 */
enum assess_format assess_guess_format(const uint8_t *head, size_t n)
{
	size_t i = 0;

	for (size_t k = 0; k < n; k++) {
		if (!(head[k] >= ' ' && head[k] < 0x7f) &&
		    !(head[k] >= '\t' && head[k] <= '\r'))
			return ASSESS_BYTES;
	}
	while (i < n && is_blank(head[i]))
		i++;
	if (i == n || !isdigit(head[i]))
		return ASSESS_BYTES;
	/* A number ends somewhere: without that, it is digits as bytes. */
	while (i < n && !is_blank(head[i]))
		i++;
	return i < n || only_bits(head, n) ? ASSESS_TEXT : ASSESS_BYTES;
}

struct reader {
	struct assess_input *in;
	const struct assess_options *o;
	unsigned width; /* 0: 8, the largest decides */
	uint64_t line;
	size_t n;
	bool bits; /* each digit is a sample */
};

static int bad_word(const struct reader *r, const char *word, const char *why)
{
	return cmd_fail(&command_assess, EXIT_USAGE, "%s: line %llu: '%s' %s",
			r->in->name, (unsigned long long)r->line, word, why);
}

static int take_word(struct reader *r, const uint8_t *at, size_t len)
{
	unsigned width = r->width ? r->width : 8;
	char word[WORD_BYTES + 1], *end;
	uint64_t value;

	for (size_t i = 0; i < len && i < WORD_BYTES; i++)
		word[i] = (char)(at[i] >= ' ' && at[i] < 0x7f ? at[i] : '?');
	word[len < WORD_BYTES ? len : WORD_BYTES] = '\0';
	errno = 0;
	value = strtoull(word, &end, 10);
	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		value = strtoull(word, &end, 16);
	if (!isdigit((unsigned char)word[0]) || *end || len > WORD_BYTES)
		return bad_word(r, word,
				"is not a whole number from 0 on; --format "
				"bytes takes the bytes as they are");
	if (errno != 0)
		return bad_word(r, word, "does not fit 64 bits");
	if (r->in->records) {
		if (r->in->n_records < ASSESS_RANK_RECORDS)
			r->in->records[r->in->n_records++] = value;
		return 0;
	}
	if (r->o->mask || r->o->shift_given)
		value = assess_pick(value, r->o, r->width);
	if (value >> width != 0)
		return bad_word(r, word,
				r->width ? "does not fit --bits" :
					   "does not fit 8 bits; --mask and "
					   "--shift choose bits, --rank-bits "
					   "ranks them");
	r->in->decoded[r->n++] = (uint8_t)value;
	return 0;
}

static int take_bits(struct reader *r, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char word[2] = {
			(char)(at[i] >= ' ' && at[i] < 0x7f ? at[i] : '?'), '\0'
		};

		if (at[i] != '0' && at[i] != '1')
			return bad_word(r, word, "is neither 0 nor 1");
		r->in->decoded[r->n++] = (uint8_t)(at[i] - '0');
	}
	return 0;
}

int assess_parse_text(struct assess_input *in, const struct assess_options *o,
		      unsigned *width)
{
	struct reader r = { .in = in, .o = o, .width = *width, .line = 1 };
	const uint8_t *text = in->map;
	size_t i = 0;
	int code = 0;

	in->decoded = assess_ask(in, in->n_bytes, &code);
	if (!in->decoded)
		return code;
	r.bits = !in->records &&
		 (*width == 1 || (*width == 0 && !o->mask && !o->shift_given &&
				  only_bits(text, in->n_bytes)));
	while (code == 0 && i < in->n_bytes) {
		size_t from = i;

		if (is_blank(text[i])) {
			r.line += text[i++] == '\n';
			continue;
		}
		while (i < in->n_bytes && !is_blank(text[i]))
			i++;
		code = r.bits ? take_bits(&r, text + from, i - from) :
				take_word(&r, text + from, i - from);
	}
	if (r.bits)
		*width = 1;
	in->samples.symbols = in->decoded;
	in->samples.n = r.n;
	return code;
}
