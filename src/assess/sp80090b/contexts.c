/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/contexts.h"

#define PLACES_FIRST (1u << 12)

static uint32_t hash(uint32_t key)
{
	key *= UINT32_C(0x9e3779b1);
	return key ^ key >> 15;
}

static uint32_t child_hash(uint32_t parent, uint8_t symbol)
{
	return hash(parent << 8 | symbol);
}

int contexts_init(struct contexts *c, const uint8_t *symbols, uint32_t nodes_max)
{
	memset(c, 0, sizeof *c);
	c->symbols = symbols;
	c->nodes_max = nodes_max;
	memset(c->root, 0xff, sizeof c->root);
	/* Untouched pages cost nothing, so there is room for all at once. */
	c->nodes = malloc(nodes_max * sizeof *c->nodes);
	c->children = malloc(PLACES_FIRST * sizeof *c->children);
	c->pairs = calloc(PLACES_FIRST, sizeof *c->pairs);
	c->first = calloc(256, sizeof *c->first);
	c->second = malloc(256 * sizeof *c->second);
	if (c->nodes == NULL || c->children == NULL || c->pairs == NULL ||
	    c->first == NULL || c->second == NULL) {
		contexts_free(c);
		return -ENOMEM;
	}
	memset(c->children, 0xff, PLACES_FIRST * sizeof *c->children);
	memset(c->second, 0xff, 256 * sizeof *c->second);
	c->children_mask = PLACES_FIRST - 1;
	c->pairs_mask = PLACES_FIRST - 1;
	return 0;
}

void contexts_free(struct contexts *c)
{
	free(c->nodes);
	free(c->children);
	free(c->pairs);
	free(c->first);
	free(c->second);
	memset(c, 0, sizeof *c);
}

/* Where the child is, or would be. */
static uint32_t *child_place(struct contexts *c, uint32_t parent, uint8_t symbol)
{
	uint32_t at;

	/* Only nodes of depth 1 hang on none, and are there for good. */
	if (c->nodes[parent].parent == CONTEXT_NONE &&
	    c->root[c->nodes[parent].symbol] == parent)
		return &c->second[c->nodes[parent].symbol][symbol];
	at = child_hash(parent, symbol) & c->children_mask;
	for (;; at = (at + 1) & c->children_mask) {
		uint32_t child = c->children[at];

		if (child == CONTEXT_NONE || (c->nodes[child].parent == parent &&
					      c->nodes[child].symbol == symbol))
			return &c->children[at];
	}
}

static int more_children(struct contexts *c)
{
	uint32_t places = (c->children_mask + 1) * 2;
	uint32_t *larger = malloc(places * sizeof *larger);

	if (larger == NULL)
		return -ENOMEM;
	memset(larger, 0xff, places * sizeof *larger);
	free(c->children);
	c->children = larger;
	c->children_mask = places - 1;
	for (uint32_t k = 0; k < c->n_nodes; k++) {
		const struct context_node *n = &c->nodes[k];

		if (n->parent != CONTEXT_NONE)
			*child_place(c, n->parent, n->symbol) = k;
	}
	return 0;
}

static uint32_t new_node(struct contexts *c, uint32_t parent, uint8_t symbol)
{
	uint32_t node = c->n_nodes;

	if (node == c->nodes_max)
		return CONTEXT_NONE;
	if (node > (c->children_mask >> 1) && more_children(c) < 0)
		return CONTEXT_NONE;
	c->nodes[node].parent = parent;
	c->nodes[node].symbol = symbol;
	c->nodes[node].best_count = 1;
	c->nodes[node].link = CONTEXT_NONE;
	if (parent != CONTEXT_NONE)
		*child_place(c, parent, symbol) = node;
	c->n_nodes++;
	return node;
}

/* A new node of `depth` stands for the longer contexts up to `end`. */
static void stand_for(struct contexts *c, uint32_t node, unsigned depth,
		      unsigned end)
{
	struct context_node *n = &c->nodes[node];

	n->end = 0;
	n->next = 0;
	if (end == depth)
		return;
	n->end = (uint8_t)end;
	n->next = c->symbols[n->position - depth - 1];
}

uint32_t contexts_deeper(struct contexts *c, uint32_t node, unsigned depth,
			 uint64_t i, int *ret_error)
{
	struct context_node *n = &c->nodes[node];
	uint8_t symbol = c->symbols[i - depth - 1];
	uint32_t child;

	if ((n->end & ~CONTEXT_MIXED) == 0 || n->next != symbol)
		return *child_place(c, node, symbol);
	/* A second position takes this way: the next context is a node now. */
	child = new_node(c, node, symbol);
	if (child == CONTEXT_NONE) {
		*ret_error = -ENOMEM;
		return CONTEXT_NONE;
	}
	c->nodes[child].position = n->position;
	c->nodes[child].best = c->symbols[n->position];
	stand_for(c, child, depth + 1, n->end & ~CONTEXT_MIXED);
	n->end &= CONTEXT_MIXED;
	return child;
}

uint32_t contexts_add(struct contexts *c, uint32_t parent, unsigned depth,
		      unsigned end, uint64_t i)
{
	uint8_t symbol = c->symbols[i - depth];
	uint32_t node = new_node(c, parent, symbol);

	if (node == CONTEXT_NONE)
		return node;
	c->nodes[node].position = (uint32_t)i;
	c->nodes[node].best = c->symbols[i];
	stand_for(c, node, depth, end);
	if (depth == 1) {
		c->root[symbol] = node;
		c->first[symbol][c->symbols[i]] = 1;
	}
	return node;
}

static struct context_pair *pair_place(struct contexts *c, uint32_t key)
{
	uint32_t at = hash(key) & c->pairs_mask;

	while (c->pairs[at].key != 0 && c->pairs[at].key != key)
		at = (at + 1) & c->pairs_mask;
	return &c->pairs[at];
}

static int more_pairs(struct contexts *c)
{
	uint32_t places = c->pairs_mask + 1;
	struct context_pair *old = c->pairs;
	struct context_pair *larger = calloc(places, 2 * sizeof *larger);

	if (larger == NULL)
		return -ENOMEM;
	c->pairs = larger;
	c->pairs_mask = places * 2 - 1;
	for (uint32_t k = 0; k < places; k++) {
		if (old[k].key != 0)
			*pair_place(c, old[k].key) = old[k];
	}
	free(old);
	return 0;
}

static struct context_pair *new_pair(struct contexts *c, uint32_t key,
				     uint32_t count, uint32_t link)
{
	struct context_pair *p;

	if (c->n_pairs > c->pairs_mask / 3 * 2 && more_pairs(c) < 0)
		return NULL;
	p = pair_place(c, key);
	p->key = key;
	p->count = count;
	p->link = link;
	c->n_pairs++;
	return p;
}

/* Counts it where it is counted; *ret_count: how often, 0: it is not. */
static int bump(struct contexts *c, uint32_t node, uint8_t successor, bool make,
		uint32_t *ret_count, uint32_t **ret_link)
{
	struct context_node *n = &c->nodes[node];
	uint32_t key = (node << 8 | successor) + 1;
	struct context_pair *p;

	*ret_count = 0;
	*ret_link = NULL;
	if ((n->end & CONTEXT_MIXED) == 0) {
		if (n->best == successor) {
			*ret_count = n->best_count + 1;
			*ret_link = &n->link;
			return 0;
		}
		if (!make)
			return 0;
		if (new_pair(c, (node << 8 | n->best) + 1, n->best_count,
			     n->link) == NULL)
			return -ENOMEM;
		n->end |= CONTEXT_MIXED;
	}
	p = pair_place(c, key);
	if (p->key != 0) {
		*ret_count = ++p->count;
		*ret_link = &p->link;
		return 0;
	}
	if (!make)
		return 0;
	p = new_pair(c, key, 1, CONTEXT_NONE);
	if (p == NULL)
		return -ENOMEM;
	*ret_count = 1;
	*ret_link = &p->link;
	return 0;
}

int contexts_count(struct contexts *c, uint32_t node, unsigned depth,
		   uint8_t successor, bool make, bool *ret_new,
		   uint32_t **ret_link)
{
	struct context_node *n = &c->nodes[node];
	uint32_t count;
	bool was_there;

	if (depth == 1) {
		count = c->first[n->symbol][successor] +
			(make || c->first[n->symbol][successor] > 0);
		c->first[n->symbol][successor] = count;
		/* Depth 2 has a table of its own. */
		*ret_link = NULL;
	} else if (bump(c, node, successor, make, &count, ret_link) < 0) {
		return -ENOMEM;
	}
	was_there = count != 1;
	*ret_new = !was_there;
	if (count > n->best_count ||
	    (count == n->best_count && successor > n->best)) {
		n->best = successor;
		n->best_count = count;
	}
	return 0;
}
