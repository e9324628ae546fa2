/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Most common value, SP 800-90B 6.3.1. */
#include <errno.h>
#include <math.h>

#include "assess/sp80090b/estimate.h"

static uint64_t mode_of_bits(const struct sp80090b_data *d)
{
	uint64_t ones = 0;

	for (uint64_t byte = 0; byte < d->packed_bytes; byte += 8)
		ones += (uint64_t)__builtin_popcountll(
			sp80090b_load64_end(d, byte));
	return ones > d->n - ones ? ones : d->n - ones;
}

static uint64_t mode_of_symbols(const struct sp80090b_data *d)
{
	struct samples s = { d->symbols, d->n, 8 };
	struct sample_alphabet a;
	uint64_t mode = 0;

	if (samples_alphabet(&s, &a, NULL) < 0)
		return 0;
	for (unsigned v = 0; v < d->alphabet; v++)
		mode = a.counts[v] > mode ? a.counts[v] : mode;
	return mode;
}

int sp80090b_mcv(const struct sp80090b_data *d, struct sp80090b_estimate *ret)
{
	uint64_t mode;
	double n = (double)d->n, p, p_upper;

	if (d->n < 2)
		return sp80090b_refuse(ret, "fewer than 2 symbols");
	mode = d->width == 1 ? mode_of_bits(d) : mode_of_symbols(d);
	p = (double)mode / n;
	p_upper = fmin(1, p + SP80090B_Z * sqrt(p * (1 - p) / (n - 1)));
	sp80090b_detail(ret, "mode count", (double)mode);
	sp80090b_detail(ret, "p-hat", p);
	sp80090b_detail(ret, "p_u", p_upper);
	ret->h = 0 - log2(p_upper);
	return 0;
}
