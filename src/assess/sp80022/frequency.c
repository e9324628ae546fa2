/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/sp80022/test.h"

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 100; /* 2.1.7 */
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	double n = (double)b->n_bits;
	double sum = 2 * (double)bits_ones(b, 0, b->n_bits) - n;
	double s_obs = fabs(sum) / sqrt(n);

	(void)p;
	(void)work;
	sp80022_begin(ret);
	sp80022_note(ret, "S_n", sum);
	sp80022_note(ret, "s_obs", s_obs);
	sp80022_p(ret, erfc(s_obs * M_SQRT1_2));
	return 0;
}

/* SP 800-22 rev 1a, 2.1. */
const struct sp80022_test sp80022_frequency = {
	.name = "frequency",
	.section = "2.1",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
};
