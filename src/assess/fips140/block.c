/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "assess/fips140/block.h"
#include "assess/fips140/lanes.h"

/*
 * Four stretches of 80 words side by side, so that shifts never cross lanes:
 * the bit after a word is the first of the same lane's next word. The 480 bits
 * past the block are the complement of its last bit, and the bit before it the
 * complement of its first: all runs begin and end within.
 */
#define STEPS 80
#define GROUP 16 /* what one round of carry-save adders takes */
#define RUN_MASKS (2 * FIPS140_RUN_CLASSES)
#define PAD_NIBBLES ((LANES * STEPS * 64 - FIPS140_BLOCK_BITS) / 4)

struct work {
	lanes x[STEPS + 2];    /* x[0]: before the first; x[STEPS + 1]: after */
	lanes same[STEPS + 1]; /* six equal bits begin here */
	lanes mask[RUN_MASKS][GROUP];
	struct counter run[RUN_MASKS];
	struct counter nibble[16];
};

INLINE uint64_t load_word(const uint8_t *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* Each lane's neighbour: lane l of x[after] is lane l + 1 of x[1]. */
INLINE void load(struct work *w, const uint8_t *block)
{
	uint64_t pad = block[FIPS140_BLOCK_BYTES - 1] & 1 ? 0 : ~UINT64_C(0);
	unsigned last = FIPS140_BLOCK_BITS / 64; /* half full */
	uint8_t tail[8];

	for (unsigned i = 0; i < STEPS; i++)
		for (unsigned l = 0; l < LANES - 1; l++)
			w->x[1 + i][l] = load_word(block + 8 * (l * STEPS + i));
	for (unsigned i = (LANES - 1) * STEPS; i < last; i++)
		w->x[1 + i % STEPS][LANES - 1] = load_word(block + 8 * i);
	memset(tail, (int)(pad & 255), sizeof tail);
	memcpy(tail, block + 8 * last, FIPS140_BLOCK_BYTES - 8 * last);
	w->x[1 + last % STEPS][LANES - 1] = load_word(tail);
	for (unsigned i = last % STEPS + 1; i < STEPS; i++)
		w->x[1 + i][LANES - 1] = pad;
	for (unsigned l = 0; l < LANES; l++) {
		w->x[0][l] = l > 0 ? w->x[STEPS][l - 1] : ~w->x[1][0] >> 63;
		w->x[STEPS + 1][l] = l + 1 < LANES ? w->x[1][l + 1] : pad;
	}
}

/* Only what begins within the block counts. */
INLINE void valid(unsigned step, lanes *ret)
{
	unsigned last = FIPS140_BLOCK_BITS / 64 % STEPS;
	uint64_t part = step < last  ? ~UINT64_C(0) :
			step == last ? ~UINT64_C(0) << 32 :
				       0;

	*ret = ~(lanes){ 0 };
	(*ret)[LANES - 1] = part;
}

/* Where runs begin, and of these, where at least 2, ... 6 bits are alike. */
INLINE void find_runs(struct work *w, unsigned step, unsigned slot)
{
	lanes x = w->x[step + 1];
	lanes next = w->x[step + 2];
	lanes before = x >> 1 | w->x[step] << 63;
	/* A bit like the one after it; of the next word's the first 63. */
	lanes q = ~(x ^ (x << 1 | next >> 63));
	lanes q_next = ~(next ^ next << 1);
	lanes alike[FIPS140_RUN_CLASSES];
	lanes in, begin[2];

	valid(step, &in);
	begin[0] = ~x & before & in;
	begin[1] = x & ~before & in;
	alike[1] = q;
	alike[2] = q & (q << 1 | q_next >> 63);
	alike[3] = alike[2] & (q << 2 | q_next >> 62);
	alike[4] = alike[2] & (alike[2] << 2 | (q_next & q_next << 1) >> 62);
	alike[5] = alike[4] & (q << 4 | q_next >> 60);
	w->same[step] = alike[5];
	for (unsigned bit = 0; bit < 2; bit++) {
		lanes *mask = &w->mask[bit * FIPS140_RUN_CLASSES][slot];

		mask[0] = begin[bit];
		for (unsigned k = 1; k < FIPS140_RUN_CLASSES; k++)
			mask[k * GROUP] = begin[bit] & alike[k];
	}
}

/* Bits 3 - k of 64 nibbles a lane, packed from four words. */
INLINE void pack_plane(const lanes *x, unsigned k, lanes *ret)
{
	uint64_t low = UINT64_C(0x1111111111111111);
	unsigned down = 3 - k;

	*ret = (x[0] >> down & low) | (x[1] >> down & low) << 1 |
	       (x[2] >> down & low) << 2 | (x[3] >> down & low) << 3;
}

INLINE void find_nibbles(struct work *w, unsigned step)
{
	lanes high[GROUP / 4][4], low[GROUP / 4][4];

	for (unsigned i = 0; i < GROUP / 4; i++) {
		lanes plane[4];

		for (unsigned k = 0; k < 4; k++)
			pack_plane(&w->x[1 + step + 4 * i], k, &plane[k]);
		for (unsigned v = 0; v < 4; v++) {
			high[i][v] = (v & 2 ? plane[0] : ~plane[0]) &
				     (v & 1 ? plane[1] : ~plane[1]);
			low[i][v] = (v & 2 ? plane[2] : ~plane[2]) &
				    (v & 1 ? plane[3] : ~plane[3]);
		}
	}
	for (unsigned v = 0; v < 16; v++) {
		lanes of_v[GROUP / 4];

		for (unsigned i = 0; i < GROUP / 4; i++)
			of_v[i] = high[i][v >> 2] & low[i][v & 3];
		counter_add4(&w->nibble[v], of_v);
	}
}

/* Whether 26 equal bits begin anywhere: 6 at each of 0, 5, 10, 15 and 20. */
INLINE bool has_long_run(struct work *w)
{
	lanes found = { 0 };
	uint64_t any = 0;

	for (unsigned l = 0; l < LANES; l++)
		w->same[STEPS][l] = l + 1 < LANES ? w->same[0][l + 1] : 0;
	for (unsigned i = 0; i < STEPS; i++) {
		lanes six = w->same[i];
		lanes next = w->same[i + 1];
		lanes eleven = six & (six << 5 | next >> 59);
		lanes after = next & next << 5;
		lanes in;

		valid(i, &in);
		found |= eleven & (eleven << 10 | after >> 54) &
			 (six << 20 | next >> 44) & in;
	}
	for (unsigned l = 0; l < LANES; l++)
		any |= found[l];
	return any != 0;
}

/* Bit by bit, because one block in three thousand has a long run. */
static unsigned longest_run(const uint8_t *block)
{
	unsigned longest = 0;
	unsigned run = 0;
	unsigned last = 2;

	for (unsigned i = 0; i < FIPS140_BLOCK_BITS; i++) {
		unsigned bit = block[i / 8] >> (7 - i % 8) & 1;

		run = bit == last ? run + 1 : 1;
		last = bit;
		longest = run > longest ? run : longest;
	}
	return longest;
}

INLINE void sum_up(struct work *w, const uint8_t *block,
		   struct fips140_counts *ret)
{
	unsigned last_bit = block[FIPS140_BLOCK_BYTES - 1] & 1;

	ret->ones = 0;
	for (unsigned v = 0; v < 16; v++) {
		unsigned bits = (v & 1) + (v >> 1 & 1) + (v >> 2 & 1) + (v >> 3);

		ret->nibbles[v] = counter_total(&w->nibble[v], 4);
		if (v == (last_bit ? 0 : 15))
			ret->nibbles[v] -= PAD_NIBBLES;
		ret->ones += bits * ret->nibbles[v];
	}
	for (unsigned bit = 0; bit < 2; bit++) {
		unsigned longer = 0; /* runs of more than k + 1 bits */

		for (unsigned k = FIPS140_RUN_CLASSES; k-- > 0;) {
			unsigned c = counter_total(
				&w->run[bit * FIPS140_RUN_CLASSES + k], 16);

			ret->runs[bit][k] = c - longer;
			longer = c;
		}
	}
	ret->long_run = has_long_run(w) ? longest_run(block) : 0;
}

INLINE void count(const uint8_t *block, struct fips140_counts *ret)
{
	struct work w;

	memset(w.run, 0, sizeof w.run);
	memset(w.nibble, 0, sizeof w.nibble);
	load(&w, block);
	for (unsigned step = 0; step < STEPS; step += GROUP) {
		for (unsigned i = 0; i < GROUP; i++)
			find_runs(&w, step + i, i);
		for (unsigned k = 0; k < RUN_MASKS; k++)
			counter_add16(&w.run[k], w.mask[k]);
		find_nibbles(&w, step);
	}
	sum_up(&w, block, ret);
}

void fips140_count_plain(const uint8_t *block, struct fips140_counts *ret)
{
	count(block, ret);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void count_avx2(const uint8_t *block,
						       struct fips140_counts *ret)
{
	count(block, ret);
}

bool fips140_count_avx2(const uint8_t *block, struct fips140_counts *ret)
{
	if (!__builtin_cpu_supports("avx2"))
		return false;
	count_avx2(block, ret);
	return true;
}
#else
bool fips140_count_avx2(const uint8_t *block, struct fips140_counts *ret)
{
	(void)block;
	(void)ret;
	return false;
}
#endif

void fips140_count(const uint8_t *block, struct fips140_counts *ret)
{
	if (!fips140_count_avx2(block, ret))
		fips140_count_plain(block, ret);
}
