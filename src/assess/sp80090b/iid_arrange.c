/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_arrange.h"
#include "assess/sp80090b/iid_generator.h"

/* Four counts side by side: one would wait for its own last increment. */
typedef uint32_t parts[4][256];

/* `per` symbols a byte; of the bytes that are used up. Returns how many. */
static inline __attribute__((always_inline)) uint64_t draw_groups(
	const struct iid_mix *m, struct iid_generator *g, unsigned per,
	uint8_t *ret, parts part)
{
	uint8_t drawn[IID_DRAWN_BYTES];
	uint64_t i = 0;

	for (; i + IID_DRAWN_BYTES * per <= m->n; i += IID_DRAWN_BYTES * per) {
		iid_generator_draw(g, drawn);
		for (unsigned k = 0; k < IID_DRAWN_BYTES; k += 4) {
			for (unsigned p = 0; p < 4; p++) {
				uint8_t byte = drawn[k + p];

				memcpy(ret + i + (k + p) * per, m->group[byte],
				       per);
				part[p][byte]++;
			}
		}
	}
	return i;
}

/* The bytes are the symbols. */
static uint64_t draw_bytes(const struct iid_mix *m, struct iid_generator *g,
			   uint8_t *ret, parts part)
{
	uint64_t i = 0, eight;

	for (; i + IID_DRAWN_BYTES <= m->n; i += IID_DRAWN_BYTES) {
		iid_generator_draw(g, ret + i);
		for (unsigned k = 0; k < IID_DRAWN_BYTES; k += sizeof eight) {
			memcpy(&eight, ret + i + k, sizeof eight);
			for (unsigned p = 0; p < 8; p++)
				part[p % 4][eight >> 8 * p & 255]++;
		}
	}
	return i;
}

/* n symbols, independent, and how many there are of each. */
static void draw_evenly(const struct iid_mix *m, struct iid_generator *g,
			uint8_t *ret, uint32_t got[SAMPLE_VALUES])
{
	unsigned per = 8 / m->width, at = IID_DRAWN_BYTES * per;
	uint8_t drawn[IID_DRAWN_BYTES];
	uint64_t i;
	parts part;

	memset(part, 0, sizeof part);
	if (m->bytes)
		i = draw_bytes(m, g, ret, part);
	else if (per == 1)
		i = draw_groups(m, g, 1, ret, part);
	else if (per == 2)
		i = draw_groups(m, g, 2, ret, part);
	else if (per == 4)
		i = draw_groups(m, g, 4, ret, part);
	else
		i = draw_groups(m, g, 8, ret, part);
	for (unsigned byte = 0; byte < 256; byte++) {
		for (unsigned k = 0; k < per; k++)
			got[m->group[byte][k]] += part[0][byte] + part[1][byte] +
						  part[2][byte] + part[3][byte];
	}
	for (; i < m->n; i++, at++) {
		if (at == IID_DRAWN_BYTES * per) {
			iid_generator_draw(g, drawn);
			at = 0;
		}
		ret[i] = m->group[drawn[at / per]][at % per];
		got[ret[i]]++;
	}
}

#define DRAWN (IID_DRAWN_BYTES / 2)

static void draw_unevenly(const struct iid_mix *m, struct iid_generator *g,
			  uint8_t *ret, uint32_t got[SAMPLE_VALUES])
{
	uint16_t drawn[DRAWN], at[DRAWN];
	parts part;

	memset(part, 0, sizeof part);
	for (uint64_t i = 0; i < m->n; i += DRAWN) {
		uint64_t left = m->n - i;
		unsigned n = left < DRAWN ? (unsigned)left : DRAWN, k;

		iid_generator_draw(g, drawn);
		for (k = 0; k < DRAWN; k++)
			at[k] = drawn[k] >> (16 - IID_MIX_LOG2);
		for (k = 0; k + 4 <= n; k += 4) {
			for (unsigned p = 0; p < 4; p++) {
				uint8_t v = m->table[at[k + p]];

				ret[i + k + p] = v;
				part[p][v]++;
			}
		}
		for (; k < n; k++) {
			ret[i + k] = m->table[at[k]];
			part[0][ret[i + k]]++;
		}
	}
	for (unsigned v = 0; v < SAMPLE_VALUES; v++)
		got[v] += part[0][v] + part[1][v] + part[2][v] + part[3][v];
}

#define PLACES (IID_DRAWN_BYTES / 4)

/*
 * Positions, uniform below n, exactly: the upper half of a product with 32
 * bits, unless the lower half is one that occurs too often (Lemire 2019).
 * What stands there is read ahead, so that no choice waits for it; a position
 * that has changed since is one that no longer has too many of its symbol.
 */
static void repair(const struct iid_mix *m, struct iid_generator *g,
		   int32_t over[SAMPLE_VALUES], uint64_t surplus, uint8_t *ret)
{
	uint32_t drawn[PLACES], n = (uint32_t)m->n, least = -n % n;
	uint8_t seen[PLACES];
	unsigned lacking = 0;

	while (surplus > 0) {
		iid_generator_draw(g, drawn);
		for (unsigned k = 0; k < PLACES; k++)
			seen[k] = ret[(uint64_t)drawn[k] * n >> 32];
		for (unsigned k = 0; k < PLACES && surplus > 0; k++) {
			uint64_t product = (uint64_t)drawn[k] * n;
			uint8_t *at = &ret[product >> 32];

			if (over[seen[k]] <= 0 || over[*at] <= 0 ||
			    (uint32_t)product < least)
				continue;
			while (over[lacking] >= 0)
				lacking++;
			over[*at]--;
			over[lacking]++;
			surplus--;
			*at = (uint8_t)lacking;
		}
	}
}

void iid_arrange(const struct iid_mix *m, uint64_t seed, uint32_t index,
		 uint8_t *ret)
{
	uint32_t got[SAMPLE_VALUES] = { 0 };
	int32_t over[SAMPLE_VALUES];
	struct iid_generator g;
	uint64_t surplus = 0;

	iid_generator_init(&g, seed, index);
	if (m->width <= 8)
		draw_evenly(m, &g, ret, got);
	else
		draw_unevenly(m, &g, ret, got);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		over[v] = (int32_t)got[v] - (int32_t)m->count[v];
		surplus += over[v] > 0 ? (uint64_t)over[v] : 0;
	}
	repair(m, &g, over, surplus, ret);
}
