/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The track's order: what is cheap first. A test that rejects makes the rest
 * needless, unless all of it is asked for.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/iid_permute.h"
#include "assess/sp80090b/iid_tests.h"

const char *const iid_names[IID_STATISTICS] = {
	[IID_EXCURSION] = "excursion",
	[IID_DIRECTIONAL_RUNS] = "directional-runs",
	[IID_DIRECTIONAL_LENGTH] = "directional-length",
	[IID_INCREASES] = "increases-decreases",
	[IID_MEDIAN_RUNS] = "median-runs",
	[IID_MEDIAN_LENGTH] = "median-length",
	[IID_COLLISION_AVERAGE] = "collision-average",
	[IID_COLLISION_MAXIMUM] = "collision-maximum",
	[IID_PERIODICITY_1] = "periodicity-1",
	[IID_PERIODICITY_2] = "periodicity-2",
	[IID_PERIODICITY_8] = "periodicity-8",
	[IID_PERIODICITY_16] = "periodicity-16",
	[IID_PERIODICITY_32] = "periodicity-32",
	[IID_COVARIANCE_1] = "covariance-1",
	[IID_COVARIANCE_2] = "covariance-2",
	[IID_COVARIANCE_8] = "covariance-8",
	[IID_COVARIANCE_16] = "covariance-16",
	[IID_COVARIANCE_32] = "covariance-32",
	[IID_COMPRESSION] = "compression",
};

/* The 0.995 point of the normal distribution: 99 % two-sided confidence. */
#define IID_Z 2.5758293035489004

#define DEAR (1u << IID_COMPRESSION)

static const char needless[] = "not needed: rejected already";

/* The samples as the statistics take them, and what they share. */
struct work {
	const struct samples *s;
	const struct sample_alphabet *a;
	const struct iid_options *o;
	struct iid_series series;
	struct iid_mix mix;
	uint8_t *ranks; /* owned; only where binary */
	const uint8_t *values;
	struct iid_scratch scratch[IID_THREADS_MAX];
	uint8_t *arranged[IID_THREADS_MAX];
	unsigned n_threads;
};

/* 5.1.5: of binary samples 0.5 by definition. */
static double median(const struct sample_alphabet *a, uint64_t n)
{
	if (a->count == 2)
		return 0.5;
	return (iid_ranked(a, n / 2) + iid_ranked(a, (n - 1) / 2)) / 2.0;
}

static void work_free(struct work *w)
{
	for (unsigned k = 0; k < w->n_threads; k++) {
		free(w->arranged[k]);
		iid_scratch_free(&w->scratch[k]);
	}
	free(w->ranks);
	free(w);
}

static int work_init(struct work *w)
{
	unsigned threads = w->o->threads;

	if (threads > IID_THREADS_MAX)
		threads = IID_THREADS_MAX;
	iid_series_init(&w->series, w->s, w->a);
	iid_mix_init(&w->mix, w->series.count);
	w->values = w->s->symbols;
	if (w->series.binary) {
		w->ranks = malloc(w->s->n);
		if (w->ranks == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < w->s->n; i++)
			w->ranks[i] = w->a->rank[w->s->symbols[i]];
		w->values = w->ranks;
	}
	do {
		unsigned k = w->n_threads++;

		w->arranged[k] = malloc(w->s->n);
		if (w->arranged[k] == NULL ||
		    iid_scratch_init(&w->scratch[k], &w->series) < 0)
			return -ENOMEM;
	} while (w->n_threads < threads);
	return 0;
}

/* 6.3.1, for `most` of n. */
static double most_common(uint64_t most, uint64_t n)
{
	double p = (double)most / (double)n;

	if (n < 2)
		return 0;
	p += IID_Z * sqrt(p * (1 - p) / (double)(n - 1));
	return p < 1 ? -log2(p) : 0;
}

static void estimate(const struct sample_alphabet *a, struct iid_result *ret)
{
	uint64_t most = 0, ones = 0, bits = ret->n * ret->bits;

	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		most = a->counts[v] > most ? a->counts[v] : most;
		ones += a->counts[v] * (unsigned)__builtin_popcount(v);
	}
	ret->h_original = ret->h_assessed = most_common(most, ret->n);
	ret->h_bitstring = NAN;
	if (ret->binary || a->count < 2)
		return;
	ret->h_bitstring = most_common(ones > bits - ones ? ones : bits - ones,
				       bits);
	ret->h_assessed = fmin(ret->h_original, ret->bits * ret->h_bitstring);
}

static int additional_tests(const struct work *w, struct iid_result *ret)
{
	uint64_t length;
	int r = iid_repeat_length(w->s, w->a, &length);

	if (r < 0)
		return r;
	iid_repeat_judge(w->a, w->s->n, length, &ret->repeat);
	iid_goodness(w->s, w->a, &ret->goodness);
	return iid_independence(w->s, w->a, &ret->independence);
}

static bool rejected(const struct iid_result *r)
{
	bool failed = r->independence.outcome == IID_FAILED ||
		      r->goodness.outcome == IID_FAILED ||
		      r->repeat.outcome == IID_FAILED;

	for (unsigned k = 0; k < IID_STATISTICS; k++)
		failed |= r->permutation[k].outcome == IID_FAILED;
	return failed;
}

static void all_not_run(struct iid_result *r, const char *why)
{
	for (unsigned k = 0; k < IID_STATISTICS; k++)
		r->permutation[k].why_not = why;
}

/* The statistics of `which`, unless the samples are rejected already. */
static int rank(struct work *w, uint32_t which, struct iid_result *ret)
{
	struct iid_permuter p = { &w->series,      &w->mix,     w->o,
				  w->scratch,      w->arranged, w->n_threads,
				  ret->permutation };
	int r;

	if (rejected(ret) && !w->o->full)
		return 0;
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		if (which >> k & 1)
			ret->permutation[k].why_not = NULL;
	}
	r = iid_permute(&p, which);
	for (unsigned k = 0; r == 0 && k < IID_STATISTICS; k++) {
		struct iid_permutation *one = &ret->permutation[k];

		if ((which >> k & 1) == 0 || one->outcome != IID_NOT_RUN)
			continue;
		*one = (struct iid_permutation){ .initial = one->initial,
						 .why_not = needless };
	}
	return r;
}

static int permutation_tests(struct work *w, struct iid_result *ret)
{
	double initial[IID_STATISTICS];
	int r = iid_statistics(&w->series, w->values, IID_ALL, &w->scratch[0],
			       initial);

	if (r < 0)
		return r;
	for (unsigned k = 0; k < IID_STATISTICS; k++)
		ret->permutation[k].initial = initial[k];
	all_not_run(ret, needless);
	r = rank(w, IID_ALL & ~DEAR, ret);
	return r < 0 ? r : rank(w, DEAR, ret);
}

static int run(const struct samples *s, const struct sample_alphabet *a,
	       const struct iid_options *o, struct iid_result *ret)
{
	struct work *w = calloc(1, sizeof *w);
	int r;

	if (w == NULL)
		return -ENOMEM;
	w->s = s;
	w->a = a;
	w->o = o;
	r = work_init(w);
	if (r == 0)
		r = additional_tests(w, ret);
	if (r == 0)
		r = permutation_tests(w, ret);
	if (r == 0) {
		ret->mean = (double)w->series.sum / (double)s->n;
		if (w->series.binary)
			ret->mean = iid_ranked(a, 0) +
				    w->series.step * ret->mean;
		ret->verdict = rejected(ret) ? IID_REJECTED : IID_NOT_REJECTED;
	}
	work_free(w);
	return r;
}

/* One symbol: equal to all its permutations, and nothing to be had. */
static void constant(const struct samples *s, struct iid_result *ret)
{
	static const char why[] = "only one symbol occurs";

	all_not_run(ret, why);
	ret->independence.why_not = ret->goodness.why_not = why;
	ret->repeat.why_not = why;
	ret->mean = s->symbols[0];
}

uint64_t iid_need_bytes(uint64_t n, unsigned bits, unsigned threads)
{
	uint64_t t = threads < 1 ? 1 : threads;
	uint64_t each = n + iid_scratch_need_bytes(n);

	if (t > IID_THREADS_MAX)
		t = IID_THREADS_MAX;
	return n + sizeof(struct work) + t * each + iid_repeat_need_bytes(n) +
	       (UINT64_C(28) << 2 * bits);
}

int iid_run(const struct samples *s, const struct iid_options *o,
	    struct iid_result *ret)
{
	static const struct iid_options none = { 0, 1, false, NULL, NULL };
	struct sample_alphabet a;
	struct iid_result result;
	int r = samples_alphabet(s, &a, NULL);

	if (r < 0)
		return r;
	if (s->n > IID_SAMPLES_MAX)
		return -EFBIG;
	o = o == NULL ? &none : o;
	memset(&result, 0, sizeof result);
	result.n = s->n;
	result.seed = o->seed;
	result.bits = s->bits;
	result.alphabet = a.count;
	result.binary = a.count == 2;
	result.median = median(&a, s->n);
	estimate(&a, &result);
	if (a.count < 2)
		constant(s, &result);
	else
		r = run(s, &a, o, &result);
	if (r == 0)
		*ret = result;
	return r;
}
