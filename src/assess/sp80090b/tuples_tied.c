/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which windows occur more than once: a set of their hashes. */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/tuples_group.h"

/* Bits, so that it stays in a cache. */
#define ROUGHLY_LOG2_MAX 21

void tuple_note_tied(struct tuple_sorter *s, uint64_t key)
{
	uint64_t h = tuple_hash(key, s->tied_log2);

	s->tied[h >> 6] |= UINT64_C(1) << (h & 63);
	s->n_tied++;
}

int tuple_tied_roughly(struct tuple_sorter *s)
{
	uint64_t bits = UINT64_C(1) << s->tied_log2;
	unsigned log2 = 12;

	/* Nearly all bits are to be clear, and all of them near at hand. */
	while (log2 < s->tied_log2 && log2 < ROUGHLY_LOG2_MAX &&
	       s->n_tied >> (log2 - 5) != 0)
		log2++;
	s->tied_roughly = calloc((UINT64_C(1) << log2) / 64, 8);
	if (s->tied_roughly == NULL)
		return -ENOMEM;
	s->tied_roughly_log2 = log2;
	for (uint64_t at = 0; at < bits; at += 64) {
		uint64_t w = s->tied[at >> 6];

		for (; w != 0; w &= w - 1) {
			uint64_t to = (at + (unsigned)__builtin_ctzll(w)) >>
				      (s->tied_log2 - log2);

			s->tied_roughly[to >> 6] |= UINT64_C(1) << (to & 63);
		}
	}
	return 0;
}
