/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Positions in the order of what follows them, one by one, each with the length
 * it shares with the one before: the groups are the intervals in which that
 * length stays at least the same (Abouelhoda, Kurtz, Ohlebusch 2004).
 *
 * Nearly all groups are of no interest: they are smaller than TUPLE_OFTEN, and
 * shorter than another tuple that is not. So two kinds are looked for, each by
 * itself: groups that share more than that, step by step; and large ones by
 * blocks of steps, with what the least in a block says.
 */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_WALK_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_WALK_H

#include "assess/sp80090b/tuples.h"

/* Any TUPLE_OFTEN positions have a whole block of steps between them. */
#define TUPLE_BLOCK 16

/* Positions that share `length`, while more of them may come. */
struct tuple_interval {
	uint32_t length;
	uint32_t first; /* number of its first position */
};

/* Blocks that share `length`, while more of them may come. */
struct tuple_stretch {
	int32_t length;
	uint32_t first;              /* number of the first block */
	int32_t before[TUPLE_BLOCK]; /* the block before that */
};

/* A stack of them can be large, and is not copied: it goes on below. */
#define TUPLE_STRETCHES 256
struct tuple_stretches {
	struct tuple_stretches *below;
	uint32_t n; /* 1 at least */
	struct tuple_stretch of[TUPLE_STRETCHES];
};

struct tuple_walk {
	struct tuple_tally *t;
	/* Both: ever longer; the bottom has length 0. */
	struct tuple_interval *open;
	uint32_t n_open, open_room;
	struct tuple_stretches *stretches;
	uint32_t n_blocks, n_block; /* whole ones; steps in the next */
	int32_t block[TUPLE_BLOCK], last[TUPLE_BLOCK];
};

/* Returns 0 or -ENOMEM. */
int tuple_walk_init(struct tuple_walk *w, struct tuple_tally *t);

/* A block is full. 0 or -ENOMEM. */
int tuple_walk_block(struct tuple_walk *w);

/* The next position shares `length` with the last; 0 for the first of all. */
static inline int tuple_walk_step(struct tuple_walk *w, uint32_t length)
{
	w->block[w->n_block++] = (int32_t)length;
	return w->n_block == TUPLE_BLOCK ? tuple_walk_block(w) : 0;
}

/* Closes what is open. 0 or -ENOMEM. */
int tuple_walk_end(struct tuple_walk *w);
void tuple_walk_free(struct tuple_walk *w);

/*
 * Of n positions, what each shares with the one before it: notes a long tuple
 * that occurs TUPLE_OFTEN times. What is shorter then takes less time.
 */
void tuple_walk_ahead(struct tuple_tally *t, const uint32_t *common, uint32_t n);

/*
 * The most bytes for n positions, where groups within groups that share more
 * than another TUPLE_OFTEN positions do are at most so many.
 */
uint64_t tuple_walk_need_bytes(uint64_t n, uint64_t nested);

#endif
