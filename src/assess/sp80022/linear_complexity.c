/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>

#include "assess/sp80022/berlekamp_massey.h"
#include "assess/sp80022/test.h"

#define CLASSES 7

/* 3.10. */
static const double exact[CLASSES] = { 1.0 / 96, 1.0 / 32, 1.0 / 8, 1.0 / 2,
				       1.0 / 4,  1.0 / 16, 1.0 / 48 };
/* Appendix B and every STS have a slip of the pen in the first, 0.010417. */
static const double printed[CLASSES] = { 0.01047, 0.03125, 0.125,   0.5,
					 0.25,    0.0625,  0.020833 };

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 1000000; /* 2.10.7 */
}

static size_t need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	(void)n_bits;
	return p->linear_complexity_bits <= BM_BITS_MAX ?
		       bm_need_bytes(p->linear_complexity_bits) :
		       0;
}

/* 2.10.4 (4) and (5): the class of T = (-1)^M (L - mu) + 2/9. */
static unsigned class_of(unsigned length, unsigned m, double mean)
{
	double off = (double)length - mean;
	double t = (m % 2 == 0 ? off : -off) + 2.0 / 9;
	double above = ceil(t + 2.5);

	return above < 0           ? 0 :
	       above > CLASSES - 1 ? CLASSES - 1 :
				     (unsigned)above;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned m = p->linear_complexity_bits;
	size_t blocks = m > 0 ? b->n_bits / m : 0;
	uint64_t v[CLASSES] = { 0 };
	double mean;

	if (blocks == 0 || m > BM_BITS_MAX)
		return -EINVAL;
	mean = m / 2.0 + (m % 2 == 0 ? 8 : 10) / 36.0 -
	       (m / 3.0 + 2.0 / 9) * exp2(-(double)m);
	for (size_t i = 0; i < blocks; i += BM_LANES) {
		size_t left = blocks - i;
		unsigned count = left < BM_LANES ? (unsigned)left : BM_LANES;
		unsigned lengths[BM_LANES];

		bm_lengths(b, i * m, m, count, work, lengths);
		for (unsigned k = 0; k < count; k++)
			v[class_of(lengths[k], m, mean)]++;
	}
	sp80022_classes(ret,
			&(struct sp80022_blocks){
				m, blocks, v,
				p->tables == SP80022_EXACT ? exact : printed,
				CLASSES });
	return 0;
}

/* SP 800-22 rev 1a, 2.10. */
const struct sp80022_test sp80022_linear_complexity = {
	.name = "linear-complexity",
	.section = "2.10",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = need_bytes,
	.run = run,
};
