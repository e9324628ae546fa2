/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/test.h"

#define ORDER_MAX 64
#define LEAST_MATRICES 38

static unsigned order_of(const struct sp80022_params *p)
{
	return p->rank_order > 0 ? p->rank_order : 32;
}

static size_t least_bits(const struct sp80022_params *p)
{
	return (size_t)LEAST_MATRICES * order_of(p) * order_of(p); /* 2.5.7 */
}

/* Rows below a pivot lose its lowest bit; a row of zeros adds no rank. */
static unsigned rank_of(uint64_t *rows, unsigned order)
{
	unsigned rank = 0;

	for (unsigned i = 0; i < order; i++) {
		uint64_t row = rows[i];
		uint64_t pivot = row & -row;

		rank += row != 0;
		for (unsigned j = i + 1; j < order; j++)
			rows[j] ^= row & -(uint64_t)((rows[j] & pivot) != 0);
	}
	return rank;
}

/* 3.5: the chance that a random matrix of this order has this rank. */
static double chance_of(unsigned rank, unsigned order)
{
	double m = order;
	double r = rank;
	double product = 1;

	for (unsigned i = 0; i < rank; i++) {
		double part = 1 - exp2(i - m);

		product *= part * part / (1 - exp2(i - r));
	}
	return exp2(r * (2 * m - r) - m * m) * product;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned order = order_of(p);
	size_t matrix_bits = (size_t)order * order;
	size_t matrices = b->n_bits / matrix_bits;
	uint64_t v[3] = { 0 }; /* full rank, one less, the rest */
	double chance[3];
	double chi2;

	(void)work;
	if (order < 2 || order > ORDER_MAX || matrices == 0)
		return -EINVAL;
	for (size_t i = 0; i < matrices; i++) {
		uint64_t rows[ORDER_MAX];
		unsigned lost;

		for (unsigned j = 0; j < order; j++)
			rows[j] = bits_window(
				b, i * matrix_bits + (size_t)j * order, order);
		lost = order - rank_of(rows, order);
		v[lost < 2 ? lost : 2]++;
	}
	chance[0] = chance_of(order, order);
	chance[1] = chance_of(order - 1, order);
	chance[2] = 1 - chance[0] - chance[1];
	chi2 = math_chi2(v, chance, 3, (double)matrices);
	sp80022_begin(ret);
	sp80022_note(ret, "N", (double)matrices);
	sp80022_note(ret, "F_M", (double)v[0]);
	sp80022_note(ret, "F_M-1", (double)v[1]);
	sp80022_note(ret, "chi2", chi2);
	sp80022_p(ret, exp(-chi2 / 2));
	return 0;
}

/* SP 800-22 rev 1a, 2.5. */
const struct sp80022_test sp80022_rank = {
	.name = "rank",
	.section = "2.5",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
};
