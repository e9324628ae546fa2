/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/test.h"
#include "assess/sp80022/windows.h"

static bool length_fits(const struct sp80022_params *p)
{
	return p->serial_bits >= 2 && p->serial_bits <= WINDOWS_BITS_MAX;
}

static unsigned p_count(const struct sp80022_params *p)
{
	(void)p;
	return 2;
}

/* 2.11.7: m < floor(log2 n) - 2. */
static size_t least_bits(const struct sp80022_params *p)
{
	return length_fits(p) ? (size_t)1 << (p->serial_bits + 3) : 0;
}

static size_t need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	(void)n_bits;
	return length_fits(p) ? sizeof(uint32_t) << p->serial_bits : 0;
}

/*
 * 2^len times the sum of squared counts: n psi2 + n^2, in whole numbers, because
 * the differences are taken of what may be all but equal. Windows of no bits
 * are n equal ones, and their psi2 is 0.
 */
static __int128 scaled(const uint32_t *hist, unsigned len, uint64_t n)
{
	uint64_t sum = 0;

	if (len == 0)
		return (__int128)n * n;
	for (size_t i = 0; i < (size_t)1 << len; i++)
		sum += (uint64_t)hist[i] * hist[i];
	return (__int128)sum << len;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	unsigned m = p->serial_bits;
	uint32_t *hist = work;
	uint64_t n = b->n_bits;
	__int128 of_m, of_m1, of_m2, of_0 = (__int128)n * n;
	double first, second;

	if (!length_fits(p) || n == 0 || n > UINT32_MAX)
		return -EINVAL;
	memset(hist, 0, need_bytes(n, p));
	windows_count_cyclic(b, m, hist);
	of_m = scaled(hist, m, n);
	windows_fold(hist, m);
	of_m1 = scaled(hist, m - 1, n);
	windows_fold(hist, m - 1);
	of_m2 = scaled(hist, m - 2, n);
	first = (double)(of_m - of_m1) / (double)n;
	second = (double)(of_m - 2 * of_m1 + of_m2) / (double)n;
	sp80022_begin(ret);
	sp80022_note(ret, "psi2 m", (double)(of_m - of_0) / (double)n);
	sp80022_note(ret, "psi2 m-1", (double)(of_m1 - of_0) / (double)n);
	sp80022_note(ret, "psi2 m-2", (double)(of_m2 - of_0) / (double)n);
	sp80022_note(ret, "del psi2", first);
	sp80022_note(ret, "del2 psi2", second);
	sp80022_p(ret, math_igamc(exp2(m - 2.0), first / 2));
	sp80022_p(ret, math_igamc(exp2(m - 3.0), second / 2));
	return 0;
}

static void label(const struct sp80022_params *p, unsigned i, char *ret,
		  size_t cap_bytes)
{
	(void)p;
	(void)snprintf(ret, cap_bytes, "%s", i == 0 ? "del psi2" : "del2 psi2");
}

/* SP 800-22 rev 1a, 2.11. */
const struct sp80022_test sp80022_serial = {
	.name = "serial",
	.section = "2.11",
	.p_count = p_count,
	.least_bits = least_bits,
	.need_bytes = need_bytes,
	.run = run,
	.label = label,
};
