/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs of positions that stay equal for long come in series: the next two
 * positions are equal for one symbol less. Sorted by distance, then position,
 * each series costs its own length once, not once a pair.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

static int add_deep(struct tuple_sorter *s, uint32_t i, uint32_t j)
{
	uint64_t low = i < j ? i : j, high = i < j ? j : i;

	if (s->n_deep == s->deep_room) {
		uint64_t room = s->deep_room == 0 ? 4096 : s->deep_room * 2;
		uint64_t *deep;

		if (room > s->deep_max)
			return TUPLES_TOO_DEEP;
		deep = realloc(s->deep, room * sizeof *deep);
		if (deep == NULL)
			return -ENOMEM;
		s->deep = deep;
		s->deep_room = room;
	}
	s->deep[s->n_deep++] = (high - low) << 32 | low;
	return 0;
}

int tuple_extend_pair(struct tuple_sorter *s, uint32_t i, uint32_t j,
		      uint64_t length, uint64_t since)
{
	uint64_t left = s->d->n - (i > j ? i : j);
	uint64_t deep = (uint64_t)s->window * TUPLE_DEEP_WINDOWS;
	uint64_t limit = since > deep ? left : deep;

	/* Not in `deep` where the group came late: it was counted so far. */
	while (length < limit && length < left) {
		unsigned d = tuple_first_difference(
			tuple_load_key(s, i + length),
			tuple_load_key(s, j + length));

		s->work++;
		if (d < s->window * s->d->width) {
			length += d / s->d->width;
			break;
		}
		length += s->window;
	}
	if (length > left)
		length = left;
	tuple_tally_add(s->t, since, -1);
	if (length >= deep && since <= deep)
		return add_deep(s, i, j);
	tuple_tally_add(s->t, length, 1);
	return s->work > s->work_max ? TUPLES_TOO_DEEP : 0;
}

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
		}
		tuple_tally_add(s->t, length, 1);
	}
	return 0;
}
