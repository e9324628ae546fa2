/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_COMPARE_H
#define AQUIFER_TESTS_ASSESS_PLAIN_COMPARE_H

/* A test against its plain version, on one stream. For the tests and fuzzer. */
#include "assess/sp80022/suite.h"
#include "plain_sp80022_more.h"

/* The longest stream, in bits: the plain transform takes n^2 steps. */
#define PLAIN_BITS_MAX 2048

/* Parameters for short streams, one set a number. */
static inline struct sp80022_params plain_params(uint32_t x)
{
	struct sp80022_params p = {
		.block_frequency_bits = 1 + x % 29,
		.non_overlapping_bits = 2 + x / 2 % 4,
		.overlapping_bits = 2 + x / 3 % 3,
		.approximate_entropy_bits = 1 + x / 5 % 8,
		.serial_bits = 2 + x / 7 % 8,
		.linear_complexity_bits = 1 + x / 11 % 130,
		.tables = x / 13 % 2 ? SP80022_STS : SP80022_EXACT,
		.rank_order = 2 + x / 17 % 9,
		.non_overlapping_blocks = 1 + x / 19 % 4,
		.overlapping_block_bits = 6 + x / 23 % 9,
		.universal_bits = 2 + x / 29 % 4,
		.universal_first_blocks = 1 + x / 31 % 20,
		.excursions_least_cycles = 1,
	};

	return p;
}

/* The same p-values, or the fast one refuses: the stream is too short. */
static inline bool plain_agrees(const struct plain_test *t, const uint8_t *e,
				size_t n, const struct sp80022_params *p)
{
	static struct sp80022_result fast;
	static double slow[SP80022_P_MAX];
	struct plain plain = { e, n, p, slow };
	size_t need = t->fast->need_bytes(n, p) + SP80022_WORK_ALIGN;
	uint64_t *words = malloc(bits_words(n) * sizeof *words);
	void *work = aligned_alloc(SP80022_WORK_ALIGN,
				   need / SP80022_WORK_ALIGN *
					   SP80022_WORK_ALIGN);
	struct bits b = { words, n };
	bool same = words && work;
	unsigned count;
	int r = 0;

	if (same) {
		bits_fill_unpacked(words, e, n);
		/* A test must not rely on what is in its memory. */
		memset(work, 0xa5, need - SP80022_WORK_ALIGN);
		r = t->fast->run(&b, p, work, &fast);
	}
	if (same && r == 0) {
		count = t->plain(&plain);
		same = count == fast.p_count &&
		       (count == 0 || count == t->fast->p_count(p)) &&
		       (count > 0) == (fast.why == NULL) &&
		       fast.stats_count <= SP80022_STATS_MAX;
		for (unsigned i = 0; same && i < count; i++)
			same = fabs(slow[i] - fast.p_values[i]) < 1e-8 &&
			       fast.p_values[i] >= 0 && fast.p_values[i] <= 1;
	}
	free(words);
	free(work);
	return same;
}

#endif
