/* SPDX-License-Identifier: ISC */
/*
 * The block function, once, for vectors of any width: a template. A file that
 * includes it, each at most once, defines first
 *
 *   CHACHA20_LANES       32-bit words in a vector, each of a block of its own
 *   CHACHA20_GROUPS      groups of LANES blocks that are worked on together
 *   CHACHA20_INTERLEAVE  how many of the groups take their steps in turn: all
 *                        where the registers hold them, else 1
 *   CHACHA20_TARGET      the attribute that names the instruction set
 *   CHACHA20_SHUFFLE_16, CHACHA20_SHUFFLE_8
 *                        optional: the bytes' order that rotates words by so
 *                        much, where that beats two shifts and an or
 *
 * and gets vector_blocks and vector_reorder. Vector i of a group holds word i
 * of LANES consecutive blocks and is stored as it is: transposing would cost
 * time and make nothing more random.
 *
 * Constants and rounds: RFC 8439 2.1 to 2.3. Words 12 and 13 are the 64-bit
 * counter, 14 and 15 the nonce, as in Bernstein 2008; the nonce is zero.
 */
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "drbg/chacha20.h"

#define LANES CHACHA20_LANES
#define GROUPS CHACHA20_GROUPS
#define GROUP_BYTES (LANES * CHACHA20_BLOCK_BYTES)
#define STRIDE_BLOCKS (GROUPS * LANES)
#define INLINE static inline __attribute__((always_inline)) CHACHA20_TARGET

typedef uint32_t vec __attribute__((vector_size(4 * LANES)));
typedef uint8_t vec_bytes __attribute__((vector_size(4 * LANES)));
/* In the caller's memory. A memcpy, once fortified, would cost a seventh. */
typedef vec vec_anywhere __attribute__((aligned(1), may_alias));

/* What every group starts from: constants and key, the same in all lanes. */
struct start {
	vec words[12];
};

/* v <<< n for each word; n is 16, 12, 8 or 7, known when compiled. */
INLINE void rotate(vec *v, int n)
{
#if defined CHACHA20_SHUFFLE_16 && __has_builtin(__builtin_shufflevector)
	vec_bytes b = (vec_bytes)*v;

	if (n == 16)
		*v = (vec)__builtin_shufflevector(b, b, CHACHA20_SHUFFLE_16);
	else if (n == 8)
		*v = (vec)__builtin_shufflevector(b, b, CHACHA20_SHUFFLE_8);
	else
#endif
		*v = *v << n | *v >> (32 - n);
}

/*
 * step - x[a] += x[b]; x[d] = (x[d] ^ x[a]) <<< n in all quarters of
 * n_groups. Quarter q takes from each row of four words, a to a + 3 say, the
 * one at (q + turn) mod 4: all turns are 0 in a column round.
 */
INLINE void step(vec (*x)[16], int n_groups, int a, int a_turn, int b,
		 int b_turn, int d, int d_turn, int n)
{
#pragma GCC unroll 2
	for (int g = 0; g < n_groups; g++) {
#pragma GCC unroll 4
		for (int q = 0; q < 4; q++) {
			vec *sum = &x[g][a + ((q + a_turn) & 3)];
			vec *turned = &x[g][d + ((q + d_turn) & 3)];

			*sum += x[g][b + ((q + b_turn) & 3)];
			*turned ^= *sum;
			rotate(turned, n);
		}
	}
}

/* One round; turn is 0 in a column round, 1 in a diagonal round. */
INLINE void quarters(vec (*x)[16], int n_groups, int turn)
{
	int b = turn, c = 2 * turn, d = 3 * turn;

	step(x, n_groups, 0, 0, 4, b, 12, d, 16);
	step(x, n_groups, 8, c, 12, d, 4, b, 12);
	step(x, n_groups, 0, 0, 4, b, 12, d, 8);
	step(x, n_groups, 8, c, 12, d, 4, b, 7);
}

INLINE void round_of(vec (*x)[16], int turn)
{
#pragma GCC unroll 2
	for (int g = 0; g < GROUPS; g += CHACHA20_INTERLEAVE)
		quarters(x + g, CHACHA20_INTERLEAVE, turn);
}

/* Words 12 and 13 of a group: counter + lane, with the carry. */
INLINE void count(uint64_t counter, vec *ret_low, vec *ret_high)
{
	vec lane;

#pragma GCC unroll 16
	for (int i = 0; i < LANES; i++)
		lane[i] = (uint32_t)i;
	*ret_low = lane + (uint32_t)counter;
	/* A comparison yields all ones where it holds: minus one. */
	*ret_high = (uint32_t)(counter >> 32) - (vec)(*ret_low < lane);
}

INLINE void start_init(struct start *ret_s, const uint8_t *key)
{
	static const uint32_t sigma[4] = {
		0x61707865,
		0x3320646e,
		0x79622d32,
		0x6b206574,
	};
	static const vec zero;

	for (int i = 0; i < 4; i++)
		ret_s->words[i] = zero + sigma[i];
	for (int i = 0; i < 8; i++)
		ret_s->words[4 + i] = zero + load_le32(key + 4 * i);
}

INLINE void group_begin(vec x[16], const struct start *s, uint64_t counter)
{
	static const vec zero;

#pragma GCC unroll 12
	for (int i = 0; i < 12; i++)
		x[i] = s->words[i];
	count(counter, &x[12], &x[13]);
	x[14] = zero;
	x[15] = zero;
}

/* The feed-forward: add what it all started from, and store. */
INLINE void group_end(vec x[16], struct start *s, uint64_t counter,
		      uint8_t *ret_out)
{
	vec low, high;

	/* Keeps s in memory and counts anew: the rounds need all registers. */
	__asm__("" : "+m"(*s), "+r"(counter));
	count(counter, &low, &high);
	x[12] += low;
	x[13] += high;
#pragma GCC unroll 16
	for (int i = 0; i < 16; i++) {
		if (i < 12)
			x[i] += s->words[i];
		((vec_anywhere *)ret_out)[i] = x[i];
	}
}

CHACHA20_TARGET
static void vector_blocks(const uint8_t key[CHACHA20_KEY_BYTES],
			  uint64_t counter, uint8_t *ret_out, size_t n_blocks)
{
	struct start s;

	start_init(&s, key);
	for (; n_blocks > 0; n_blocks -= STRIDE_BLOCKS) {
		vec x[GROUPS][16];

#pragma GCC unroll 2
		for (int g = 0; g < GROUPS; g++)
			group_begin(x[g], &s, counter + (uint64_t)g * LANES);
		for (int i = 0; i < 10; i++) {
			round_of(x, 0);
			round_of(x, 1);
		}
#pragma GCC unroll 2
		for (int g = 0; g < GROUPS; g++)
			group_end(x[g], &s, counter + (uint64_t)g * LANES,
				  ret_out + g * GROUP_BYTES);
		counter += STRIDE_BLOCKS;
		ret_out += GROUPS * GROUP_BYTES;
	}
}

static void vector_reorder(uint8_t *out, size_t n_blocks)
{
	uint32_t words[16][LANES];

	for (; n_blocks > 0; n_blocks -= LANES, out += GROUP_BYTES) {
		memcpy(words, out, sizeof words);
		for (int lane = 0; lane < LANES; lane++)
			for (int i = 0; i < 16; i++)
				store_le32(out + 64 * lane + 4 * i,
					   words[i][lane]);
	}
}
