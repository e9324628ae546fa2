/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/test.h"
#include "assess/sp80022/windows.h"

/* The template with its first bit at the top cannot overlap itself. */
static bool aperiodic(unsigned template, unsigned m)
{
	for (unsigned shift = 1; shift < m; shift++)
		if (template >> shift == (template & ((1u << (m - shift)) - 1)))
			return false;
	return true;
}

static bool length_fits(unsigned m)
{
	return m >= 2 && m <= SP80022_TEMPLATE_BITS_MAX;
}

static unsigned blocks_of(const struct sp80022_params *p)
{
	return p->non_overlapping_blocks > 0 ? p->non_overlapping_blocks : 8;
}

static unsigned p_count(const struct sp80022_params *p)
{
	unsigned m = p->non_overlapping_bits;
	unsigned n = 0;

	for (unsigned t = 0; length_fits(m) && t < 1u << m; t++)
		n += aperiodic(t, m);
	return n;
}

/*
 * 2.7.7 bounds the number of blocks only. That each is expected to hold a
 * template 5 times, the usual rule for a chi-square, is this program's own.
 */
static size_t least_bits(const struct sp80022_params *p)
{
	unsigned m = p->non_overlapping_bits;

	return length_fits(m) ? blocks_of(p) * (((size_t)5 << m) + m - 1) : 0;
}

static size_t need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	unsigned m = p->non_overlapping_bits;

	(void)n_bits;
	return length_fits(m) ? (sizeof(uint32_t) + sizeof(double)) << m : 0;
}

/*
 * After a match the search goes on behind it. An aperiodic template could not
 * have matched before that, so a plain count of all windows is the same.
 */
static void add_block(const struct bits *b, size_t from, size_t len, unsigned m,
		      double mean, uint32_t *hist, double *off2)
{
	memset(hist, 0, sizeof *hist << m);
	windows_count(b, from, len - m + 1, m, hist);
	for (unsigned t = 0; t < 1u << m; t++) {
		double off = hist[t] - mean;

		off2[t] += off * off;
	}
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned m = p->non_overlapping_bits;
	unsigned blocks = blocks_of(p);
	size_t len = b->n_bits / blocks;
	double *off2 = work;
	uint32_t *hist;
	double mean, variance;

	/* A block shorter than 2m - 1 bits has no positive variance either. */
	if (!length_fits(m) || len < 2 * m)
		return -EINVAL;
	hist = (uint32_t *)(off2 + ((size_t)1 << m));
	mean = (double)(len - m + 1) / exp2(m);
	variance = (double)len *
		   (exp2(-(double)m) - (2.0 * m - 1) * exp2(-2.0 * m));
	memset(off2, 0, sizeof *off2 << m);
	for (unsigned i = 0; i < blocks; i++)
		add_block(b, i * len, len, m, mean, hist, off2);
	sp80022_begin(ret);
	sp80022_note(ret, "M", (double)len);
	sp80022_note(ret, "N", blocks);
	sp80022_note(ret, "mu", mean);
	sp80022_note(ret, "sigma2", variance);
	for (unsigned t = 0; t < 1u << m; t++)
		if (aperiodic(t, m))
			sp80022_p(ret, math_igamc(blocks / 2.0,
						  off2[t] / variance / 2));
	return 0;
}

static void label(const struct sp80022_params *p, unsigned i, char *ret,
		  size_t cap_bytes)
{
	unsigned m = p->non_overlapping_bits;
	unsigned t = 0;

	for (; t < 1u << m; t++)
		if (aperiodic(t, m) && i-- == 0)
			break;
	if (cap_bytes == 0)
		return;
	for (unsigned j = 0; j < m && j + 1 < cap_bytes; j++)
		ret[j] = t >> (m - 1 - j) & 1 ? '1' : '0';
	ret[m < cap_bytes ? m : cap_bytes - 1] = '\0';
}

/* SP 800-22 rev 1a, 2.7: templates in ascending order. */
const struct sp80022_test sp80022_non_overlapping = {
	.name = "non-overlapping-template",
	.section = "2.7",
	.p_count = p_count,
	.least_bits = least_bits,
	.need_bytes = need_bytes,
	.run = run,
	.label = label,
};
