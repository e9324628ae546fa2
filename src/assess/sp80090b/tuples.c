/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t-tuple and longest repeated substring, SP 800-90B 6.3.5 and 6.3.6. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples.h"

int tuple_tally_room(struct tuple_tally *t, uint64_t length)
{
	uint64_t room = t->room == 0 ? 128 : t->room;
	int64_t *pairs;
	uint32_t *most;

	if (length < t->room)
		return 0;
	while (room <= length)
		room += room / 2;
	pairs = realloc(t->pairs, room * sizeof *pairs);
	if (pairs == NULL)
		return -ENOMEM;
	t->pairs = pairs;
	most = realloc(t->most, room * sizeof *most);
	if (most == NULL)
		return -ENOMEM;
	t->most = most;
	memset(pairs + t->room, 0, (room - t->room) * sizeof *pairs);
	memset(most + t->room, 0, (room - t->room) * sizeof *most);
	t->room = room;
	return 0;
}

void tuple_tally_free(struct tuple_tally *t)
{
	free(t->pairs);
	free(t->most);
	memset(t, 0, sizeof *t);
}

/* What reaches a length reaches all shorter ones. */
static void sum_up(struct tuple_tally *t)
{
	for (uint64_t l = t->room - 1; l > 1; l--) {
		t->pairs[l - 1] += t->pairs[l];
		if (t->most[l] > t->most[l - 1])
			t->most[l - 1] = t->most[l];
	}
}

static void t_tuple(const struct tuple_tally *t, uint64_t n, uint64_t u,
		    struct sp80090b_estimate *ret)
{
	long double p_max = 0, p_upper;

	if (u == 1) {
		(void)sp80090b_refuse(ret, "no tuple occurs 35 times");
		return;
	}
	for (uint64_t l = 1; l < u; l++) {
		long double p = (long double)t->most[l] /
				(long double)(n - l + 1);

		p = powl(p, 1 / (long double)l);
		p_max = p > p_max ? p : p_max;
	}
	p_upper = sp80090b_upper(p_max, n);
	sp80090b_detail(ret, "t", (double)(u - 1));
	sp80090b_detail(ret, "p-hat_max", (double)p_max);
	sp80090b_detail(ret, "p_u", (double)p_upper);
	ret->h = (double)(0 - log2l(p_upper));
}

static void lrs(const struct tuple_tally *t, uint64_t n, uint64_t u,
		struct sp80090b_estimate *ret)
{
	long double ln_max = -INFINITY, p_upper;
	uint64_t v = t->room - 1;

	while (v > 0 && t->pairs[v] == 0)
		v--;
	if (v < u) {
		(void)sp80090b_refuse(ret, "every repeated tuple occurs "
					   "35 times");
		return;
	}
	for (uint64_t w = u; w <= v; w++) {
		long double all = (long double)(n - w) *
				  (long double)(n - w + 1) / 2;
		long double ln = logl((long double)t->pairs[w] / all) /
				 (long double)w;

		ln_max = ln > ln_max ? ln : ln_max;
	}
	p_upper = sp80090b_upper(expl(ln_max), n);
	sp80090b_detail(ret, "u", (double)u);
	sp80090b_detail(ret, "v", (double)v);
	sp80090b_detail(ret, "p-hat", (double)expl(ln_max));
	sp80090b_detail(ret, "p_u", (double)p_upper);
	ret->h = (double)(0 - log2l(p_upper));
}

int sp80090b_tuples(const struct sp80090b_data *d, struct sp80090b_estimate *ret)
{
	struct tuple_tally t = { NULL, NULL, 0 };
	uint64_t u = 1;
	int r;

	if (d->n < 2) {
		(void)sp80090b_refuse(&ret[0], "fewer than 2 symbols");
		return sp80090b_refuse(&ret[1], "fewer than 2 symbols");
	}
	r = tuples_by_windows(d, &t);
	if (r == TUPLES_TOO_DEEP) {
		tuple_tally_free(&t);
		r = tuples_by_suffixes(d, &t);
	}
	if (r == 0)
		r = tuple_tally_room(&t, 1);
	if (r == 0) {
		sum_up(&t);
		while (u < t.room && t.most[u] >= TUPLE_OFTEN)
			u++;
		t_tuple(&t, d->n, u, &ret[0]);
		lrs(&t, d->n, u, &ret[1]);
	}
	tuple_tally_free(&t);
	return r;
}
