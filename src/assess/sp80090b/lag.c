/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lag prediction, SP 800-90B 6.3.8: predictor j guesses the symbol j + 1 back.
 * A block of 64 positions is compared with itself moved by each of the 128
 * lags at once; the scoreboard counts.
 */
#include <errno.h>

#include "assess/sp80090b/scoreboard.h"

#define LAGS 128
#define TICK_BLOCKS (1u << 14)

#if defined(__x86_64__)
#include <immintrin.h>
#define TARGET_512 \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq," \
			      "avx512vbmi2,popcnt,lzcnt,bmi,bmi2")))
#define TARGET_256 __attribute__((target("avx2,popcnt,lzcnt,bmi,bmi2")))
#endif

/* What differs between instruction sets: which of 64 symbols are equal. */
typedef uint64_t equal64_fn(const uint8_t *a, const uint8_t *b);

SCOREBOARD_INLINE uint64_t equal64_plain(const uint8_t *a, const uint8_t *b)
{
	const uint64_t low7 = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t equal = 0;

	for (unsigned k = 0; k < 8; k++) {
		uint64_t x = sp80090b_load64(a + 8 * k) ^
			     sp80090b_load64(b + 8 * k);

		/* The top bit of each byte: set where the byte is zero. */
		x = ~(((x & low7) + low7) | x | low7);
		/* Gathers the eight of them in the top byte, in order. */
		x = ((x >> 7) * UINT64_C(0x0102040810204080)) >> 56;
		equal |= x << (8 * k);
	}
	return equal;
}

/* The first blocks look back before the first symbol: one at a time. */
static void equal_slowly(const struct sp80090b_data *d, uint64_t i, unsigned n,
			 uint64_t right[LAGS])
{
	for (unsigned j = 0; j < LAGS; j++) {
		right[j] = 0;
		for (unsigned k = 0; k < n; k++) {
			if (i + k < j + 1)
				continue;
			right[j] |= (uint64_t)(d->symbols[i + k] ==
					       d->symbols[i + k - j - 1])
				    << k;
		}
	}
}

SCOREBOARD_INLINE void equal_symbols(const struct sp80090b_data *d, uint64_t i,
				     unsigned n, uint64_t right[LAGS],
				     equal64_fn *equal64)
{
	if (i < LAGS || n < 64) {
		equal_slowly(d, i, n, right);
		return;
	}
	for (unsigned j = 0; j < LAGS; j++)
		right[j] = equal64(d->symbols + i, d->symbols + i - j - 1);
}

/* Bits: past holds the 128 bits before bit i, the oldest lowest. */
SCOREBOARD_INLINE void equal_bits(const uint64_t past[2], uint64_t now,
				  uint64_t i, unsigned n, uint64_t right[LAGS])
{
	for (unsigned j = 0; j < 63; j++) {
		right[j] = ~(now ^ (now << (j + 1) | past[1] >> (63 - j)));
		right[j + 64] = ~(now ^
				  (past[1] << (j + 1) | past[0] >> (63 - j)));
	}
	right[63] = ~(now ^ past[1]);
	right[127] = ~(now ^ past[0]);
	if (i < LAGS || n < 64) {
		uint64_t all = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;

		for (unsigned j = 0; j < LAGS; j++) {
			right[j] &= all;
			if (i <= j)
				right[j] &= j + 1 - i >= 64 ?
						    0 :
						    ~UINT64_C(0) << (j + 1 - i);
		}
	}
}

SCOREBOARD_INLINE int lag(const struct sp80090b_data *d,
			  struct sp80090b_guesses *ret, equal64_fn *equal64)
{
	struct scoreboard s = { .leader = 0 };
	uint64_t right[LAGS] __attribute__((aligned(64)));
	uint64_t past[2] = { 0, 0 };

	for (uint64_t i = 0; i < d->n; i += 64) {
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;

		if (d->width == 1) {
			uint64_t now = sp80090b_load64_end(d, i >> 3);

			equal_bits(past, now, i, n, right);
			past[0] = past[1];
			past[1] = now;
		} else {
			equal_symbols(d, i, n, right, equal64);
		}
		scoreboard_feed(&s, right, NULL, LAGS, i == 0, n);
		if ((i / 64) % TICK_BLOCKS == 0 &&
		    sp80090b_tick(d, 64.0 * TICK_BLOCKS / (double)d->n))
			return -ECANCELED;
	}
	*ret = s.guesses;
	return 0;
}

static int lag_plain(const struct sp80090b_data *d, struct sp80090b_guesses *ret)
{
	return lag(d, ret, equal64_plain);
}

#if defined(__x86_64__)
TARGET_512 static inline uint64_t equal64_512(const uint8_t *a, const uint8_t *b)
{
	return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(a),
				      _mm512_loadu_si512(b));
}

TARGET_256 static inline uint64_t equal64_256(const uint8_t *a, const uint8_t *b)
{
	__m256i low = _mm256_cmpeq_epi8(
		_mm256_loadu_si256((const __m256i *)(const void *)a),
		_mm256_loadu_si256((const __m256i *)(const void *)b));
	__m256i high = _mm256_cmpeq_epi8(
		_mm256_loadu_si256((const __m256i *)(const void *)(a + 32)),
		_mm256_loadu_si256((const __m256i *)(const void *)(b + 32)));

	return (uint32_t)_mm256_movemask_epi8(low) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

TARGET_512 static int lag_512(const struct sp80090b_data *d,
			      struct sp80090b_guesses *ret)
{
	return lag(d, ret, equal64_512);
}

TARGET_256 static int lag_256(const struct sp80090b_data *d,
			      struct sp80090b_guesses *ret)
{
	return lag(d, ret, equal64_256);
}

static bool usable_512(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vpopcntdq") &&
	       __builtin_cpu_supports("avx512vbmi2") &&
	       __builtin_cpu_supports("bmi2");
}

static bool usable_256(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
}
#endif

static bool usable_plain(void)
{
	return true;
}

const struct sp80090b_lag_way sp80090b_lag_ways[] = {
#if defined(__x86_64__)
	{ "avx512", usable_512, lag_512 },
	{ "avx2", usable_256, lag_256 },
#endif
	{ "plain", usable_plain, lag_plain },
	{ NULL, NULL, NULL },
};

int sp80090b_lag(const struct sp80090b_data *d, struct sp80090b_estimate *ret)
{
	const struct sp80090b_lag_way *way = sp80090b_lag_ways;
	struct sp80090b_guesses g;
	int r;

	if (d->n < 3)
		return sp80090b_refuse(ret, "fewer than 3 symbols");
	while (!way->usable())
		way++;
	r = way->run(d, &g);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, d->alphabet, ret);
	return 0;
}
