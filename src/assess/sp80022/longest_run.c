/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "assess/sp80022/test.h"
#include "base/bytes.h"

#define CLASSES_MAX 7
/* Chances kept: k + 3, with the longest run of a class but the last, 15. */
#define RING 32

/* 2.4.4: by length. Blocks N = n / M, as STS has it: no bit is left unused. */
static const struct layout {
	size_t least_bits;
	size_t block_bits;
	unsigned first; /* the longest run of the first class, or less */
	unsigned classes;
	/* 3.4, as printed: off by up to 0.0016 from the exact ones. */
	double printed[CLASSES_MAX];
} layouts[] = {
	{ 750000,
	  10000,
	  10,
	  7,
	  { 0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727 } },
	{ 6272, 128, 4, 6, { 0.1174, 0.2430, 0.2493, 0.1752, 0.1027, 0.1124 } },
	{ 0, 8, 1, 4, { 0.2148, 0.3672, 0.2305, 0.1875 } },
};

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 128; /* 2.4.2 */
}

/*
 * The chance that n fair bits hold no run of ones longer than k. A first longer
 * run that ends at bit i takes k + 1 ones, a zero before them, and none in the
 * i - k - 2 bits before that: f(i) = f(i-1) - 2^-(k+2) f(i-k-2).
 */
static double chance_at_most(unsigned k, size_t n)
{
	double past[RING];
	double p = 1.0 / (double)(UINT64_C(1) << (k + 2));

	for (unsigned i = 0; i < RING; i++)
		past[i] = 1;
	past[k + 1] = 1 - 2 * p;
	for (size_t i = k + 2; i <= n; i++)
		past[i % RING] = past[(i - 1) % RING] -
				 p * past[(i - k - 2) % RING];
	return past[n % RING];
}

static void exact_classes(const struct layout *l, double *ret)
{
	double below = 0;

	for (unsigned c = 0; c + 1 < l->classes; c++) {
		double up_to = chance_at_most(l->first + c, l->block_bits);

		ret[c] = up_to - below;
		below = up_to;
	}
	ret[l->classes - 1] = 1 - below;
}

/* The longest run of ones within one word. */
static unsigned longest_in_word(uint64_t x)
{
	unsigned longest = 0;

	for (; x != 0; x &= x << 1)
		longest++;
	return longest;
}

static unsigned leading_ones(uint64_t x)
{
	return x == ~UINT64_C(0) ? 64 : (unsigned)__builtin_clzll(~x);
}

static size_t longest_run(const struct bits *b, size_t from, size_t len)
{
	size_t longest = 0;
	size_t open = 0; /* ones up to here without a break */

	while (len > 0) {
		unsigned take = (unsigned)min_size(len, 64);
		/* The bits not taken are zeros below: they end a run. */
		uint64_t x = bits_window(b, from, take) << (64 - take);
		size_t lead = leading_ones(x);
		size_t inner = longest_in_word(x);

		if (open + lead > longest)
			longest = open + lead;
		if (inner > longest)
			longest = inner;
		if (lead >= take)
			open += take;
		else
			open = (size_t)__builtin_ctzll(~(x >> (64 - take)));
		from += take;
		len -= take;
	}
	return longest;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	const struct layout *l = layouts;
	uint64_t v[CLASSES_MAX] = { 0 };
	double exact[CLASSES_MAX];
	size_t blocks;

	(void)work;
	while (b->n_bits < l->least_bits)
		l++;
	blocks = b->n_bits / l->block_bits;
	if (blocks == 0)
		return -EINVAL;
	for (size_t i = 0; i < blocks; i++) {
		size_t run_bits = longest_run(b, i * l->block_bits,
					      l->block_bits);
		size_t c = run_bits > l->first ? run_bits - l->first : 0;

		v[min_size(c, l->classes - 1)]++;
	}
	exact_classes(l, exact);
	sp80022_classes(
		ret, &(struct sp80022_blocks){ (double)l->block_bits, blocks, v,
					       p->tables == SP80022_AS_PRINTED ?
						       l->printed :
						       exact,
					       l->classes });
	return 0;
}

/* SP 800-22 rev 1a, 2.4. */
const struct sp80022_test sp80022_longest_run = {
	.name = "longest-run",
	.section = "2.4",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
};
