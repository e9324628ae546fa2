/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the estimators share, and nobody outside this directory needs. */
#ifndef AQUIFER_ASSESS_SP80090B_ESTIMATE_H
#define AQUIFER_ASSESS_SP80090B_ESTIMATE_H

#include <stdint.h>
#include <string.h>

#include "assess/sp80090b/sp80090b.h"

/* The 0.995 point of the normal distribution: 99 % two-sided confidence. */
#define SP80090B_Z 2.5758293035489004

struct sp80090b_watch;

/*
 * A sequence, as its symbols and packed: symbol i is the `width` bits from bit
 * i * width on, bit k being bit k % 8 of byte k / 8, lowest first. The order of
 * bits is only ours: every statistic taken from `packed` is about equality.
 */
struct sp80090b_data {
	const uint8_t *symbols; /* below alphabet; NULL where width is 1 */
	const uint8_t *packed;
	uint64_t packed_bytes;
	uint64_t n;
	unsigned width;               /* 1 for every binary sequence */
	unsigned alphabet;            /* at least 2 */
	struct sp80090b_watch *watch; /* NULL: neither progress nor cancel */
	double weight;                /* of this job, for the progress */
};

/* An estimator: 0 or -errno; why_not is not an error. */
typedef int sp80090b_fn(const struct sp80090b_data *d,
			struct sp80090b_estimate *ret);

sp80090b_fn sp80090b_mcv, sp80090b_collision, sp80090b_markov,
	sp80090b_compression, sp80090b_multi_mcw_bits,
	sp80090b_multi_mcw_symbols, sp80090b_lag, sp80090b_multi_mmc_bits,
	sp80090b_multi_mmc_symbols, sp80090b_lz78y_bits, sp80090b_lz78y_symbols;

/* 6.3.5 and 6.3.6 at once: ret[0] is t-tuple, ret[1] LRS. */
sp80090b_fn sp80090b_tuples;

/* To be called now and then: true where the caller asked to stop. */
bool sp80090b_tick(const struct sp80090b_data *d, double fraction_more);

static inline uint64_t sp80090b_load64(const uint8_t *at)
{
	uint64_t w;

	memcpy(&w, at, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* Bytes that may lie past the end, where zeros stand. */
static inline uint64_t sp80090b_load64_end(const struct sp80090b_data *d,
					   uint64_t byte)
{
	uint64_t w = 0;

	if (byte + 8 <= d->packed_bytes)
		return sp80090b_load64(d->packed + byte);
	for (unsigned k = 0; k < 8 && byte + k < d->packed_bytes; k++)
		w |= (uint64_t)d->packed[byte + k] << (8 * k);
	return w;
}

/* 64 bits of the packed sequence from any bit on. */
static inline uint64_t sp80090b_window(const struct sp80090b_data *d,
				       uint64_t bit)
{
	uint64_t byte = bit >> 3;
	unsigned shift = (unsigned)(bit & 7);
	uint64_t w = sp80090b_load64_end(d, byte);

	if (shift == 0)
		return w;
	w >>= shift;
	if (byte + 8 < d->packed_bytes)
		w |= (uint64_t)d->packed[byte + 8] << (64 - shift);
	return w;
}

static inline bool sp80090b_bit(const struct sp80090b_data *d, uint64_t i)
{
	return (d->packed[i >> 3] >> (i & 7)) & 1;
}

static inline void sp80090b_detail(struct sp80090b_estimate *e,
				   const char *name, double value)
{
	if (e->n_details < SP80090B_DETAILS) {
		e->detail[e->n_details].name = name;
		e->detail[e->n_details++].value = value;
	}
}

/* No estimate, and why. */
static inline int sp80090b_refuse(struct sp80090b_estimate *e, const char *why)
{
	e->h = 0;
	e->why_not = why;
	return 0;
}

/* The end of 6.3.1, 6.3.5 and 6.3.6: the upper 99 % bound of a proportion. */
long double sp80090b_upper(long double p, uint64_t n);

/* What the four predictors (6.3.7 to 6.3.10) hand over. */
struct sp80090b_guesses {
	uint64_t n; /* predictions made */
	uint64_t correct;
	uint64_t longest; /* run of correct ones */
};

/* Lag prediction for an instruction set; the first usable one is taken. */
struct sp80090b_lag_way {
	const char *name; /* NULL ends the table */
	bool (*usable)(void);
	int (*run)(const struct sp80090b_data *d, struct sp80090b_guesses *ret);
};
extern const struct sp80090b_lag_way sp80090b_lag_ways[];

/* Steps 6 to 9 of 6.3.7, the same in all four: the estimate. */
void sp80090b_predicted(const struct sp80090b_guesses *g, unsigned alphabet,
			struct sp80090b_estimate *ret);

#endif
