/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts of bits from the order of their boundaries. Between a position
 * and the next boundary stand zeros, then ones. Positions for which the number
 * of both is the same have the order of their boundaries, and share that many
 * bits more; where it is not, the smaller number is where they differ. So with
 * a list of boundaries in order, less those before which the run is shorter,
 * all positions are walked in the order of what follows them: first those in a
 * run of ones, by its length, then by zeros those in a run of zeros. Time and
 * memory grow with the bits alone, whatever repeats in them.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_runs.h"
#include "assess/sp80090b/tuples_walk.h"

/* The positions before some boundaries, all as far before theirs. */
struct list {
	struct boundary_list b;
	uint32_t ones; /* up to the boundary, after the zeros */
};

struct lists {
	struct list *of; /* by ones, ever more; empty ones are taken out */
	uint32_t n, room;
};

/* A list that loses some of its members; the others share the least between. */
struct sieve {
	struct boundary_list b;
	uint32_t least;
};

static inline void sieve_init(struct sieve *s, struct boundary_list b)
{
	*s = (struct sieve){ b, UINT32_MAX };
	s->b.n = s->b.n_longer = 0;
}

static inline void pass_by(struct sieve *s, uint32_t common)
{
	s->least = common < s->least ? common : s->least;
}

/* The next member, which stays only where `is` says so. */
static inline void keep(struct sieve *s, uint8_t token, bool is)
{
	s->b.common[s->b.n] = s->least;
	s->b.token[s->b.n] = token;
	s->b.n += is;
	s->least = is ? UINT32_MAX : s->least;
}

static inline void keep_longer(struct sieve *s, struct token t, bool is)
{
	keep(s, 0, is);
	if (is)
		s->b.longer[s->b.n_longer++] = t;
}

/*
 * All positions `ones` before their boundary, and that many ones between. Those
 * with ones before them stay in the list, those with zeros go to `zeros`.
 */
static int walk_ones(struct tuple_walk *w, struct list *l,
		     struct boundary_list *zeros)
{
	const struct boundary_list b = l->b;
	const struct token *longer = b.longer;
	const uint32_t ones = l->ones;
	struct sieve one, zero;
	int r = 0;

	sieve_init(&one, b);
	sieve_init(&zero, *zeros);
	for (uint32_t k = 0; r == 0 && k < b.n; k++) {
		uint32_t common = b.common[k];
		uint8_t x = b.token[k];

		if (ones > 0)
			r = tuple_walk_step(w,
					    k == 0 ? ones - 1 : common + ones);
		pass_by(&one, common);
		pass_by(&zero, common);
		if (x != 0) {
			bool is = (x & TOKEN_ONES_MASK) > ones;

			keep(&one, x, is);
			keep(&zero, x, !is);
		} else {
			struct token t = *longer++;

			keep_longer(&one, t, t.ones > ones);
			keep_longer(&zero, t, t.ones == ones && t.zeros > 0);
		}
	}
	l->b = one.b;
	l->ones++;
	*zeros = zero.b;
	return r;
}

/* The same, `zeros` and then some ones before it; only zeros stay. */
static int walk_zeros(struct tuple_walk *w, struct list *l, uint32_t zeros,
		      uint32_t shared)
{
	const struct boundary_list b = l->b;
	const struct token *longer = b.longer;
	const uint32_t more = zeros + l->ones;
	struct sieve zero;
	int r = 0;

	sieve_init(&zero, b);
	for (uint32_t k = 0; r == 0 && k < b.n; k++) {
		uint32_t common = b.common[k];
		uint8_t x = b.token[k];

		r = tuple_walk_step(w, k == 0 ? shared : common + more);
		pass_by(&zero, common);
		if (x != 0) {
			keep(&zero, x, x >> TOKEN_ONES_BITS > zeros);
		} else {
			struct token t = *longer++;

			keep_longer(&zero, t, t.zeros > zeros);
		}
	}
	l->b = zero.b;
	return r;
}

static int add_list(struct lists *all, const struct list *l)
{
	if (all->n == all->room) {
		uint32_t room = all->room == 0 ? 64 : 2 * all->room;
		struct list *of = realloc(all->of, room * sizeof *of);

		if (of == NULL)
			return -ENOMEM;
		all->of = of;
		all->room = room;
	}
	all->of[all->n++] = *l;
	return 0;
}

/* Positions in runs of ones; those before them, in runs of zeros, to `all`. */
static int walk_runs_of_ones(struct tuple_walk *w, const struct boundaries *b,
			     struct lists *all)
{
	struct list l = { b->all, 0 };
	struct boundary_list room = b->spare;
	int r = 0;

	while (r == 0 && l.b.n > 0) {
		struct list zeros = { room, l.ones };

		r = walk_ones(w, &l, &zeros.b);
		if (r == 0 && zeros.b.n > 0)
			r = add_list(all, &zeros);
		room.common += zeros.b.n;
		room.token += zeros.b.n;
		room.longer += zeros.b.n_longer;
	}
	return r;
}

static int walk_runs_of_zeros(struct tuple_walk *w, struct lists *all)
{
	int r = 0;

	for (uint32_t zeros = 1; r == 0 && all->n > 0; zeros++) {
		uint32_t kept = 0, shared = zeros - 1;

		for (uint32_t k = 0; r == 0 && k < all->n; k++) {
			struct list *l = &all->of[k];

			r = walk_zeros(w, l, zeros, shared);
			shared = zeros + l->ones;
			if (l->b.n > 0)
				all->of[kept++] = *l;
		}
		all->n = kept;
	}
	return r;
}

/* In a run, a tuple of one bit occurs again and again. */
static void look_at_long_runs(struct tuple_tally *t,
			      const struct boundary_list *l)
{
	uint32_t most = 0;

	for (uint32_t k = 0; k < l->n_longer; k++) {
		const struct token *longer = &l->longer[k];

		most = longer->zeros > most ? longer->zeros : most;
		most = longer->ones > most ? longer->ones : most;
	}
	if (most >= TUPLE_OFTEN)
		tuple_tally_often(t, most - TUPLE_OFTEN + 1, TUPLE_OFTEN);
}

static int walk(struct tuple_tally *t, const struct sp80090b_data *d,
		const struct boundaries *b)
{
	struct lists all = { NULL, 0, 0 };
	struct tuple_walk w;
	int r = tuple_walk_init(&w, t);

	if (r < 0)
		return r;
	tuple_walk_ahead(t, b->all.common, b->all.n);
	look_at_long_runs(t, &b->all);
	r = walk_runs_of_ones(&w, b, &all);
	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
	/* What begins with a one and with a zero has nothing in common. */
	if (r == 0)
		r = walk_runs_of_zeros(&w, &all);
	if (r == 0)
		r = tuple_walk_end(&w);
	tuple_walk_free(&w);
	free(all.of);
	return r;
}

uint64_t tuples_runs_need_bytes(uint64_t n)
{
	/*
	 * A token is 10 bytes for each of its code, and 16 more where that is
	 * several: at most for tokens of 2 bits. Pairs by length. Longer than
	 * what others share 35 times, and still in 51 positions, a tuple can be
	 * by the runs before them alone; in fewer, by 51 steps.
	 */
	return n * 5 + (1 << 10) + n * 8 + tuple_walk_need_bytes(n, n / 32);
}

int tuples_by_runs(const struct sp80090b_data *d, struct tuple_tally *t)
{
	struct boundaries b;
	int r = boundaries_init(&b, d);

	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
	if (r == 0)
		r = walk(t, d, &b);
	boundaries_free(&b);
	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
	return r;
}
