/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Positions in the order of what follows them, one by one, each with the length
 * it shares with the one before: the groups are the intervals in which that
 * length stays at least the same (Abouelhoda, Kurtz, Ohlebusch 2004).
 */
#ifndef AQUIFER_ASSESS_SP80090B_TUPLES_WALK_H
#define AQUIFER_ASSESS_SP80090B_TUPLES_WALK_H

#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples.h"

/* Positions that share `length`, while more of them may come. */
struct tuple_interval {
	uint32_t length;
	uint32_t first; /* number of its first position */
};

struct tuple_walk {
	struct tuple_tally *t;
	struct tuple_interval *open; /* ever longer; the bottom has length 0 */
	uint32_t n_open, room;
	uint32_t next; /* positions so far */
};

static inline int tuple_walk_init(struct tuple_walk *w, struct tuple_tally *t)
{
	*w = (struct tuple_walk){ .t = t, .n_open = 1, .room = 1024 };
	w->open = malloc(w->room * sizeof *w->open);
	if (w->open == NULL)
		return -ENOMEM;
	w->open[0] = (struct tuple_interval){ 0, 0 };
	return 0;
}

static inline int tuple_walk_open(struct tuple_walk *w, uint32_t length,
				  uint32_t first)
{
	if (w->n_open == w->room) {
		struct tuple_interval *open = realloc(
			w->open, 2 * w->room * sizeof *open);

		if (open == NULL)
			return -ENOMEM;
		w->open = open;
		w->room *= 2;
	}
	w->open[w->n_open++] = (struct tuple_interval){ length, first };
	return 0;
}

/* The next position shares `length` with the last; 0 for the first of all. */
static inline int tuple_walk_step(struct tuple_walk *w, uint32_t length)
{
	uint32_t first = w->next - 1;

	while (w->open[w->n_open - 1].length > length) {
		struct tuple_interval i = w->open[--w->n_open];
		uint32_t outer = w->open[w->n_open - 1].length;

		outer = outer > length ? outer : length;
		tuple_tally_group(w->t, outer, i.length, w->next - i.first);
		first = i.first;
	}
	w->next++;
	if (w->open[w->n_open - 1].length < length)
		return tuple_walk_open(w, length, first);
	return 0;
}

/* Closes what is open. */
static inline void tuple_walk_end(struct tuple_walk *w)
{
	(void)tuple_walk_step(w, 0);
	free(w->open);
	w->open = NULL;
}

#endif
