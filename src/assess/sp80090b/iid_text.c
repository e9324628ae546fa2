/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <bzlib.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/iid_block.h"

#define CHUNK 65536

/* Letters in the order of ASCII as a number, the first on top. */
uint64_t iid_end_of(const char *letters, unsigned n)
{
	uint64_t end = 0;

	for (unsigned k = 0; k < n; k++)
		end |= (uint64_t)(uint8_t)letters[k] << (56 - 8 * k);
	return end;
}

static void write_token(struct iid_text *t, unsigned v, uint8_t value)
{
	char *at = t->token[v];

	if (value >= 100)
		*at++ = (char)('0' + value / 100);
	if (value >= 10)
		*at++ = (char)('0' + value / 10 % 10);
	*at++ = (char)('0' + value % 10);
	*at++ = ' ';
	t->letters[v] = (uint8_t)(at - t->token[v]);
}

static uint64_t whole(const struct iid_text *t, unsigned v)
{
	return iid_end_of(t->token[v], t->letters[v]);
}

static void add_order(struct iid_text *t, unsigned v)
{
	unsigned at = t->n_order++;

	for (; at > 0 && whole(t, t->order[at - 1]) > whole(t, v); at--)
		t->order[at] = t->order[at - 1];
	t->order[at] = (uint8_t)v;
}

static int compare_ends(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x < y ? -1 : x > y;
}

/* All ends, each once. */
static void sort_ends(struct iid_text *t)
{
	unsigned kept = 0;

	for (unsigned k = 0; k < t->n_order; k++) {
		unsigned v = t->order[k], n = t->letters[v];

		for (unsigned l = 1; l <= n; l++)
			t->end[t->n_ends++] = iid_end_of(t->token[v] + n - l, l);
	}
	qsort(t->end, t->n_ends, sizeof *t->end, compare_ends);
	for (unsigned k = 0; k < t->n_ends; k++) {
		if (kept == 0 || t->end[k] != t->end[kept - 1])
			t->end[kept++] = t->end[k];
	}
	t->n_ends = kept;
}

unsigned iid_end_place(const struct iid_text *t, uint64_t end)
{
	unsigned low = 0, high = t->n_ends;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (t->end[middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint8_t iid_letter_of(char c)
{
	return c == ' ' ? 0 : (uint8_t)(c - '0' + 1);
}

/* Shorter tokens are filled up with ends at a place of no account. */
static void find_ends(struct iid_text *t, unsigned v)
{
	unsigned n = t->letters[v];

	for (unsigned l = 1; l <= IID_TOKEN_LETTERS; l++) {
		const char *end = t->token[v] + n - l;

		t->ends[v].place[l - 1] = (uint16_t)t->n_ends;
		if (l > n)
			continue;
		t->ends[v].place[l - 1] = (uint16_t)iid_end_place(
			t, iid_end_of(end, l));
		t->ends[v].before[l - 1] = l < n ? iid_letter_of(end[-1]) : 0;
	}
}

void iid_text_init(struct iid_text *t, const uint64_t count[SAMPLE_VALUES],
		   const uint8_t value_of[SAMPLE_VALUES])
{
	memset(t, 0, sizeof *t);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		t->count[v] = (uint32_t)count[v];
		if (count[v] == 0)
			continue;
		write_token(t, v, value_of[v]);
		t->n += count[v];
		t->bytes += count[v] * t->letters[v];
		if (t->letters[v] > t->longest)
			t->longest = t->letters[v];
		add_order(t, v);
	}
	t->bytes -= t->bytes > 0; /* no space at the end */
	sort_ends(t);
	for (unsigned k = 0; k < t->n_order; k++)
		find_ends(t, t->order[k]);
}

struct stream {
	bz_stream z;
	char in[CHUNK + IID_TOKEN_LETTERS], out[CHUNK];
};

static int compress(struct stream *s, unsigned n, bool last)
{
	int r;

	s->z.next_in = s->in;
	s->z.avail_in = n;
	do {
		s->z.next_out = s->out;
		s->z.avail_out = sizeof s->out;
		r = BZ2_bzCompress(&s->z, last ? BZ_FINISH : BZ_RUN);
		if (r < 0)
			return -ENOMEM;
	} while (last ? r != BZ_STREAM_END : s->z.avail_in > 0);
	return 0;
}

static int compress_all(const struct iid_text *t, const uint8_t *values,
			struct stream *s)
{
	unsigned n = 0;

	for (uint64_t i = 0; i < t->n; i++) {
		unsigned v = values[i];

		memcpy(s->in + n, t->token[v], IID_TOKEN_LETTERS);
		n += t->letters[v];
		if (n < CHUNK || i + 1 == t->n)
			continue;
		if (compress(s, n, false) < 0)
			return -ENOMEM;
		n = 0;
	}
	/* The end comes with letters: bzip2 may add them to a full block. */
	return compress(s, n - 1, true);
}

int iid_text_bytes_plain(const struct iid_text *t, const uint8_t *values,
			 uint64_t *ret)
{
	struct stream *s = malloc(sizeof *s);
	int r = -ENOMEM;

	if (s == NULL)
		return -ENOMEM;
	memset(&s->z, 0, sizeof s->z);
	if (BZ2_bzCompressInit(&s->z, 5, 0, 0) == BZ_OK) {
		r = compress_all(t, values, s);
		if (r == 0)
			*ret = (uint64_t)s->z.total_out_hi32 << 32 |
			       s->z.total_out_lo32;
		(void)BZ2_bzCompressEnd(&s->z);
	}
	free(s);
	return r;
}

/* Tokens of a block: two letters at least. */
static uint64_t tokens_max(uint64_t n)
{
	uint64_t most = IID_BLOCK_BYTES_MAX / 2 + 2;

	return n + 2 < most ? n + 2 : most;
}

/* Of letters so many, with those of no account. */
static uint64_t letters_max(uint64_t n)
{
	return tokens_max(n) * IID_TOKEN_LETTERS + 64;
}

int iid_text_work_init(struct iid_text_work *w, uint64_t n)
{
	memset(w, 0, sizeof *w);
	w->key = malloc(tokens_max(n) * sizeof *w->key);
	w->other = malloc(tokens_max(n) * sizeof *w->other);
	w->letter = malloc(letters_max(n));
	w->letters.symbol = malloc(letters_max(n));
	w->letters.fifty = malloc((letters_max(n) / IID_FIFTY + 2) *
				  sizeof(iid_fifty));
	if (w->key == NULL || w->other == NULL || w->letter == NULL ||
	    w->letters.symbol == NULL || w->letters.fifty == NULL) {
		iid_text_work_free(w);
		return -ENOMEM;
	}
	return 0;
}

void iid_text_work_free(struct iid_text_work *w)
{
	free(w->key);
	free(w->other);
	free(w->letter);
	free(w->letters.symbol);
	free(w->letters.fifty);
	memset(w, 0, sizeof *w);
}

uint64_t iid_text_work_need_bytes(uint64_t n)
{
	/* libbz2's: 400,000 and eight times its block. */
	return tokens_max(n) * 16 + letters_max(n) * 2 +
	       letters_max(n) / IID_FIFTY * 16 + 2 * CHUNK + 4400000;
}

int iid_text_bytes(const struct iid_text *t, const uint8_t *values,
		   struct iid_text_work *w, uint64_t *ret)
{
	struct iid_block b = { .t = t, .values = values };
	uint64_t bits = 32 + 48 + 32; /* a head, and a foot with its sum */

	do {
		iid_block_end(&b);
		if (!iid_block_bits(&b, w, &bits))
			return iid_text_bytes_plain(t, values, ret);
	} while (iid_block_next(&b));
	*ret = (bits + 7) / 8;
	return 0;
}
