/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MultiMMC prediction, SP 800-90B 6.3.9, on symbols.
 *
 * As in NIST's program, a model that has not seen the context makes no guess,
 * no guess neither prolongs nor ends a run of correct ones, and no longer
 * context is looked up once a shorter one is unknown.
 */
#include <errno.h>

#include "assess/sp80090b/contexts.h"
#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

struct models {
	struct contexts c;
	struct contexts_trail trail[2];   /* by position, even and odd */
	uint32_t entries[MMC_ORDERS + 1]; /* by order */
};

/*
 * The contexts of position i from order `from` on are unknown. Those for which
 * there is room become known; one beyond a full order can never be reached, so
 * it takes up room in its model, and nothing else.
 */
static int learn(struct models *m, uint32_t parent, unsigned from, uint64_t i)
{
	unsigned longest = i < MMC_ORDERS ? (unsigned)i : MMC_ORDERS;
	unsigned end = from;
	uint32_t node = 0;

	if (m->entries[from] < MMC_ENTRIES) {
		while (end < longest && m->entries[end + 1] < MMC_ENTRIES)
			end++;
		node = contexts_add(&m->c, parent, from, end, i);
	}
	for (unsigned order = from; order <= longest; order++)
		m->entries[order] += m->entries[order] < MMC_ENTRIES;
	return node == CONTEXT_NONE ? -ENOMEM : 0;
}

/* Bit k of the words of orders 1, 2, ... : a guess was made, it was right. */
static int one_symbol(struct models *m, uint64_t i, unsigned k,
		      uint64_t right[MMC_ORDERS], uint64_t made[MMC_ORDERS])
{
	struct contexts_trail *old = &m->trail[i % 2], *new = &m->trail[~i % 2];
	const struct context_pair *pairs = m->c.pairs;
	uint8_t symbol = m->c.symbols[i];
	uint32_t node = m->c.root[m->c.symbols[i - 1]], parent = CONTEXT_NONE;
	unsigned longest = i < MMC_ORDERS ? (unsigned)i : MMC_ORDERS;
	int r = 0;

	new->depth = 0;
	for (unsigned order = 1; order <= longest; order++) {
		bool is_right, is_new;

		if (node == CONTEXT_NONE)
			return learn(m, parent, order, i);
		is_right = m->c.nodes[node].best == symbol;
		right[order - 1] |= (uint64_t)is_right << k;
		made[order - 1] |= UINT64_C(1) << k;
		new->depth = order + 1;
		r = contexts_count(&m->c, node, order, symbol,
				   m->entries[order] < MMC_ENTRIES, &is_new,
				   &new->link[order + 1]);
		if (r < 0)
			return r;
		if (m->c.pairs != pairs) {
			/* They moved: what points to them is lost. */
			pairs = m->c.pairs;
			old->depth = 0;
			memset(new->link, 0, sizeof new->link);
		}
		m->entries[order] += is_new;
		parent = node;
		if (order < longest)
			node = contexts_next(&m->c, old, node, order, i, &r);
		if (r < 0)
			return r;
	}
	return 0;
}

static int predict(struct models *m, const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };

	for (uint64_t i = 0; i < d->n; i += 64) {
		uint64_t right[MMC_ORDERS] = { 0 }, made[MMC_ORDERS] = { 0 };
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;

		for (unsigned k = i == 0; k < n; k++) {
			int r = one_symbol(m, i + k, k, right, made);

			if (r < 0)
				return r;
		}
		/* The first prediction is that of the third symbol. */
		scoreboard_feed(&s, right, made, MMC_ORDERS, i == 0 ? 2 : 0, n);
		if ((i & 0x3ffff) == 0 &&
		    sp80090b_tick(d, 0x40000 / (double)d->n))
			return -ECANCELED;
	}
	*ret = s.guesses;
	return 0;
}

int sp80090b_multi_mmc_symbols(const struct sp80090b_data *d,
			       struct sp80090b_estimate *ret)
{
	uint64_t nodes = d->n * MMC_ORDERS;
	struct models m = { .entries = { 0 } };
	struct sp80090b_guesses g;
	int r;

	if (d->n < 3)
		return sp80090b_refuse(ret, "fewer than 3 symbols");
	if (nodes > MMC_ORDERS * MMC_ENTRIES)
		nodes = MMC_ORDERS * MMC_ENTRIES;
	r = contexts_init(&m.c, d->symbols, (uint32_t)nodes);
	if (r < 0)
		return r;
	r = predict(&m, d, &g);
	contexts_free(&m.c);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, d->alphabet, ret);
	return 0;
}
