/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts from windows, in two rounds. The first needs no positions; only
 * windows that occur twice (in random data none do) are taken up again with
 * theirs.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_window.h"

#define ARENA_WORDS (1u << 19)
#define WORK_A_SYMBOL 8

static void find_tails(struct collector *c)
{
	const struct sp80090b_data *d = c->s.d;
	uint64_t window = c->s.window;

	c->n_windows = d->n >= window ? d->n - window + 1 : 0;
	for (uint64_t i = c->n_windows; i < d->n; i++) {
		/* Beyond the end stand zeros: `length` is what counts. */
		c->tails[c->n_tails].key = sp80090b_window(d, i * d->width);
		c->tails[c->n_tails].position = (uint32_t)i;
		c->tails[c->n_tails++].length = (uint32_t)(d->n - i);
	}
}

static int make_room(struct collector *c, uint64_t room, bool positions)
{
	c->room = room;
	c->only_tied = positions;
	c->from.key = malloc(room * sizeof(uint64_t));
	c->to.key = malloc((room / 2 + 1) * sizeof(uint64_t));
	if (c->from.key == NULL || c->to.key == NULL)
		return -ENOMEM;
	if (!positions)
		return 0;
	c->from.position = malloc(room * sizeof(uint32_t));
	c->to.position = malloc((room / 2 + 1) * sizeof(uint32_t));
	return c->from.position == NULL || c->to.position == NULL ? -ENOMEM : 0;
}

static void drop_room(struct collector *c)
{
	free(c->from.key);
	free(c->to.key);
	free(c->from.position);
	free(c->to.position);
	memset(&c->from, 0, sizeof c->from);
	memset(&c->to, 0, sizeof c->to);
}

static uint64_t room_for(uint64_t n, unsigned share, uint64_t least)
{
	uint64_t room = n / share > least ? n / share : least;

	return (room < n ? room : n) + 2;
}

/* Round 1: the lengths within a window. */
static int first_round(struct collector *c, struct tuple_tally *t)
{
	unsigned width = c->s.d->width;
	int r = make_room(c, room_for(c->s.d->n, 6, 1 << 22), false);

	c->s.t = t;
	if (r == 0)
		r = tuple_collect(c);
	drop_room(c);
	for (unsigned b = 0; b <= 64; b++) {
		tuple_tally_add(t, b / width, c->s.differ_at[b] - c->s.since[b]);
	}
	return r;
}

/* Round 2: the lengths beyond, of the windows that occur twice. */
static int second_round(struct collector *c, struct tuple_tally *t)
{
	struct tuple_tally beyond;
	uint64_t window = c->s.window, end = 0;
	int r = tuple_tally_init(&beyond, t->n);

	if (r < 0)
		return r;
	c->s.t = &beyond;
	c->n_tails = 0;
	r = make_room(c, room_for(c->s.d->n, 9, 1 << 20), true);
	if (r == 0)
		r = tuple_tied_roughly(&c->s);
	if (r == 0)
		r = tuple_collect(c);
	drop_room(c);
	if (r == 0)
		r = tuple_resolve_deep(&c->s);
	if (r == 0)
		end = tuple_tally_end(&beyond);
	/* Up to the window round 1 has it all, beyond it nothing. */
	for (uint64_t l = window + 1; l < end; l++) {
		int64_t pairs = tuple_tally_get(&beyond, l);

		if (pairs == 0)
			continue;
		tuple_tally_add(t, l, pairs);
		tuple_tally_add(t, window, -pairs);
	}
	if (beyond.best_length > 0)
		tuple_tally_often(t, beyond.best_length, beyond.best_count);
	if (beyond.often_length > t->often_length)
		t->often_length = beyond.often_length;
	t->no_memory = t->no_memory || beyond.no_memory;
	c->s.t = t;
	tuple_tally_free(&beyond);
	return r;
}

uint64_t tuples_windows_need_bytes(uint64_t n)
{
	uint64_t first = room_for(n, 6, 1 << 22) * 12;
	uint64_t second = room_for(n, 9, 1 << 20) * 18;
	/* While the list of deep pairs is doubled. */
	uint64_t deep = (n / 8 + (1 << 20)) * 12, look = n;

	second = second > deep ? second : deep;
	first = first > second ? first : second;
	return (first > look ? first : look) + n / 4 + (1 << 18) +
	       ARENA_WORDS * 4;
}

int tuples_by_windows(const struct sp80090b_data *d, struct tuple_tally *t)
{
	struct collector c = { .s = { .d = d } };
	int r;

	c.s.window = 64 / d->width;
	find_tails(&c);
	r = tuple_look_deep(d, c.n_windows);
	if (r != 0)
		return r < 0 ? r : TUPLES_TOO_DEEP;
	c.s.digit_max = 11 - 11 % d->width;
	c.s.arena_room = ARENA_WORDS;
	c.s.arena = malloc(ARENA_WORDS * sizeof *c.s.arena);
	c.s.tied_log2 = 16;
	while (c.s.tied_log2 < 32 && UINT64_C(1) << c.s.tied_log2 < d->n)
		c.s.tied_log2++;
	c.s.tied = calloc((UINT64_C(1) << c.s.tied_log2) / 64, 8);
	c.s.work_max = WORK_A_SYMBOL * d->n + (1 << 20);
	c.s.deep_max = d->n / 8 + (1 << 20);
	r = c.s.arena == NULL || c.s.tied == NULL ? -ENOMEM : 0;
	if (r == 0)
		r = first_round(&c, t);
	if (r == 0 && c.s.n_tied > 0)
		r = second_round(&c, t);
	free(c.s.deep);
	free(c.s.tied);
	free(c.s.tied_roughly);
	free(c.s.arena);
	return r;
}
