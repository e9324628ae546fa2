/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/sp80090b/iid_runs.h"

#ifdef __SSE2__
#include <emmintrin.h>

static inline uint64_t not_above(const uint8_t *a, const uint8_t *b)
{
	uint64_t m = 0;

	for (unsigned k = 0; k < 4; k++) {
		__m128i x = _mm_loadu_si128((const __m128i *)(a + 16 * k));
		__m128i y = _mm_loadu_si128((const __m128i *)(b + 16 * k));
		__m128i le = _mm_cmpeq_epi8(_mm_max_epu8(x, y), y);

		m |= (uint64_t)(uint32_t)_mm_movemask_epi8(le) << (16 * k);
	}
	return m;
}
#else
static inline uint64_t not_above(const uint8_t *a, const uint8_t *b)
{
	uint64_t m = 0;

	for (unsigned k = 0; k < 64; k++)
		m |= (uint64_t)(a[k] <= b[k]) << k;
	return m;
}
#endif

void iid_signs(const uint8_t *a, const uint8_t *b, uint64_t n, uint64_t *ret)
{
	uint64_t i;

	for (i = 0; i + 64 <= n; i += 64)
		ret[i / 64] = not_above(a + i, b + i);
	if (i == n)
		return;
	ret[i / 64] = 0;
	for (; i < n; i++)
		ret[i / 64] |= (uint64_t)(a[i] <= b[i]) << (i % 64);
}

void iid_signs_from(const uint8_t *a, uint8_t threshold, uint64_t n,
		    uint64_t *ret)
{
	uint8_t level[64];
	uint64_t i;

	for (i = 0; i < 64; i++)
		level[i] = threshold;
	for (i = 0; i + 64 <= n; i += 64)
		ret[i / 64] = not_above(level, a + i);
	if (i == n)
		return;
	ret[i / 64] = 0;
	for (; i < n; i++)
		ret[i / 64] |= (uint64_t)(a[i] >= threshold) << (i % 64);
}

/* The compiler's own needs a call where the machine's is not assumed. */
static inline uint64_t ones(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return x * UINT64_C(0x0101010101010101) >> 56;
}

/* Bit i: sign i differs from sign i + 1; word w of the n - 1 of these. */
static inline uint64_t changes(const uint64_t *signs, uint64_t n, uint64_t w)
{
	uint64_t x = signs[w], last = (n - 1) / 64;
	uint64_t next = w < last ? signs[w + 1] << 63 : 0;

	x ^= x >> 1 | next;
	/* The last sign has no successor. */
	return w < last ? x : x & ((UINT64_C(1) << (n - 1) % 64) - 1);
}

uint64_t iid_sign_runs(const uint64_t *signs, uint64_t n)
{
	uint64_t runs = 1;

	if (n == 0)
		return 0;
	for (uint64_t w = 0; w <= (n - 1) / 64; w++)
		runs += ones(changes(signs, n, w));
	return runs;
}

uint64_t iid_sign_count(const uint64_t *signs, uint64_t n)
{
	uint64_t count = 0;

	for (uint64_t w = 0; w < (n + 63) / 64; w++)
		count += ones(signs[w]);
	return count;
}

/* Has x `length` ones in a row? At least 1. */
static inline bool has_run(uint64_t x, uint64_t length)
{
	uint64_t have = 1;

	for (; 2 * have <= length; have *= 2)
		x &= x >> have;
	return (x & x >> (length - have)) != 0;
}

uint64_t iid_sign_longest(const uint64_t *signs, uint64_t n)
{
	uint64_t best = 0, open = 0; /* pairs of equal neighbours in a row */

	if (n == 0)
		return 0;
	for (uint64_t w = 0; w <= (n - 1) / 64; w++) {
		uint64_t c = changes(signs, n, w);

		/* The end of the signs ends a run as a change does. */
		if (w == (n - 1) / 64)
			c |= UINT64_C(1) << (n - 1) % 64;
		if (c == 0) {
			open += 64;
			continue;
		}
		open += (uint64_t)__builtin_ctzll(c);
		best = open > best ? open : best;
		open = (uint64_t)__builtin_clzll(c);
		if (w == (n - 1) / 64)
			c |= ~UINT64_C(0) << (n - 1) % 64;
		while (best < 63 && has_run(~c, best + 1))
			best++;
	}
	return best + 1;
}
