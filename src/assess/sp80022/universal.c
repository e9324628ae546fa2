/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "assess/sp80022/test.h"
#include "base/bytes.h"

/* With L = 1 the factor c of sigma is negative. */
#define L_MIN 2
#define L_MAX 16
/* Distances up to this many times 2^L are counted, longer ones added up. */
#define COUNTED 32

/* 2.9.4: expected value and variance of one distance's logarithm, by L. */
static const struct {
	double mean, variance;
} expected[L_MAX + 1] = {
	{ 0, 0 },
	{ 0.7326495, 0.690 },
	{ 1.5374383, 1.338 },
	{ 2.4016068, 1.901 },
	{ 3.3112247, 2.358 },
	{ 4.2534266, 2.705 },
	{ 5.2177052, 2.954 },
	{ 6.1962507, 3.125 },
	{ 7.1836656, 3.238 },
	{ 8.1764248, 3.311 },
	{ 9.1723243, 3.356 },
	{ 10.170032, 3.384 },
	{ 11.168765, 3.401 },
	{ 12.168070, 3.410 },
	{ 13.167693, 3.416 },
	{ 14.167488, 3.419 },
	{ 15.167379, 3.421 },
};

/* 2.9.7: the longest L with n >= 1010 * 2^L * L; 0 where not even 6 is. */
static unsigned block_bits(size_t n_bits, const struct sp80022_params *p)
{
	unsigned l = L_MAX;

	if (p->universal_bits > 0)
		return p->universal_bits;
	while (l >= 6 && n_bits < ((size_t)1010 << l) * l)
		l--;
	return l >= 6 ? l : 0;
}

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 387840; /* 2.9.7 */
}

static size_t need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	unsigned l = block_bits(n_bits, p);

	if (l < L_MIN || l > L_MAX)
		return 0;
	return ((size_t)(COUNTED + 1) * sizeof(uint32_t)) << l;
}

struct distances {
	uint32_t *last;  /* by value: the block it was last seen at, or 0 */
	uint32_t *count; /* by distance, below limit */
	uint32_t limit;
	double long_sum; /* of the logarithms of longer distances */
};

static void count_distances(const struct bits *b, unsigned l, uint32_t q,
			    uint32_t k, struct distances *d)
{
	for (uint32_t i = 1; i <= q; i++)
		d->last[bits_window(b, (size_t)(i - 1) * l, l)] = i;
	for (uint32_t i = q + 1; i <= q + k; i++) {
		uint64_t value = bits_window(b, (size_t)(i - 1) * l, l);
		uint32_t distance = i - d->last[value];

		d->last[value] = i;
		if (distance < d->limit)
			d->count[distance]++;
		else
			d->long_sum += log2(distance);
	}
}

static double mean_log(const struct distances *d, uint32_t k)
{
	double sum = d->long_sum;

	for (uint32_t i = 1; i < d->limit; i++)
		if (d->count[i] > 0)
			sum += d->count[i] * log2(i);
	return sum / k;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned l = block_bits(b->n_bits, p);
	struct distances d;
	double c, sigma, f;
	size_t q, k;

	if (l < L_MIN || l > L_MAX)
		return -EINVAL;
	q = p->universal_first_blocks > 0 ? p->universal_first_blocks :
					    (size_t)10 << l;
	if (b->n_bits / l <= q || b->n_bits / l > UINT32_MAX)
		return -EINVAL;
	k = b->n_bits / l - q;
	/* 2.9.2 wants them all and says "about 1000 * 2^L"; STS takes that. */
	if (p->tables == SP80022_STS)
		k = min_size(k, (size_t)1000 << l);
	memset(work, 0, need_bytes(b->n_bits, p));
	d = (struct distances){
		.last = work,
		.count = (uint32_t *)work + ((size_t)1 << l),
		.limit = (uint32_t)COUNTED << l,
	};
	count_distances(b, l, (uint32_t)q, (uint32_t)k, &d);
	f = mean_log(&d, (uint32_t)k);
	c = 0.7 - 0.8 / l + (4 + 32.0 / l) * pow((double)k, -3.0 / l) / 15;
	sigma = c * sqrt(expected[l].variance / (double)k);
	sp80022_begin(ret);
	sp80022_note(ret, "L", l);
	sp80022_note(ret, "Q", (double)q);
	sp80022_note(ret, "K", (double)k);
	sp80022_note(ret, "f_n", f);
	sp80022_note(ret, "sigma", sigma);
	sp80022_p(ret, erfc(fabs(f - expected[l].mean) / (M_SQRT2 * sigma)));
	return 0;
}

/* SP 800-22 rev 1a, 2.9. */
const struct sp80022_test sp80022_universal = {
	.name = "universal",
	.section = "2.9",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = need_bytes,
	.run = run,
};
