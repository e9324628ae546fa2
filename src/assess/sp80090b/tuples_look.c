/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows of 64 bits as they are loaded, and whether to count by them at all. */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

#define SHARE_LOG2 6
#define LOOK_LEAST (1u << 16) /* windows; fewer take no time either way */

void tuple_load_keys(const struct sp80090b_data *d, uint64_t i, unsigned n,
		     uint64_t used, uint64_t *key)
{
	const uint8_t *at = d->packed + i * d->width / 8;

	if (d->width == 1) {
		for (unsigned k = 0; k < n; k += 8, at++) {
			uint64_t low = sp80090b_load64(at);
			uint64_t high = (uint64_t)at[8] << 1;

			for (unsigned s = 0; s < 8; s++)
				key[k + s] = low >> s | high << (63 - s);
		}
		return;
	}
	if (d->width == 8) {
		for (unsigned k = 0; k < n; k++)
			key[k] = sp80090b_load64(at + k);
		return;
	}
	for (unsigned k = 0; k < n; k++) {
		unsigned bit = k * d->width, shift = bit & 7;
		const uint8_t *byte = at + (bit >> 3);

		key[k] = (sp80090b_load64(byte) >> shift |
			  ((uint64_t)byte[8] << 1) << (63 - shift)) &
			 used;
	}
}

/*
 * A look at the windows with a certain hash, one in SHARE of all. Where many of
 * them occur again, or where they are few because few windows make up the data,
 * the suffixes are better sorted at once. Only the time depends on the answer.
 */
static bool look_deep(const struct sp80090b_data *d, uint64_t n_windows,
		      uint64_t *seen, unsigned seen_log2)
{
	uint64_t key[TUPLE_CHUNK + 8], n_seen = 0, again = 0;
	uint64_t room = UINT64_C(1) << (seen_log2 - 1);
	uint64_t mask = 2 * room - 1, used = 64 / d->width * d->width;

	for (uint64_t i = 0; i < n_windows && n_seen < room; i += TUPLE_CHUNK) {
		unsigned n = n_windows - i < TUPLE_CHUNK ?
				     (unsigned)(n_windows - i) :
				     TUPLE_CHUNK;

		tuple_load_keys(d, i, n, ~UINT64_C(0) >> (64 - used), key);
		for (unsigned k = 0; k < n; k++) {
			uint64_t h = key[k] * UINT64_C(0x9e3779b97f4a7c15), at;

			if (h >> (64 - SHARE_LOG2) != 0)
				continue;
			at = h >> (64 - SHARE_LOG2 - seen_log2);
			/* A zero is an empty place. */
			while (seen[at] != 0 && seen[at] != (h | 1))
				at = (at + 1) & mask;
			again += seen[at] != 0;
			seen[at] = h | 1;
			if (++n_seen == room)
				break;
		}
		/* No doubt is left. */
		if (n_seen > room / 8 && again > n_seen / 2)
			return true;
	}
	return again > n_seen / 8 || n_seen < n_windows >> (SHARE_LOG2 + 1);
}

int tuple_look_deep(const struct sp80090b_data *d, uint64_t n_windows)
{
	unsigned seen_log2 = 10;
	uint64_t *seen;
	int r;

	if (n_windows < LOOK_LEAST)
		return 0;
	while (n_windows >> (SHARE_LOG2 + seen_log2 - 2) != 0)
		seen_log2++;
	seen = calloc(UINT64_C(1) << seen_log2, sizeof *seen);
	if (seen == NULL)
		return -ENOMEM;
	r = look_deep(d, n_windows, seen, seen_log2);
	free(seen);
	return r;
}
