/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_letters.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* A run's length in digits 1 and 2, the lowest first: symbols 0 and 1. */
static inline uint8_t *put_zeros(uint8_t *to, unsigned zeros)
{
	for (; zeros > 0; zeros = (zeros - 1) / 2)
		*to++ = (zeros - 1) & 1;
	return to;
}

/* Where each letter stands at first: those in use, in order. */
static void first_places(unsigned in_use, uint8_t place[16])
{
	memset(place, 127, 16);
	for (unsigned l = 0, at = 0; l < IID_LETTERS; l++) {
		if (in_use >> l & 1)
			place[l] = (uint8_t)at++;
	}
}

/* Returns how many symbols. */
static unsigned move_to_front(const uint8_t *letter, unsigned n,
			      unsigned in_use, uint8_t *ret)
{
	uint8_t place[16], *to = ret;
	unsigned zeros = 0;

	first_places(in_use, place);
	for (unsigned i = 0; i < n; i++) {
		uint8_t at = place[letter[i]];

		if (at == 0) {
			zeros++;
			continue;
		}
		to = put_zeros(to, zeros);
		zeros = 0;
		*to++ = (uint8_t)(at + 1);
		for (unsigned l = 0; l < 16; l++)
			place[l] = (uint8_t)(place[l] + (place[l] < at));
		place[letter[i]] = 0;
	}
	return (unsigned)(put_zeros(to, zeros) - ret);
}

#ifdef __x86_64__
/* The same; all places in one register, four steps from letter to letter. */
__attribute__((target("ssse3"))) static unsigned move_to_front_ssse3(
	const uint8_t *letter, unsigned n, unsigned in_use, uint8_t *ret)
{
	/* From 15 - l on: all ones but for byte l. */
	static const uint8_t window[32] = { 255, 255, 255, 255, 255, 255, 255,
					    255, 255, 255, 255, 255, 255, 255,
					    255, 0,   255, 255, 255, 255, 255,
					    255, 255, 255, 255, 255, 255, 255,
					    255, 255, 255, 255 };
	uint8_t first[16], *to = ret;
	unsigned zeros = 0;
	__m128i place;

	first_places(in_use, first);
	place = _mm_loadu_si128((const __m128i *)first);
	for (unsigned i = 0; i < n; i++) {
		__m128i which = _mm_set1_epi8((char)letter[i]);
		__m128i at = _mm_shuffle_epi8(place, which), keep;
		unsigned found = (unsigned)_mm_cvtsi128_si32(at) & 255;

		if (found == 0) {
			zeros++;
			continue;
		}
		keep = _mm_loadu_si128(
			(const __m128i *)(window + 15 - letter[i]));
		place = _mm_and_si128(
			_mm_sub_epi8(place, _mm_cmpgt_epi8(at, place)), keep);
		if (zeros > 0)
			to = put_zeros(to, zeros);
		zeros = 0;
		*to++ = (uint8_t)(found + 1);
	}
	return (unsigned)(put_zeros(to, zeros) - ret);
}
#endif

/* One more of a symbol: a vector that is 1 there. */
static void count_fifties(struct iid_letters *l)
{
	bytes16 one[16];

	memset(one, 0, sizeof one);
	memset(l->frequency, 0, sizeof l->frequency);
	for (unsigned s = 0; s < 16; s++)
		one[s][s] = 1;
	l->n_fifties = 0;
	for (unsigned i = 0; i < l->n_symbols; i += IID_FIFTY) {
		unsigned left = l->n_symbols - i;
		unsigned n = left < IID_FIFTY ? left : IID_FIFTY;
		bytes16 sum = { 0 };

		for (unsigned k = 0; k < n; k++)
			sum += one[l->symbol[i + k]];
		memcpy(l->fifty[l->n_fifties++], &sum, sizeof sum);
		for (unsigned s = 0; s < 16; s++)
			l->frequency[s] += sum[s];
	}
}

void iid_letters_count(struct iid_letters *l, const uint8_t *letter, unsigned n,
		       unsigned in_use)
{
	unsigned m;

	l->alphabet = (unsigned)__builtin_popcount(in_use) + 2;
#ifdef __x86_64__
	if (__builtin_cpu_supports("ssse3"))
		m = move_to_front_ssse3(letter, n, in_use, l->symbol);
	else
#endif
		m = move_to_front(letter, n, in_use, l->symbol);
	l->symbol[m++] = (uint8_t)(l->alphabet - 1); /* the block's end */
	l->n_symbols = m;
	count_fifties(l);
}
