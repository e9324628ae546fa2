/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts of bits from the order of their boundaries. Between a position
 * and the next boundary stand `zeros` zeros, then `ones` ones. Positions for
 * which both are the same have the order of their boundaries, and share that
 * many bits more; where they are not, the smaller number is where they differ.
 * So with a list of boundaries in order, less those before which the run is
 * shorter, all positions are walked in the order of what follows them: first
 * those in a run of ones, by its length, then by zeros those in a run of zeros.
 * Time and memory grow with the bits alone, whatever repeats in them.
 */
#include "assess/sp80090b/tuples_runs.h"
#include "assess/sp80090b/tuples_walk.h"

/* From so many boundaries on, memory is dearer than time. */
#define THRIFTY_BITS (UINT64_C(1) << 28)
/* Boundaries that are moved at once, at least; more where there are many. */
#define SEGMENT (1u << 20)
#define SEGMENTS_MAX 32

/* The positions before some boundaries, all as far before theirs. */
struct list {
	uint32_t *at, *common; /* bits shared from the boundary on */
	uint32_t n;
	uint32_t ones; /* up to the boundary, after the zeros */
};

/* A list that loses some of its members; the others share the least between. */
struct sieve {
	uint32_t *at, *common;
	uint32_t n, least;
};

struct lists {
	struct list *of; /* by ones, ever more; empty ones are taken out */
	uint32_t n, room;
	uint32_t *at, *common; /* a segment */
	uint32_t segment;
};

static int walk_list(struct tuple_walk *w, const struct list *l,
		     uint32_t shared, uint32_t more)
{
	int r = l->n > 0 ? tuple_walk_step(w, shared) : 0;

	for (uint32_t k = 1; r == 0 && k < l->n; k++)
		r = tuple_walk_step(w, l->common[k] + more);
	return r;
}

static inline void pass_by(struct sieve *s, uint32_t common)
{
	s->least = common < s->least ? common : s->least;
}

static inline void keep(struct sieve *s, uint32_t at)
{
	s->at[s->n] = at;
	s->common[s->n++] = s->least;
	s->least = UINT32_MAX;
}

static void reverse(uint32_t *x, uint32_t n)
{
	for (uint32_t k = 0; k < n / 2; k++) {
		uint32_t swap = x[k];

		x[k] = x[n - 1 - k];
		x[n - 1 - k] = swap;
	}
}

/* The first n come after the m that follow them. */
static void exchange(uint32_t *x, uint32_t n, uint32_t m)
{
	if (n == 0 || m == 0)
		return;
	reverse(x, n);
	reverse(x + n, m);
	reverse(x, n + m);
}

/*
 * One position back: first those before which stands a one, they stay in the
 * list, then those before which stands a zero. Both keep their order.
 */
static struct list split(const struct sp80090b_data *d, struct list *l,
			 const struct lists *all)
{
	struct sieve ones = { l->at, l->common, 0, UINT32_MAX };
	struct sieve zeros = { all->at, all->common, 0, UINT32_MAX };
	uint32_t others = 0; /* of earlier segments; they stand after `ones` */

	for (uint32_t begin = 0; begin < l->n; begin += all->segment) {
		uint32_t end = l->n - begin < all->segment ?
				       l->n :
				       begin + all->segment;
		uint32_t had = ones.n;

		/* This segment's go where it stands, behind the others. */
		ones.at = l->at + others;
		ones.common = l->common + others;
		zeros.n = 0;
		for (uint32_t k = begin; k < end; k++) {
			uint32_t at = l->at[k], common = l->common[k];

			pass_by(&ones, common);
			pass_by(&zeros, common);
			if (at == 0)
				continue;
			if (sp80090b_bit(d, at - 1))
				keep(&ones, at - 1);
			else
				keep(&zeros, at - 1);
		}
		exchange(l->at + had, others, ones.n - had);
		exchange(l->common + had, others, ones.n - had);
		memcpy(l->at + ones.n + others, zeros.at,
		       zeros.n * sizeof *zeros.at);
		memcpy(l->common + ones.n + others, zeros.common,
		       zeros.n * sizeof *zeros.common);
		others += zeros.n;
	}
	l->n = ones.n;
	return (struct list){ l->at + ones.n, l->common + ones.n, others,
			      l->ones };
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
static int walk_ones(struct tuple_walk *w, const struct sp80090b_data *d,
		     const struct boundaries *b, struct lists *all)
{
	struct list l = { b->at, b->common, b->n, 0 };
	int r = 0;

	while (r == 0 && l.n > 0) {
		struct list zeros;

		if (l.ones > 0)
			r = walk_list(w, &l, l.ones - 1, l.ones);
		zeros = split(d, &l, all);
		if (r == 0 && zeros.n > 0)
			r = add_list(all, &zeros);
		l.ones++;
	}
	return r;
}

/* One position back, less those before which stands a one. */
static void next_zero(const struct sp80090b_data *d, struct list *l)
{
	struct sieve zeros = { l->at, l->common, 0, UINT32_MAX };

	for (uint32_t k = 0; k < l->n; k++) {
		uint32_t at = l->at[k];

		pass_by(&zeros, l->common[k]);
		if (at > 0 && !sp80090b_bit(d, at - 1))
			keep(&zeros, at - 1);
	}
	l->n = zeros.n;
}

static int walk_zeros(struct tuple_walk *w, const struct sp80090b_data *d,
		      struct lists *all)
{
	int r = 0;

	for (uint32_t zeros = 1; r == 0 && all->n > 0; zeros++) {
		uint32_t kept = 0, shared = zeros - 1;

		for (uint32_t k = 0; r == 0 && k < all->n; k++) {
			struct list *l = &all->of[k];

			r = walk_list(w, l, shared, zeros + l->ones);
			shared = zeros + l->ones;
			next_zero(d, l);
			if (l->n > 0)
				all->of[kept++] = *l;
		}
		all->n = kept;
	}
	return r;
}

static int walk(struct tuple_tally *t, const struct sp80090b_data *d,
		const struct boundaries *b, uint32_t segment)
{
	struct lists all = { .segment = segment };
	struct tuple_walk w;
	int r = tuple_walk_init(&w, t);

	all.at = malloc(segment * sizeof *all.at);
	all.common = malloc(segment * sizeof *all.common);
	if (all.at == NULL || all.common == NULL)
		r = -ENOMEM;
	if (r == 0)
		r = walk_ones(&w, d, b, &all);
	/* What begins with a one and with a zero has nothing in common. */
	if (r == 0)
		r = walk_zeros(&w, d, &all);
	if (w.open != NULL)
		tuple_walk_end(&w);
	free(all.of);
	free(all.at);
	free(all.common);
	return r;
}

static uint32_t choose_segment(uint64_t n)
{
	uint64_t segment = n / (2 * SEGMENTS_MAX) + 1;

	return segment > SEGMENT ? (uint32_t)segment : SEGMENT;
}

uint64_t tuples_runs_need_bytes(uint64_t n)
{
	/* At most every second bit is a boundary; in random data every fourth. */
	uint64_t boundaries = n / 2 + 1, code = boundaries + boundaries / 2;
	uint64_t arrays = n > THRIFTY_BITS ? 8 : 12;

	/* Pairs by length; intervals of ever longer tuples, while they double. */
	return boundaries * arrays + code + n * 8 + n / 2 * 12 +
	       (uint64_t)choose_segment(n) * 8;
}

int tuples_by_runs_as(const struct sp80090b_data *d, struct tuple_tally *t,
		      bool thrifty, uint32_t segment)
{
	struct boundaries b;
	int r = boundaries_init(&b, d, thrifty);

	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
	if (r == 0)
		r = walk(t, d, &b, segment);
	boundaries_free(&b);
	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
	return r;
}

int tuples_by_runs(const struct sp80090b_data *d, struct tuple_tally *t)
{
	return tuples_by_runs_as(d, t, d->n > THRIFTY_BITS,
				 choose_segment(d->n));
}
