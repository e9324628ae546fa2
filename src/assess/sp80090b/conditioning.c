/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entropy after conditioning, SP 800-90B 3.1.5. The text's powers of two leave
 * every floating-point range; divided by 2^-n, with n the narrowest width, what
 * is left does not, and the logarithms are of one plus something small.
 */
#include <errno.h>
#include <math.h>

#include "assess/sp80090b/conditioning.h"

#define LN2 0.693147180559945309417232121458176568L

/* 2^-x, and 1 - 2^-x without cancellation. */
static long double power(long double x)
{
	return exp2l(-x);
}

static long double one_less_power(long double x)
{
	return -expm1l(-x * LN2);
}

static long double log2_one_and(long double x)
{
	return log1pl(x) / LN2;
}

/*
 * c = 2^n_in P_low, just below 1, as 1 + the result: step 1,
 * P_low = (1 - 2^-h_in) / (2^n_in - 1).
 */
static long double low_beyond_one(long double h_in, long double n_in)
{
	return (power(n_in) - power(h_in)) / one_less_power(n_in);
}

/* n + log2 psi: step 3, psi = 2^(n_in - n) P_low + P_high. */
static long double psi_above(long double h_in, long double n, long double low)
{
	if (h_in >= n)
		return log2_one_and(low + power(h_in - n));
	return n - h_in + log2_one_and((1 + low) * power(n - h_in));
}

/* n + log2 omega: steps 4 and 5, the bins of a random function. */
static long double omega_above(long double n_in, long double n, long double low)
{
	long double spread = sqrtl(2 * n * LN2) * power((n_in - n) / 2);

	return log2_one_and(low) + log2_one_and(spread);
}

int sp80090b_conditioning_vetted(const struct sp80090b_conditioning *c,
				 struct sp80090b_conditioned *ret)
{
	long double n_in = c->in_bits, n = c->narrowest_bits, low, psi, omega;
	long double most;

	if (c->in_bits == 0 || c->out_bits == 0 || c->narrowest_bits == 0 ||
	    !(c->h_in > 0 && c->h_in <= (double)c->in_bits))
		return -EINVAL;
	n = fminl(fminl(n, n_in), c->out_bits);
	low = low_beyond_one(c->h_in, n_in);
	psi = psi_above(c->h_in, n, low);
	omega = omega_above(n_in, n, low);
	/* Above 1 a probability is 1: no entropy. */
	most = fminl(fmaxl(psi, omega), n);
	ret->h_psi = (double)(n - fminl(psi, n));
	ret->h_omega = (double)(n - fminl(omega, n));
	ret->output_entropy = (double)(n - most);
	ret->lacking_bits = (double)(c->out_bits - n + most);
	ret->h_out = ret->output_entropy;
	return 0;
}

int sp80090b_conditioning_other(const struct sp80090b_conditioning *c,
				double h_prime, struct sp80090b_conditioned *ret)
{
	struct sp80090b_conditioned r;
	int error = sp80090b_conditioning_vetted(c, &r);

	if (error < 0)
		return error;
	if (!(h_prime > 0 && h_prime <= 1))
		return -EINVAL;
	r.h_out = fmin(r.output_entropy,
		       fmin(0.999 * c->out_bits, h_prime * c->out_bits));
	*ret = r;
	return 0;
}
