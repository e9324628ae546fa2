/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block in bzip2's order: its letters, sorted by what follows each. */
#include <string.h>

#include "assess/sp80090b/iid_ring.h"

/* bzip2 closes a block of 500,000 at this many bytes or up to two more. */
#define BLOCK_BYTES (IID_BLOCK_BYTES_MAX - 19)

static char letter_at(const struct iid_block *b, const struct iid_place *p)
{
	return b->t->token[b->values[p->token]][p->letter];
}

static void step(const struct iid_block *b, struct iid_place *p)
{
	p->at++;
	if (++p->letter == b->t->letters[b->values[p->token]]) {
		p->letter = 0;
		p->token++;
	}
}

/*
 * bzip2 adds equal letters in a row, of which there are at most three here, at
 * once, and those at the end of the text to the block that is open then, full
 * or not.
 */
void iid_block_end(struct iid_block *b)
{
	const struct iid_text *t = b->t;
	struct iid_place p = b->from;
	uint64_t end = p.at + BLOCK_BYTES;
	char before = 0;

	memset(b->count, 0, sizeof b->count);
	p.at -= p.letter;
	p.letter = 0;
	while (p.token + 1 < t->n &&
	       p.at + t->letters[b->values[p.token]] < end) {
		unsigned v = b->values[p.token++];

		p.at += t->letters[v];
		b->count[v]++;
	}
	while (p.at < t->bytes && (p.at < end || letter_at(b, &p) == before)) {
		before = letter_at(b, &p);
		if (p.letter == 0)
			b->count[b->values[p.token]]++;
		step(b, &p);
	}
	b->last = p.at + 1 >= t->bytes;
	while (p.at < t->bytes) {
		if (!b->last)
			break;
		if (p.letter == 0)
			b->count[b->values[p.token]]++;
		step(b, &p);
	}
	b->to = p;
}

bool iid_block_next(struct iid_block *b)
{
	b->from = b->to;
	return !b->last;
}

/* Where the letters before each end go: one after another, in key order. */
struct outlets {
	uint32_t at[IID_TOKEN_LETTERS * SAMPLE_VALUES + 1];
	uint32_t odd_at[IID_TOKEN_BYTES]; /* by the end's letters, minus 1 */
	uint16_t odd_place[IID_TOKEN_BYTES];
	bool odd_shares[IID_TOKEN_BYTES]; /* a token has the same end */
	unsigned in_use;
};

static void count_ends(const struct iid_text *t, const struct iid_ring *r,
		       struct outlets *o)
{
	for (unsigned k = 0; k < t->n_order; k++) {
		unsigned v = t->order[k];

		if (r->count[v] == 0)
			continue;
		for (unsigned l = 0; l < t->letters[v]; l++) {
			o->at[t->ends[v].place[l]] += r->count[v];
			o->in_use |= 1u << t->ends[v].before[l];
		}
	}
	if (r->count[IID_ODD] == 0)
		return;
	for (unsigned l = 0; l < r->n_letters; l++) {
		const char *from = r->letters + r->n_letters - 1 - l;
		uint64_t end = iid_end_of(from, l + 1);
		unsigned place = iid_end_place(t, end);

		o->in_use |= 1u << iid_letter_of(*from);
		o->odd_place[l] = (uint16_t)place;
		o->odd_shares[l] = place < t->n_ends && t->end[place] == end;
		if (o->odd_shares[l])
			o->at[place]++;
	}
}

/*
 * Sums. An end that only the odd token has stands before the end at its place;
 * of several such, the ones it has before its own are counted by comparison.
 */
static void place_ends(const struct iid_text *t, const struct iid_ring *r,
		       struct outlets *o)
{
	unsigned n_odd = r->count[IID_ODD] == 0 ? 0 : r->n_letters;
	uint32_t sum = 0;

	for (unsigned p = 0; p <= t->n_ends; p++) {
		uint32_t m = p < t->n_ends ? o->at[p] : 0;

		for (unsigned l = 0; l < n_odd; l++) {
			const char *mine = r->letters + r->n_letters - 1 - l;
			uint32_t less = 0;

			if (o->odd_shares[l] || o->odd_place[l] != p)
				continue;
			for (unsigned k = 0; k < n_odd; k++) {
				const char *his = r->letters + r->n_letters -
						  1 - k;

				less += !o->odd_shares[k] &&
					o->odd_place[k] == p &&
					iid_end_of(his, k + 1) <
						iid_end_of(mine, l + 1);
			}
			o->odd_at[l] = sum + less;
		}
		for (unsigned l = 0; l < n_odd; l++)
			sum += !o->odd_shares[l] && o->odd_place[l] == p;
		o->at[p] = sum;
		sum += m;
	}
}

static void put_odd(const struct iid_ring *r, struct outlets *o, uint8_t *letter)
{
	for (unsigned l = 0; l < r->n_letters; l++) {
		uint32_t *at = o->odd_shares[l] ? &o->at[o->odd_place[l]] :
						  &o->odd_at[l];

		letter[(*at)++] =
			l + 1 < r->n_letters ?
				iid_letter_of(r->letters[r->n_letters - 2 - l]) :
				0;
	}
}

/*
 * The end of one letter, the space, is the least of all and every token has it.
 * most: ends of more letters are there already.
 */
static inline __attribute__((always_inline)) void put(
	const struct iid_text *t, const struct iid_ring *r, struct outlets *o,
	const uint64_t *key, uint64_t n, unsigned most, uint8_t *letter)
{
	uint32_t space = 0;

	for (uint64_t i = 0; i < n; i++) {
		unsigned v = key[i] & IID_TOKEN_MASK;
		const struct iid_ends *e = &t->ends[v & (SAMPLE_VALUES - 1)];

		if (v == IID_ODD) {
			o->at[0] = space++;
			put_odd(r, o, letter);
			continue;
		}
		letter[space++] = e->before[0];
		for (unsigned l = 1; l < most; l++)
			letter[o->at[e->place[l]]++] = e->before[l];
	}
}

/*
 * Of the longest tokens no other is an end, so the letter before is a space,
 * whatever follows. False: but for the odd one.
 */
static bool put_spaces(const struct iid_text *t, const struct iid_ring *r,
		       const struct outlets *o, uint8_t *letter)
{
	unsigned most = t->longest;

	if (r->count[IID_ODD] > 0 && r->n_letters > most &&
	    o->odd_shares[most - 1])
		return false;
	for (unsigned k = 0; k < t->n_order; k++) {
		unsigned v = t->order[k];

		if (t->letters[v] == most)
			memset(letter + o->at[t->ends[v].place[most - 1]], 0,
			       r->count[v]);
	}
	return true;
}

bool iid_block_bits(const struct iid_block *b, struct iid_text_work *w,
		    uint64_t *bits)
{
	const struct iid_text *t = b->t;
	struct outlets o = { .in_use = 1 };
	struct iid_ring r;
	uint64_t n;
	unsigned length, most;

	if (!iid_ring_init(b, &r) || !iid_ring_sort(t, &r, w))
		return false;
	n = r.n + (r.n_letters > 0);
	count_ends(t, &r, &o);
	place_ends(t, &r, &o);
	most = t->longest - put_spaces(t, &r, &o, w->letter);
	if (most == 1)
		put(t, &r, &o, w->key, n, 1, w->letter);
	else if (most == 2)
		put(t, &r, &o, w->key, n, 2, w->letter);
	else if (most == 3)
		put(t, &r, &o, w->key, n, 3, w->letter);
	else
		put(t, &r, &o, w->key, n, 4, w->letter);
	length = (unsigned)(b->to.at - b->from.at);
	iid_letters_count(&w->letters, w->letter, length, o.in_use);
	/* Head, sum, a flag, the first place; which of 256 letters occur. */
	*bits += 48 + 32 + 1 + 24 + 16 + 16 + (o.in_use > 1 ? 16 : 0);
	*bits += iid_letters_bits(&w->letters);
	return true;
}
