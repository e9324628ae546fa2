/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fftw3.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "assess/sp80022/test.h"

/* Only fftw_execute is safe from several threads at once. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 1000; /* 2.6.7 */
}

/* The transform is in place: n / 2 + 1 complex numbers over n real ones. */
static size_t need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	(void)p;
	return (n_bits / 2 + 1) * sizeof(fftw_complex);
}

/* A set bit is +1.0, a clear one -1.0: the sign bit is all there is to set. */
static void spread(const struct bits *b, double *x)
{
	for (size_t i = 0; i < b->n_bits; i += 64) {
		uint64_t clear = ~b->words[i / 64];
		size_t len = b->n_bits - i < 64 ? b->n_bits - i : 64;
		uint64_t one[64];

		for (unsigned j = 0; j < 64; j++)
			one[j] = UINT64_C(0x3ff0000000000000) |
				 (clear >> (63 - j) & 1) << 63;
		memcpy(x + i, one, len * sizeof *x);
	}
}

/*
 * FFTW_ESTIMATE takes no times: the same plan, and so the same rounding, in
 * every run on one kind of CPU.
 */
static int transform(double *x, size_t n)
{
	fftw_plan plan;

	(void)pthread_mutex_lock(&planner);
	plan = fftw_plan_dft_r2c_1d((int)n, x, (fftw_complex *)x, FFTW_ESTIMATE);
	(void)pthread_mutex_unlock(&planner);
	if (!plan)
		return -ENOMEM;
	fftw_execute(plan);
	(void)pthread_mutex_lock(&planner);
	fftw_destroy_plan(plan);
	(void)pthread_mutex_unlock(&planner);
	return 0;
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	double *x = work;
	size_t half = b->n_bits / 2;
	double n = (double)b->n_bits;
	/* 2.6.4 (4): T^2. Moduli are compared squared, as exact as they are. */
	double limit = n * log(1 / 0.05);
	double expected = 0.95 * n / 2;
	size_t below = 0;
	double d;
	int r;

	(void)p;
	if (b->n_bits < 2 || b->n_bits > INT_MAX)
		return -EINVAL;
	/* With FFTW_ESTIMATE making the plan leaves the array alone. */
	spread(b, x);
	r = transform(x, b->n_bits);
	if (r < 0)
		return r;
	for (size_t i = 0; i < half; i++)
		below += x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1] <
			 limit;
	d = ((double)below - expected) / sqrt(n * 0.95 * 0.05 / 4);
	sp80022_begin(ret);
	sp80022_note(ret, "N_0", expected);
	sp80022_note(ret, "N_1", (double)below);
	sp80022_note(ret, "d", d);
	sp80022_p(ret, erfc(fabs(d) * M_SQRT1_2));
	return 0;
}

/* SP 800-22 rev 1a, 2.6: with its corrected threshold and variance. */
const struct sp80022_test sp80022_dft = {
	.name = "dft",
	.section = "2.6",
	.p_count = sp80022_one_p,
	.least_bits = least_bits,
	.need_bytes = need_bytes,
	.run = run,
};
