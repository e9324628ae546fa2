/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs of positions that stay equal for long come in series: the next two
 * positions are equal for one symbol less. Sorted by distance, then position,
 * each series costs its own length once, not once a pair.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t common_length(const struct sp80090b_data *d, uint64_t i,
			      uint64_t j)
{
	unsigned width = d->width;
	uint64_t bits = 0, left = (d->n - j) * width;

	while (bits < left) {
		uint64_t differ = sp80090b_window(d, i * width + bits) ^
				  sp80090b_window(d, j * width + bits);

		if (differ != 0) {
			bits += (unsigned)__builtin_ctzll(differ);
			break;
		}
		bits += 64;
	}
	return (bits < left ? bits : left) / width;
}

int tuple_resolve_deep(struct tuple_sorter *s)
{
	uint64_t length = 0;

	if (s->n_deep == 0)
		return 0;
	qsort(s->deep, s->n_deep, sizeof *s->deep, by_value);
	for (uint64_t k = 0; k < s->n_deep; k++) {
		uint64_t i = s->deep[k] & UINT32_MAX;

		if (k > 0 && s->deep[k] == s->deep[k - 1] + 1) {
			length--;
		} else {
			length = common_length(s->d, i, i + (s->deep[k] >> 32));
			if (tuple_tally_room(s->t, length) < 0)
				return -ENOMEM;
		}
		s->t->pairs[length]++;
	}
	return 0;
}
