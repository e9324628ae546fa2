/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LZ78Y prediction, SP 800-90B 6.3.10, on symbols. */
#include <errno.h>

#include "assess/sp80090b/contexts.h"
#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

/*
 * Contexts enter the dictionary longest first. Where it runs full within one
 * position, the longest contexts of that one are known and their shorter ones
 * are not, nor ever will be: these hang on no parent. There is one such set.
 */
struct dictionary {
	struct contexts c;
	struct contexts_trail trail[2]; /* by position, even and odd */
	uint32_t known;
	uint32_t orphan; /* its node of depth orphan_depth, or CONTEXT_NONE */
	unsigned orphan_depth;
};

struct guess {
	uint32_t count;
	uint8_t symbol;
};

static int learn(struct dictionary *t, uint32_t parent, unsigned from,
		 uint64_t i)
{
	unsigned unknown = LZ78Y_ORDERS + 1 - from;
	uint32_t room = LZ78Y_CONTEXTS - t->known, node;

	if (room == 0)
		return 0;
	if (unknown > room) {
		from = LZ78Y_ORDERS + 1 - room;
		unknown = room;
		parent = CONTEXT_NONE;
		t->orphan_depth = from;
	}
	node = contexts_add(&t->c, parent, from, LZ78Y_ORDERS, i);
	if (node == CONTEXT_NONE)
		return -ENOMEM;
	if (t->orphan_depth == from && t->orphan == CONTEXT_NONE)
		t->orphan = node;
	t->known += unknown;
	return 0;
}

/*
 * From a node down through all known contexts of position i: the most frequent
 * successor, of the longest on a tie, and each of them counted once more.
 * Returns the first unknown depth, or -errno; *ret_last: the deepest node.
 */
static int walk(struct dictionary *t, uint32_t node, unsigned depth, uint64_t i,
		struct guess *g, uint32_t *ret_last)
{
	struct contexts_trail *old = &t->trail[i % 2], *new = &t->trail[~i % 2];
	const struct context_pair *pairs = t->c.pairs;
	uint8_t symbol = t->c.symbols[i];
	int r = 0;

	while (node != CONTEXT_NONE) {
		const struct context_node *n = &t->c.nodes[node];
		bool is_new;

		if (n->best_count >= g->count) {
			g->count = n->best_count;
			g->symbol = n->best;
		}
		new->depth = depth + 1;
		r = contexts_count(&t->c, node, depth, symbol, true, &is_new,
				   &new->link[depth + 1]);
		if (r < 0)
			return r;
		if (t->c.pairs != pairs) {
			/* They moved: what points to them is lost. */
			pairs = t->c.pairs;
			old->depth = 0;
			memset(new->link, 0, sizeof new->link);
		}
		*ret_last = node;
		if (depth++ == LZ78Y_ORDERS)
			break;
		node = contexts_next(&t->c, old, node, depth - 1, i, &r);
		if (r < 0)
			return r;
	}
	return (int)depth;
}

static bool meets_orphan(const struct dictionary *t, uint64_t i)
{
	const uint8_t *here = t->c.symbols + i, *there;

	if (t->orphan == CONTEXT_NONE)
		return false;
	there = t->c.symbols + t->c.nodes[t->orphan].position;
	return here[-1] == there[-1] &&
	       memcmp(here - t->orphan_depth, there - t->orphan_depth,
		      t->orphan_depth) == 0;
}

/* Returns 1 for a right guess, 0 for a wrong one or none, or -errno. */
static int one_symbol(struct dictionary *t, uint64_t i)
{
	struct guess g = { 0, 0 };
	uint32_t last = CONTEXT_NONE;
	int r;

	t->trail[~i % 2].depth = 0;
	r = walk(t, t->c.root[t->c.symbols[i - 1]], 1, i, &g, &last);
	if (r > 0 && r <= LZ78Y_ORDERS) {
		if (meets_orphan(t, i)) {
			/* Nothing leads to the depths in between. */
			for (int k = r + 1; k <= (int)t->orphan_depth; k++)
				t->trail[~i % 2].link[k] = NULL;
			r = walk(t, t->orphan, t->orphan_depth, i, &g, &last);
		} else {
			r = learn(t, last, (unsigned)r, i);
		}
	}
	if (r < 0)
		return r;
	return g.count > 0 && g.symbol == t->c.symbols[i];
}

static int predict(struct dictionary *t, const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };
	int r = learn(t, CONTEXT_NONE, 1, LZ78Y_ORDERS);

	for (uint64_t i = LZ78Y_ORDERS + 1; r >= 0 && i < d->n; i++) {
		r = one_symbol(t, i);
		scoreboard_one(&s, r > 0, true);
		if ((i & 0x3ffff) == 0 &&
		    sp80090b_tick(d, 0x40000 / (double)d->n))
			return -ECANCELED;
	}
	*ret = s.guesses;
	return r < 0 ? r : 0;
}

int sp80090b_lz78y_symbols(const struct sp80090b_data *d,
			   struct sp80090b_estimate *ret)
{
	struct dictionary t = { .orphan = CONTEXT_NONE };
	struct sp80090b_guesses g;
	int r;

	if (d->n < LZ78Y_LENGTH_MIN)
		return sp80090b_refuse(ret, "fewer than 18 symbols");
	r = contexts_init(&t.c, d->symbols, LZ78Y_CONTEXTS);
	if (r < 0)
		return r;
	r = predict(&t, d, &g);
	contexts_free(&t.c);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, d->alphabet, ret);
	return 0;
}
