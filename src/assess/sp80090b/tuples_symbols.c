/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts of symbols from a suffix array; neighbours' common prefixes by
 * way of the text's order (Karkkainen, Manzini, Puglisi: Permuted
 * Longest-Common-Prefix Array, CPM 2009). Time n log n at worst.
 */
#include <divsufsort.h>
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_walk.h"

#define AHEAD 24 /* positions; what is compared with them is fetched by then */

/* Symbols that are equal from i and from j on, up to `end` of them. */
static inline int32_t equal(const uint8_t *i, const uint8_t *j, int32_t end)
{
	int32_t n = 0;

	for (; n + 8 <= end; n += 8) {
		uint64_t differ = sp80090b_load64(i + n) ^
				  sp80090b_load64(j + n);

		if (differ != 0)
			return n + __builtin_ctzll(differ) / 8;
	}
	while (n < end && i[n] == j[n])
		n++;
	return n;
}

/* The common prefix of each position and its predecessor in the order. */
static void common_prefixes(const uint8_t *text, int32_t n,
			    const int32_t *order, int32_t *common)
{
	int32_t length = 0;

	common[order[0]] = -1;
	for (int32_t k = 1; k < n; k++)
		common[order[k]] = order[k - 1];
	for (int32_t i = 0; i < n; i++) {
		int32_t j = common[i];
		int32_t end = n - (i > j ? i : j);

		if (i + AHEAD < n)
			__builtin_prefetch(
				(const void *)((uintptr_t)text +
					       (uint32_t)common[i + AHEAD] +
					       (uint32_t)length));
		if (j >= 0)
			length += equal(text + i + length, text + j + length,
					end - length);
		else
			length = 0;
		common[i] = length;
		length -= length > 0;
	}
}

static int count(const uint8_t *text, int32_t n, int32_t *order,
		 int32_t *common, struct tuple_tally *t)
{
	struct tuple_walk w;
	int r;

	if (divsufsort(text, order, n) != 0)
		return -ENOMEM;
	common_prefixes(text, n, order, common);
	/* The order is not needed any more. */
	for (int32_t k = 0; k < n; k++) {
		if (k + AHEAD < n)
			__builtin_prefetch(&common[order[k + AHEAD]]);
		order[k] = common[order[k]];
	}
	r = tuple_walk_init(&w, t);
	if (r < 0)
		return r;
	tuple_walk_ahead(t, (const uint32_t *)(const void *)order, (uint32_t)n);
	for (int32_t k = 0; r == 0 && k < n; k++)
		r = tuple_walk_step(&w, (uint32_t)order[k]);
	if (r == 0)
		r = tuple_walk_end(&w);
	tuple_walk_free(&w);
	return r;
}

uint64_t tuples_symbols_need_bytes(uint64_t n)
{
	/*
	 * Both arrays; pairs by length. Among 51 positions in a row there are
	 * 35 that tuple_walk_ahead() looks at.
	 */
	return n * (4 + 4) + n * 8 + tuple_walk_need_bytes(n, 51);
}

int tuples_by_symbols(const struct sp80090b_data *d, struct tuple_tally *t)
{
	int32_t *order = malloc(d->n * sizeof *order);
	int32_t *common = malloc(d->n * sizeof *common);
	int r = -ENOMEM;

	if (order != NULL && common != NULL)
		r = count(d->symbols, (int32_t)d->n, order, common, t);
	if (r == 0 && sp80090b_tick(d, 0))
		r = -ECANCELED;
	free(common);
	free(order);
	return r;
}
