/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of a bit string's boundaries. From one to the next stands a token:
 * `zeros` zeros, then `ones` ones. Coded as bytes, nearly always as one, the
 * tokens are a text a quarter as long as the bits, whose suffix array has the
 * suffixes with a common beginning side by side, as that of the bits would.
 */
#include <divsufsort.h>
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_runs.h"

#define BLOCK 16 /* code bytes to an entry of `base` */
#define DONE INT32_MIN

struct code {
	uint8_t *bytes;
	uint32_t n;
	uint64_t *starts; /* bit i: byte i begins a token */
	uint32_t *base;   /* where in the bits block i begins */
};

/* More than four bits' worth: bytes that sort as the numbers do. */
static uint8_t *put_rest(uint8_t *to, uint64_t rest)
{
	for (; rest >= 255; rest -= 255)
		*to++ = 255;
	*to++ = (uint8_t)rest;
	return to;
}

/* The lengths are the sums of halves of the first byte and the others. */
static uint8_t *put_token(uint8_t *to, uint64_t zeros, uint64_t ones)
{
	if (zeros >= 15) {
		*to++ = 15 << 4;
		return put_rest(put_rest(to, zeros - 15), ones);
	}
	*to++ = (uint8_t)(zeros << 4 | (ones < 15 ? ones : 15));
	return ones < 15 ? to : put_rest(to, ones - 15);
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

/* Up to the first boundary; from there on a run of zeros begins. */
static uint64_t first_boundary(struct runs *r, const struct sp80090b_data *d)
{
	*r = (struct runs){ .d = d, .last = sp80090b_bit(d, 0) };
	if (!sp80090b_bit(d, 0))
		(void)next_turn(r);
	return next_turn(r);
}

static void encode(struct code *c, const struct sp80090b_data *d)
{
	struct runs r;
	uint64_t at = first_boundary(&r, d);
	uint8_t *to = c->bytes;

	while (at < d->n) {
		uint64_t ones = next_turn(&r), end = next_turn(&r);
		uint64_t i = (uint64_t)(to - c->bytes);

		c->starts[i / 64] |= UINT64_C(1) << (i % 64);
		to = put_token(to, ones - at, end - ones);
		at = end;
	}
	c->n = (uint32_t)(to - c->bytes);
}

static bool starts(const struct code *c, uint32_t i)
{
	return c->starts[i / 64] >> (i % 64) & 1;
}

static unsigned length_of(const struct code *c, uint32_t i)
{
	uint8_t x = c->bytes[i];

	return starts(c, i) ? (x >> 4) + (x & 15u) : x;
}

static void find_bases(struct code *c, uint64_t first)
{
	for (uint32_t i = 0; i < c->n; i++) {
		if (i % BLOCK == 0)
			c->base[i / BLOCK] = (uint32_t)first;
		first += length_of(c, i);
	}
}

/* Eight first bytes of tokens at once. */
static unsigned length_of_eight(uint64_t x)
{
	const uint64_t low = UINT64_C(0x0f0f0f0f0f0f0f0f);

	return (unsigned)(((x & low) + (x >> 4 & low)) *
				  UINT64_C(0x0101010101010101) >>
			  56);
}

/* The boundary whose token begins with byte i. */
static uint32_t position(const struct code *c, uint32_t i)
{
	uint32_t first = i - i % BLOCK, at = c->base[i / BLOCK];
	uint16_t all = (uint16_t)(c->starts[first / 64] >> (first % 64));

	if (all != 0xffff) {
		for (uint32_t k = first; k < i; k++)
			at += length_of(c, k);
		return at;
	}
	if (i >= first + 8) {
		at += length_of_eight(sp80090b_load64(c->bytes + first));
		first += 8;
	}
	if (i > first)
		at += length_of_eight(sp80090b_load64(c->bytes + first)
				      << (64 - 8 * (i - first)));
	return at;
}

static uint64_t common_bits(const struct sp80090b_data *d, uint64_t i,
			    uint64_t j, uint64_t length)
{
	uint64_t end = d->n - (i > j ? i : j);

	while (length < end) {
		uint64_t differ = sp80090b_window(d, i + length) ^
				  sp80090b_window(d, j + length);

		if (differ != 0) {
			length += (unsigned)__builtin_ctzll(differ);
			break;
		}
		length += 64;
	}
	return length < end ? length : end;
}

/*
 * By byte of the code: the bits that its boundary has in common with the one
 * before it in the order. One that begins later by some bits shares at least
 * what is left of the earlier one's, so nothing is compared twice.
 */
static void common_in_turn(const struct code *c, const struct sp80090b_data *d,
			   const int32_t *order, uint32_t *common)
{
	uint64_t at = 0, length = 0;
	uint32_t last = UINT32_MAX;

	for (uint32_t k = 0; k < c->n; k++) {
		uint32_t i = (uint32_t)order[k];

		common[i] = last;
		last = starts(c, i) ? i : last;
	}
	for (uint32_t i = 0; i < c->n; i++) {
		uint64_t here, gone;

		if (!starts(c, i))
			continue;
		here = position(c, i);
		gone = here - at;
		length = length > gone ? length - gone : 0;
		at = here;
		if (common[i] == UINT32_MAX)
			length = 0;
		else
			length = common_bits(d, here, position(c, common[i]),
					     length);
		common[i] = (uint32_t)length;
	}
}

/*
 * common[k] = common[order[k]] for all k, in place, along the cycles of the
 * order; undoes what marks them. Each step waits for the one before.
 */
static void permute(int32_t *order, uint32_t *common, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		uint32_t first = common[k], j = k;

		while ((order[j] & DONE) == 0) {
			uint32_t next = (uint32_t)order[j];

			order[j] |= DONE;
			common[j] = next == k ? first : common[next];
			j = next;
		}
	}
	for (uint32_t k = 0; k < n; k++)
		order[k] &= INT32_MAX;
}

/* Only the boundaries, by position; the end comes first: nothing follows it. */
static void keep_boundaries(struct boundaries *b, const struct code *c,
			    const uint32_t *common, bool is_permuted, uint64_t n)
{
	uint32_t kept = 1;

	for (uint32_t k = 0; k < c->n; k++) {
		uint32_t i = b->at[k + 1];

		if (!starts(c, i))
			continue;
		b->common[kept] = common[is_permuted ? k : i];
		b->at[kept++] = position(c, i);
	}
	b->at[0] = (uint32_t)n;
	b->common[0] = 0;
	b->n = kept;
}

/* common: by byte of the code; thrifty: it is b->common as well. */
static int sort(struct boundaries *b, const struct code *c, uint32_t *common,
		const struct sp80090b_data *d, bool thrifty)
{
	int32_t *order = (int32_t *)(void *)(b->at + 1);

	if (c->n > 0 && divsufsort(c->bytes, order, (int32_t)c->n) != 0)
		return -ENOMEM;
	common_in_turn(c, d, order, common + 1);
	if (thrifty)
		permute(order, common + 1, c->n);
	keep_boundaries(b, c, common + 1, thrifty, d->n);
	return 0;
}

int boundaries_init(struct boundaries *b, const struct sp80090b_data *d,
		    bool thrifty)
{
	/* A token of 2 bits is a byte, one of 16 three; a last one of 1, one. */
	uint64_t room = d->n / 2 + BLOCK;
	struct code c = { .n = 0 };
	uint32_t *common = NULL;
	struct runs r;
	int ret = -ENOMEM;

	memset(b, 0, sizeof *b);
	c.bytes = calloc(room, 1);
	c.starts = calloc(room / 64 + 1, sizeof *c.starts);
	if (c.bytes == NULL || c.starts == NULL)
		goto out;
	encode(&c, d);
	room = (c.n + UINT64_C(1)) * sizeof(uint32_t);
	c.base = malloc(room / BLOCK + sizeof *c.base);
	b->at = malloc(room);
	b->common = calloc(1, room);
	common = thrifty ? b->common : calloc(1, room);
	if (c.base == NULL || b->at == NULL || b->common == NULL ||
	    common == NULL)
		goto out;
	find_bases(&c, first_boundary(&r, d));
	ret = sort(b, &c, common, d, thrifty);
out:
	if (!thrifty)
		free(common);
	free(c.bytes);
	free(c.starts);
	free(c.base);
	if (ret < 0)
		boundaries_free(b);
	return ret;
}

void boundaries_free(struct boundaries *b)
{
	free(b->at);
	free(b->common);
	memset(b, 0, sizeof *b);
}
