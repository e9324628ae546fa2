/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_REPORT_PICTURES_H
#define AQUIFER_ASSESS_REPORT_PICTURES_H

/* What the pictures of a set of samples show. Pure; threads: safe. */
#include <stddef.h>
#include <stdint.h>

#include "assess/sample.h"

#define PICTURES_LAGS 100
/* Runs of this length and longer are counted together. */
#define PICTURES_RUNS 24
/* The bit planes show this many samples, from the first. */
#define PICTURES_PLANE_COLUMNS 128
#define PICTURES_PLANE_ROWS 64
#define PICTURES_PLANE_SAMPLES (PICTURES_PLANE_COLUMNS * PICTURES_PLANE_ROWS)

struct pictures {
	uint64_t n;
	unsigned bits;
	unsigned n_values; /* 2^bits */

	uint64_t counts[SAMPLE_VALUES]; /* by symbol */

	/* Share of ones, the least significant bit first, over all samples. */
	double ones[SAMPLE_BITS_MAX];

	/*
	 * Sample autocorrelation at lags 1 .. n_lags (index 0 is lag 1): sum of
	 * (x[i] - m)(x[i + k] - m) over that of (x[i] - m)^2.
	 * No lags for a constant; n - 1 lags for fewer samples than lags.
	 */
	unsigned n_lags;
	double autocorrelation[PICTURES_LAGS];

	/*
	 * Runs of equal samples, index 0 for length 1, the last for all that
	 * are longer; beside it what independent samples with the same counts
	 * would be expected to show.
	 */
	uint64_t runs[PICTURES_RUNS];
	double runs_expected[PICTURES_RUNS];
	uint64_t longest_run;

	/* Pairs (x[i], x[i + 1]): pairs[x[i] * n_values + x[i + 1]]. */
	uint64_t *pairs;

	/* The first samples as they are, for the bit planes. */
	size_t plane_samples;
	uint8_t plane[PICTURES_PLANE_SAMPLES];
};

/*
 * pictures_make - one pass over the samples for each lag, one for the rest.
 * Returns 0; -EINVAL or -ERANGE as samples_alphabet(); -ENOMEM. ret is written
 * only on success, and then pictures_free()d.
 */
int pictures_make(const struct samples *s, struct pictures *ret);
void pictures_free(struct pictures *p);

#endif
