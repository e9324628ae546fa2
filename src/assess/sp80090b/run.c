/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The suite: an estimator on the symbols, or on their bit string, is a job;
 * jobs share nothing they write to, so threads change no result.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "assess/sp80090b/jobs.h"

const char *const sp80090b_names[SP80090B_COUNT] = {
	[SP80090B_MCV] = "mcv",
	[SP80090B_COLLISION] = "collision",
	[SP80090B_MARKOV] = "markov",
	[SP80090B_COMPRESSION] = "compression",
	[SP80090B_T_TUPLE] = "t-tuple",
	[SP80090B_LRS] = "lrs",
	[SP80090B_MULTI_MCW] = "multi-mcw",
	[SP80090B_LAG] = "lag",
	[SP80090B_MULTI_MMC] = "multi-mmc",
	[SP80090B_LZ78Y] = "lz78y",
};

struct sp80090b_watch {
	pthread_mutex_t lock;
	const struct sp80090b_options *o;
	double done; /* of 1 */
	bool cancelled;
};

bool sp80090b_tick(const struct sp80090b_data *d, double fraction_more)
{
	struct sp80090b_watch *w = d->watch;
	bool cancelled;

	if (w == NULL)
		return false;
	(void)pthread_mutex_lock(&w->lock);
	w->done += fraction_more * d->weight;
	if (w->done > 1)
		w->done = 1;
	if (!w->cancelled && w->o->progress != NULL)
		w->cancelled = !w->o->progress(w->o->context, w->done);
	cancelled = w->cancelled;
	(void)pthread_mutex_unlock(&w->lock);
	return cancelled;
}

struct crew {
	pthread_mutex_t lock;
	struct sp80090b_job *jobs;
	unsigned n_jobs, next;
	int error;
};

static void *work(void *argument)
{
	struct crew *c = argument;

	for (;;) {
		struct sp80090b_job *j = NULL;
		int r;

		(void)pthread_mutex_lock(&c->lock);
		if (c->next < c->n_jobs && c->error == 0)
			j = &c->jobs[c->next++];
		(void)pthread_mutex_unlock(&c->lock);
		if (j == NULL)
			return NULL;
		r = j->fn(&j->data, j->ret);
		if (r == 0)
			continue;
		(void)pthread_mutex_lock(&c->lock);
		c->error = c->error == 0 ? r : c->error;
		(void)pthread_mutex_unlock(&c->lock);
	}
}

/* The caller's thread works too; one that cannot be made is not missed. */
static int run_jobs(struct sp80090b_job *jobs, unsigned n_jobs,
		    unsigned n_threads)
{
	struct crew c = { .jobs = jobs, .n_jobs = n_jobs };
	pthread_t threads[SP80090B_JOBS_MAX];
	unsigned n = 0;

	if (pthread_mutex_init(&c.lock, NULL) != 0)
		return -ENOMEM;
	while (n + 1 < n_threads && n + 1 < n_jobs &&
	       pthread_create(&threads[n], NULL, work, &c) == 0)
		n++;
	(void)work(&c);
	while (n > 0)
		(void)pthread_join(threads[--n], NULL);
	(void)pthread_mutex_destroy(&c.lock);
	return c.error;
}

static double least(const struct sp80090b_estimate e[SP80090B_COUNT],
		    double most)
{
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		if (e[i].why_not == NULL && e[i].h < most)
			most = e[i].h;
	}
	return most;
}

static void conclude(struct sp80090b_result *r)
{
	r->h_original = least(r->original, r->bits);
	r->h_bitstring = NAN;
	r->h_assessed = r->h_original;
	if (!r->has_bitstring)
		return;
	r->h_bitstring = least(r->bitstring, 1);
	r->h_assessed = fmin(r->h_original, r->bits * r->h_bitstring);
}

static int run(const struct samples *s, const struct sample_alphabet *a,
	       const struct sp80090b_options *o, struct sp80090b_result *ret)
{
	struct sp80090b_watch watch = { .o = o };
	struct sp80090b_sequences q;
	struct sp80090b_job jobs[SP80090B_JOBS_MAX];
	unsigned n_jobs;
	int r = sp80090b_sequences_init(&q, s, a, ret->has_bitstring);

	if (r < 0)
		return r;
	if (pthread_mutex_init(&watch.lock, NULL) != 0) {
		sp80090b_sequences_free(&q);
		return -ENOMEM;
	}
	n_jobs = sp80090b_jobs(&q, &watch, ret, jobs);
	r = run_jobs(jobs, n_jobs, o->threads);
	(void)pthread_mutex_destroy(&watch.lock);
	sp80090b_sequences_free(&q);
	return r;
}

static int run_some(const struct samples *s, const struct sp80090b_options *o,
		    bool bits, struct sp80090b_result *ret)
{
	static const struct sp80090b_options none = { 1, NULL, NULL };
	struct sample_alphabet a;
	struct sp80090b_result result;
	int r = samples_alphabet(s, &a, NULL);

	if (r < 0)
		return r;
	if (s->n > SP80090B_LENGTH_MAX / s->bits)
		return -EFBIG;
	memset(&result, 0, sizeof result);
	result.n = s->n;
	result.bits = s->bits;
	result.alphabet = a.count;
	result.has_bitstring = bits && a.count > 2;
	sp80090b_no_estimates(&result);
	if (a.count > 1)
		r = run(s, &a, o == NULL ? &none : o, &result);
	if (r < 0)
		return r;
	conclude(&result);
	*ret = result;
	return 0;
}

int sp80090b_run(const struct samples *s, const struct sp80090b_options *o,
		 struct sp80090b_result *ret)
{
	return run_some(s, o, true, ret);
}

int sp80090b_run_symbols(const struct samples *s,
			 const struct sp80090b_options *o,
			 struct sp80090b_result *ret)
{
	return run_some(s, o, false, ret);
}
