/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_code.h"

#define PADDING 16 /* a load may reach beyond the end */
#define REST 31u   /* the most that a byte of a rest holds; then more follow */

static uint8_t *put_rest(uint8_t *to, uint64_t rest)
{
	for (; rest >= REST; rest -= REST)
		*to++ = REST << TOKEN_ONES_BITS;
	*to++ = (uint8_t)(rest << TOKEN_ONES_BITS);
	return to;
}

static uint8_t *put_token(uint8_t *to, uint64_t zeros, uint64_t ones)
{
	if (zeros >= ZEROS_LONG) {
		*to++ = BOTH_LONG;
		return put_rest(put_rest(to, zeros - ZEROS_LONG), ones);
	}
	*to++ = (uint8_t)(zeros << TOKEN_ONES_BITS |
			  (ones < ONES_LONG ? ones : ONES_LONG));
	return ones < ONES_LONG ? to : put_rest(to, ones - ONES_LONG);
}

static const uint8_t *take_rest(const uint8_t *from, uint32_t *sum)
{
	for (; *from == REST << TOKEN_ONES_BITS; from++)
		*sum += REST;
	*sum += *from >> TOKEN_ONES_BITS;
	return from + 1;
}

struct token token_take(const uint8_t *from)
{
	struct token t = { *from >> TOKEN_ONES_BITS, *from & TOKEN_ONES_MASK };

	if (*from == BOTH_LONG) {
		t.ones = 0;
		from = take_rest(from + 1, &t.zeros);
		(void)take_rest(from, &t.ones);
	} else if (t.ones == ONES_LONG) {
		(void)take_rest(from + 1, &t.ones);
	}
	return t;
}

/* Run after run, of ones and zeros in turn. */
struct runs {
	const struct sp80090b_data *d;
	uint64_t turns; /* of the word at hand: where the next runs begin */
	uint64_t word;  /* its number, plus 1 */
	bool last;      /* the last bit before the next word */
};

/* Where the next run begins; d->n after the last. */
static uint64_t next_turn(struct runs *r)
{
	uint64_t words = (r->d->n + 63) / 64, at;

	while (r->turns == 0) {
		uint64_t w;

		if (r->word == words)
			return r->d->n;
		w = sp80090b_window(r->d, r->word * 64);
		r->turns = w ^ (w << 1 | r->last);
		r->last = w >> 63;
		r->word++;
	}
	at = (r->word - 1) * 64 + (unsigned)__builtin_ctzll(r->turns);
	r->turns &= r->turns - 1;
	return at < r->d->n ? at : r->d->n;
}

static void encode(struct token_code *c, const struct sp80090b_data *d)
{
	struct runs r = { .d = d, .last = sp80090b_bit(d, 0) };
	uint64_t ones = sp80090b_bit(d, 0) ? 0 : next_turn(&r);
	uint64_t at = next_turn(&r);
	uint8_t *to = c->bytes;

	c->first = (struct token){ (uint32_t)ones, (uint32_t)(at - ones) };
	while (at < d->n) {
		uint64_t end;

		ones = next_turn(&r);
		end = next_turn(&r);
		c->last = (uint32_t)(to - c->bytes);
		to = put_token(to, ones - at, end - ones);
		at = end;
	}
	c->n = (uint32_t)(to - c->bytes);
}

int token_code_init(struct token_code *c, const struct sp80090b_data *d)
{
	*c = (struct token_code){ .n = 0 };
	/* A token of 2 bits is a byte, one of 8 two; a last one of 1, one. */
	c->bytes = calloc(d->n / 2 + PADDING, 1);
	if (c->bytes == NULL)
		return -ENOMEM;
	encode(c, d);
	return 0;
}

void token_code_free(struct token_code *c)
{
	free(c->bytes);
	c->bytes = NULL;
}
