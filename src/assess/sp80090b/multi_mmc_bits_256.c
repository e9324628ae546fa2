/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MultiMMC prediction on bits with AVX2. Three orders share a vector: the
 * context of the lowest says which, and the two bits before that, `turn`, which
 * lanes: lane 0 is that order's, lane 1 or 2 the next one's by one bit more, one
 * of lanes 4 to 7 the third one's by two. What depends on the bits alone is
 * prepared for a whole block; so is what its guesses are taken apart by.
 */
#include "assess/sp80090b/mmc_bits.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET_256 __attribute__((target("avx2,popcnt,lzcnt,bmi,bmi2")))
#define INLINE_256 TARGET_256 static inline __attribute__((always_inline))

#define THREES 5 /* vectors, for three orders each */

/* Where the vectors of the next three orders begin. */
static const uint32_t begin[THREES] = { 0, 2, 18, 146, 1170 };
_Static_assert(MMC_LEADS == (1170 + 8192) * 8, "room for all vectors");

/*
 * By bit and turn, of the lanes that the turn leads to: what a lead changes by;
 * what makes it one that was seen.
 */
static const int32_t moves[8][2][8] __attribute__((aligned(64))) = {
	{ { -2, -2, 0, 0, -2, 0, 0, 0 }, { 1, 1, 0, 0, 1, 0, 0, 0 } },
	{ { -2, 0, -2, 0, 0, -2, 0, 0 }, { 1, 0, 1, 0, 0, 1, 0, 0 } },
	{ { -2, -2, 0, 0, 0, 0, -2, 0 }, { 1, 1, 0, 0, 0, 0, 1, 0 } },
	{ { -2, 0, -2, 0, 0, 0, 0, -2 }, { 1, 0, 1, 0, 0, 0, 0, 1 } },
	{ { 2, 2, 0, 0, 2, 0, 0, 0 }, { 1, 1, 0, 0, 1, 0, 0, 0 } },
	{ { 2, 0, 2, 0, 0, 2, 0, 0 }, { 1, 0, 1, 0, 0, 1, 0, 0 } },
	{ { 2, 2, 0, 0, 0, 0, 2, 0 }, { 1, 1, 0, 0, 0, 0, 1, 0 } },
	{ { 2, 0, 2, 0, 0, 0, 0, 2 }, { 1, 0, 1, 0, 0, 0, 0, 1 } },
};

/* Of a block, by position. Offsets are in eights of a byte. */
struct plan {
	uint16_t history[64];
	uint16_t vector[THREES][64], move[THREES][64];
};

/* Which lanes have their sign set: of four vectors, and of the last. */
struct signs {
	uint32_t four[64];
	uint16_t last[64];
};

/* Bit 4 t + k of a word of signs, taken apart: order 3 t + k + 1. */
static const uint8_t order_of_bit[16] = { 1, 2, 3, 13, 4,  5,  6,  14,
					  7, 8, 9, 15, 10, 11, 12, 0 };

SCOREBOARD_INLINE uint32_t place(unsigned order, uint32_t context)
{
	unsigned three = (order - 1) / 3, low = 3 * three + 1;
	uint32_t turn = context >> low;
	uint32_t vector = begin[three] + (context & ((1u << low) - 1));

	/* The context has no more bits than its order. */
	return vector * 8 + (order == low ? 0 :
					    turn + 2 * (order - low) - 1 +
						    (order == low + 2));
}

INLINE_256 __m256i load(const uint16_t *at)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

INLINE_256 void store(uint16_t *at, __m256i x)
{
	_mm256_storeu_si256((__m256i *)(void *)at, x);
}

/* 16 positions; past: the 16 bits before them and theirs, the last lowest. */
INLINE_256 void prepare_16(struct plan *p, unsigned at, uint32_t past)
{
	/* Packing takes the halves of both in turn. */
	const __m256i first = _mm256_setr_epi32(15, 14, 13, 12, 7, 6, 5, 4);
	const __m256i second = _mm256_setr_epi32(11, 10, 9, 8, 3, 2, 1, 0);
	const __m256i low = _mm256_set1_epi32(0xffff);
	__m256i all = _mm256_set1_epi32((int)past);
	__m256i a = _mm256_srlv_epi32(all, first);
	__m256i b = _mm256_srlv_epi32(all, second);
	__m256i bit = _mm256_packus_epi32(_mm256_and_si256(a, low),
					  _mm256_and_si256(b, low));
	__m256i h = _mm256_packus_epi32(
		_mm256_and_si256(_mm256_srli_epi32(a, 1), low),
		_mm256_and_si256(_mm256_srli_epi32(b, 1), low));

	store(&p->history[at], h);
	bit = _mm256_slli_epi16(_mm256_and_si256(bit, _mm256_set1_epi16(1)), 5);
	for (unsigned t = 0; t < THREES; t++) {
		__m256i mask = _mm256_set1_epi16((short)((2u << 3 * t) - 1));
		__m256i turn = _mm256_srli_epi16(h, (int)(3 * t + 1));

		turn = _mm256_and_si256(turn, _mm256_set1_epi16(3));
		store(&p->vector[t][at],
		      _mm256_slli_epi16(_mm256_and_si256(h, mask), 2));
		store(&p->move[t][at],
		      _mm256_or_si256(_mm256_slli_epi16(turn, 3), bit));
	}
}

INLINE_256 void note_signs(struct signs *s, unsigned k, const __m256i v[THREES])
{
	/* Packing keeps signs, and each half by itself. */
	__m256i a = _mm256_packs_epi32(v[0], v[1]);
	__m256i b = _mm256_packs_epi32(v[2], v[3]);

	s->four[k] = (uint32_t)_mm256_movemask_epi8(_mm256_packs_epi16(a, b));
	s->last[k] = (uint16_t)_mm256_movemask_ps(_mm256_castsi256_ps(v[4]));
}

/* One position: who has a lead of zeros, and who has none. */
INLINE_256 void guess(int32_t *lead, const struct plan *p, unsigned k,
		      bool all_seen, struct signs *zeros, struct signs *new)
{
	__m256i v[THREES], is_new[THREES];

	for (unsigned t = 0; t < THREES; t++) {
		const char *move = (const char *)moves + p->move[t][k] * 8;
		const __m256i *by = (const __m256i *)(const void *)move;
		char *at = (char *)(lead + begin[t] * 8) + p->vector[t][k] * 8;
		__m256i *here = (__m256i *)(void *)at;
		__m256i x = _mm256_load_si256(here);

		v[t] = x;
		if (!all_seen) {
			is_new[t] = _mm256_cmpeq_epi32(x,
						       _mm256_setzero_si256());
			x = _mm256_or_si256(x, by[1]);
		}
		_mm256_store_si256(here, _mm256_add_epi32(x, by[0]));
	}
	note_signs(zeros, k, v);
	if (!all_seen)
		note_signs(new, k, is_new);
}

/* By bit of `by`: that of b where it is set, else that of a. */
INLINE_256 __m256i choose(__m256i a, __m256i b, __m256i by)
{
	return _mm256_xor_si256(a, _mm256_and_si256(_mm256_xor_si256(a, b), by));
}

/* Bits from, from + 3, from + 6, from + 9 of h as bits 0, 4, 8, 12. */
INLINE_256 __m256i spread(__m256i h, int from)
{
	const __m256i one = _mm256_set1_epi16(1);
	__m256i x = _mm256_srli_epi16(h, from), y;

	y = _mm256_and_si256(x, one);
	for (int k = 1; k < 4; k++)
		y = _mm256_or_si256(
			y, _mm256_and_si256(_mm256_slli_epi16(x, k),
					    _mm256_slli_epi16(one, 4 * k)));
	return y;
}

/* Of the lanes of vectors in nibbles, those that the turns lead to. */
INLINE_256 __m256i pick(__m256i low, __m256i high, __m256i turn_0,
			__m256i turn_1)
{
	const __m256i one = _mm256_set1_epi16(0x1111);
	__m256i twice = _mm256_or_si256(turn_0, _mm256_slli_epi16(turn_0, 2));
	__m256i second = choose(_mm256_srli_epi16(low, 1),
				_mm256_srli_epi16(low, 2), turn_0);
	__m256i third = choose(high, _mm256_srli_epi16(high, 1), twice);

	third = choose(third, _mm256_srli_epi16(third, 2), turn_1);
	second = _mm256_slli_epi16(_mm256_and_si256(second, one), 1);
	third = _mm256_slli_epi16(_mm256_and_si256(third, one), 2);
	return _mm256_or_si256(_mm256_and_si256(low, one),
			       _mm256_or_si256(second, third));
}

/* 16 positions' signs, as order_of_bit has them. */
INLINE_256 __m256i take_apart(const struct plan *p, const struct signs *s,
			      unsigned at)
{
	const __m256i low16 = _mm256_set1_epi32(0xffff);
	const __m256i *four = (const __m256i *)(const void *)&s->four[at];
	__m256i a = _mm256_loadu_si256(four), b = _mm256_loadu_si256(four + 1);
	__m256i low = _mm256_packus_epi32(_mm256_and_si256(a, low16),
					  _mm256_and_si256(b, low16));
	__m256i high = _mm256_packus_epi32(_mm256_srli_epi32(a, 16),
					   _mm256_srli_epi32(b, 16));
	__m256i h = load(&p->history[at]), last = load(&s->last[at]);
	const __m256i one = _mm256_set1_epi16(1);
	__m256i turn_0 = _mm256_and_si256(_mm256_srli_epi16(h, 13), one);
	__m256i turn_1 = _mm256_and_si256(_mm256_srli_epi16(h, 14), one);
	__m256i three = pick(last, _mm256_srli_epi16(last, 4), turn_0, turn_1);

	/* Its three bits go where the others leave a gap. */
	three = _mm256_or_si256(
		_mm256_slli_epi16(_mm256_and_si256(three, one), 3),
		_mm256_or_si256(
			_mm256_slli_epi16(
				_mm256_and_si256(three, _mm256_set1_epi16(2)), 6),
			_mm256_slli_epi16(
				_mm256_and_si256(three, _mm256_set1_epi16(4)),
				9)));
	turn_0 = spread(h, 1);
	turn_1 = spread(h, 2);
	low = _mm256_permute4x64_epi64(low, 0xd8);
	high = _mm256_permute4x64_epi64(high, 0xd8);
	return _mm256_or_si256(pick(low, high, turn_0, turn_1), three);
}

/* Bit k of ret[j] is bit j of the k-th of 32 positions. */
INLINE_256 void turn_round(const struct plan *p, const struct signs *s,
			   unsigned at, uint32_t ret[16])
{
	const __m256i low8 = _mm256_set1_epi16(0xff);
	__m256i a = take_apart(p, s, at), b = take_apart(p, s, at + 16);
	__m256i low = _mm256_packus_epi16(_mm256_and_si256(a, low8),
					  _mm256_and_si256(b, low8));
	__m256i high = _mm256_packus_epi16(_mm256_srli_epi16(a, 8),
					   _mm256_srli_epi16(b, 8));

	low = _mm256_permute4x64_epi64(low, 0xd8);
	high = _mm256_permute4x64_epi64(high, 0xd8);
	for (unsigned j = 8; j-- > 0;) {
		ret[j] = (uint32_t)_mm256_movemask_epi8(low);
		ret[j + 8] = (uint32_t)_mm256_movemask_epi8(high);
		low = _mm256_add_epi8(low, low);
		high = _mm256_add_epi8(high, high);
	}
}

/* By order: the words of signs, turned over where `flip` has a bit. */
INLINE_256 void by_order(const struct plan *p, const struct signs *s,
			 uint64_t flip, uint64_t ret[MMC_ORDERS])
{
	uint32_t low[16], high[16];

	turn_round(p, s, 0, low);
	turn_round(p, s, 32, high);
	for (unsigned j = 0; j < MMC_SHORT; j++)
		ret[order_of_bit[j] - 1] = (low[j] | (uint64_t)high[j] << 32) ^
					   flip;
}

INLINE_256 void block(int32_t *lead, uint32_t history, uint64_t bits,
		      unsigned n, bool all_seen, struct mmc_guesses *ret)
{
	uint64_t now = mmc_reversed(bits, 64);
	struct signs zeros, new;
	struct plan p;

	prepare_16(&p, 0, history << 16 | (uint32_t)(now >> 48));
	prepare_16(&p, 16, (uint32_t)(now >> 32));
	prepare_16(&p, 32, (uint32_t)(now >> 16));
	prepare_16(&p, 48, (uint32_t)now);
	for (unsigned k = 0; k < n; k++)
		guess(lead, &p, k, all_seen, &zeros, &new);
	/* Beyond the end the words are of no matter, but not undefined. */
	for (unsigned k = n; k < 64; k++) {
		zeros.four[k] = new.four[k] = 0;
		zeros.last[k] = new.last[k] = 0;
	}
	by_order(&p, &zeros, bits, ret->right);
	if (!all_seen)
		by_order(&p, &new, ~UINT64_C(0), ret->made);
}

TARGET_256 int mmc_bits_run_256(struct mmc_bits *m,
				const struct sp80090b_data *d,
				struct sp80090b_guesses *ret)
{
	return mmc_bits_predict(m, d, place, block, ret);
}

bool mmc_bits_usable_256(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
}
#endif
