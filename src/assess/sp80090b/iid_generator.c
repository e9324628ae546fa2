/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_generator.h"
#include "assess/splitmix64.h"

typedef uint64_t four __attribute__((vector_size(32)));

void iid_generator_init(struct iid_generator *g, uint64_t seed, uint64_t index)
{
	uint64_t mixed = splitmix64(&seed) ^ index;
	uint64_t start = splitmix64(&mixed);

	for (unsigned k = 0; k < 4; k++) {
		for (unsigned word = 0; word < 4; word++)
			g->s[word][k] = splitmix64(&start);
	}
}

static inline __attribute__((always_inline)) void draw(struct iid_generator *g,
						       uint8_t *ret)
{
	four a, b, c, d;

	memcpy(&a, g->s[0], sizeof a);
	memcpy(&b, g->s[1], sizeof b);
	memcpy(&c, g->s[2], sizeof c);
	memcpy(&d, g->s[3], sizeof d);
	for (unsigned i = 0; i < IID_DRAWN_BYTES; i += sizeof(four)) {
		four sum = a + d, t = b << 17;
		four out = (sum << 23 | sum >> 41) + a;

		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= t;
		d = d << 45 | d >> 19;
		memcpy(ret + i, &out, sizeof out);
	}
	memcpy(g->s[0], &a, sizeof a);
	memcpy(g->s[1], &b, sizeof b);
	memcpy(g->s[2], &c, sizeof c);
	memcpy(g->s[3], &d, sizeof d);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void draw_avx2(struct iid_generator *g,
						      uint8_t *ret)
{
	draw(g, ret);
}
#endif

void iid_generator_draw(struct iid_generator *g, void *ret)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		draw_avx2(g, ret);
		return;
	}
#endif
	draw(g, ret);
}
