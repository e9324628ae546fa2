/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/iid_runs.h"
#include "assess/sp80090b/iid_statistics.h"

typedef uint8_t bytes16 __attribute__((vector_size(16)));

static const unsigned lags[5] = { 1, 2, 8, 16, 32 };

/* The values between two looks at how far the sum may have strayed. */
#define STRETCH 64

/*
 * 5.1.1. n times the distance from the mean's line is a whole number. A stretch
 * that rises by at most `up` a value and falls by at most `down` exceeds its
 * farther end by no more than length * up * down / (up + down), so nearly all
 * are skipped.
 */
static double excursion(const struct iid_series *s, const uint8_t *v)
{
	int64_t n = (int64_t)s->n, sum = (int64_t)s->sum, at = 0, most = 0;
	int64_t up = s->top * n - sum, down = sum - s->bottom * n;
	int64_t reach = (int64_t)((double)STRETCH * (double)up * (double)down /
				  (double)(up + down)) +
			STRETCH;

	for (uint64_t i = 0; i < s->n; i += STRETCH) {
		uint64_t left = s->n - i;
		unsigned m = left < STRETCH ? (unsigned)left : STRETCH;
		unsigned part = 0;
		int64_t d = at, far;

		for (unsigned k = 0; k < m; k++)
			part += v[i + k];
		at += n * part - m * sum;
		far = llabs(d) > llabs(at) ? llabs(d) : llabs(at);
		for (unsigned k = 0; far + reach > most && k < m; k++) {
			d += n * v[i + k] - sum;
			most = llabs(d) > most ? llabs(d) : most;
		}
	}
	return (double)most / (double)n * s->step;
}

/* a >= b ? yes : no, for what cannot be guessed: without a branch. */
static inline uint32_t if_not_below(uint32_t a, uint32_t b, uint32_t yes,
				    uint32_t no)
{
#ifdef __clang__
	return __builtin_unpredictable(a >= b) ? yes : no;
#else
	/* The compiler is not to see a comparison that it has made before. */
	__asm__("" : "+r"(a));
	return a >= b ? yes : no;
#endif
}

/*
 * 5.1.7 and 5.1.8: samples until one has been there, then anew. That a stretch
 * is the longest so far is rare; that it ends is not.
 */
static inline __attribute__((always_inline)) void collisions(
	const uint8_t *v, uint64_t n, bool longest_wanted, double *ret)
{
	uint32_t last[SAMPLE_VALUES] = { 0 }; /* where, plus 1 */
	uint32_t first = 1, longest = 0, count = 0, end = (uint32_t)n;

	for (uint32_t i = 1; i <= end; i++) {
		uint8_t x = *v++;
		uint32_t seen = last[x], ends = seen >= first;

		last[x] = i;
		count += ends;
		if (longest_wanted && i - first >= longest)
			longest += ends * (i - first + 1 - longest);
		first = if_not_below(seen, first, i + 1, first);
	}
	ret[IID_COLLISION_AVERAGE] = count == 0 ? 0 :
						  (double)(first - 1) / count;
	if (longest_wanted)
		ret[IID_COLLISION_MAXIMUM] = longest;
}

/* 5.1.9: how often a value comes back after a lag. */
static double periodicity(const uint8_t *v, uint64_t n, unsigned lag)
{
	const uint8_t *w = v + lag;
	uint64_t i = 0, count = 0;

	if (n <= lag)
		return 0;
	n -= lag;
	while (i + 16 <= n) {
		bytes16 x, y, equal = { 0 };
		uint64_t part = 0;

		for (unsigned k = 0; k < 255 && i + 16 <= n; k++, i += 16) {
			memcpy(&x, v + i, sizeof x);
			memcpy(&y, w + i, sizeof y);
			equal -= (bytes16)(x == y);
		}
		for (unsigned k = 0; k < 16; k++)
			part += equal[k];
		count += part;
	}
	for (; i < n; i++)
		count += v[i] == w[i];
	return (double)count;
}

/* 5.1.10: the sum of products; parts of it fit 32 bits. */
static double covariance(const uint8_t *v, uint64_t n, unsigned lag)
{
	uint64_t sum = 0;

	if (n <= lag)
		return 0;
	n -= lag;
	for (uint64_t i = 0; i < n; i += 1 << 15) {
		uint64_t left = n - i;
		uint32_t m = left < 1 << 15 ? (uint32_t)left : 1 << 15;
		const uint8_t *a = v + i, *b = a + lag;
		int32_t part = 0;

		for (uint32_t k = 0; k < m; k++)
			part += (int16_t)a[k] * (int16_t)b[k];
		sum += (uint32_t)part;
	}
	return (double)sum;
}

static inline bool wants(uint32_t wanted, enum iid_id first, enum iid_id last)
{
	return (wanted >> first & ((2u << (last - first)) - 1)) != 0;
}

/* 5.1.2 to 5.1.4, on conversion I where binary. */
static void directional(const uint8_t *v, uint64_t n, uint32_t wanted,
			uint64_t *mask, double *ret)
{
	uint64_t signs = n == 0 ? 0 : n - 1, up;

	iid_signs(v, v + 1, signs, mask);
	if (wants(wanted, IID_DIRECTIONAL_RUNS, IID_DIRECTIONAL_RUNS))
		ret[IID_DIRECTIONAL_RUNS] = (double)iid_sign_runs(mask, signs);
	if (wants(wanted, IID_DIRECTIONAL_LENGTH, IID_DIRECTIONAL_LENGTH))
		ret[IID_DIRECTIONAL_LENGTH] = (double)iid_sign_longest(mask,
								       signs);
	up = iid_sign_count(mask, signs);
	ret[IID_INCREASES] = (double)(up > signs - up ? up : signs - up);
}

/*
 * The bits of each group of eight, and how many ones; the last may be short.
 * Conversion II has them the other way round, which no statistic notices.
 */
static void convert(const uint64_t *mask, uint64_t groups, uint8_t *packed,
		    uint8_t *converted)
{
	for (uint64_t i = 0; i < groups; i += 8) {
		uint64_t x = mask[i / 8], left = groups - i;
		uint64_t ones = x - (x >> 1 & UINT64_C(0x5555555555555555));

		ones = (ones & UINT64_C(0x3333333333333333)) +
		       (ones >> 2 & UINT64_C(0x3333333333333333));
		ones = (ones + (ones >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
		for (unsigned k = 0; k < 8 && k < left; k++) {
			packed[i + k] = (uint8_t)(x >> 8 * k);
			converted[i + k] = (uint8_t)(ones >> 8 * k);
		}
	}
}

static void by_lag(const uint8_t *v, uint64_t n, uint32_t wanted, double *ret)
{
	for (unsigned k = 0; k < 5; k++) {
		if (wanted >> (IID_PERIODICITY_1 + k) & 1)
			ret[IID_PERIODICITY_1 + k] = periodicity(v, n, lags[k]);
		if (wanted >> (IID_COVARIANCE_1 + k) & 1)
			ret[IID_COVARIANCE_1 + k] = covariance(v, n, lags[k]);
	}
}

int iid_statistics(const struct iid_series *s, const uint8_t *v, uint32_t wanted,
		   struct iid_scratch *w, double ret[IID_STATISTICS])
{
	const uint8_t *one = v, *two = v; /* as 5.1's conversions leave them */
	uint64_t n = s->n, length;

	if (wants(wanted, IID_EXCURSION, IID_EXCURSION))
		ret[IID_EXCURSION] = excursion(s, v);
	if (wants(wanted, IID_MEDIAN_RUNS, IID_MEDIAN_LENGTH) || s->binary)
		iid_signs_from(v, s->threshold, n, w->mask);
	if (wants(wanted, IID_MEDIAN_RUNS, IID_MEDIAN_RUNS))
		ret[IID_MEDIAN_RUNS] = (double)iid_sign_runs(w->mask, n);
	if (wants(wanted, IID_MEDIAN_LENGTH, IID_MEDIAN_LENGTH))
		ret[IID_MEDIAN_LENGTH] = (double)iid_sign_longest(w->mask, n);
	if (s->binary) {
		n = (n + 7) / 8;
		convert(w->mask, n, w->packed, w->converted);
		one = w->converted;
		two = w->packed;
	}
	if (wants(wanted, IID_DIRECTIONAL_RUNS, IID_INCREASES))
		directional(one, n, wanted, w->mask, ret);
	if (wants(wanted, IID_COLLISION_MAXIMUM, IID_COLLISION_MAXIMUM))
		collisions(two, n, true, ret);
	else if (wants(wanted, IID_COLLISION_AVERAGE, IID_COLLISION_AVERAGE))
		collisions(two, n, false, ret);
	by_lag(one, n, wanted, ret);
	if (!wants(wanted, IID_COMPRESSION, IID_COMPRESSION))
		return 0;
	if (iid_text_bytes(&s->text, v, &w->text, &length) < 0)
		return -ENOMEM;
	ret[IID_COMPRESSION] = (double)length;
	return 0;
}

uint8_t iid_ranked(const struct sample_alphabet *a, uint64_t index)
{
	uint64_t below = 0;
	unsigned v = 0;

	while (below + a->counts[v] <= index)
		below += a->counts[v++];
	return (uint8_t)v;
}

void iid_series_init(struct iid_series *q, const struct samples *s,
		     const struct sample_alphabet *a)
{
	uint8_t value_of[SAMPLE_VALUES] = { 0 };

	memset(q, 0, sizeof *q);
	q->n = s->n;
	q->binary = a->count == 2;
	q->step = q->binary ? a->top - iid_ranked(a, 0) : 1u;
	q->top = q->binary ? 1 : (uint8_t)a->top;
	q->bottom = q->binary ? 0 : iid_ranked(a, 0);
	q->threshold = q->binary ? 1 : iid_ranked(a, q->n / 2);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		unsigned as = q->binary ? a->rank[v] : v;

		if (a->counts[v] == 0)
			continue;
		q->count[as] = a->counts[v];
		value_of[as] = (uint8_t)v;
		q->sum += a->counts[v] * as;
	}
	iid_text_init(&q->text, q->count, value_of);
}

int iid_scratch_init(struct iid_scratch *w, const struct iid_series *s)
{
	uint64_t groups = (s->n + 7) / 8;

	memset(w, 0, sizeof *w);
	w->mask = malloc((s->n + 63) / 64 * 8);
	w->converted = malloc(groups);
	w->packed = malloc(groups);
	if (w->mask == NULL || w->converted == NULL || w->packed == NULL ||
	    iid_text_work_init(&w->text, s->n) < 0) {
		iid_scratch_free(w);
		return -ENOMEM;
	}
	return 0;
}

void iid_scratch_free(struct iid_scratch *w)
{
	iid_text_work_free(&w->text);
	free(w->packed);
	free(w->converted);
	free(w->mask);
	memset(w, 0, sizeof *w);
}

uint64_t iid_scratch_need_bytes(uint64_t n)
{
	return (n + 63) / 64 * 8 + (n + 7) / 8 * 2 + iid_text_work_need_bytes(n);
}
