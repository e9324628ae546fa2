/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fifteen tests on each stream. A thread takes a test of a stream at a
 * time and writes to places that are its alone, so threads change no number.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/assess_sp80022.h"

#define THREADS_MAX 256

struct crew {
	pthread_mutex_t lock;
	struct assess_run *run;
	struct assess_battery *b;
	size_t next, done; /* streams */
	int error;
};

/* Bits of a stream, wherever it begins within a byte. */
static void take_stream(const struct assess_input *in, uint64_t first_bit,
			size_t n_bits, uint64_t *words)
{
	unsigned off = (unsigned)(first_bit % 8);
	size_t n_words = bits_words(n_bits);

	bits_fill(words, in->packed + first_bit / 8, n_bits + off, in->order);
	if (off == 0)
		return;
	for (size_t i = 0; i < n_words; i++)
		words[i] = words[i] << off | (i + 1 < bits_words(n_bits + off) ?
						      words[i + 1] >> (64 - off) :
						      0);
	/* What the shift moved in from behind the stream. */
	for (size_t i = n_words - 1; i < bits_words(n_bits + off); i++)
		words[i] = 0;
	if (n_bits % 64 != 0)
		words[n_bits / 64] &= ~(~UINT64_C(0) >> n_bits % 64);
}

/* Returns 0 or -errno. */
static int run_test(struct crew *c, size_t stream, unsigned test,
		    const struct bits *bits, void *work,
		    struct sp80022_result *r)
{
	struct assess_battery *b = c->b;
	double *p = b->p[test] + b->p_count[test] * stream;
	int error = 0;

	if (!b->too_short[test])
		error = sp80022_tests[test]->run(bits, &b->params, work, r);
	if (b->too_short[test] || error == -EINVAL)
		r->p_count = 0;
	else if (error < 0)
		return error;
	for (unsigned i = 0; i < b->p_count[test]; i++)
		p[i] = i < r->p_count ? r->p_values[i] : NAN;
	(void)pthread_mutex_lock(&c->lock);
	if (r->p_count > 0)
		b->applied[test]++;
	else if (!b->too_short[test])
		b->why[test] = error == -EINVAL ?
				       "the stream is too short for it" :
				       r->why;
	(void)pthread_mutex_unlock(&c->lock);
	return 0;
}

/* Counts one more test as done; true: stop. */
static bool tick(struct crew *c)
{
	double all = (double)c->b->n_streams * SP80022_TESTS;
	bool stop;

	(void)pthread_mutex_lock(&c->lock);
	c->done++;
	(void)assess_progress(c->run, (double)c->done / all);
	stop = c->error != 0;
	(void)pthread_mutex_unlock(&c->lock);
	return stop;
}

static int run_stream(struct crew *c, size_t stream, uint64_t *words,
		      void *work, struct sp80022_result *r)
{
	struct assess_battery *b = c->b;
	const struct bits bits = { words, b->stream_bits };
	int error = 0;

	take_stream(c->run->in, (uint64_t)stream * b->stream_bits,
		    b->stream_bits, words);
	for (unsigned i = 0; error == 0 && i < SP80022_TESTS; i++) {
		error = run_test(c, stream, i, &bits, work, r);
		if (tick(c))
			break;
	}
	return error;
}

static void *work_streams(void *argument)
{
	struct crew *c = argument;
	struct assess_battery *b = c->b;
	size_t need = sp80022_need_bytes(b->stream_bits, &b->params);
	uint64_t *words = calloc(bits_words(b->stream_bits + 8), sizeof *words);
	struct sp80022_result *r = malloc(sizeof *r);
	void *work = NULL;
	int error = 0;

	need += SP80022_WORK_ALIGN - need % SP80022_WORK_ALIGN;
	work = aligned_alloc(SP80022_WORK_ALIGN, need);
	if (!words || !r || !work)
		error = -ENOMEM;
	for (;;) {
		size_t stream = SIZE_MAX;

		(void)pthread_mutex_lock(&c->lock);
		c->error = c->error ? c->error : error;
		if (c->error == 0 && c->next < b->n_streams)
			stream = c->next++;
		(void)pthread_mutex_unlock(&c->lock);
		if (stream == SIZE_MAX)
			break;
		error = run_stream(c, stream, words, work, r);
	}
	free(work);
	free(r);
	free(words);
	return NULL;
}

static uint64_t results_bytes(const struct assess_battery *b)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < SP80022_TESTS; i++)
		n += (uint64_t)sp80022_tests[i]->p_count(&b->params) *
		     b->n_streams * sizeof(double);
	return n;
}

/* How the data is cut. */
static void plan(const struct assess_run *run, struct assess_battery *b)
{
	const struct assess_options *o = run->o;
	size_t there;

	b->params = sp80022_defaults;
	b->stream_bits = o->stream_bits ? (size_t)o->stream_bits :
					  SP80022_STREAM_BITS;
	/* What there is, in one stream or fewer than asked for. */
	if (o->allow_short && b->stream_bits > run->in->n_bits)
		b->stream_bits = (size_t)run->in->n_bits;
	there = b->stream_bits ? (size_t)(run->in->n_bits / b->stream_bits) : 0;
	b->n_streams = o->streams ? (size_t)o->streams : there;
	if (o->allow_short)
		b->n_streams = min_size(b->n_streams, there);
}

uint64_t assess_battery_need_bytes(const struct assess_run *run,
				   unsigned threads)
{
	struct assess_battery b = { 0 };
	uint64_t each;

	plan(run, &b);
	if (b.n_streams == 0 || b.n_streams > run->in->n_bits / b.stream_bits)
		return 0;
	each = sp80022_need_bytes(b.stream_bits, &b.params) +
	       b.stream_bits / 8 + sizeof(struct sp80022_result);
	if (threads > b.n_streams)
		threads = (unsigned)b.n_streams;
	/* The p-values once more, as JSON or text. */
	return threads * each + 5 * results_bytes(&b);
}

static int prepare(struct assess_run *run, struct assess_battery *b)
{
	memset(b, 0, sizeof *b);
	plan(run, b);
	for (unsigned i = 0; i < SP80022_TESTS; i++) {
		const struct sp80022_test *t = sp80022_tests[i];

		b->p_count[i] = t->p_count(&b->params);
		bool is_short = b->stream_bits < t->least_bits(&b->params);

		b->too_short[i] = is_short && !run->o->allow_short;
		b->some_short |= is_short;
		if (b->too_short[i])
			b->why[i] = assess_say(
				&run->texts, "its section asks for %s bits",
				assess_count(&run->texts,
					     t->least_bits(&b->params)));
		b->p[i] = calloc(b->n_streams * b->p_count[i] + 1,
				 sizeof(double));
		if (!b->p[i])
			return -ENOMEM;
	}
	return 0;
}

int assess_battery_run(struct assess_run *run, struct assess_battery *b)
{
	struct crew c = { .run = run, .b = b };
	pthread_t threads[THREADS_MAX];
	unsigned n = 0;
	int r = prepare(run, b);

	if (r < 0 || pthread_mutex_init(&c.lock, NULL) != 0)
		return r < 0 ? r : -ENOMEM;
	while (n + 1 < run->threads && n + 1 < b->n_streams && n < THREADS_MAX &&
	       pthread_create(&threads[n], NULL, work_streams, &c) == 0)
		n++;
	(void)work_streams(&c);
	while (n > 0)
		(void)pthread_join(threads[--n], NULL);
	(void)pthread_mutex_destroy(&c.lock);
	sp80022_family_begin(&b->family);
	for (unsigned i = 0; i < SP80022_TESTS; i++)
		sp80022_family_add(&b->family, b->p[i],
				   b->n_streams * b->p_count[i]);
	return c.error;
}

void assess_battery_free(struct assess_battery *b)
{
	for (unsigned i = 0; i < SP80022_TESTS; i++)
		free(b->p[i]);
}
