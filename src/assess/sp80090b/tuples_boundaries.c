/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of a bit string's boundaries. From one to the next stands a token:
 * zeros, then ones. Coded as bytes, nearly always as one, the tokens are a text
 * a quarter as long as the bits, whose suffix array has the suffixes with a
 * common beginning side by side, as that of the bits would. How many bits two
 * of them share is told by the bytes alone (Karkkainen, Manzini, Puglisi:
 * Permuted Longest-Common-Prefix Array, CPM 2009).
 */
#include <divsufsort.h>
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_code.h"

#define AHEAD 24 /* tokens; what is compared with them is fetched by then */

/*
 * By byte: the one before it in the order, of those that begin a token, or
 * UINT32_MAX. They alone stay in the order; returns how many they are. All that
 * begin with a byte stand together there.
 */
static uint32_t find_before(const struct token_code *c, uint32_t *order,
			    uint32_t *before)
{
	uint32_t count[256] = { 0 }, k = 0, kept = 0, last = UINT32_MAX;

	for (uint32_t i = 0; i < c->n; i++)
		count[c->bytes[i]]++;
	for (unsigned x = 0; x < 256; x++) {
		for (uint32_t end = k + count[x]; k < end; k++) {
			uint32_t i = order[k];

			if (k + AHEAD < c->n)
				__builtin_prefetch(&before[order[k + AHEAD]], 1);
			if ((x & TOKEN_ONES_MASK) == 0 && i != c->last)
				continue;
			before[i] = last;
			last = order[kept++] = i;
		}
	}
	return kept;
}

/* Bytes that are equal from i and from j on; not as many as would be beyond. */
static uint32_t equal_bytes(const struct token_code *c, uint32_t i, uint32_t j)
{
	uint32_t end = c->n - (i > j ? i : j), n = 0;

	for (; n < end; n += 8) {
		uint64_t differ = sp80090b_load64(c->bytes + i + n) ^
				  sp80090b_load64(c->bytes + j + n);

		if (differ != 0) {
			n += (unsigned)__builtin_ctzll(differ) / 8;
			break;
		}
	}
	return n < end ? n : end;
}

/*
 * Bits that are equal where the first bytes that differ stand, or the end. Both
 * are the same part of a token, and tell enough: more of it follows only the
 * largest number that a byte can have.
 */
static uint32_t equal_bits(const struct token_code *c, uint32_t i, uint32_t j)
{
	uint8_t a, b;

	if (i == c->n || j == c->n)
		return 0;
	a = c->bytes[i] < c->bytes[j] ? c->bytes[i] : c->bytes[j];
	b = c->bytes[i] < c->bytes[j] ? c->bytes[j] : c->bytes[i];
	if (a >> TOKEN_ONES_BITS != b >> TOKEN_ONES_BITS)
		return a >> TOKEN_ONES_BITS;
	return token_bits_of(a);
}

/*
 * Instead of the one before: the bits that both share. One that begins later by
 * some tokens shares at least what is left of the earlier one's, so nothing is
 * compared twice.
 */
static void common_in_turn(const struct token_code *c, uint32_t *common)
{
	uint32_t end = 0, bits = 0; /* bytes up to there are equal */

	for (uint32_t i = 0; i < c->n; i++) {
		uint32_t j = common[i], equal;

		if (!token_starts(c, i))
			continue;
		if (end < i) {
			end = i;
			bits = 0;
		}
		/* Where no token begins there, any address will do. */
		if (i + AHEAD < c->n)
			__builtin_prefetch((const void *)((uintptr_t)c->bytes +
							  common[i + AHEAD] +
							  (end - i)));
		common[i] = 0;
		if (j != UINT32_MAX) {
			equal = equal_bytes(c, end, j + (end - i));
			for (; equal > 0; equal--)
				bits += token_bits_of(c->bytes[end++]);
			common[i] = bits + equal_bits(c, end, j + (end - i));
		}
		/* On to the next token; what is equal of it stays. */
		for (uint32_t k = i; k < end && (k == i || !token_starts(c, k));
		     k++)
			bits -= token_bits_of(c->bytes[k]);
	}
}

static void put_boundary(struct boundary_list *l, uint32_t common,
			 struct token t)
{
	bool is_short = t.zeros - 1 < TOKEN_ZEROS_SHORT &&
			t.ones - 1 < TOKEN_ONES_SHORT;

	l->common[l->n] = common;
	l->token[l->n] = 0;
	if (is_short)
		l->token[l->n] = (uint8_t)(t.zeros << TOKEN_ONES_BITS | t.ones);
	else
		l->longer[l->n_longer++] = t;
	l->n++;
}

static struct token token_before(const struct token_code *c, uint32_t i)
{
	if (i == 0)
		return c->first;
	do
		i--;
	while (!token_starts(c, i));
	return token_take(c->bytes + i);
}

/*
 * order: m boundaries, behind the place for the end of the bits, which comes
 * first: nothing follows it. It makes room for what they share.
 */
static void gather(struct boundary_list *l, const struct token_code *c,
		   uint32_t m, const uint32_t *common)
{
	const uint32_t *order = l->common + 1;

	put_boundary(l, 0, token_before(c, c->n));
	for (uint32_t k = 0; k < m; k++) {
		uint32_t i = order[k];
		uint8_t x = i > 0 ? c->bytes[i - 1] : 0;

		if (k + AHEAD < m) {
			uint32_t later = order[k + AHEAD];

			__builtin_prefetch(&common[later]);
			__builtin_prefetch(&c->bytes[later]);
		}
		if ((x & TOKEN_ONES_MASK) == 0) {
			put_boundary(l, common[i], token_before(c, i));
			continue;
		}
		l->common[l->n] = common[i];
		l->token[l->n++] = x;
	}
}

static uint32_t count_long(const struct token_code *c)
{
	/* What stands before the first boundary, and the last token. */
	uint32_t n = 2;

	for (uint32_t i = 0; i < c->n; i++)
		n += (c->bytes[i] & TOKEN_ONES_MASK) == ONES_LONG;
	return n;
}

static int make_room(struct boundary_list *l, uint32_t n, uint32_t n_longer)
{
	l->common = malloc(n * sizeof *l->common);
	l->token = malloc(n * sizeof *l->token);
	l->longer = malloc(n_longer * sizeof *l->longer);
	return l->common == NULL || l->token == NULL || l->longer == NULL ?
		       -ENOMEM :
		       0;
}

static int sort(struct boundaries *b, const struct token_code *c)
{
	uint32_t *order, *common, n_longer = count_long(c), m = 0;

	if (make_room(&b->all, c->n + 1, n_longer) < 0 ||
	    make_room(&b->spare, c->n + 1, n_longer) < 0)
		return -ENOMEM;
	order = b->all.common + 1;
	common = b->spare.common;
	if (c->n > 0 &&
	    divsufsort(c->bytes, (int32_t *)(void *)order, (int32_t)c->n) != 0)
		return -ENOMEM;
	m = find_before(c, order, common);
	common_in_turn(c, common);
	gather(&b->all, c, m, common);
	return 0;
}

int boundaries_init(struct boundaries *b, const struct sp80090b_data *d)
{
	struct token_code c;
	int r;

	memset(b, 0, sizeof *b);
	r = token_code_init(&c, d);
	if (r == 0)
		r = sort(b, &c);
	token_code_free(&c);
	if (r < 0)
		boundaries_free(b);
	return r;
}

static void drop_room(struct boundary_list *l)
{
	free(l->common);
	free(l->token);
	free(l->longer);
}

void boundaries_free(struct boundaries *b)
{
	drop_room(&b->all);
	drop_room(&b->spare);
	memset(b, 0, sizeof *b);
}
