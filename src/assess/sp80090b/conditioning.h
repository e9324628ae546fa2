/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_CONDITIONING_H
#define AQUIFER_ASSESS_SP80090B_CONDITIONING_H

#include <stdint.h>

/* A conditioning component, as 3.1.5.1.2 describes one. */
struct sp80090b_conditioning {
	uint32_t in_bits, out_bits;
	/* The narrowest internal width; what is wider than the input is it. */
	uint32_t narrowest_bits;
	double h_in; /* bits of min-entropy in the whole input */
};

struct sp80090b_conditioned {
	double h_out; /* bits of min-entropy in the whole output */
	/* What makes it, for who wants to see. */
	double output_entropy; /* of the formula; the vetted h_out */
	double h_psi;          /* -log2 psi, step 3 */
	double h_omega;        /* -log2 omega, step 5 */
	/*
	 * out_bits - output_entropy, to all its digits even where that is lost
	 * in a double; 'full entropy' asks for a small one.
	 */
	double lacking_bits;
};

/*
 * sp80090b_conditioning_vetted - Output_Entropy of 3.1.5.1.2.
 * Returns 0; -EINVAL where a width is 0, or not 0 < h_in <= in_bits.
 */
int sp80090b_conditioning_vetted(const struct sp80090b_conditioning *c,
				 struct sp80090b_conditioned *ret);

/*
 * sp80090b_conditioning_other - 3.1.5.2, for a component that is not vetted.
 * h_prime: bits of min-entropy a bit of the output, estimated from 1,000,000
 * samples of it as a bit string; 0 < h_prime <= 1, else -EINVAL.
 */
int sp80090b_conditioning_other(const struct sp80090b_conditioning *c,
				double h_prime,
				struct sp80090b_conditioned *ret);

#endif
