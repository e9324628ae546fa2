/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_choose.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define TABLES IID_TABLES_MAX
#define SYMBOLS IID_SYMBOLS

typedef uint16_t costs __attribute__((vector_size(16)));

/* The tables in the order of their last use, the last lowest: four bits each. */
#define IN_ORDER UINT32_C(0xF543210)

/* Moves a table to the front. Returns the bits for saying where it was. */
static inline unsigned move_up(uint32_t *recent, unsigned table)
{
	const uint32_t ones = UINT32_C(0x1111111);
	uint32_t differ = *recent ^ table * ones, below;
	unsigned at;

	/* The lowest four bits that are zero; above it this may be wrong. */
	at = (unsigned)__builtin_ctz((differ - ones) & ~differ & ones * 8) & ~3u;
	below = (UINT32_C(16) << at) - 1;
	*recent = (*recent & ~below) | (*recent << 4 & below) | table;
	return at / 4 + 1;
}

/*
 * Costs are below 50 times 20, so there is room for the table's number: the
 * least of both, without a branch that could only be guessed.
 */
static unsigned cheapest(const iid_fifty fifty, const costs *of_symbol,
			 unsigned alphabet, unsigned n_tables)
{
	costs sum = { 0 };
	uint16_t of_table[8];
	unsigned best = ~0u;

	for (unsigned s = 0; s < alphabet; s++)
		sum += of_symbol[s] * (uint16_t)fifty[s];
	memcpy(of_table, &sum, sizeof sum);
	for (unsigned t = 0; t < TABLES; t++) {
		unsigned cost = of_table[t] * 8u + t;

		cost |= t < n_tables ? 0 : ~0u;
		best = cost < best ? cost : best;
	}
	return best & 7;
}

uint64_t iid_choose_plain(const struct iid_letters *l,
			  const struct iid_tables *t,
			  uint32_t ret_frequency[TABLES][SYMBOLS])
{
	costs of_symbol[SYMBOLS];
	uint32_t recent = IN_ORDER;
	uint64_t bits = 0;

	memset(of_symbol, 0, sizeof of_symbol);
	memset(ret_frequency, 0, TABLES * sizeof *ret_frequency);
	for (unsigned s = 0; s < l->alphabet; s++) {
		for (unsigned k = 0; k < t->n; k++)
			of_symbol[s][k] = t->bits[k][s];
	}
	for (unsigned g = 0; g < l->n_fifties; g++) {
		unsigned best = cheapest(l->fifty[g], of_symbol, l->alphabet,
					 t->n);

		bits += move_up(&recent, best);
		for (unsigned s = 0; s < SYMBOLS; s++)
			ret_frequency[best][s] += l->fifty[g][s];
	}
	return bits;
}

#ifdef __x86_64__

#define TARGET __attribute__((target("avx2")))

/* Fifties whose sums stay within 16 bits. */
#define PART 1024

/* Longer than any code: of a table that is not there. */
#define NO_BITS 100

TARGET static inline __m256i two_tables(const struct iid_tables *t, unsigned k)
{
	__m128i table[2];

	for (unsigned i = 0; i < 2; i++) {
		table[i] = _mm_set1_epi8(NO_BITS);
		if (k + i < t->n)
			table[i] = _mm_loadu_si128(
				(const __m128i *)t->bits[k + i]);
	}
	return _mm256_set_m128i(table[1], table[0]);
}

TARGET static void add_part(__m256i part[TABLES],
			    uint32_t frequency[TABLES][SYMBOLS])
{
	for (unsigned k = 0; k < TABLES; k++) {
		uint16_t of_symbol[SYMBOLS];

		memcpy(of_symbol, &part[k], sizeof of_symbol);
		for (unsigned s = 0; s < SYMBOLS; s++)
			frequency[k][s] += of_symbol[s];
		part[k] = _mm256_setzero_si256();
	}
}

/* All six sums of products at once. */
TARGET static inline unsigned cheapest_avx2(__m128i fifty,
					    const __m256i table[3])
{
	/* The even tables' sums are in the lower half, the odd ones' above. */
	const __m128i order = _mm_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12,
					    13, 6, 7, 14, 15);
	__m256i twice = _mm256_broadcastsi128_si256(fifty);
	__m256i a = _mm256_maddubs_epi16(twice, table[0]);
	__m256i b = _mm256_maddubs_epi16(twice, table[1]);
	__m256i c = _mm256_maddubs_epi16(twice, table[2]);
	__m128i sum;

	a = _mm256_hadd_epi16(_mm256_hadd_epi16(a, b), _mm256_hadd_epi16(c, c));
	a = _mm256_madd_epi16(a, _mm256_set1_epi16(1));
	sum = _mm_packus_epi32(_mm256_castsi256_si128(a),
			       _mm256_extracti128_si256(a, 1));
	sum = _mm_minpos_epu16(_mm_shuffle_epi8(sum, order));
	return (unsigned)_mm_extract_epi16(sum, 1);
}

TARGET static uint64_t choose_avx2(const struct iid_letters *l,
				   const struct iid_tables *t,
				   uint32_t ret_frequency[TABLES][SYMBOLS])
{
	__m256i table[3] = { two_tables(t, 0), two_tables(t, 2),
			     two_tables(t, 4) };
	__m256i part[TABLES];
	uint32_t recent = IN_ORDER;
	uint64_t bits = 0;

	memset(ret_frequency, 0, TABLES * sizeof *ret_frequency);
	memset(part, 0, sizeof part);
	for (unsigned g = 0; g < l->n_fifties; g++) {
		__m128i fifty = _mm_loadu_si128((const __m128i *)l->fifty[g]);
		unsigned best = cheapest_avx2(fifty, table);

		bits += move_up(&recent, best);
		part[best] = _mm256_add_epi16(part[best],
					      _mm256_cvtepu8_epi16(fifty));
		if (g % PART == PART - 1)
			add_part(part, ret_frequency);
	}
	add_part(part, ret_frequency);
	return bits;
}
#endif

uint64_t iid_choose(const struct iid_letters *l, const struct iid_tables *t,
		    uint32_t ret_frequency[TABLES][SYMBOLS])
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return choose_avx2(l, t, ret_frequency);
#endif
	return iid_choose_plain(l, t, ret_frequency);
}
