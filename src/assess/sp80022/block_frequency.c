/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/test.h"
#include "base/bytes.h"

static size_t least_bits(const struct sp80022_params *p)
{
	/* 2.2.7 asks for 100 bits; without one block there is no statistic. */
	return p->block_frequency_bits > 100 ? p->block_frequency_bits : 100;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	size_t m = p->block_frequency_bits;
	size_t blocks = m > 0 ? b->n_bits / m : 0;
	double sum = 0;

	(void)work;
	if (blocks == 0)
		return -EINVAL;
	for (size_t i = 0; i < blocks; i++) {
		double off = (double)bits_ones(b, i * m, m) / (double)m - 0.5;

		sum += off * off;
	}
	sp80022_begin(ret);
	sp80022_note(ret, "M", (double)m);
	sp80022_note(ret, "N", (double)blocks);
	sp80022_note(ret, "chi2", 4 * (double)m * sum);
	sp80022_p(ret, math_igamc((double)blocks / 2, 2 * (double)m * sum));
	return 0;
}

/* SP 800-22 rev 1a, 2.2. */
const struct sp80022_test sp80022_block_frequency = {
	.name = "block-frequency",
	.section = "2.2",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
};
