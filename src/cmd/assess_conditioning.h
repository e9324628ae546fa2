/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_CONDITIONING_H
#define AQUIFER_CMD_ASSESS_CONDITIONING_H

#include "assess/sp80090b/conditioning.h"
#include "assess/sp80090b/sp80090b.h"
#include "cmd/assess.h"

/* A component, and how each figure of it came about. */
struct assess_conditioned {
	struct sp80090b_conditioning in;
	struct sp80090b_conditioned out;
	bool vetted;
	const char *h_in_from;
	double h_prime; /* NAN: vetted */
	const char *h_prime_from;
	const char *outputs_short; /* NULL: there are enough */
	bool has_estimates, no_verdict;
	struct sp80090b_result estimates; /* of h' */
};

void assess_conditioning_show(struct assess_run *run, struct assess_outcome *a,
			      const struct assess_conditioned *c);

#endif
