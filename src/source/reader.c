/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/locked.h"
#include "base/wipe.h"
#include "source/reader.h"
#include "source/ring.h"

#define STACK_BYTES (64 * 1024)
/* One read asks for no more: a slow device answers small requests sooner. */
#define CHUNK_BYTES 512

struct reader {
	atomic_uint references; /* the owner and the thread */
	atomic_uint_least64_t waiting_since_ns;
	struct source inner; /* the thread's, until it ends */
	struct source_env env;
	uint8_t chunk[CHUNK_BYTES]; /* the thread's */

	pthread_mutex_t lock; /* all below; never held over a read */
	pthread_cond_t wake;
	bool stopping;
	bool asked; /* at least once */
	bool ended;
	int code; /* valid once ended: 0 or -errno */
	uint64_t not_ready_count;
	size_t demand_bytes; /* wanted and not in the ring yet */
	struct ring ring;
};

static void reader_free(struct reader *r)
{
	if (r->inner.class->close)
		r->inner.class->close(&r->inner);
	fd_close(&r->inner.fd);
	(void)pthread_cond_destroy(&r->wake);
	(void)pthread_mutex_destroy(&r->lock);
	locked_free(r, sizeof *r);
}

static void reader_unref(struct reader *r)
{
	if (atomic_fetch_sub(&r->references, 1) == 1)
		reader_free(r);
}

static void reader_post(struct reader *r)
{
	static const uint64_t one = 1;

	/* Fails only when the counter is full: then it is readable anyway. */
	if (r->env.event_fd > 0)
		(void)!write(r->env.event_fd, &one, sizeof one);
}

static struct timespec deadline_in(uint64_t pause_ns)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	pause_ns += (uint64_t)t.tv_nsec;
	t.tv_sec += (time_t)(pause_ns / NS_PER_S);
	t.tv_nsec = (long)(pause_ns % NS_PER_S);
	return t;
}

/* What the next read may bring; a one-shot source gives all once asked. */
static size_t wanted_bytes(const struct reader *r)
{
	size_t room = ring_room(&r->ring);
	size_t want = r->demand_bytes;

	if (r->inner.class->flags & SOURCE_ONCE)
		want = r->asked ? room : 0;
	want = min_size(min_size(want, room), CHUNK_BYTES);
	return want - want % r->inner.class->record_bytes;
}

/*
 * Sleeps out the pause, then until bytes are wanted. Demand does not cut the
 * pause short, only the owner's leaving does. Returns how much to
 * read, 0: stop.
 */
static size_t wait_for_demand(struct reader *r, uint64_t pause_ns)
{
	struct timespec until = deadline_in(pause_ns);
	size_t want = 0;
	int r_wait = pause_ns > 0 ? 0 : ETIMEDOUT;

	(void)pthread_mutex_lock(&r->lock);
	while (!r->stopping && r_wait != ETIMEDOUT)
		r_wait = pthread_cond_timedwait(&r->wake, &r->lock, &until);
	while (!r->stopping && (want = wanted_bytes(r)) == 0)
		(void)pthread_cond_wait(&r->wake, &r->lock);
	if (r->stopping)
		want = 0;
	(void)pthread_mutex_unlock(&r->lock);
	return want;
}

/* Passes on what a read brought. Returns false when it was the last. */
static bool deliver(struct reader *r, ssize_t n)
{
	bool more = n > 0 || n == -EAGAIN;

	if (n != -EAGAIN)
		atomic_store(&r->waiting_since_ns, 0);
	(void)pthread_mutex_lock(&r->lock);
	r->not_ready_count = r->inner.not_ready_count;
	if (n > 0) {
		ring_put(&r->ring, r->chunk, (size_t)n);
		r->demand_bytes -= min_size((size_t)n, r->demand_bytes);
	}
	if (!more) {
		r->ended = true;
		r->code = (int)n;
	}
	(void)pthread_mutex_unlock(&r->lock);
	wipe(r->chunk, sizeof r->chunk);
	if (n != -EAGAIN)
		reader_post(r);
	return more;
}

static uint64_t next_pause_ns(uint64_t pause_ns, ssize_t n)
{
	if (n != -EAGAIN)
		return 0;
	return pause_ns == 0 ? READER_PAUSE_MIN_NS :
			       min_u64(2 * pause_ns, READER_PAUSE_MAX_NS);
}

static void *reader_main(void *arg)
{
	struct reader *r = arg;
	uint64_t pause_ns = 0;
	size_t want;
	ssize_t n;

	while ((want = wait_for_demand(r, pause_ns)) > 0) {
		if (atomic_load(&r->waiting_since_ns) == 0)
			atomic_store(&r->waiting_since_ns,
				     max_u64(r->env.now_ns(), 1));
		n = source_read(&r->inner, r->chunk, want);
		pause_ns = next_pause_ns(pause_ns, n);
		if (!deliver(r, n))
			break;
	}
	reader_unref(r);
	return NULL;
}

static int start_thread(struct reader *r)
{
	long least = sysconf(_SC_THREAD_STACK_MIN);
	size_t stack = STACK_BYTES;
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t thread;
	int e;

	/* aarch64 asks for 128 KiB at least. */
	if (least > 0 && (size_t)least > stack)
		stack = (size_t)least;
	e = pthread_attr_init(&attr);
	if (e != 0)
		return -e;
	(void)pthread_attr_setstacksize(&attr, stack);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* Signals are the owner's: a reader may not be there to handle one. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	e = pthread_create(&thread, &attr, reader_main, r);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return -e;
}

static int init_lock(struct reader *r)
{
	pthread_condattr_t attr;
	int e;

	e = pthread_mutex_init(&r->lock, NULL);
	if (e != 0)
		return -e;
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	e = pthread_cond_init(&r->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (e != 0)
		(void)pthread_mutex_destroy(&r->lock);
	return -e;
}

int reader_start(struct reader **ret_reader, const struct source *s)
{
	struct reader *r = locked_alloc(sizeof *r, NULL);
	int e;

	if (!r)
		return -ENOMEM;
	r->env = *s->env;
	r->inner = *s;
	r->inner.env = &r->env;
	atomic_init(&r->references, 2);
	e = init_lock(r);
	if (e < 0)
		goto out_memory;
	e = start_thread(r);
	if (e < 0)
		goto out_lock;
	*ret_reader = r;
	return 0;

out_lock:
	(void)pthread_cond_destroy(&r->wake);
	(void)pthread_mutex_destroy(&r->lock);
out_memory:
	locked_free(r, sizeof *r);
	return e;
}

/* Under the lock. Whole records only, as they came. */
static ssize_t take_locked(struct reader *r, uint8_t *ret_raw, size_t len_bytes)
{
	size_t n = ring_get(&r->ring, ret_raw, len_bytes);

	if (r->ended)
		return n > 0 ? (ssize_t)n : r->code;
	if (n < len_bytes) {
		size_t rest = min_size(len_bytes - n, RING_BYTES);

		r->asked = true;
		r->demand_bytes = rest > r->demand_bytes ? rest :
							   r->demand_bytes;
		(void)pthread_cond_signal(&r->wake);
	}
	return n > 0 ? (ssize_t)n : -EAGAIN;
}

ssize_t reader_take(struct reader *r, uint8_t *ret_raw, size_t len_bytes,
		    uint64_t *ret_not_ready_count)
{
	bool left;
	ssize_t n;

	len_bytes -= len_bytes % r->inner.class->record_bytes;
	(void)pthread_mutex_lock(&r->lock);
	n = take_locked(r, ret_raw, len_bytes);
	left = r->ring.fill_bytes > 0 || (r->ended && n > 0);
	*ret_not_ready_count = r->not_ready_count;
	(void)pthread_mutex_unlock(&r->lock);
	if (left)
		reader_post(r);
	return n;
}

uint64_t reader_waiting_since_ns(const struct reader *r)
{
	return atomic_load(&r->waiting_since_ns);
}

void reader_stop(struct reader *r)
{
	(void)pthread_mutex_lock(&r->lock);
	r->stopping = true;
	(void)pthread_cond_signal(&r->wake);
	(void)pthread_mutex_unlock(&r->lock);
	reader_unref(r);
}
