/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Successors that do not lead: families, arrays, and the table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/contexts.h"
#include "assess/sp80090b/estimate.h"

#define FAMILIES_FIRST 1024
#define ARRAYS_FIRST 256
#define TABLE_LOG2_FIRST 10
#define LINE 64
_Static_assert(sizeof(struct context_family) == LINE, "one cache line");

/* Doubles the families, or makes the first. */
static int more_families(struct contexts *c)
{
	uint32_t room = c->families_room == 0 ? FAMILIES_FIRST :
						2 * c->families_room;
	char *memory = malloc((room + (size_t)1) * LINE);
	char *first;

	if (memory == NULL)
		return -ENOMEM;
	first = memory + (LINE - (uintptr_t)memory % LINE);
	if (c->n_families > 0)
		memcpy(first, c->families, c->n_families * (size_t)LINE);
	free(c->families_memory);
	c->families_memory = memory;
	c->families = (struct context_family *)(void *)first;
	c->families_room = room;
	return 0;
}

/* Another array, with nothing in it. */
static int add_array(struct contexts *c, uint32_t *ret_number)
{
	struct context_other *array = calloc(c->alphabet, sizeof *array);

	if (array == NULL)
		return -ENOMEM;
	if (c->n_arrays == c->arrays_room) {
		uint32_t room = 2 * c->arrays_room;
		struct context_other **arrays = realloc(
			c->arrays, room * sizeof(struct context_other *));

		if (arrays == NULL) {
			free(array);
			return -ENOMEM;
		}
		c->arrays = arrays;
		c->arrays_room = room;
	}
	c->arrays[c->n_arrays] = array;
	*ret_number = c->n_arrays++;
	return 0;
}

int contexts_init_others(struct contexts *c)
{
	c->of_roots = calloc((size_t)c->alphabet * c->alphabet,
			     sizeof *c->of_roots);
	c->arrays = calloc(ARRAYS_FIRST, sizeof(struct context_other *));
	c->arrays_room = ARRAYS_FIRST;
	c->table = calloc(1u << TABLE_LOG2_FIRST, sizeof *c->table);
	c->table_log2 = TABLE_LOG2_FIRST;
	if (c->of_roots == NULL || c->arrays == NULL || c->table == NULL)
		return -ENOMEM;
	for (; c->n_arrays < c->alphabet; c->n_arrays++)
		c->arrays[c->n_arrays] = c->of_roots + c->n_arrays * c->alphabet;
	return more_families(c);
}

void contexts_free_others(struct contexts *c)
{
	for (uint32_t k = c->alphabet; k < c->n_arrays; k++)
		free(c->arrays[k]);
	free(c->of_roots);
	free(c->arrays);
	free(c->families_memory);
	free(c->table);
}

uint64_t contexts_others_bytes(const struct contexts_need *n)
{
	uint64_t arrays = n->arrays + 256;

	/* What an allocator adds to each. */
	return contexts_doubled(n->families, FAMILIES_FIRST) * LINE +
	       arrays * (256 * sizeof(struct context_other) + 16) +
	       contexts_doubled(arrays, ARRAYS_FIRST) *
		       sizeof(struct context_other *) +
	       contexts_doubled(n->in_table + n->in_table / 2 + 1,
				UINT64_C(1) << TABLE_LOG2_FIRST) *
		       sizeof(struct context_entry);
}

/* Where the entry with this key is, or would be. */
static struct context_entry *table_place(const struct contexts *c, uint64_t key)
{
	uint32_t mask = (1u << c->table_log2) - 1;
	uint64_t h = (key ^ key >> 15) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t at = (uint32_t)((h ^ h >> 32) * UINT64_C(0xbf58476d1ce4e5b9) >>
				 (64 - c->table_log2));

	while (c->table[at].key != 0 && c->table[at].key != key)
		at = (at + 1) & mask;
	return &c->table[at];
}

static int more_table(struct contexts *c)
{
	struct context_entry *old = c->table;
	size_t places = (size_t)1 << c->table_log2;
	struct context_entry *larger = calloc(places, 2 * sizeof *larger);

	if (larger == NULL)
		return -ENOMEM;
	c->table = larger;
	c->table_log2++;
	for (size_t k = 0; k < places; k++) {
		if (old[k].key != 0)
			*table_place(c, old[k].key) = old[k];
	}
	free(old);
	return 0;
}

/* Its place in an array or table, made where it has none; NULL: no memory. */
static struct context_other *make_other(struct contexts *c, uint32_t node,
					uint8_t symbol)
{
	uint64_t key = (uint64_t)node << 8 | symbol;
	struct context_entry *e;

	if (c->nodes[node].others == CONTEXT_IN_ARRAY)
		return &c->arrays[c->nodes[node].at][symbol];
	if (c->n_table > (1u << c->table_log2) / 3 * 2 && more_table(c) < 0)
		return NULL;
	e = table_place(c, key);
	c->n_table += e->key == 0;
	e->key = key;
	return &e->other;
}

static uint16_t kind_of(uint8_t symbol)
{
	return (uint16_t)(1u << symbol % 16);
}

/* The place of a symbol in a family; CONTEXT_FAMILY: it is not there. */
static unsigned place_in_family(const struct context_family *f, uint8_t symbol)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	/* Bytes not in use may be anything; the last one is their number. */
	uint64_t x = sp80090b_load64((const uint8_t *)f) ^ ones * symbol;
	unsigned k;

	/* The lowest byte that is equal gets its top bit, and none below it. */
	x = (x - ones) & ~x & tops;
	k = x == 0 ? CONTEXT_FAMILY : (unsigned)__builtin_ctzll(x) / 8;
	return k < f->n ? k : CONTEXT_FAMILY;
}

struct context_other *contexts_find(const struct contexts *c, uint32_t node,
				    uint8_t symbol)
{
	const struct context_node *n = &c->nodes[node];
	struct context_other *o;

	if ((n->kinds & kind_of(symbol)) == 0)
		return NULL;
	if (n->others == CONTEXT_IN_FAMILY) {
		struct context_family *f = &c->families[n->at];
		unsigned k = place_in_family(f, symbol);

		return k < CONTEXT_FAMILY ? &f->other[k] : NULL;
	}
	if (n->others == CONTEXT_IN_ARRAY)
		o = &c->arrays[n->at][symbol];
	else
		o = &table_place(c, (uint64_t)node << 8 | symbol)->other;
	return o->node == CONTEXT_NONE ? NULL : o;
}

int contexts_lead(struct contexts *c, uint32_t node, uint8_t symbol,
		  struct context_other *o)
{
	struct context_node *n = &c->nodes[node];
	struct context_other new = *o;

	/* Who led is counted among the others from now on. */
	if (n->others == CONTEXT_IN_FAMILY) {
		struct context_family *f = &c->families[n->at];

		f->symbol[o - f->other] = n->leader_symbol;
	} else {
		o = make_other(c, node, n->leader_symbol);
		if (o == NULL)
			return -ENOMEM;
	}
	*o = (struct context_other){ n->leader_count, n->leader };
	n->kinds |= kind_of(n->leader_symbol);
	n->leader = new.node;
	n->leader_count = new.count;
	n->leader_symbol = symbol;
	return 0;
}

/* A family that has grown too large becomes an array, or goes to the table. */
static int disband(struct contexts *c, uint32_t node)
{
	struct context_node *n = &c->nodes[node];
	const struct context_family *f = &c->families[n->at];

	n->others = CONTEXT_IN_TABLE;
	if (c->has_arrays) {
		if (add_array(c, &n->at) < 0)
			return -ENOMEM;
		n->others = CONTEXT_IN_ARRAY;
	}
	for (unsigned k = 0; k < f->n; k++) {
		struct context_other *o = make_other(c, node, f->symbol[k]);

		if (o == NULL)
			return -ENOMEM;
		*o = f->other[k];
	}
	return 0;
}

/* Its place in a family, made where there is none; NULL without memory. */
static struct context_other *join_family(struct contexts *c,
					 struct context_node *n, uint8_t symbol)
{
	struct context_family *f;

	if (n->others == CONTEXT_NO_OTHERS) {
		if (c->n_families == c->families_room && more_families(c) < 0)
			return NULL;
		n->others = CONTEXT_IN_FAMILY;
		n->at = c->n_families++;
		c->families[n->at].n = 0;
	}
	f = &c->families[n->at];
	f->symbol[f->n] = symbol;
	return &f->other[f->n++];
}

int contexts_make(struct contexts *c, uint32_t node, unsigned depth,
		  uint8_t symbol, bool leaf, uint32_t *ret_next)
{
	uint32_t next = leaf ? CONTEXT_LEAF : contexts_alone(c, depth + 1);
	struct context_node *n = &c->nodes[node];
	struct context_other *o;

	if (next == CONTEXT_NONE)
		return -ENOMEM;
	if (n->others == CONTEXT_IN_FAMILY &&
	    c->families[n->at].n == CONTEXT_FAMILY && disband(c, node) < 0)
		return -ENOMEM;
	if (n->others == CONTEXT_NO_OTHERS || n->others == CONTEXT_IN_FAMILY)
		o = join_family(c, n, symbol);
	else
		o = make_other(c, node, symbol);
	if (o == NULL)
		return -ENOMEM;
	*o = (struct context_other){ 0, next };
	n->kinds |= kind_of(symbol);
	return contexts_count(c, node, symbol, o, ret_next);
}
