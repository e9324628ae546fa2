/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_HEALTH_STREAMS_H
#define AQUIFER_TESTS_HEALTH_STREAMS_H

/* Deterministic symbol streams for the health tests, one fixed seed each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "health/health.h"

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t next64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint8_t next_symbol(uint64_t *state)
{
	return (uint8_t)(next64(state) >> 56);
}

static inline void start(struct health *h, uint32_t test_mbits,
			 unsigned symbol_bits)
{
	const struct health_config config = {
		.test_mbits = test_mbits,
		.symbol_bits = symbol_bits,
		.alpha_log2 = HEALTH_ALPHA_LOG2,
		.startup_symbols = HEALTH_STARTUP_SYMBOLS,
	};

	assert_int_equal(health_init(h, &config), 0);
}

static inline enum verdict feed_good(struct health *h, uint64_t *state, size_t n)
{
	enum verdict v = h->verdict;

	while (n-- > 0) {
		uint8_t symbol = next_symbol(state);

		v = health_feed(h, &symbol, 1);
	}
	return v;
}

#define STREAM_BYTES 65536

static inline void make_good(uint8_t *ret_stream, uint64_t seed)
{
	for (size_t i = 0; i < STREAM_BYTES; i++)
		ret_stream[i] = next_symbol(&seed);
}

#endif
