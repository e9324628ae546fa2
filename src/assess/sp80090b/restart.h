/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_RESTART_H
#define AQUIFER_ASSESS_SP80090B_RESTART_H

#include "assess/sp80090b/sp80090b.h"

/* 3.1.4.1: as many samples from each of as many restarts, one a row. */
#define SP80090B_RESTARTS 1000
#define SP80090B_RESTART_SAMPLES ((size_t)SP80090B_RESTARTS * SP80090B_RESTARTS)

/* 3.1.4.3: one of the 2000 rows and columns fails a good source so often. */
#define SP80090B_RESTART_ALPHA 0.000005

/*
 * The sanity check: how often the most common value of a row or column occurs
 * where each value has probability 2^-h_initial at most.
 *
 * The text compares with a binomial, which is the count of one value chosen
 * beforehand; the most common of several is larger, and near full entropy good
 * data fails. NIST's program takes the count of the most common value instead,
 * of as many values as can be as likely as that, by simulation. `cutoff` is of
 * the same distribution, but computed: it depends on nothing else.
 */
struct sp80090b_restart_sanity {
	unsigned most_in_row, most_in_column, most; /* X_R, X_C, X_max */
	unsigned cutoff;      /* the largest count that passes */
	unsigned text_cutoff; /* the same after the text */
	bool passes, passes_text;
};

struct sp80090b_restart_result {
	double h_initial;
	struct sp80090b_restart_sanity sanity;
	/* On the symbols alone, as NIST's program does; no bit strings. */
	struct sp80090b_result rows, columns;
	double h_row, h_column; /* bits a sample */
	bool validates;         /* min(h_row, h_column) >= h_initial / 2 */
	bool passes;            /* that, and the sanity check */
	double h_validated;     /* min(h_row, h_column, h_initial) */
};

/*
 * The largest count of the most common of `n` values that has a chance of
 * alpha at least to be reached, each value having probability p at most: by
 * the distribution of the most common value, and by the binomial. 0 < p <= 1.
 * The first returns -ENOMEM too.
 */
int sp80090b_restart_cutoff(unsigned n, double p, double alpha,
			    unsigned *ret_cutoff);
unsigned sp80090b_restart_text_cutoff(unsigned n, double p, double alpha);

/*
 * sp80090b_restart - 3.1.4 on a row dataset, row after row.
 * h_initial: the initial entropy estimate H_I, bits a sample.
 * Returns what sp80090b_run() does; -EINVAL also where there are not
 * SP80090B_RESTART_SAMPLES samples, or not 0 < h_initial <= bits.
 */
int sp80090b_restart(const struct samples *s, double h_initial,
		     const struct sp80090b_options *o,
		     struct sp80090b_restart_result *ret);

#endif
