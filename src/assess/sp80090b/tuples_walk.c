/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_walk.h"

#define OPEN_FIRST 1024

int tuple_walk_init(struct tuple_walk *w, struct tuple_tally *t)
{
	*w = (struct tuple_walk){ .t = t, .open_room = OPEN_FIRST };
	w->open = calloc(OPEN_FIRST, sizeof *w->open);
	w->stretches = calloc(1, sizeof *w->stretches);
	if (w->open == NULL || w->stretches == NULL) {
		tuple_walk_free(w);
		return -ENOMEM;
	}
	w->n_open = w->stretches->n = 1;
	return 0;
}

void tuple_walk_free(struct tuple_walk *w)
{
	while (w->stretches != NULL) {
		struct tuple_stretches *below = w->stretches->below;

		free(w->stretches);
		w->stretches = below;
	}
	free(w->open);
	w->open = NULL;
}

uint64_t tuple_walk_need_bytes(uint64_t n, uint64_t nested)
{
	/* Intervals while they double; a stretch has a block of its own. */
	return (nested + OPEN_FIRST) * 3 * sizeof(struct tuple_interval) +
	       (n / TUPLE_BLOCK / TUPLE_STRETCHES + 1) *
		       sizeof(struct tuple_stretches);
}

static int open_interval(struct tuple_walk *w, uint32_t length, uint32_t first)
{
	if (w->n_open == w->open_room) {
		size_t room = 2 * (size_t)w->open_room;
		struct tuple_interval *open = realloc(w->open,
						      room * sizeof *open);

		if (open == NULL)
			return -ENOMEM;
		w->open = open;
		w->open_room = (uint32_t)room;
	}
	w->open[w->n_open++] = (struct tuple_interval){ length, first };
	return 0;
}

/* The position with this number. */
static int step(struct tuple_walk *w, uint32_t number, uint32_t length)
{
	uint32_t first = number - 1;

	/* Below that, groups of less than TUPLE_OFTEN are of no interest. */
	if (length <= w->t->often_length)
		length = 0;
	while (w->open[w->n_open - 1].length > length) {
		struct tuple_interval i = w->open[--w->n_open];
		uint32_t outer = w->open[w->n_open - 1].length;

		outer = outer > length ? outer : length;
		tuple_tally_group(w->t, outer, i.length, number - i.first);
		first = i.first;
	}
	if (w->open[w->n_open - 1].length < length)
		return open_interval(w, length, first);
	return 0;
}

/*
 * Blocks from s->first on are done, up to the one at hand, which has less in
 * it; so has the one before. A part of each of these two belongs to the group,
 * and the more of it, the shorter is what the group shares, down to `outer`.
 */
static void close_stretch(struct tuple_walk *w, const struct tuple_stretch *s,
			  int32_t outer)
{
	uint32_t steps = (w->n_blocks - s->first) * TUPLE_BLOCK;
	const int32_t *before = s->before + TUPLE_BLOCK - 1;
	const int32_t *after = w->block;
	int32_t length = s->length;

	if (tuple_tally_is_less(w->t, (uint64_t)length,
				steps + 2 * (TUPLE_BLOCK - 1) + 1))
		return;
	while (length > outer) {
		uint32_t m;

		while (*before >= length) {
			before--;
			steps++;
		}
		while (*after >= length) {
			after++;
			steps++;
		}
		m = steps + 1;
		if (m >= TUPLE_OFTEN)
			tuple_tally_often(w->t, (uint64_t)length, m);
		length = *before > *after ? *before : *after;
	}
}

static int32_t top_length(const struct tuple_walk *w)
{
	return w->stretches->of[w->stretches->n - 1].length;
}

/* The bottom stays. */
static struct tuple_stretch pop_stretch(struct tuple_walk *w)
{
	struct tuple_stretches *all = w->stretches;
	struct tuple_stretch s = all->of[--all->n];

	if (all->n == 0) {
		w->stretches = all->below;
		free(all);
	}
	return s;
}

static int push_stretch(struct tuple_walk *w, const struct tuple_stretch *s)
{
	if (w->stretches->n == TUPLE_STRETCHES) {
		struct tuple_stretches *all = malloc(sizeof *all);

		if (all == NULL)
			return -ENOMEM;
		all->below = w->stretches;
		all->n = 0;
		w->stretches = all;
	}
	w->stretches->of[w->stretches->n++] = *s;
	return 0;
}

/* The next block, with the least in it. */
static int step_block(struct tuple_walk *w, int32_t least)
{
	struct tuple_stretch s = { .first = w->n_blocks };

	memcpy(s.before, w->last, sizeof s.before);
	while (top_length(w) > least) {
		int32_t outer;

		s = pop_stretch(w);
		outer = top_length(w);
		close_stretch(w, &s, outer > least ? outer : least);
	}
	if (top_length(w) == least)
		return 0;
	/* It goes on from where the last that was closed began. */
	s.length = least;
	return push_stretch(w, &s);
}

int tuple_walk_block(struct tuple_walk *w)
{
	int32_t least = w->block[0], most = least;
	int r = 0;

	for (unsigned k = 1; k < TUPLE_BLOCK; k++) {
		least = w->block[k] < least ? w->block[k] : least;
		most = w->block[k] > most ? w->block[k] : most;
	}
	if (w->n_open > 1 || (uint32_t)most > w->t->often_length) {
		uint32_t number = w->n_blocks * TUPLE_BLOCK;

		for (unsigned k = 0; r == 0 && k < TUPLE_BLOCK; k++)
			r = step(w, number + k, (uint32_t)w->block[k]);
	}
	if (r == 0)
		r = step_block(w, least);
	memcpy(w->last, w->block, sizeof w->last);
	w->n_blocks++;
	w->n_block = 0;
	return r;
}

int tuple_walk_end(struct tuple_walk *w)
{
	int r;

	/* What is in the last block ends there, too. */
	do
		r = tuple_walk_step(w, 0);
	while (r == 0 && w->n_block != 0);
	return r;
}

void tuple_walk_ahead(struct tuple_tally *t, const uint32_t *common, uint32_t n)
{
	uint32_t most = 0, before = 0;
	const uint32_t steps = TUPLE_OFTEN / 2;

	/* Two blocks of steps in a row. The first position has none. */
	for (uint32_t i = 1; i + steps <= n; i += steps) {
		uint32_t least = common[i];

		for (uint32_t k = 1; k < steps; k++)
			least = common[i + k] < least ? common[i + k] : least;
		before = before < least ? before : least;
		most = before > most ? before : most;
		before = least;
	}
	if (most > 0)
		tuple_tally_often(t, most, TUPLE_OFTEN);
}
