/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts from a suffix array: neighbours' common prefixes by way of the
 * text's order (Karkkainen, Manzini, Puglisi: Permuted Longest-Common-Prefix
 * Array, CPM 2009), then one walk over the intervals they span (Abouelhoda,
 * Kurtz, Ohlebusch 2004). Time n log n at worst, 9 bytes a symbol and more.
 */
#include <divsufsort.h>
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples.h"

/* Suffixes with a common prefix of `length`, whose end is not yet seen. */
struct interval {
	uint32_t length;
	uint32_t first; /* rank of its first suffix */
};

struct walk {
	struct interval *open;
	uint32_t n_open, room;
};

static int push(struct walk *w, uint32_t length, uint32_t first)
{
	if (w->n_open == w->room) {
		uint32_t room = w->room == 0 ? 1024 : w->room * 2;
		struct interval *open = realloc(w->open, room * sizeof *open);

		if (open == NULL)
			return -ENOMEM;
		w->open = open;
		w->room = room;
	}
	w->open[w->n_open].length = length;
	w->open[w->n_open++].first = first;
	return 0;
}

/* Suffix `rank` has `length` in common with the one before it. */
static int step(struct walk *w, struct tuple_tally *t, uint32_t rank,
		uint32_t length)
{
	uint32_t first = rank - 1;
	int r = tuple_tally_room(t, length);

	if (r < 0)
		return r;
	while (w->n_open > 0 && w->open[w->n_open - 1].length > length) {
		struct interval i = w->open[--w->n_open];
		uint32_t outer = length;

		if (w->n_open > 0 && w->open[w->n_open - 1].length > length)
			outer = w->open[w->n_open - 1].length;
		tuple_tally_group(t, outer, i.length, rank - i.first);
		first = i.first;
	}
	if (length > 0 &&
	    (w->n_open == 0 || w->open[w->n_open - 1].length < length))
		return push(w, length, first);
	return 0;
}

/* The common prefix of each position and its predecessor in the order. */
static void common_prefixes(const uint8_t *text, int32_t n, const int32_t *sa,
			    int32_t *plcp)
{
	int32_t length = 0;

	plcp[sa[0]] = -1;
	for (int32_t k = 1; k < n; k++)
		plcp[sa[k]] = sa[k - 1];
	for (int32_t i = 0; i < n; i++) {
		int32_t j = plcp[i];

		if (j < 0) {
			plcp[i] = length = 0;
			continue;
		}
		while (i + length < n && j + length < n &&
		       text[i + length] == text[j + length])
			length++;
		plcp[i] = length;
		length -= length > 0;
	}
}

static int count(const uint8_t *text, int32_t n, int32_t *sa, int32_t *plcp,
		 struct tuple_tally *t)
{
	struct walk w = { NULL, 0, 0 };
	int r = 0;

	if (divsufsort(text, sa, n) != 0)
		return -ENOMEM;
	common_prefixes(text, n, sa, plcp);
	for (int32_t k = 1; r == 0 && k <= n; k++)
		r = step(&w, t, (uint32_t)k, k < n ? (uint32_t)plcp[sa[k]] : 0);
	free(w.open);
	return r;
}

uint64_t tuples_suffixes_need_bytes(uint64_t n)
{
	/* Text, both arrays; tally and open intervals where all is equal. */
	return n * (1 + 4 + 4) + n * (12 + 6 + 8);
}

int tuples_by_suffixes(const struct sp80090b_data *d, struct tuple_tally *t)
{
	uint8_t *bits = d->width == 1 ? malloc(d->n) : NULL;
	int32_t *sa = malloc(d->n * sizeof *sa);
	int32_t *plcp = malloc(d->n * sizeof *plcp);
	int r = -ENOMEM;

	if (sa == NULL || plcp == NULL || (d->width == 1 && bits == NULL))
		goto out;
	if (bits != NULL) {
		for (uint64_t i = 0; i < d->n; i++)
			bits[i] = sp80090b_bit(d, i);
	}
	r = count(bits != NULL ? bits : d->symbols, (int32_t)d->n, sa, plcp, t);
	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
out:
	free(plcp);
	free(sa);
	free(bits);
	return r;
}
