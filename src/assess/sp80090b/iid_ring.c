/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_ring.h"

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
/* Moves a key, on average, before sorting is left to libbz2. */
#define MOVES_MAX 16
#define WARM_UP 4096

bool iid_ring_init(const struct iid_block *b, struct iid_ring *r)
{
	const struct iid_text *t = b->t;
	uint64_t first = b->from.token + (b->from.letter > 0);
	uint64_t end = b->to.token;
	unsigned tail = b->to.letter, head = 0;

	if (first >= end)
		return false;
	memcpy(r->count, b->count, sizeof b->count);
	r->count[IID_ODD] = 0;
	if (tail > 0) {
		memcpy(r->letters, t->token[b->values[end]], tail);
		r->count[b->values[end]]--;
	}
	if (b->from.letter > 0) {
		unsigned v = b->values[first - 1];

		head = t->letters[v] - b->from.letter;
		memcpy(r->letters + tail, t->token[v] + b->from.letter, head);
		r->count[v]--;
	} else if (tail > 0) {
		unsigned v = b->values[first++];

		head = t->letters[v];
		memcpy(r->letters + tail, t->token[v], head);
		r->count[v]--;
	}
	r->n_letters = tail + head;
	r->values = b->values + first;
	r->n = end - first;
	r->odd = IID_ODD;
	for (unsigned k = 0; r->n_letters > 0 && k < t->n_order; k++) {
		unsigned v = t->order[k];

		if (t->letters[v] == r->n_letters &&
		    memcmp(t->token[v], r->letters, r->n_letters) == 0)
			r->odd = v;
	}
	if (r->n_letters > 0)
		r->count[r->odd]++;
	return r->n_letters <= IID_TOKEN_BYTES;
}

/*
 * A token's part of the numbers from 0 to 2^64, in the order of tokens and as
 * large as it is frequent. x of a position is x of the next one, squeezed into
 * the part of its token: the position's place in the order, to 64 bits that are
 * as good as random where the tokens are.
 */
struct code {
	uint64_t from[IID_TOKENS], size[IID_TOKENS];
};

static void make_code(const struct iid_text *t, const struct iid_ring *r,
		      struct code *c)
{
	uint64_t unit = ~UINT64_C(0) / (t->n + 1), at = 0;
	bool odd_left = r->n_letters > 0 && r->odd == IID_ODD;
	uint64_t odd = odd_left ? iid_end_of(r->letters, r->n_letters) : 0;

	for (unsigned k = 0; k < t->n_order; k++) {
		unsigned v = t->order[k];

		if (odd_left && odd < iid_end_of(t->token[v], t->letters[v])) {
			c->from[IID_ODD] = at;
			at += unit;
			odd_left = false;
		}
		c->from[v] = at;
		c->size[v] = unit * t->count[v];
		at += c->size[v];
	}
	c->size[IID_ODD] = unit;
	if (odd_left)
		c->from[IID_ODD] = at;
}

static inline uint64_t squeeze(const struct code *c, unsigned token, uint64_t x)
{
	return c->from[token] +
	       (uint64_t)((unsigned __int128)c->size[token] * x >> 64);
}

static uint64_t warm_up(const struct iid_ring *r, const struct code *c)
{
	uint64_t n = r->n < WARM_UP ? r->n : WARM_UP, x = 0;

	for (uint64_t lap = 0; lap <= WARM_UP / (n + 1); lap++) {
		for (uint64_t i = n; i-- > 0;)
			x = squeeze(c, r->values[i], x);
		if (r->n_letters > 0)
			x = squeeze(c, r->odd, x);
	}
	return x;
}

/* x is carried back over the ring until it comes to itself. */
static bool make_keys(const struct iid_ring *r, const struct code *c,
		      uint64_t *key)
{
	bool odd = r->n_letters > 0;
	uint64_t start = warm_up(r, c), x = start;
	uint64_t before = odd ? r->odd : r->values[r->n - 1];

	for (uint64_t i = r->n; i-- > 0;) {
		x = squeeze(c, r->values[i], x);
		key[i] = (x & ~IID_TOKEN_MASK) |
			 (i > 0 ? r->values[i - 1] : before);
	}
	if (odd) {
		before = r->n > 0 ? r->values[r->n - 1] : r->odd;
		x = squeeze(c, r->odd, x);
		key[r->n] = (x & ~IID_TOKEN_MASK) | before;
	}
	return x == start;
}

static void count_digits(const uint64_t *key, uint64_t n, uint32_t *low,
			 uint32_t *high)
{
	for (uint64_t i = 0; i < n; i++) {
		high[key[i] >> (64 - DIGIT_BITS)]++;
		low[key[i] >> (64 - 2 * DIGIT_BITS) & (DIGITS - 1)]++;
	}
}

static void scatter(const uint64_t *from, uint64_t n, unsigned shift,
		    uint32_t size[DIGITS], uint64_t *to)
{
	uint32_t at = 0;

	for (unsigned d = 0; d < DIGITS; d++) {
		uint32_t m = size[d];

		size[d] = at;
		at += m;
	}
	for (uint64_t i = 0; i < n; i++)
		to[size[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

/* Of keys next to each other: but for the tokens before them. */
static inline bool are_equal(uint64_t a, uint64_t b)
{
	return (a ^ b) - 1 < IID_TOKEN_MASK;
}

/*
 * Most keys are where they belong. False: too far from sorted, or equal with
 * different tokens before them.
 */
static bool finish_sort(uint64_t *key, uint64_t n)
{
	uint64_t moves = MOVES_MAX * n;

	for (uint64_t i = 1; i < n; i++) {
		uint64_t k = key[i], at = i;

		if (are_equal(key[i - 1], k))
			return false;
		if (key[i - 1] <= k)
			continue;
		for (; at > 0 && key[at - 1] > k; at--) {
			if (moves-- == 0)
				return false;
			key[at] = key[at - 1];
		}
		key[at] = k;
		if (are_equal(key[at + 1], k) ||
		    (at > 0 && are_equal(key[at - 1], k)))
			return false;
	}
	return true;
}

bool iid_ring_sort(const struct iid_text *t, const struct iid_ring *r,
		   struct iid_text_work *w)
{
	uint32_t low[DIGITS] = { 0 }, high[DIGITS] = { 0 };
	uint64_t n = r->n + (r->n_letters > 0);
	struct code c;

	make_code(t, r, &c);
	if (!make_keys(r, &c, w->key))
		return false;
	count_digits(w->key, n, low, high);
	scatter(w->key, n, 64 - 2 * DIGIT_BITS, low, w->other);
	scatter(w->other, n, 64 - DIGIT_BITS, high, w->key);
	return finish_sort(w->key, n);
}
