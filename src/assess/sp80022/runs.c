/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/sp80022/test.h"

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 100; /* 2.3.7 */
}

/* One, and one for each bit that is not like the bit before it. */
static size_t count_runs(const struct bits *b)
{
	size_t runs = 1;
	size_t left = b->n_bits - 1;

	for (size_t i = 0; left > 0; i++) {
		uint64_t x = b->words[i];
		uint64_t differs = x ^ (x << 1 | b->words[i + 1] >> 63);

		if (left < 64)
			differs &= ~(~UINT64_C(0) >> left);
		runs += bits_popcount(differs);
		left -= left < 64 ? left : 64;
	}
	return runs;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	double n = (double)b->n_bits;
	double ones = (double)bits_ones(b, 0, b->n_bits) / n;
	double spread = 2 * ones * (1 - ones);
	double runs = (double)count_runs(b);

	(void)p;
	(void)work;
	sp80022_begin(ret);
	sp80022_note(ret, "pi", ones);
	sp80022_note(ret, "V_n", runs);
	/* 2.3.4 (2): only after the frequency test; the bias says it all. */
	if (fabs(ones - 0.5) >= 2 / sqrt(n)) {
		ret->why = "the ones are too many or too few (2.3.4 step 2)";
		return 0;
	}
	sp80022_p(ret, erfc(fabs(runs - n * spread) / (sqrt(2 * n) * spread)));
	return 0;
}

/* SP 800-22 rev 1a, 2.3. */
const struct sp80022_test sp80022_runs = {
	.name = "runs",
	.section = "2.3",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
};
