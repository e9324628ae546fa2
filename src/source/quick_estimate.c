/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "source/quick_estimate.h"

#define SYMBOLS_MIN 64
#define SYMBOLS_MAX (1u << 20) /* keeps the integers below in range */
#define LAG_MAX 64
#define CONTEXTS 1024
#define DEPTH_MAX 3

static size_t most_common(const uint8_t *symbols, size_t n)
{
	size_t count[256] = { 0 }, most = 0;

	for (size_t i = 0; i < n; i++)
		if (++count[symbols[i]] > most)
			most = count[symbols[i]];
	return most;
}

static size_t lag_hits(const uint8_t *symbols, size_t n, size_t lag)
{
	size_t hits = 0;

	for (size_t i = lag; i < n; i++)
		hits += symbols[i] == symbols[i - lag];
	return hits;
}

/* A counter, whatever its stride. */
static size_t stride_hits(const uint8_t *symbols, size_t n)
{
	size_t hits = 0;

	for (size_t i = 2; i < n; i++)
		hits += symbols[i] ==
			(uint8_t)(2u * symbols[i - 1] - symbols[i - 2]);
	return hits;
}

/*
 * What followed these `depth` symbols before. A context keeps one candidate by
 * majority vote, which is the right one wherever a successor has more than half
 * the probability, the range in which a claim below one bit is decided. Two
 * contexts in one slot cost the predictor hits, so a slot is large enough.
 */
static size_t successor_hits(const uint8_t *symbols, size_t n, size_t depth)
{
	struct {
		uint8_t candidate;
		uint16_t votes;
	} slot[CONTEXTS] = { 0 };
	size_t hits = 0;

	for (size_t i = depth; i < n; i++) {
		uint32_t context = 0;
		size_t at;

		for (size_t k = 1; k <= depth; k++)
			context = context * 257 + symbols[i - k];
		at = (context * UINT32_C(2654435769)) >> 22;
		if (slot[at].votes == 0) {
			slot[at].candidate = symbols[i];
			slot[at].votes = 1;
		} else if (slot[at].candidate == symbols[i]) {
			hits++;
			if (slot[at].votes < UINT16_MAX)
				slot[at].votes++;
		} else {
			slot[at].votes--;
		}
	}
	return hits;
}

static uint64_t square_root(uint64_t v)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= v)
			root += bit;
	return root;
}

/* -1000 * log2(p / 2^32), for 0 < p <= 2^32. */
static uint32_t mbits_of(uint64_t p)
{
	uint32_t bits = 0, fraction = 0;

	while (p <= UINT64_C(1) << 31) {
		p <<= 1;
		bits++;
	}
	if (p >= UINT64_C(1) << 32)
		return bits * 1000;
	for (int i = 0; i < 14; i++) {
		p = p * p >> 32;
		fraction <<= 1;
		if (p <= UINT64_C(1) << 31) {
			fraction |= 1;
			p <<= 1;
		}
	}
	return bits * 1000 + (fraction * 1000 >> 14);
}

/*
 * The upper end of the 99 % interval, as SP 800-90B 6.3.1 step 2 has it:
 * p + 2.576 sqrt(p (1 - p) / n). With few hits the normal law says too little:
 * not below 5 hits, since 0 seen has a bound of 4.6.
 */
static uint32_t mbits_of_hits(size_t hits, size_t n)
{
	uint64_t variance = (uint64_t)hits * (n - hits) / n;
	uint64_t deviation_q10 = square_root(variance << 20);
	uint64_t bound_q10 = ((uint64_t)hits << 10) +
			     (deviation_q10 * 2576 + 999) / 1000;

	bound_q10 = max_u64(bound_q10, UINT64_C(5) << 10);
	bound_q10 = min_u64(bound_q10, (uint64_t)n << 10);
	return mbits_of((bound_q10 << 22) / n);
}

uint32_t quick_estimate_mbits(const uint8_t *symbols, size_t n)
{
	size_t hits;

	if (n < SYMBOLS_MIN)
		return 0;
	n = min_size(n, SYMBOLS_MAX);
	hits = most_common(symbols, n);
	for (size_t lag = 1; lag <= LAG_MAX && lag < n; lag++) {
		size_t h = lag_hits(symbols, n, lag);

		if (h > hits)
			hits = h;
	}
	for (size_t depth = 1; depth <= DEPTH_MAX; depth++) {
		size_t h = successor_hits(symbols, n, depth);

		if (h > hits)
			hits = h;
	}
	if (stride_hits(symbols, n) > hits)
		hits = stride_hits(symbols, n);
	return mbits_of_hits(hits, n);
}
