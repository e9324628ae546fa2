/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MultiMMC prediction, SP 800-90B 6.3.9, on symbols.
 *
 * As in NIST's program, a model that has not seen the context makes no guess,
 * no guess neither prolongs nor ends a run of correct ones, and no longer
 * context is looked up once a shorter one is unknown.
 *
 * The entry that fills a model is a tuple that never was before. So are the
 * longer tuples of the next positions, as long as they hold it: a model that is
 * longer by k has room for k more positions at most, and what it counts there
 * is new. So entries that no walk can reach need no place but in a number, and
 * where a context becomes known, the position before has made its node.
 */
#include <assert.h>
#include <errno.h>

#include "assess/sp80090b/contexts.h"
#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

#define FEW_SYMBOLS 64 /* arrays by symbol are no larger than the table then */

/* By depth; behind the deepest stands CONTEXT_NONE. */
struct trail {
	uint32_t node[MMC_ORDERS + 3];
	unsigned depth;
};

struct models {
	struct contexts c;
	const uint8_t *symbols;
	struct trail trail[2];            /* by position, even and odd */
	uint32_t entries[MMC_ORDERS + 1]; /* by order */
	uint32_t entries_max;
	unsigned full_from; /* this model and all longer ones are full */
};

/* A successor of that order is no context, if the next order has no room. */
static bool is_leaf(const struct models *m, unsigned order)
{
	return order == MMC_ORDERS || m->entries[order + 1] == m->entries_max;
}

/*
 * A position's contexts from order `from` on are unknown. Those for which
 * there is room become known, but for what is beyond a full order: its context
 * there stays unknown, so it can never be reached.
 */
static int learn(struct models *m, const struct trail *now, struct trail *next,
		 unsigned from, unsigned longest, uint8_t symbol)
{
	bool beyond = false;

	for (unsigned order = from; order <= longest; order++) {
		bool room = m->entries[order] < m->entries_max;

		next->node[order + 1] = CONTEXT_NONE;
		beyond = beyond || !room;
		m->entries[order] += room;
		if (beyond)
			continue;
		assert(order <= now->depth && now->node[order] != CONTEXT_NONE);
		next->node[order + 1] = contexts_first(&m->c, now->node[order],
						       order, symbol,
						       is_leaf(m, order));
		if (next->node[order + 1] == CONTEXT_NONE)
			return -ENOMEM;
	}
	next->depth = longest + 1;
	next->node[longest + 2] = CONTEXT_NONE;
	while (m->entries[m->full_from - 1] == m->entries_max)
		m->full_from--;
	return 0;
}

/*
 * A context is known: whether its likeliest successor follows. Who follows is
 * counted, where it may be. Or -errno.
 */
static inline int one_context(struct models *m, uint32_t node, unsigned order,
			      uint8_t symbol, uint32_t *ret_next)
{
	int r = contexts_follow(&m->c, node, symbol, ret_next);

	if (r != -ENOENT)
		return r;
	*ret_next = CONTEXT_NONE;
	if (m->entries[order] == m->entries_max)
		return 0;
	m->entries[order]++;
	return contexts_make(&m->c, node, order, symbol, is_leaf(m, order),
			     ret_next);
}

/*
 * Bit k of the words of orders 1, 2, ... : it was right; no guess was made, nor
 * by longer ones.
 */
static int one_symbol(struct models *m, uint64_t i, unsigned k,
		      uint64_t right[MMC_ORDERS], uint64_t lost[MMC_ORDERS + 1])
{
	struct trail *now = &m->trail[i % 2], *next = &m->trail[~i % 2];
	uint8_t symbol = m->symbols[i];
	unsigned longest = i < MMC_ORDERS ? (unsigned)i : MMC_ORDERS, order;

	now->node[1] = context_of(m->symbols[i - 1]);
	for (order = 1; order <= longest; order++) {
		uint32_t node = now->node[order];
		int r;

		if (m->c.nodes[node].leader_count == 0)
			break;
		r = one_context(m, node, order, symbol, &next->node[order + 1]);
		if (r < 0)
			return r;
		right[order - 1] |= (uint64_t)r << k;
	}
	lost[order - 1] |= UINT64_C(1) << k;
	next->depth = order;
	next->node[order + 1] = CONTEXT_NONE;
	return order > longest || order >= m->full_from ?
		       0 :
		       learn(m, now, next, order, longest, symbol);
}

static int predict(struct models *m, const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };

	for (uint64_t i = 0; i < d->n; i += 64) {
		uint64_t right[MMC_ORDERS] = { 0 }, made[MMC_ORDERS];
		uint64_t lost[MMC_ORDERS + 1] = { 0 }, any = ~UINT64_C(0);
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;

		for (unsigned k = i == 0; k < n; k++) {
			int r = one_symbol(m, i + k, k, right, lost);

			if (r < 0)
				return r;
		}
		for (unsigned order = 1; order <= MMC_ORDERS; order++) {
			any &= ~lost[order - 1];
			made[order - 1] = any;
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

int sp80090b_guess_mmc(const struct sp80090b_data *d, uint32_t entries,
		       struct sp80090b_guesses *ret)
{
	struct models m = { .symbols = d->symbols,
			    .trail = { [1] = { .depth = 1 } },
			    .entries_max = entries,
			    .full_from = MMC_ORDERS + 1 };
	int r = contexts_init(&m.c, d->alphabet, d->alphabet <= FEW_SYMBOLS);

	if (r < 0)
		return r;
	r = predict(&m, d, ret);
	contexts_free(&m.c);
	return r;
}

int sp80090b_multi_mmc_symbols(const struct sp80090b_data *d,
			       struct sp80090b_estimate *ret)
{
	struct sp80090b_guesses g;
	int r;

	if (d->n < 3)
		return sp80090b_refuse(ret, "fewer than 3 symbols");
	r = sp80090b_guess_mmc(d, MMC_ENTRIES, &g);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, d->alphabet, ret);
	return 0;
}
