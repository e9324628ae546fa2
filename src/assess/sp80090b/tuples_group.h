/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_GROUP_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_GROUP_H

#include "assess/sp80090b/tuples.h"

/* A window that the sequence ends in: only `length` symbols of it are there. */
struct tuple_tail {
	uint64_t key;
	uint32_t position;
	uint32_t length;
};

/* Positions with their windows; without positions the first window is all. */
struct tuple_set {
	uint64_t *key;
	uint32_t *position; /* NULL: see above */
};

struct tuple_sorter {
	const struct sp80090b_data *d;
	struct tuple_tally *t;
	unsigned window;    /* symbols in one: 64 / width */
	unsigned digit_max; /* bits; a multiple of the width */
	/* By bit: pairs that first differ there, and that were there already. */
	int64_t differ_at[65], since[65];
	/* Windows that more than one position has, hashed; else NULL. */
	uint64_t *tied;
	unsigned tied_log2;
	uint64_t n_tied;
	/* The same by fewer bits of the hash, to stay in a cache. */
	uint64_t *tied_roughly;
	unsigned tied_roughly_log2;
	/* Groups within groups at hand; each takes up some stack. */
	unsigned nested;
	/* Scratch of the recursion, in words. */
	uint32_t *arena;
	uint64_t arena_used, arena_room;
	/* Windows looked at beyond the first, and when to give up. */
	uint64_t work, work_max;
	/* Pairs that are equal for long: distance << 32 | first position. */
	uint64_t *deep;
	uint64_t n_deep, deep_room, deep_max;
};

/* Groups of this many symbols and more resolve their pairs by distance. */
#define TUPLE_DEEP_WINDOWS 32

#define TUPLE_NESTED_MAX 200

/* The window of a position, which lies within the sequence or ends in zeros. */
static inline uint64_t tuple_load_key(const struct tuple_sorter *s,
				      uint64_t position)
{
	unsigned used = s->window * s->d->width;
	uint64_t key = sp80090b_window(s->d, position * s->d->width);

	return used == 64 ? key : key & ((UINT64_C(1) << used) - 1);
}

static inline unsigned tuple_first_difference(uint64_t a, uint64_t b)
{
	return a == b ? 64 : (unsigned)__builtin_ctzll(a ^ b);
}

/* The place of a window in a set of 2^log2. */
static inline uint64_t tuple_hash(uint64_t key, unsigned log2)
{
	return key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - log2);
}

static inline bool tuple_may_be_tied(const struct tuple_sorter *s, uint64_t key)
{
	uint64_t h = tuple_hash(key, s->tied_roughly_log2);

	return s->tied_roughly[h >> 6] >> (h & 63) & 1;
}

static inline bool tuple_is_tied(const struct tuple_sorter *s, uint64_t key)
{
	uint64_t h = tuple_hash(key, s->tied_log2);

	return s->tied[h >> 6] >> (h & 63) & 1;
}

/*
 * Tallies m windows that agree in their first `bits` bits, lengths above those
 * alone; base: symbols before the window, where all agree. `to` is scratch of
 * the same size; both are overwritten. 0, -errno or TUPLES_TOO_DEEP.
 */
int tuple_group(struct tuple_sorter *s, struct tuple_set from,
		struct tuple_set to, uint32_t m, uint64_t base, unsigned bits,
		const struct tuple_tail *tails, unsigned n_tails);

/* One window occurs more than once; round 2 looks beyond it. */
void tuple_note_tied(struct tuple_sorter *s, uint64_t key);

/* All of them are noted. 0 or -ENOMEM. */
int tuple_tied_roughly(struct tuple_sorter *s);

/*
 * The counts of all values of a digit, with those of its shorter prefixes: what
 * tuple_group() does at each of its steps. Destroys count. Tails that end here
 * join at their own length.
 */
void tuple_tally_digit(struct tuple_sorter *s, uint32_t *count, uint64_t base,
		       unsigned bits, unsigned digit,
		       const struct tuple_tail *tails, unsigned n_tails);

/*
 * Two positions that are equal for `length` symbols, and perhaps on; counted as
 * equal for `since` up to now. 0, -errno or TUPLES_TOO_DEEP.
 */
int tuple_extend_pair(struct tuple_sorter *s, uint32_t i, uint32_t j,
		      uint64_t length, uint64_t since);

/* The pairs in `deep`. */
int tuple_resolve_deep(struct tuple_sorter *s);

/*
 * The windows of positions i .. i + n - 1, all within the sequence, their first
 * bits lowest. Bits come in eights: i is a multiple of 8 then, and there is
 * room for 7 more.
 */
void tuple_load_keys(const struct sp80090b_data *d, uint64_t i, unsigned n,
		     uint64_t used, uint64_t *key);

#define TUPLE_CHUNK 2048 /* windows loaded at once */

/* 1 where windows are the wrong way for this sequence, else 0; -ENOMEM. */
int tuple_look_deep(const struct sp80090b_data *d, uint64_t n_windows);

#endif
