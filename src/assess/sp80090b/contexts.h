/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contexts that 6.3.9 and 6.3.10 learn from, as a tree over the symbols in
 * their order: the node of a context and one of its successors stands for the
 * context of the next position that both make together, one deeper. So who
 * holds the nodes of a position's contexts, one a depth, has those of the next
 * position by one step from each, and no context is ever looked for.
 *
 * The likeliest successor leads, and its context itself counts it, which is all
 * that most steps need. A few others are a family, one cache line; of contexts
 * with more of them, they are in an array by symbol, or in a table of all.
 */
#ifndef AQUIFER_ASSESS_SP80090B_CONTEXTS_H
#define AQUIFER_ASSESS_SP80090B_CONTEXTS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTEXT_NONE 0 /* a node that knows of no successor, and never will */
#define CONTEXT_LEAF 1 /* the same; where something never becomes a context */
#define CONTEXT_ROOTS 258 /* these nodes, and a context for each symbol */
#define CONTEXTS_DEPTH 16
#define CONTEXT_FAMILY 7

/* Where the successors are that do not lead. */
enum context_others {
	CONTEXT_NO_OTHERS,
	CONTEXT_IN_FAMILY,
	CONTEXT_IN_ARRAY,
	CONTEXT_IN_TABLE
};

struct context_node {
	uint32_t leader;       /* the likeliest successor's node */
	uint32_t leader_count; /* how often it followed; 0: none ever did */
	uint32_t at;           /* the number of its family or array */
	uint8_t leader_symbol; /* the largest, on a tie */
	uint8_t others;        /* enum context_others */
	uint16_t kinds; /* bit s % 16: a symbol s may be among the others */
};

/* In an array or table, one that leads has an old count here, or none. */
struct context_other {
	uint32_t count, node;
};

struct context_family {
	uint8_t symbol[CONTEXT_FAMILY], n;
	struct context_other other[CONTEXT_FAMILY];
};

struct context_entry {
	uint64_t key; /* node << 8 | successor; 0 is an empty place */
	struct context_other other;
};

struct contexts {
	struct context_node *nodes;
	uint32_t n_nodes, nodes_room;
	/* Nodes of a depth lie together: the shallow ones are the busy ones. */
	uint32_t free[CONTEXTS_DEPTH + 2], free_end[CONTEXTS_DEPTH + 2];
	struct context_family *families;
	void *families_memory; /* with a part that is no whole line */
	uint32_t n_families, families_room;
	unsigned alphabet;
	bool has_arrays;               /* instead of the table */
	struct context_other **arrays; /* at first those of the roots: */
	struct context_other *of_roots;
	uint32_t n_arrays, arrays_room;
	struct context_entry *table; /* open addressing */
	uint32_t n_table, table_log2;
};

/* The node of a context of one symbol is there from the beginning. */
static inline uint32_t context_of(uint8_t symbol)
{
	return 2u + symbol;
}

/*
 * has_arrays: for all contexts with many successors, where such contexts are
 * few, or symbols are. Returns 0 or -ENOMEM.
 */
int contexts_init(struct contexts *c, unsigned alphabet, bool has_arrays);
void contexts_free(struct contexts *c);

/*
 * The first successor of a node of `depth`, counted once; CONTEXT_NONE without
 * memory. leaf: it is not going to be a context.
 */
uint32_t contexts_first(struct contexts *c, uint32_t node, unsigned depth,
			uint8_t symbol, bool leaf);

/* A node that nothing leads to; CONTEXT_NONE without memory. */
uint32_t contexts_alone(struct contexts *c, unsigned depth);

/* A successor that followed, but does not lead; NULL: it never did. */
struct context_other *contexts_find(const struct contexts *c, uint32_t node,
				    uint8_t symbol);

/* It has come to lead. 0 or -ENOMEM. */
int contexts_lead(struct contexts *c, uint32_t node, uint8_t symbol,
		  struct context_other *o);

/*
 * One that never followed a context that has successors is counted once; depth,
 * leaf: as above. 0 or -ENOMEM.
 */
int contexts_make(struct contexts *c, uint32_t node, unsigned depth,
		  uint8_t symbol, bool leaf, uint32_t *ret_next);

/* Counts a successor that followed. 0 or -ENOMEM. */
static inline int contexts_count(struct contexts *c, uint32_t node,
				 uint8_t symbol, struct context_other *o,
				 uint32_t *ret_next)
{
	const struct context_node *n = &c->nodes[node];
	uint32_t count = ++o->count;

	*ret_next = o->node;
	if (count > n->leader_count ||
	    (count == n->leader_count && symbol > n->leader_symbol))
		return contexts_lead(c, node, symbol, o);
	return 0;
}

/*
 * A successor of a context that has some is counted, and the context of the next
 * position is fetched: 1 where it led, 0 where it did not; -ENOENT where it never
 * followed, and is not counted; -ENOMEM.
 */
static inline int contexts_follow(struct contexts *c, uint32_t node,
				  uint8_t symbol, uint32_t *ret_next)
{
	struct context_node *n = &c->nodes[node];
	struct context_other *o;
	int r = 1;

	if (n->leader_symbol == symbol) {
		n->leader_count++;
		*ret_next = n->leader;
	} else {
		o = contexts_find(c, node, symbol);
		if (o == NULL)
			return -ENOENT;
		r = contexts_count(c, node, symbol, o, ret_next);
	}
	__builtin_prefetch(&c->nodes[*ret_next]);
	return r;
}

/* What contexts take at most: nodes, families, and so on. */
struct contexts_need {
	uint64_t nodes, families, arrays, in_table;
};
uint64_t contexts_need_bytes(const struct contexts_need *n);

/* The most room for n, of what doubles while the half of it is copied. */
static inline uint64_t contexts_doubled(uint64_t n, uint64_t first)
{
	while (first < n)
		first *= 2;
	return first + first / 2;
}

/* For contexts.c: what is in contexts_others.c. Root k has array k. */
int contexts_init_others(struct contexts *c);
void contexts_free_others(struct contexts *c);
uint64_t contexts_others_bytes(const struct contexts_need *n);

#endif
