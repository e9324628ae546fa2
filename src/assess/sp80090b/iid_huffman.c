/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Huffman stage of bzip2, as its releases since 1.0.3 do it. The file
 * format leaves the choice of tables open; the statistic is defined by the
 * program, so its way of choosing them is followed, ties included.
 */
#include <string.h>

#include "assess/sp80090b/iid_choose.h"

#define TABLES_MAX IID_TABLES_MAX
#define ROUNDS 4
#define SYMBOLS IID_SYMBOLS
#define BITS_MAX 17
#define UNLIKELY_BITS 15

/* A node's weight: its frequency times 256, plus its depth. */
struct heap {
	uint32_t weight[2 * SYMBOLS + 2];
	unsigned node[SYMBOLS + 2]; /* 1 .. n; below 0: the least of all */
	unsigned n;
};

static void heap_rise(struct heap *h, unsigned at)
{
	unsigned node = h->node[at];

	for (; h->weight[node] < h->weight[h->node[at / 2]]; at /= 2)
		h->node[at] = h->node[at / 2];
	h->node[at] = node;
}

static void heap_push(struct heap *h, unsigned node)
{
	h->node[++h->n] = node;
	heap_rise(h, h->n);
}

static unsigned heap_pop(struct heap *h)
{
	unsigned least = h->node[1], node = h->node[h->n--], at = 1;

	for (unsigned below = 2; below <= h->n; below = 2 * at) {
		if (below < h->n &&
		    h->weight[h->node[below + 1]] < h->weight[h->node[below]])
			below++;
		if (h->weight[node] < h->weight[h->node[below]])
			break;
		h->node[at] = h->node[below];
		at = below;
	}
	h->node[at] = node;
	return least;
}

static uint32_t joined(uint32_t a, uint32_t b)
{
	uint32_t depth = (a & 255) > (b & 255) ? a & 255 : b & 255;

	return (a & ~255u) + (b & ~255u) + depth + 1;
}

/* Returns the longest code. */
static unsigned code_lengths(struct heap *h, unsigned n, uint8_t *ret)
{
	unsigned parent[2 * SYMBOLS + 2] = { 0 }, nodes = n, longest = 0;

	h->n = 0;
	h->node[0] = 0;
	h->weight[0] = 0;
	for (unsigned k = 1; k <= n; k++)
		heap_push(h, k);
	while (h->n > 1) {
		unsigned a = heap_pop(h), b = heap_pop(h);

		nodes++;
		parent[a] = parent[b] = nodes;
		h->weight[nodes] = joined(h->weight[a], h->weight[b]);
		heap_push(h, nodes);
	}
	for (unsigned k = 1; k <= n; k++) {
		unsigned bits = 0;

		for (unsigned up = k; parent[up] != 0; up = parent[up])
			bits++;
		ret[k - 1] = (uint8_t)bits;
		longest = bits > longest ? bits : longest;
	}
	return longest;
}

/* Frequencies are halved until no code is too long. */
static void make_lengths(const uint32_t *frequency, unsigned n, uint8_t *ret)
{
	struct heap h;

	for (unsigned k = 0; k < n; k++)
		h.weight[k + 1] = (frequency[k] > 0 ? frequency[k] : 1) << 8;
	while (code_lengths(&h, n, ret) > BITS_MAX) {
		for (unsigned k = 1; k <= n; k++)
			h.weight[k] = (1 + (h.weight[k] >> 8) / 2) << 8;
	}
}

static unsigned tables_for(unsigned n_symbols)
{
	static const unsigned below[4] = { 200, 600, 1200, 2400 };
	unsigned n = 2;

	while (n < TABLES_MAX && n_symbols >= below[n - 2])
		n++;
	return n;
}

/* At first each table is for a range of symbols, of equal frequency. */
static void first_tables(const struct iid_letters *l, struct iid_tables *t)
{
	unsigned left = l->n_symbols, from = 0;

	for (unsigned part = t->n; part > 0; part--) {
		unsigned want = left / part, sum = 0, to = from;

		while (sum < want && to < l->alphabet)
			sum += l->frequency[to++];
		if (to > from + 1 && part != t->n && part != 1 &&
		    (t->n - part) % 2 == 1)
			sum -= l->frequency[--to];
		for (unsigned s = 0; s < l->alphabet; s++)
			t->bits[part - 1][s] = s >= from && s < to ?
						       0 :
						       UNLIKELY_BITS;
		from = to;
		left -= sum;
	}
}

/*
 * Each fifty takes its cheapest table, then the tables are made anew from what
 * they were taken for. Returns the bits of the choices and, by the new tables,
 * of the data.
 */
static uint64_t improve(const struct iid_letters *l, struct iid_tables *t)
{
	uint32_t frequency[TABLES_MAX][SYMBOLS];
	uint64_t bits = iid_choose(l, t, frequency);

	for (unsigned k = 0; k < t->n; k++) {
		make_lengths(frequency[k], l->alphabet, t->bits[k]);
		for (unsigned s = 0; s < l->alphabet; s++)
			bits += (uint64_t)frequency[k][s] * t->bits[k][s];
	}
	return bits;
}

/* A table: its first length, then steps of two bits up or down, and a stop. */
static unsigned table_bits(const uint8_t *bits, unsigned alphabet)
{
	unsigned sum = 5 + alphabet;

	for (unsigned s = 1; s < alphabet; s++)
		sum += 2 * (unsigned)(bits[s] > bits[s - 1] ?
					      bits[s] - bits[s - 1] :
					      bits[s - 1] - bits[s]);
	return sum;
}

uint64_t iid_letters_bits(const struct iid_letters *l)
{
	struct iid_tables t = { .n = tables_for(l->n_symbols) };
	uint64_t bits = 0;

	first_tables(l, &t);
	for (unsigned round = 0; round < ROUNDS; round++)
		bits = improve(l, &t);
	for (unsigned k = 0; k < t.n; k++)
		bits += table_bits(t.bits[k], l->alphabet);
	return bits + 3 + 15; /* how many tables, how many choices */
}
