/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "assess/sp80090b/iid_permute.h"

/* How far a thread may be ahead of the one that is last. */
#define AHEAD 64

struct crew {
	const struct iid_permuter *p;
	pthread_mutex_t lock;
	pthread_cond_t counted;
	uint32_t open; /* the statistics without an outcome */
	uint32_t next; /* permutation to be taken */
	uint32_t done; /* all before it are counted */
	uint32_t end;  /* not to be taken */
	bool ready[AHEAD];
	double value[AHEAD][IID_STATISTICS];
	int error;
};

struct worker {
	struct crew *c;
	unsigned k;
};

/* How near a statistic is to an outcome. */
static double nearness(const struct iid_permutation *r)
{
	uint32_t least = r->c[0] < r->c[2] ? r->c[0] : r->c[2];
	double near = (double)(least + r->c[1]) / (IID_RANK_MIN + 1);
	double all = (double)r->counted / IID_PERMUTATIONS;

	if (r->outcome != IID_NOT_RUN)
		return 1;
	return near > all ? (near < 1 ? near : 1) : all;
}

static void report(struct crew *c)
{
	const struct iid_options *o = c->p->o;
	double sum = 0;

	if (o->progress == NULL || c->error < 0)
		return;
	for (unsigned k = 0; k < IID_STATISTICS; k++)
		sum += nearness(&c->p->ret[k]);
	if (!o->progress(o->context, sum / IID_STATISTICS))
		c->error = -ECANCELED;
}

/*
 * 5.1: the initial value's rank is among the 5 outermost, ties counting for
 * both ends, or it is not; once it cannot be any more, it has passed.
 */
static void count_one(struct iid_permutation *r, double value)
{
	r->c[value > r->initial ? 0 : value < r->initial ? 2 : 1]++;
	r->counted++;
	if (r->c[0] + r->c[1] > IID_RANK_MIN && r->c[1] + r->c[2] > IID_RANK_MIN)
		r->outcome = IID_PASSED;
	else if (r->counted == IID_PERMUTATIONS)
		r->outcome = IID_FAILED;
}

/* In the order of permutations, whoever made them. */
static void count_ready(struct crew *c)
{
	while (c->ready[c->done % AHEAD]) {
		const double *value = c->value[c->done % AHEAD];

		c->ready[c->done % AHEAD] = false;
		c->done++;
		for (unsigned k = 0; k < IID_STATISTICS; k++) {
			struct iid_permutation *r = &c->p->ret[k];

			if (!(c->open >> k & 1))
				continue;
			count_one(r, value[k]);
			if (r->outcome != IID_NOT_RUN)
				c->open &= ~(1u << k);
		}
	}
	report(c);
	(void)pthread_cond_broadcast(&c->counted);
}

/* Locked. Which statistics have no outcome is a guess that errs to more. */
static bool take(struct crew *c, uint32_t *ret_index, uint32_t *ret_wanted)
{
	while (c->error == 0 && c->open != 0 && c->next < c->end &&
	       c->next - c->done >= AHEAD)
		(void)pthread_cond_wait(&c->counted, &c->lock);
	if (c->error < 0 || c->open == 0 || c->next == c->end)
		return false;
	*ret_index = c->next++;
	*ret_wanted = c->open;
	return true;
}

static void *work(void *argument)
{
	const struct worker *w = argument;
	struct crew *c = w->c;
	const struct iid_permuter *p = c->p;
	uint8_t *values = p->values[w->k];
	double value[IID_STATISTICS];
	uint32_t index, wanted;

	(void)pthread_mutex_lock(&c->lock);
	while (take(c, &index, &wanted)) {
		int r;

		(void)pthread_mutex_unlock(&c->lock);
		iid_arrange(p->mix, p->o->seed, index, values);
		r = iid_statistics(p->series, values, wanted, &p->scratch[w->k],
				   value);
		(void)pthread_mutex_lock(&c->lock);
		memcpy(c->value[index % AHEAD], value, sizeof value);
		c->ready[index % AHEAD] = true;
		if (r < 0 && c->error == 0)
			c->error = r;
		count_ready(c);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* The caller's thread works too; one that cannot be made is not missed. */
static void work_all(struct crew *c)
{
	struct worker worker[IID_THREADS_MAX];
	pthread_t thread[IID_THREADS_MAX];
	unsigned n = 0;

	for (; n + 1 < c->p->n_threads; n++) {
		worker[n] = (struct worker){ c, n + 1 };
		if (pthread_create(&thread[n], NULL, work, &worker[n]) != 0)
			break;
	}
	(void)work(&(struct worker){ c, 0 });
	while (n > 0)
		(void)pthread_join(thread[--n], NULL);
}

/* Permutations from..end - 1, those in `open` that have no outcome. */
static int permute(const struct iid_permuter *p, uint32_t open, uint32_t from,
		   uint32_t end)
{
	struct crew c = { .p = p, .next = from, .done = from, .end = end };

	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		if (p->ret[k].outcome == IID_NOT_RUN)
			c.open |= open & 1u << k;
	}
	if (c.open == 0)
		return 0;
	if (pthread_mutex_init(&c.lock, NULL) != 0)
		return -ENOMEM;
	if (pthread_cond_init(&c.counted, NULL) != 0) {
		(void)pthread_mutex_destroy(&c.lock);
		return -ENOMEM;
	}
	work_all(&c);
	(void)pthread_cond_destroy(&c.counted);
	(void)pthread_mutex_destroy(&c.lock);
	return c.error;
}

/* From the cheapest on. */
static const enum iid_id by_cost[IID_STATISTICS] = {
	IID_PERIODICITY_1,    IID_PERIODICITY_2,      IID_PERIODICITY_8,
	IID_PERIODICITY_16,   IID_PERIODICITY_32,     IID_COVARIANCE_1,
	IID_COVARIANCE_2,     IID_COVARIANCE_8,       IID_COVARIANCE_16,
	IID_COVARIANCE_32,    IID_MEDIAN_RUNS,        IID_MEDIAN_LENGTH,
	IID_DIRECTIONAL_RUNS, IID_DIRECTIONAL_LENGTH, IID_INCREASES,
	IID_EXCURSION,        IID_COLLISION_AVERAGE,  IID_COLLISION_MAXIMUM,
	IID_COMPRESSION,
};

/* The cheapest that no permutation has reached yet, from one of its sides. */
static bool find_suspect(const struct iid_permutation *r, uint32_t which,
			 enum iid_id *ret)
{
	for (unsigned i = 0; i < IID_STATISTICS; i++) {
		enum iid_id k = by_cost[i];

		if ((which >> k & 1) == 0 || r[k].outcome != IID_NOT_RUN)
			continue;
		if (r[k].c[0] + r[k].c[1] == 0 || r[k].c[1] + r[k].c[2] == 0) {
			*ret = k;
			return true;
		}
	}
	return false;
}

int iid_permute(const struct iid_permuter *p, uint32_t which)
{
	int r = permute(p, which, 0, IID_FIRST_LOOK);
	enum iid_id k;

	/* One failure is enough, so a likely one need not wait for the rest. */
	while (r == 0 && !p->o->full && find_suspect(p->ret, which, &k)) {
		r = permute(p, 1u << k, IID_FIRST_LOOK, IID_PERMUTATIONS);
		if (r == 0 && p->ret[k].outcome == IID_FAILED)
			return 0;
	}
	return r < 0 ? r : permute(p, which, IID_FIRST_LOOK, IID_PERMUTATIONS);
}
