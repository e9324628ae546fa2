/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/contexts.h"

/*
 * A cache line more than a page: nodes of all depths are made together and used
 * together, and must not fall on the same lines of a cache.
 */
#define NODES_AT_ONCE (4096 / sizeof(struct context_node) + 4)
#define NODES_FIRST (CONTEXTS_DEPTH * 2 * NODES_AT_ONCE)

static void make_roots(struct contexts *c)
{
	memset(c->nodes, 0, CONTEXT_ROOTS * sizeof *c->nodes);
	c->n_nodes = CONTEXT_ROOTS;
	for (unsigned symbol = 0; symbol < c->alphabet; symbol++) {
		struct context_node *n = &c->nodes[context_of((uint8_t)symbol)];

		n->at = symbol;
		n->others = CONTEXT_IN_ARRAY;
	}
}

int contexts_init(struct contexts *c, unsigned alphabet, bool has_arrays)
{
	memset(c, 0, sizeof *c);
	c->alphabet = alphabet;
	c->has_arrays = has_arrays;
	c->nodes = malloc(NODES_FIRST * sizeof *c->nodes);
	c->nodes_room = NODES_FIRST;
	if (c->nodes == NULL || contexts_init_others(c) < 0) {
		contexts_free(c);
		return -ENOMEM;
	}
	make_roots(c);
	return 0;
}

void contexts_free(struct contexts *c)
{
	free(c->nodes);
	contexts_free_others(c);
	memset(c, 0, sizeof *c);
}

/* Room for more nodes of one depth. */
static int more_nodes(struct contexts *c, unsigned depth)
{
	if (c->n_nodes + NODES_AT_ONCE > c->nodes_room) {
		size_t room = 2 * (size_t)c->nodes_room;
		struct context_node *nodes = realloc(c->nodes,
						     room * sizeof *nodes);

		if (nodes == NULL)
			return -ENOMEM;
		c->nodes = nodes;
		c->nodes_room = (uint32_t)room;
	}
	c->free[depth] = c->n_nodes;
	c->n_nodes += NODES_AT_ONCE;
	c->free_end[depth] = c->n_nodes;
	return 0;
}

uint32_t contexts_alone(struct contexts *c, unsigned depth)
{
	uint32_t node;

	if (c->free[depth] == c->free_end[depth] && more_nodes(c, depth) < 0)
		return CONTEXT_NONE;
	node = c->free[depth]++;
	c->nodes[node] = (struct context_node){ .leader = CONTEXT_NONE };
	return node;
}

uint32_t contexts_first(struct contexts *c, uint32_t node, unsigned depth,
			uint8_t symbol, bool leaf)
{
	uint32_t next = leaf ? CONTEXT_LEAF : contexts_alone(c, depth + 1);
	struct context_node *n;

	if (next == CONTEXT_NONE)
		return next;
	n = &c->nodes[node];
	n->leader = next;
	n->leader_count = 1;
	n->leader_symbol = symbol;
	return next;
}

uint64_t contexts_need_bytes(const struct contexts_need *n)
{
	/* Of each depth, a part may be left over. */
	uint64_t nodes = CONTEXT_ROOTS + n->nodes +
			 (CONTEXTS_DEPTH + 2) * NODES_AT_ONCE;

	return contexts_doubled(nodes, NODES_FIRST) *
		       sizeof(struct context_node) +
	       contexts_others_bytes(n);
}
