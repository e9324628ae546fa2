/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tuple counts of symbols from a suffix array; neighbours' common prefixes by
 * way of the text's order (Karkkainen, Manzini, Puglisi: Permuted
 * Longest-Common-Prefix Array, CPM 2009). Time n log n at worst.
 */
#include <divsufsort.h>

#include "assess/sp80090b/tuples_walk.h"

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

		if (j < 0) {
			common[i] = length = 0;
			continue;
		}
		while (length + 8 <= end &&
		       sp80090b_load64(text + i + length) ==
			       sp80090b_load64(text + j + length))
			length += 8;
		while (length < end && text[i + length] == text[j + length])
			length++;
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
	r = tuple_walk_init(&w, t);
	if (r < 0)
		return r;
	for (int32_t k = 0; r == 0 && k < n; k++)
		r = tuple_walk_step(&w, (uint32_t)common[order[k]]);
	tuple_walk_end(&w);
	return r;
}

uint64_t tuples_symbols_need_bytes(uint64_t n)
{
	/* Both arrays; pairs by length; open intervals, while they double. */
	return n * (4 + 4) + n * 8 + n * 12;
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
