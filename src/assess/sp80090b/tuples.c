/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t-tuple and longest repeated substring, SP 800-90B 6.3.5 and 6.3.6. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples.h"

int tuple_tally_init(struct tuple_tally *t, uint64_t n)
{
	*t = (struct tuple_tally){ .n = n };
	t->page = calloc(n / TUPLE_PAGE + 1, sizeof *t->page);
	return t->page == NULL ? -ENOMEM : 0;
}

void tuple_tally_free(struct tuple_tally *t)
{
	for (uint64_t k = 0; t->page != NULL && k <= t->n / TUPLE_PAGE; k++)
		free(t->page[k]);
	free(t->page);
	t->page = NULL;
}

bool tuple_tally_page(struct tuple_tally *t, uint64_t length)
{
	int64_t **page = &t->page[length / TUPLE_PAGE];

	*page = calloc(TUPLE_PAGE, sizeof **page);
	if (*page == NULL)
		t->no_memory = true;
	return *page != NULL;
}

uint64_t tuple_tally_end(const struct tuple_tally *t)
{
	uint64_t k = t->n / TUPLE_PAGE + 1;

	while (k > 0 && t->page[k - 1] == NULL)
		k--;
	return k * TUPLE_PAGE;
}

void tuple_tally_score(struct tuple_tally *t, uint64_t length, uint64_t count)
{
	double score;

	for (uint64_t l = length < TUPLE_PAGE ? length : TUPLE_PAGE - 1;
	     l > 0 && t->most[l] < count; l--)
		t->most[l] = (uint32_t)count;
	if (length == 0 || (length <= t->best_length && count <= t->best_count))
		return;
	if (length > t->often_length)
		t->often_length = length;
	score = log((double)count / (double)(t->n - length + 1)) /
		(double)length;
	if (t->best_length > 0 && score <= t->best_score)
		return;
	t->best_score = score;
	t->best_length = length;
	t->best_count = count;
}

static void t_tuple(const struct tuple_tally *t, struct sp80090b_estimate *ret)
{
	uint64_t l = t->best_length;
	long double p, p_upper;

	if (l == 0) {
		(void)sp80090b_refuse(ret, "no tuple occurs 35 times");
		return;
	}
	p = powl((long double)t->best_count / (long double)(t->n - l + 1),
		 1 / (long double)l);
	p_upper = sp80090b_upper(p, t->n);
	sp80090b_detail(ret, "t", (double)t->often_length);
	sp80090b_detail(ret, "p-hat_max", (double)p);
	sp80090b_detail(ret, "p_u", (double)p_upper);
	ret->h = (double)(0 - log2l(p_upper));
}

/* The length whose P_W^(1/W) is the largest, with what makes it. */
struct lrs {
	uint64_t v; /* the longest length of all; 0: nothing repeats */
	uint64_t length;
	int64_t pairs;
	double score; /* ln P_W^(1/W) */
};

static long double all_pairs(const struct tuple_tally *t, uint64_t length)
{
	long double n = (long double)(t->n - length);

	return n * (n + 1) / 2;
}

static struct lrs largest(const struct tuple_tally *t, uint64_t u)
{
	struct lrs best = { .v = 0 };
	double n = (double)t->n;
	int64_t pairs = 0;

	for (uint64_t w = tuple_tally_end(t); w-- > u;) {
		double left = n - (double)w, score;
		int64_t more = tuple_tally_get(t, w);

		/* Of lengths with as many pairs the longest has the largest. */
		pairs += more;
		if (more == 0 || pairs == 0)
			continue;
		best.v = best.v == 0 ? w : best.v;
		score = log((double)pairs / (left * (left + 1) / 2)) / (double)w;
		if (best.length > 0 && score <= best.score)
			continue;
		best.length = w;
		best.pairs = pairs;
		best.score = score;
	}
	return best;
}

static void lrs(const struct tuple_tally *t, struct sp80090b_estimate *ret)
{
	uint64_t u = t->often_length + 1;
	struct lrs best = largest(t, u);
	long double p, p_upper;

	if (best.v == 0) {
		(void)sp80090b_refuse(ret, "every repeated tuple occurs "
					   "35 times");
		return;
	}
	p = powl((long double)best.pairs / all_pairs(t, best.length),
		 1 / (long double)best.length);
	p_upper = sp80090b_upper(p, t->n);
	sp80090b_detail(ret, "u", (double)u);
	sp80090b_detail(ret, "v", (double)best.v);
	sp80090b_detail(ret, "p-hat", (double)p);
	sp80090b_detail(ret, "p_u", (double)p_upper);
	ret->h = (double)(0 - log2l(p_upper));
}

int sp80090b_tuples(const struct sp80090b_data *d, struct sp80090b_estimate *ret)
{
	struct tuple_tally t;
	int r;

	if (d->n < 2) {
		(void)sp80090b_refuse(&ret[0], "fewer than 2 symbols");
		return sp80090b_refuse(&ret[1], "fewer than 2 symbols");
	}
	r = tuple_tally_init(&t, d->n);
	if (r == 0)
		r = tuples_by_windows(d, &t);
	if (r == TUPLES_TOO_DEEP) {
		tuple_tally_free(&t);
		r = tuple_tally_init(&t, d->n);
		if (r == 0)
			r = d->width == 1 ? tuples_by_runs(d, &t) :
					    tuples_by_symbols(d, &t);
	}
	if (r == 0 && t.no_memory)
		r = -ENOMEM;
	if (r == 0) {
		t_tuple(&t, &ret[0]);
		lrs(&t, &ret[1]);
	}
	tuple_tally_free(&t);
	return r;
}
