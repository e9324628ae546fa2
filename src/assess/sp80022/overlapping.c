/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "assess/sp80022/test.h"

#define CLASSES 6 /* 2.8.4: 0 to 4 occurrences, and 5 or more */
#define TEMPLATE_MAX 16

static size_t block_bits(const struct sp80022_params *p)
{
	return p->overlapping_block_bits > 0 ? p->overlapping_block_bits : 1032;
}

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 1000000; /* 2.8.7 */
}

/*
 * The chance of 0, 1, ... occurrences of m ones among len fair bits, counted
 * with overlaps: the walk of (occurrences, ones at the end) bit by bit. Hamano
 * and Kaneko (2007) showed that the values of the 2001 text were wrong; these
 * are theirs for m = 9, len = 1032, and right for any other two.
 */
static void class_chances(unsigned m, size_t len, double *ret)
{
	double now[CLASSES][TEMPLATE_MAX] = { { 1 } };

	for (size_t i = 0; i < len; i++) {
		double next[CLASSES][TEMPLATE_MAX] = { { 0 } };

		for (unsigned c = 0; c < CLASSES; c++) {
			unsigned hit = c + 1 < CLASSES ? c + 1 : c;

			for (unsigned r = 0; r + 1 < m; r++) {
				next[c][0] += now[c][r] / 2;
				next[c][r + 1] += now[c][r] / 2;
			}
			next[c][0] += now[c][m - 1] / 2;
			next[hit][m - 1] += now[c][m - 1] / 2;
		}
		memcpy(now, next, sizeof now);
	}
	for (unsigned c = 0; c < CLASSES; c++) {
		ret[c] = 0;
		for (unsigned r = 0; r < m; r++)
			ret[c] += now[c][r];
	}
}

/*
 * 3.8: the limit that a compound Poisson law gives, eta = lambda / 2. What
 * appendix B and 2.8.8 were computed with.
 */
static void limit_chances(unsigned m, size_t len, double *ret)
{
	double eta = (double)(len - m + 1) / exp2(m) / 2;
	double left = 1;

	ret[0] = exp(-eta);
	left -= ret[0];
	for (unsigned u = 1; u + 1 < CLASSES; u++) {
		double binomial = 1; /* C(u - 1, l - 1) */
		double power = eta;  /* eta^l / l! */

		ret[u] = 0;
		for (unsigned l = 1; l <= u; l++) {
			ret[u] += binomial * power;
			binomial *= (double)(u - l) / l;
			power *= eta / (l + 1);
		}
		ret[u] *= exp(-eta) / exp2(u);
		left -= ret[u];
	}
	ret[CLASSES - 1] = left;
}

/* Among the 64 windows that begin at bit from, those of m ones. */
static uint64_t all_ones_from(const struct bits *b, size_t from, unsigned m)
{
	uint64_t high = bits_window64(b, from);
	/* What lies behind the stream is read as zeros. */
	uint64_t low = from + 64 < b->n_bits ? bits_window64(b, from + 64) : 0;

	for (unsigned have = 1; have < m;) {
		unsigned step = have < m - have ? have : m - have;

		high &= high << step | low >> (64 - step);
		low &= low << step;
		have += step;
	}
	return high;
}

static size_t occurrences(const struct bits *b, size_t from, size_t len,
			  unsigned m)
{
	size_t windows = len - m + 1;
	size_t n = 0;

	for (size_t i = 0; i < windows; i += 64) {
		uint64_t hits = all_ones_from(b, from + i, m);

		if (windows - i < 64)
			hits &= ~(~UINT64_C(0) >> (windows - i));
		n += bits_popcount(hits);
	}
	return n;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned m = p->overlapping_bits;
	size_t len = block_bits(p);
	size_t blocks = b->n_bits / len;
	uint64_t v[CLASSES] = { 0 };
	double chances[CLASSES];

	(void)work;
	if (m < 2 || m > TEMPLATE_MAX || len < m || blocks == 0)
		return -EINVAL;
	for (size_t i = 0; i < blocks; i++) {
		size_t n = occurrences(b, i * len, len, m);

		v[n < CLASSES ? n : CLASSES - 1]++;
	}
	if (p->tables == SP80022_AS_PRINTED)
		limit_chances(m, len, chances);
	else
		class_chances(m, len, chances);
	sp80022_classes(ret, &(struct sp80022_blocks){ (double)len, blocks, v,
						       chances, CLASSES });
	return 0;
}

/* SP 800-22 rev 1a, 2.8: the template is m ones. */
const struct sp80022_test sp80022_overlapping = {
	.name = "overlapping-template",
	.section = "2.8",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
};
