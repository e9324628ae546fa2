/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80022/berlekamp_massey.h"
#include "base/bytes.h"

#define LANE_WORDS (BM_LANES / 64)

/* Compiled to the vectors there are: two of SSE2's or NEON's, one of AVX2's. */
typedef uint64_t lanes __attribute__((vector_size(BM_LANES / 8)));

/*
 * What the algorithm keeps. All polynomials have block_bits + 1 coefficients
 * and are zero from reach on. B is kept times x^(j - m), as it is XORed to C:
 * its coefficient i is b[i - j + block_bits], j the step.
 */
struct batch {
	lanes *s;   /* the blocks' bits */
	lanes *c;   /* C */
	lanes *b;   /* 2 * block_bits + 1 of them: B slides downwards */
	lanes *due; /* by step: lanes whose L may grow from it on */
	uint16_t length[BM_LANES]; /* L */
};

size_t bm_need_bytes(unsigned block_bits)
{
	/* s, c, b and due, and the last step's due beyond the end. */
	return ((size_t)6 * block_bits + 8) * sizeof(lanes);
}

static void set_up(struct batch *t, unsigned n, lanes *work)
{
	t->s = work;
	t->c = t->s + n;
	t->b = t->c + n + 1;
	t->due = t->b + 2 * n + 2;
	memset(work, 0, bm_need_bytes(n));
	memset(t->length, 0, sizeof t->length);
	memset(&t->c[0], 0xff, sizeof(lanes));
	/* Before step 0: B = 1, m = -1, so x^1 B is at coefficient 1. */
	memset(&t->b[n + 1], 0xff, sizeof(lanes));
	memset(&t->due[0], 0xff, sizeof(lanes));
}

/* 64 x 64 bits mirrored at their diagonal (Hacker's Delight, 7-3). */
static void transpose(uint64_t *a)
{
	uint64_t mask = UINT64_C(0x00000000ffffffff);

	for (unsigned j = 32; j != 0; j >>= 1, mask ^= mask << j)
		for (unsigned k = 0; k < 64; k = (k + j + 1) & ~j) {
			uint64_t swap = (a[k] ^ a[k + j] >> j) & mask;

			a[k] ^= swap;
			a[k + j] ^= swap << j;
		}
}

/* Bit i of block k becomes bit k of s[i]. Lanes without a block stay zero. */
static void load(struct batch *t, const struct bits *b, size_t from, unsigned n,
		 unsigned count)
{
	for (unsigned lane = 0; lane < count; lane += 64)
		for (unsigned i = 0; i < n; i += 64) {
			unsigned take = n - i < 64 ? n - i : 64;
			uint64_t a[64] = { 0 };

			/* Rows in reverse: lane 0 comes out as bit 0. */
			for (unsigned k = 0; k < 64 && lane + k < count; k++)
				a[63 - k] = bits_window(
						    b,
						    from + (size_t)(lane + k) * n +
							    i,
						    take)
					    << (64 - take);
			transpose(a);
			for (unsigned k = 0; k < take; k++)
				t->s[i + k][lane / 64] = a[k];
		}
}

/* The lanes in grow get L = j + 1 - L; returns the largest of them. */
static unsigned grow_lengths(struct batch *t, const lanes *grow, unsigned j,
			     unsigned n)
{
	unsigned largest = 0;

	for (unsigned w = 0; w < LANE_WORDS; w++)
		for (uint64_t left = (*grow)[w]; left != 0; left &= left - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(left);
			unsigned lane = 64 * w + bit;
			unsigned length = j + 1 - t->length[lane];

			t->length[lane] = (uint16_t)length;
			if (length > largest)
				largest = length;
			if (2 * length < n)
				t->due[2 * length][w] |= UINT64_C(1) << bit;
		}
	return largest;
}

static unsigned shortest(const struct batch *t, unsigned count)
{
	unsigned least = t->length[0];

	for (unsigned k = 1; k < count; k++)
		least = t->length[k] < least ? t->length[k] : least;
	return least;
}

/*
 * reach is above every lane's L and the degree of its B, which is at most
 * j + 1 - L; both are far below block_bits for most of the way.
 */
static void all_steps(struct batch *t, unsigned n, unsigned count)
{
	lanes may = { 0 }; /* 2 L <= j */
	unsigned longest = 0;
	unsigned least = 0;

	for (unsigned j = 0; j < n; j++) {
		lanes *c = t->c;
		lanes *b = t->b + n - j;
		const lanes *s = t->s + j;
		lanes d = s[0];
		lanes grow, keep;
		unsigned reach;

		if (j % 16 == 0)
			least = shortest(t, count);
		for (unsigned i = 1; i <= longest; i++)
			d ^= c[i] & s[-(int)i];
		may |= t->due[j];
		grow = d & may;
		may &= ~grow;
		keep = ~grow;
		reach = j + 1 - least;
		reach = reach > longest ? reach : longest;
		/* Where L grows, B becomes C as it was; else it stays. */
		for (unsigned i = 0; i <= reach; i++) {
			lanes was = c[i];

			c[i] = was ^ (d & b[i]);
			b[i] = (grow & was) | (keep & b[i]);
		}
		longest = (unsigned)max_u64(longest,
					    grow_lengths(t, &grow, j, n));
	}
}

void bm_lengths(const struct bits *b, size_t from, unsigned block_bits,
		unsigned count, void *work, unsigned *ret)
{
	struct batch t;

	set_up(&t, block_bits, work);
	load(&t, b, from, block_bits, count);
	all_steps(&t, block_bits, count);
	for (unsigned k = 0; k < count; k++)
		ret[k] = t.length[k];
}
