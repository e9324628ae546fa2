/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "assess/sp80022/excursions.h"

/*
 * Farther from zero than this, the next 64 steps reach no state that is looked
 * at, so that only where they end matters. A long walk is rarely nearer.
 */
#define FAR (64 + EXCURSIONS_REACH)

static void close_cycle(struct excursions *e, unsigned *in_cycle)
{
	e->cycles++;
	for (unsigned s = 0; s < 2 * EXCURSIONS_NEAR + 1; s++) {
		unsigned k = in_cycle[s];

		e->v[s][k < EXCURSIONS_CLASSES ? k : EXCURSIONS_CLASSES - 1]++;
		in_cycle[s] = 0;
	}
}

static void visit(struct excursions *e, unsigned *in_cycle, int64_t at)
{
	if (at >= -EXCURSIONS_REACH && at <= EXCURSIONS_REACH)
		e->visits[at + EXCURSIONS_REACH]++;
	if (at >= -EXCURSIONS_NEAR && at <= EXCURSIONS_NEAR)
		in_cycle[at + EXCURSIONS_NEAR]++;
	if (at == 0)
		close_cycle(e, in_cycle);
}

void excursions_walk(const struct bits *b, struct excursions *ret)
{
	unsigned in_cycle[2 * EXCURSIONS_NEAR + 1] = { 0 };
	int64_t at = 0;

	memset(ret, 0, sizeof *ret);
	for (size_t i = 0; i < b->n_bits; i += 64) {
		uint64_t x = b->words[i / 64];
		size_t len = b->n_bits - i < 64 ? b->n_bits - i : 64;

		if (len == 64 && (at > FAR || at < -FAR)) {
			at += 2 * (int64_t)bits_popcount(x) - 64;
			continue;
		}
		for (; len > 0; len--, x <<= 1) {
			at += x >> 63 ? 1 : -1;
			visit(ret, in_cycle, at);
		}
	}
	/* 2.14.4 (2) adds a zero at the end of the walk. */
	if (at != 0)
		close_cycle(ret, in_cycle);
}

double excursions_least(size_t n_bits, const struct sp80022_params *p)
{
	if (p->excursions_least_cycles > 0)
		return p->excursions_least_cycles;
	return fmax(500, 0.005 * sqrt((double)n_bits));
}
