/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_SP80090B_ALL_H
#define AQUIFER_TESTS_ASSESS_PLAIN_SP80090B_ALL_H

/* Every estimate of the suite beside the plain one, on short sequences. */
#include "assess/sp80090b/sp80090b.h"
#include "plain_sp80090b_counts.h"

/* Plain counting of tuples takes time that grows with the cube. */
#define PLAIN_TUPLES_MAX 1000
/* And looking through tables of what was seen, with the square. */
#define PLAIN_TABLES_MAX 1000

/* NaN where the suite gives none. */
static inline void plain_estimates(const uint8_t *s, size_t n, unsigned k,
				   double ret[SP80090B_COUNT])
{
	static const unsigned windows[] = { 63, 255, 1023, 4095 };
	struct plain_guesses g;

	for (unsigned i = 0; i < SP80090B_COUNT; i++)
		ret[i] = NAN;
	ret[SP80090B_MCV] = plain_mcv(s, n);
	if (k == 2) {
		ret[SP80090B_COLLISION] = plain_collision(s, n);
		ret[SP80090B_MARKOV] = plain_markov(s, n);
	}
	if (k == 2 && n >= 6012)
		ret[SP80090B_COMPRESSION] = plain_compression(s, n, 1000);
	if (n <= PLAIN_TUPLES_MAX)
		plain_tuples(s, n, 35, &ret[SP80090B_T_TUPLE],
			     &ret[SP80090B_LRS]);
	if (n >= 4096) {
		g = plain_multi_mcw(s, n, windows, 4);
		ret[SP80090B_MULTI_MCW] = plain_predicted(&g, k);
	}
	if (n >= 3) {
		g = plain_lag(s, n, 128);
		ret[SP80090B_LAG] = plain_predicted(&g, k);
	}
	if (n >= (k == 2 ? 18 : 3) && n <= PLAIN_TABLES_MAX) {
		g = plain_multi_mmc(s, n, 16, 100000);
		ret[SP80090B_MULTI_MMC] = plain_predicted(&g, k);
	}
	if (n >= 18 && n <= PLAIN_TABLES_MAX) {
		g = plain_lz78y(s, n, 16, 65536);
		ret[SP80090B_LZ78Y] = plain_predicted(&g, k);
	}
}

/* The first estimator that differs, or SP80090B_COUNT. */
static inline unsigned plain_differs(const struct sp80090b_estimate *e,
				     const double plain[SP80090B_COUNT],
				     size_t n)
{
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		if (n > PLAIN_TUPLES_MAX &&
		    (i == SP80090B_T_TUPLE || i == SP80090B_LRS))
			continue;
		if (n > PLAIN_TABLES_MAX &&
		    (i == SP80090B_MULTI_MMC || i == SP80090B_LZ78Y))
			continue;
		if ((e[i].why_not != NULL) != (isnan(plain[i]) != 0))
			return i;
		/* Where p is near 1/2 or 1, rounding counts by its root. */
		if (e[i].why_not == NULL && !(fabs(e[i].h - plain[i]) < 1e-6))
			return i;
	}
	return SP80090B_COUNT;
}

/* The symbols mapped down, and the bit string: first bit highest. */
static inline unsigned plain_map_down(const uint8_t *s, size_t n, uint8_t *ret)
{
	unsigned rank[256] = { 0 }, k = 0;

	for (size_t i = 0; i < n; i++)
		rank[s[i]] = 1;
	for (unsigned v = 0; v < 256; v++)
		rank[v] = rank[v] ? k++ : 0;
	for (size_t i = 0; i < n; i++)
		ret[i] = (uint8_t)rank[s[i]];
	return k;
}

static inline void plain_bits(const uint8_t *s, size_t n, unsigned width,
			      uint8_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		for (unsigned b = width; b-- > 0;)
			*ret++ = s[i] >> b & 1;
	}
}

#endif
