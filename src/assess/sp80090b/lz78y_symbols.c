/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LZ78Y prediction, SP 800-90B 6.3.10, on symbols.
 *
 * Of all known contexts that end here, the one whose likeliest successor was
 * seen most often guesses, the longest of them on a tie. Contexts enter the
 * dictionary longest first. Where it runs full within one position, the longest
 * contexts of that one are known and their shorter ones are not, nor ever will
 * be.
 */
#include <assert.h>
#include <errno.h>

#include "assess/sp80090b/contexts.h"
#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

/* By order; those of a position, then of the next. */
struct trail {
	uint32_t node[LZ78Y_ORDERS + 2];
	unsigned depth; /* deeper ones are CONTEXT_NONE */
};

struct dictionary {
	struct contexts c;
	const uint8_t *symbols;
	struct trail trail[2]; /* by position, even and odd */
	struct trail first;    /* of the first position: no step leads there */
	uint32_t room;         /* for more contexts */
};

struct guess {
	uint32_t count;
	uint8_t symbol;
};

/*
 * The contexts of position i that are not known, longest first. Each has a node
 * while there is room, because the one that it follows became known before.
 */
static int learn(struct dictionary *t, const struct trail *now,
		 struct trail *next, uint32_t unknown, uint64_t i)
{
	for (unsigned order = LZ78Y_ORDERS; order > 0 && t->room > 0; order--) {
		if ((unknown >> order & 1) == 0)
			continue;
		assert(order <= now->depth && now->node[order] != CONTEXT_NONE);
		next->node[order + 1] = contexts_first(&t->c, now->node[order],
						       order, t->symbols[i],
						       order == LZ78Y_ORDERS);
		if (next->node[order + 1] == CONTEXT_NONE)
			return -ENOMEM;
		t->room--;
	}
	next->depth = LZ78Y_ORDERS + 1;
	return 0;
}

/* Those that end before position i as some before the first position did. */
static void begin(const struct dictionary *t, struct trail *now, uint64_t i)
{
	const uint8_t *here = t->symbols + i;
	const uint8_t *there = t->symbols + LZ78Y_ORDERS;

	now->node[1] = context_of(here[-1]);
	now->depth = now->depth == 0 ? 1 : now->depth;
	if (here[-1] != there[-1])
		return;
	for (unsigned k = 2;
	     k <= LZ78Y_ORDERS && here[-(int)k] == there[-(int)k]; k++) {
		now->node[k] = t->first.node[k];
		now->depth = k > now->depth ? k : now->depth;
	}
}

/* The successor of a known context. 0, 1, or -ENOMEM. */
static inline int count(struct dictionary *t, uint32_t node, unsigned order,
			uint8_t symbol, uint32_t *ret_next)
{
	int r = contexts_follow(&t->c, node, symbol, ret_next);

	if (r != -ENOENT)
		return r;
	return contexts_make(&t->c, node, order, symbol,
			     order == LZ78Y_ORDERS || t->room == 0, ret_next);
}

/* Returns 1 for a right guess, 0 for a wrong one or none, or -errno. */
static int one_symbol(struct dictionary *t, uint64_t i)
{
	struct trail *now = &t->trail[i % 2], *next = &t->trail[~i % 2];
	uint8_t symbol = t->symbols[i];
	uint32_t unknown = 0;
	struct guess g = { 0, 0 };
	int r = 0;

	begin(t, now, i);
	next->depth = 1;
	for (unsigned order = 1; order <= now->depth && order <= LZ78Y_ORDERS;
	     order++) {
		uint32_t node = now->node[order];
		const struct context_node *n = &t->c.nodes[node];

		next->node[order + 1] = CONTEXT_NONE;
		if (n->leader_count == 0) {
			unknown |= 1u << order;
			continue;
		}
		if (n->leader_count >= g.count) {
			g.count = n->leader_count;
			g.symbol = n->leader_symbol;
		}
		r = count(t, node, order, symbol, &next->node[order + 1]);
		if (r < 0)
			return r;
		next->depth = order + 1;
	}
	if (t->room > 0 && unknown != 0)
		r = learn(t, now, next, unknown, i);
	if (r < 0)
		return r;
	return g.count > 0 && g.symbol == symbol;
}

static int predict(struct dictionary *t, const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };
	int r = 0;

	t->first.depth = LZ78Y_ORDERS;
	for (unsigned k = 2; k <= LZ78Y_ORDERS; k++) {
		t->first.node[k] = contexts_alone(&t->c, k);
		if (t->first.node[k] == CONTEXT_NONE)
			return -ENOMEM;
	}
	/* The first symbol after 16 only fills the dictionary. */
	r = one_symbol(t, LZ78Y_ORDERS);
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

int sp80090b_guess_lz78y(const struct sp80090b_data *d, uint32_t contexts,
			 struct sp80090b_guesses *ret)
{
	struct dictionary t = { .symbols = d->symbols, .room = contexts };
	int r = contexts_init(&t.c, d->alphabet, true);

	if (r < 0)
		return r;
	r = predict(&t, d, ret);
	contexts_free(&t.c);
	return r;
}

int sp80090b_lz78y_symbols(const struct sp80090b_data *d,
			   struct sp80090b_estimate *ret)
{
	struct sp80090b_guesses g;
	int r;

	if (d->n < LZ78Y_LENGTH_MIN)
		return sp80090b_refuse(ret, "fewer than 18 symbols");
	r = sp80090b_guess_lz78y(d, LZ78Y_CONTEXTS, &g);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, d->alphabet, ret);
	return 0;
}
