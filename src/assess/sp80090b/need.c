/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much memory a run asks for. Two figures a job: for data that looks
 * random, and for any data. A thread has one job at a time, so it is the
 * largest jobs that count, and what they share.
 */
#include <stdlib.h>

#include "assess/sp80090b/contexts.h"
#include "assess/sp80090b/jobs.h"
#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/tuples.h"
#include "base/bytes.h"

#define MIB (UINT64_C(1) << 20)
/* Tables of bits, stack, and what an allocator rounds up. */
#define SMALL (4 * MIB)

/*
 * Random data: an entry a position and model while there is room, nearly all of
 * them after contexts that have no other; at most half as many have some.
 */
static uint64_t mmc_random(uint64_t n)
{
	uint64_t others = min_u64(n, MMC_ENTRIES);
	struct contexts_need need = { .nodes = others * (MMC_ORDERS - 1),
				      .families = others / 2,
				      .in_table = others };

	return contexts_need_bytes(&need);
}

/* A successor in the table, or two after a context that has a family. */
static uint64_t mmc_any(uint64_t n)
{
	uint64_t all = min_u64(n, MMC_ENTRIES) * MMC_ORDERS;
	struct contexts_need need = { .nodes = all,
				      .families = all / 2,
				      .in_table = all };

	return contexts_need_bytes(&need);
}

/*
 * While there is room, each successor that never followed a context makes one
 * known at the next position. Random data: any successor after contexts of two
 * symbols, hardly ever after longer ones.
 */
static uint64_t lz78y_random(uint64_t n)
{
	uint64_t contexts = min_u64(n, LZ78Y_CONTEXTS / LZ78Y_ORDERS);
	struct contexts_need need = { .nodes = LZ78Y_CONTEXTS + LZ78Y_ORDERS,
				      .families = 2 * contexts,
				      .arrays = 2 * contexts };

	return contexts_need_bytes(&need);
}

static uint64_t lz78y_any(uint64_t n)
{
	/* An array is for more than 8 successors: 16 come with a symbol. */
	uint64_t contexts = min_u64(n * 2, LZ78Y_CONTEXTS);
	struct contexts_need need = { .nodes = LZ78Y_CONTEXTS + LZ78Y_ORDERS,
				      .families = LZ78Y_CONTEXTS,
				      .arrays = contexts };

	return contexts_need_bytes(&need);
}

static uint64_t tuples_bits_any(uint64_t n)
{
	return max_u64(tuples_windows_need_bytes(n), tuples_runs_need_bytes(n));
}

static uint64_t tuples_symbols_any(uint64_t n)
{
	return max_u64(tuples_windows_need_bytes(n),
		       tuples_symbols_need_bytes(n));
}

typedef uint64_t need_fn(uint64_t n);

/* Jobs not named here are small. */
static const struct {
	bool of_bits;
	need_fn *random, *any;
} jobs[] = {
	{ true, tuples_windows_need_bytes, tuples_bits_any },
	{ false, tuples_windows_need_bytes, tuples_symbols_any },
	{ false, mmc_random, mmc_any },
	{ false, lz78y_random, lz78y_any },
};
#define JOBS (sizeof jobs / sizeof *jobs)

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

static uint64_t need(uint64_t n, unsigned bits, unsigned threads, bool any)
{
	/* Ranks, the symbols packed, the bit string. */
	uint64_t sum = n + n + n * bits / 8, each[JOBS];

	threads = threads == 0 ? 1 : threads;
	for (size_t k = 0; k < JOBS; k++) {
		need_fn *fn = any ? jobs[k].any : jobs[k].random;

		each[k] = SMALL;
		if (jobs[k].of_bits)
			each[k] += fn(n * bits);
		else if (bits > 1)
			each[k] += fn(n);
	}
	qsort(each, JOBS, sizeof *each, by_size);
	for (unsigned k = 0; k < threads && k < 2 * SP80090B_COUNT; k++)
		sum += k < JOBS ? each[k] : SMALL;
	return sum;
}

uint64_t sp80090b_need_bytes(uint64_t n, unsigned bits, unsigned threads)
{
	return need(n, bits, threads, false);
}

uint64_t sp80090b_need_deep_bytes(uint64_t n, unsigned bits, unsigned threads)
{
	return need(n, bits, threads, true);
}
