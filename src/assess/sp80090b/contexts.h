/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contexts that 6.3.9 and 6.3.10 learn from: a tree over the symbols before
 * a position, the nearest first, where the node at depth m stands for one
 * context of m symbols and counts what followed it.
 *
 * A context that was seen once has nothing to tell that its position does not:
 * a new node stands for all longer contexts of its position too, up to depth
 * `end`, and they become nodes when a second position comes by. Nearly all
 * contexts of random data are seen once.
 */
#ifndef AQUIFER_ASSESS_SP80090B_CONTEXTS_H
#define AQUIFER_ASSESS_SP80090B_CONTEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTEXT_NONE UINT32_MAX
#define CONTEXTS_DEPTH 16
#define CONTEXT_MIXED 0x80 /* more than one successor: see the pairs */

struct context_node {
	uint32_t parent;
	uint32_t position; /* of the symbol that followed first */
	uint32_t best_count;
	uint32_t link;  /* as in a pair, while there is one successor */
	uint8_t best;   /* the likeliest successor; the largest on a tie */
	uint8_t symbol; /* that its context has before its parent's */
	uint8_t next;   /* the symbol that its longer contexts have before it */
	/* Deepest context it stands for (0: its own), or'd with CONTEXT_MIXED. */
	uint8_t end;
};

/* What follows, by node and successor; key 0 is an empty place. */
struct context_pair {
	uint32_t key; /* node << 8 | successor, plus 1 */
	uint32_t count;
	/*
	 * The node of the context and successor together, one deeper, which is
	 * a context of the next position; CONTEXT_NONE until it was looked up.
	 */
	uint32_t link;
};

struct contexts {
	const uint8_t *symbols;
	struct context_node *nodes;
	uint32_t n_nodes, nodes_max;
	uint32_t *children; /* open addressing; CONTEXT_NONE is empty */
	uint32_t children_mask;
	struct context_pair *pairs;
	uint32_t n_pairs, pairs_mask;
	uint32_t root[256];      /* the nodes of depth 1 */
	uint32_t (*second)[256]; /* their children, instead of `children` */
	uint32_t (*first)[256];  /* counts of depth 1, instead of pairs */
};

/* nodes_max: at most 2^24 - 1. Returns 0 or -ENOMEM. */
int contexts_init(struct contexts *c, const uint8_t *symbols,
		  uint32_t nodes_max);
void contexts_free(struct contexts *c);

/*
 * The node below `node` (of depth `depth`) on the way to position i's context
 * of depth + 1 symbols, made a node if it was not one yet; CONTEXT_NONE where
 * that context is not known. i > depth. Can fail: -ENOMEM in *ret_error.
 */
uint32_t contexts_deeper(struct contexts *c, uint32_t node, unsigned depth,
			 uint64_t i, int *ret_error);

/*
 * A context of `depth` symbols that is not known yet, and the longer ones of
 * position i up to `end`: their successor is counted once. parent: its node of
 * depth - 1; CONTEXT_NONE where depth is 1. Returns the node; CONTEXT_NONE
 * without memory.
 */
uint32_t contexts_add(struct contexts *c, uint32_t parent, unsigned depth,
		      unsigned end, uint64_t i);

/*
 * Counts a successor of a known context. make: whether one that never followed
 * may be counted too. *ret_new: it was. *ret_link: the place of its link, NULL
 * where it is not counted; good until c->pairs changes. Returns 0 or -ENOMEM.
 */
int contexts_count(struct contexts *c, uint32_t node, unsigned depth,
		   uint8_t successor, bool make, bool *ret_new,
		   uint32_t **ret_link);

/* What the contexts of one position hand to the next, by depth. */
struct contexts_trail {
	uint32_t *link[CONTEXTS_DEPTH + 2];
	unsigned depth; /* of the deepest that is not NULL */
};

/* The same as contexts_deeper(); by way of the trail, where that knows. */
static inline uint32_t contexts_next(struct contexts *c,
				     const struct contexts_trail *t,
				     uint32_t node, unsigned depth, uint64_t i,
				     int *ret_error)
{
	uint32_t *link = depth + 1 <= t->depth ? t->link[depth + 1] : NULL;

	if (link == NULL)
		return contexts_deeper(c, node, depth, i, ret_error);
	if (*link == CONTEXT_NONE)
		*link = contexts_deeper(c, node, depth, i, ret_error);
	return *link;
}

#endif
