/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_arrange.h"

#define SLOTS (1u << IID_MIX_LOG2)
/* A rarer symbol would be searched for long, once there is one too many. */
#define SLOTS_MIN 4

typedef uint64_t pair __attribute__((vector_size(16)));

/* Two pairs of generators, side by side: neither waits for the other. */
struct generator {
	pair s[2][4];
	uint32_t word[8]; /* of the last step, for draws one by one */
	unsigned used;
};

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static void generator_init(struct generator *g, uint64_t seed, uint32_t index)
{
	uint64_t of_index = index, start;

	start = splitmix64(&seed);
	start ^= splitmix64(&of_index);
	for (unsigned k = 0; k < 16; k++)
		g->s[k / 8][k % 4][k / 4 % 2] = splitmix64(&start);
	g->used = 8;
}

static inline pair rotate(pair x, int k)
{
	return x << k | x >> (64 - k);
}

static inline pair step(pair s[4])
{
	pair out = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

static inline void generator_next(struct generator *g, void *ret_32_bytes)
{
	pair out[2] = { step(g->s[0]), step(g->s[1]) };

	memcpy(ret_32_bytes, out, sizeof out);
}

static uint32_t generator_word(struct generator *g)
{
	if (g->used == 8) {
		generator_next(g, g->word);
		g->used = 0;
	}
	return g->word[g->used++];
}

/* Uniform below n, exactly (Lemire 2019); n is at most 2^31. */
static inline uint32_t generator_below(struct generator *g, uint32_t n)
{
	uint64_t product = (uint64_t)generator_word(g) * n;

	if ((uint32_t)product < n) {
		uint32_t least = -n % n;

		while ((uint32_t)product < least)
			product = (uint64_t)generator_word(g) * n;
	}
	return (uint32_t)(product >> 32);
}

void iid_mix_init(struct iid_mix *m, const uint64_t count[SAMPLE_VALUES])
{
	unsigned slots[SAMPLE_VALUES], used = 0, at = 0;

	memset(m, 0, sizeof *m);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		m->count[v] = (uint32_t)count[v];
		m->n += count[v];
	}
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		slots[v] = (unsigned)(count[v] * SLOTS / m->n);
		if (slots[v] < SLOTS_MIN)
			slots[v] = 0;
		used += slots[v];
	}
	/* What rounding left goes where most is missing. */
	for (; used < SLOTS; used++) {
		unsigned most = 0;
		int64_t missing = INT64_MIN;

		for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
			int64_t d = (int64_t)(count[v] * SLOTS) -
				    (int64_t)(slots[v] * m->n);

			if (count[v] * SLOTS / m->n >= SLOTS_MIN && d > missing) {
				missing = d;
				most = v;
			}
		}
		slots[most]++;
	}
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		memset(m->table + at, (int)v, slots[v]);
		at += slots[v];
	}
}

/*
 * The table's indices for DRAWN symbols: the high bits of each 16. Apart from
 * their use, so that both loops run without waiting for each other.
 */
#define DRAWN 512

static void draw_indices(struct generator *g, uint16_t ret[DRAWN])
{
	struct generator local = *g;
	uint16_t at[DRAWN];

	for (unsigned k = 0; k < DRAWN; k += 16)
		generator_next(&local, at + k);
	for (unsigned k = 0; k < DRAWN; k++)
		ret[k] = at[k] >> (16 - IID_MIX_LOG2);
	*g = local;
}

/* n symbols, independent; adds to `got` how many there are of each. */
static void draw(const struct iid_mix *m, struct generator *g, uint8_t *ret,
		 uint32_t got[SAMPLE_VALUES])
{
	/* One in a row would wait for its own last increment. */
	uint32_t part[4][SAMPLE_VALUES];
	uint16_t at[DRAWN];

	memset(part, 0, sizeof part);
	for (uint64_t i = 0; i < m->n; i += DRAWN) {
		uint64_t left = m->n - i;
		unsigned n = left < DRAWN ? (unsigned)left : DRAWN, k;

		draw_indices(g, at);
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

void iid_arrange(const struct iid_mix *m, uint64_t seed, uint32_t index,
		 uint8_t *ret)
{
	uint32_t got[SAMPLE_VALUES] = { 0 };
	int64_t over[SAMPLE_VALUES], surplus = 0;
	struct generator g;
	unsigned lacking = 0;

	generator_init(&g, seed, index);
	draw(m, &g, ret, got);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		over[v] = (int64_t)got[v] - m->count[v];
		surplus += over[v] > 0 ? over[v] : 0;
	}
	while (surplus > 0) {
		uint8_t *at = &ret[generator_below(&g, (uint32_t)m->n)];

		if (over[*at] <= 0)
			continue;
		while (over[lacking] >= 0)
			lacking++;
		over[*at]--;
		over[lacking]++;
		surplus--;
		*at = (uint8_t)lacking;
	}
}
