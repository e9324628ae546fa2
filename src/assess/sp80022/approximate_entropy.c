/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/test.h"
#include "assess/sp80022/windows.h"

static bool length_fits(const struct sp80022_params *p)
{
	return p->approximate_entropy_bits >= 1 &&
	       p->approximate_entropy_bits < WINDOWS_BITS_MAX;
}

/* 2.12.7: m < floor(log2 n) - 5. */
static size_t least_bits(const struct sp80022_params *p)
{
	return length_fits(p) ? (size_t)1 << (p->approximate_entropy_bits + 6) :
				0;
}

static size_t need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	(void)n_bits;
	return length_fits(p) ?
		       sizeof(uint32_t) << (p->approximate_entropy_bits + 1) :
		       0;
}

/* Sum of (C / n) ln (C / n) over the windows that occur. */
static double phi(const uint32_t *hist, unsigned len, double n)
{
	double sum = 0;

	for (size_t i = 0; i < (size_t)1 << len; i++)
		if (hist[i] > 0)
			sum += hist[i] * log(hist[i] / n);
	return sum / n;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned m = p->approximate_entropy_bits;
	uint32_t *hist = work;
	double n = (double)b->n_bits;
	double longer, shorter, chi2;

	if (!length_fits(p) || b->n_bits == 0 || b->n_bits > UINT32_MAX)
		return -EINVAL;
	memset(hist, 0, need_bytes(b->n_bits, p));
	windows_count_cyclic(b, m + 1, hist);
	longer = phi(hist, m + 1, n);
	windows_fold(hist, m + 1);
	shorter = phi(hist, m, n);
	chi2 = 2 * n * (M_LN2 - (shorter - longer));
	sp80022_begin(ret);
	sp80022_note(ret, "phi m", shorter);
	sp80022_note(ret, "phi m+1", longer);
	sp80022_note(ret, "ApEn", shorter - longer);
	sp80022_note(ret, "chi2", chi2);
	sp80022_p(ret, math_igamc(exp2(m - 1.0), chi2 / 2));
	return 0;
}

/* SP 800-22 rev 1a, 2.12. */
const struct sp80022_test sp80022_approximate_entropy = {
	.name = "approximate-entropy",
	.section = "2.12",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = need_bytes,
	.run = run,
};
