/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that symbols are drawn by: any would do, this one is fast. */
#include <string.h>

#include "assess/sp80090b/iid_arrange.h"

/* The most that a narrow table may promise too much, of 1024. */
#define EXCESS_MAX 128
/* And all symbols together: this part of them. */
#define UNEVEN 32

static uint32_t square_root(uint64_t x)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit /= 2) {
		if ((root + bit) * (root + bit) <= x)
			root += bit;
	}
	return (uint32_t)root;
}

/*
 * The slots of each symbol if of none there may be more by chance, at three
 * deviations, than its count and `excess` of 1024 of it. Rare symbols have
 * fewer slots than are due to them then: the surplus of a rare one would be
 * searched for long. Returns their sum.
 */
static uint64_t try_excess(const struct iid_mix *m, const uint32_t *root,
			   unsigned excess, unsigned slots[SAMPLE_VALUES])
{
	uint64_t sum = 0;

	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		uint64_t count = m->count[v];
		uint64_t most = count + count * excess / 1024;

		most -= most < 3 * root[v] ? most : 3 * root[v];
		slots[v] = (unsigned)((most << m->width) / m->n);
		sum += slots[v];
	}
	return sum;
}

/* 2^width slots in all. False where that takes more than the excess. */
static bool share(const struct iid_mix *m, unsigned excess_max,
		  unsigned slots[SAMPLE_VALUES])
{
	uint64_t all = UINT64_C(1) << m->width, sum = 0;
	uint32_t root[SAMPLE_VALUES];

	for (unsigned v = 0; v < SAMPLE_VALUES; v++)
		root[v] = square_root(m->count[v]);
	for (unsigned excess = 0; sum < all; excess++) {
		if (excess > excess_max)
			return false;
		sum = try_excess(m, root, excess, slots);
	}
	/* One step may have been too much: whose slots are for the fewest. */
	for (; sum > all; sum--) {
		unsigned least = 0;

		for (unsigned v = 1; v < SAMPLE_VALUES; v++) {
			if (slots[least] == 0 ||
			    (uint64_t)slots[v] * m->count[least] >
				    (uint64_t)slots[least] * m->count[v])
				least = v;
		}
		slots[least]--;
	}
	return true;
}

static bool is_even(const struct iid_mix *m, const unsigned slots[SAMPLE_VALUES])
{
	uint64_t surplus = 0;

	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		uint64_t due = slots[v] * m->n >> m->width;

		surplus += due > m->count[v] ? due - m->count[v] : 0;
	}
	return surplus <= m->n / UNEVEN;
}

static void fill(uint8_t *table, const unsigned slots[SAMPLE_VALUES])
{
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		memset(table, (int)v, slots[v]);
		table += slots[v];
	}
}

/* The symbols of each byte; its lowest bits are the first one's. */
static void fill_groups(struct iid_mix *m)
{
	m->bytes = m->width == 8;
	for (unsigned byte = 0; byte < 256; byte++) {
		for (unsigned k = 0; k < 8 / m->width; k++) {
			unsigned slot = byte >> k * m->width &
					((1u << m->width) - 1);

			m->group[byte][k] = m->table[slot];
			m->bytes = m->bytes && m->table[slot] == byte;
		}
	}
}

void iid_mix_init(struct iid_mix *m, const uint64_t count[SAMPLE_VALUES])
{
	unsigned slots[SAMPLE_VALUES];

	memset(m, 0, sizeof *m);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		m->count[v] = (uint32_t)count[v];
		m->n += count[v];
	}
	for (m->width = 1; m->width <= 8; m->width *= 2) {
		if (share(m, EXCESS_MAX, slots) && is_even(m, slots)) {
			fill(m->table, slots);
			fill_groups(m);
			return;
		}
	}
	m->width = IID_MIX_LOG2;
	(void)share(m, UINT32_MAX, slots);
	fill(m->table, slots);
}
