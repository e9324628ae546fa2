/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Move to front and runs of zeros, as bzip2 has them, over eleven letters. */
#include <string.h>

#include "assess/sp80090b/iid_letters.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* A run's length in digits 1 and 2, the lowest first: symbols 0 and 1. */
static inline uint8_t *put_zeros(uint8_t *to, unsigned zeros)
{
	for (; zeros > 0; zeros = (zeros - 1) / 2)
		*to++ = (zeros - 1) & 1;
	return to;
}

/* Where each letter stands at first: those in use, in order. */
static unsigned first_places(unsigned in_use, uint8_t place[16])
{
	unsigned at = 0;

	memset(place, 127, 16);
	for (unsigned l = 0; l < IID_LETTERS; l++) {
		if (in_use >> l & 1)
			place[l] = (uint8_t)at++;
	}
	return at;
}

unsigned iid_letters_front_plain(const uint8_t *letter, unsigned n,
				 unsigned in_use, uint8_t *ret)
{
	uint8_t place[16], *to = ret;
	unsigned zeros = 0;

	(void)first_places(in_use, place);
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

#define TARGET __attribute__((target("avx2,popcnt,bmi")))

/* Letters between two times that the clock is put back; it has 7 bits. */
#define CLOCK_START 16
#define ROUND 96

/* Each letter's last time, as early as their order allows. */
TARGET static __m128i put_back(__m128i last)
{
	const __m128i next = _mm_setr_epi8(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
					   12, 13, 14, 15, 0);
	__m128i other = last, earlier = _mm_setzero_si128();

	for (unsigned k = 1; k < 16; k++) {
		other = _mm_shuffle_epi8(other, next);
		earlier = _mm_sub_epi8(earlier, _mm_cmpgt_epi8(last, other));
	}
	return earlier;
}

/*
 * Each letter becomes the number of letters that stand before it: of those that
 * were last seen later. The only step that waits for the letter before is the
 * one that sets the time.
 */
TARGET static void find_places(uint8_t *letter, unsigned n, unsigned in_use)
{
	const __m128i all = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
					  12, 13, 14, 15);
	const __m128i one = _mm_set1_epi8(1);
	uint8_t place[16];
	__m128i last, now;

	(void)first_places(in_use, place);
	last = _mm_sub_epi8(_mm_set1_epi8(15),
			    _mm_loadu_si128((const __m128i *)place));
	for (unsigned i = 0; i < n;) {
		unsigned end = n - i < ROUND ? n : i + ROUND;

		now = _mm_set1_epi8(CLOCK_START);
		for (; i < end; i++) {
			__m128i x = _mm_set1_epi8((char)letter[i]), later;

			later = _mm_cmpgt_epi8(last, _mm_shuffle_epi8(last, x));
			letter[i] = (uint8_t)_mm_popcnt_u32(
				(unsigned)_mm_movemask_epi8(later));
			last = _mm_blendv_epi8(last, now,
					       _mm_cmpeq_epi8(x, all));
			now = _mm_add_epi8(now, one);
		}
		last = put_back(last);
	}
}

/*
 * A place p is symbol p + 1 and a single zero is symbol 0, so only runs of two
 * zeros and more are looked at one by one. place: n, and more of no account.
 */
TARGET static unsigned count_zeros(uint8_t *place, unsigned n, uint8_t *ret)
{
	const __m256i none = _mm256_setzero_si256(), one = _mm256_set1_epi8(1);
	uint8_t *to = ret;
	unsigned i = 0;

	memset(place + n, 1, IID_PAST_END);
	while (i < n) {
		__m256i x = _mm256_loadu_si256((const __m256i *)(place + i));
		__m256i y = _mm256_loadu_si256((const __m256i *)(place + i + 1));
		__m256i zero = _mm256_cmpeq_epi8(x, none);
		unsigned twice = (unsigned)_mm256_movemask_epi8(
			_mm256_and_si256(zero, _mm256_cmpeq_epi8(y, none)));
		unsigned k, zeros = 0;

		x = _mm256_add_epi8(_mm256_add_epi8(x, one), zero);
		_mm256_storeu_si256((__m256i *)to, x);
		if (twice == 0) {
			i += 32;
			to += 32;
			continue;
		}
		k = (unsigned)__builtin_ctz(twice);
		i += k;
		to += k;
		while (place[i] == 0) {
			unsigned z;

			y = _mm256_loadu_si256((const __m256i *)(place + i));
			z = ~(unsigned)_mm256_movemask_epi8(
				_mm256_cmpeq_epi8(y, none));
			k = z == 0 ? 32 : (unsigned)__builtin_ctz(z);
			zeros += k;
			i += k;
		}
		to = put_zeros(to, zeros);
	}
	return (unsigned)(to - ret) - (i - n);
}
#endif

unsigned iid_letters_front(uint8_t *letter, unsigned n, unsigned in_use,
			   uint8_t *ret)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
		find_places(letter, n, in_use);
		return count_zeros(letter, n, ret);
	}
#endif
	return iid_letters_front_plain(letter, n, in_use, ret);
}
