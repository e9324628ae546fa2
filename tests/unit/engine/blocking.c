/* SPDX-License-Identifier: ISC */
/* A source that can block, behind a real reader and a socket pair. */
#include "engine_test.h"

#include <poll.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

#define DEADLINE_NS (2 * NS_PER_S)

static sem_t entered, closed;
/* As a program's: readers that are let go of may write to it still. */
static int event_fd;

static int pair_open(struct source *s, const struct source_options *o)
{
	(void)s;
	(void)o;
	return 0;
}

static ssize_t pair_read(struct source *s, uint8_t *ret_raw, size_t len)
{
	ssize_t n;

	(void)sem_post(&entered);
	n = read(s->fd, ret_raw, len);
	return n < 0 ? -errno : n;
}

static void pair_close(struct source *s)
{
	fd_close(&s->fd);
	(void)sem_post(&closed);
}

static const struct source_class pair = {
	.name = "pair",
	.domain = DOMAIN_HOST,
	.flags = SOURCE_BLOCKS,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = { .mbits_per_symbol = 4000 },
	.test_mbits = 4000,
	.deadline_ns = DEADLINE_NS,
	.batch_bytes = 512,
	.open = pair_open,
	.read = pair_read,
	.close = pair_close,
};

struct fixture {
	struct world w;
	struct fake good;
	struct lane *lane; /* the pair's */
	uint64_t noise;
	int peer;
};

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) < 0)
		assert_int_equal(errno, EINTR);
}

static int setup(void **state)
{
	static struct fixture f;
	struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT };
	int fds[2], i;

	memset(&f, 0, sizeof f);
	assert_int_equal(sem_init(&entered, 0, 0), 0);
	assert_int_equal(sem_init(&closed, 0, 0), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds),
			 0);
	f.peer = fds[1];
	o.source.fd = fds[0];
	world_new(&f.w, 0);
	f.w.env.event_fd = event_fd;
	f.good = fake_good("good", DOMAIN_CPU, 8000);
	(void)add(&f.w, &f.good, POLICY_ALARM);
	i = engine_add_lane(f.w.e, &pair, NULL, &o);
	f.lane = &f.w.e->lanes[i];
	*state = &f;
	return 0;
}

/* The thread comes back, and being the last it closes and frees. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	engine_free(f->w.e);
	fd_close(&f->peer);
	wait_for(&closed);
	return 0;
}

static void say(struct fixture *f, size_t n)
{
	uint8_t raw[2048];

	assert_true(n <= sizeof raw);
	for (size_t i = 0; i < n; i++)
		raw[i] = (uint8_t)(next64(&f->noise) >> 56);
	assert_int_equal(write(f->peer, raw, n), (ssize_t)n);
}

/*
 * As a program goes on: at once where the engine wants to, else at an event. A
 * minute stands for ever: no working machine is that slow.
 */
static int go_on(struct fixture *f)
{
	struct pollfd p = { .fd = event_fd, .events = POLLIN };
	uint64_t count;

	if (engine_next_ns(f->w.e, f->w.now_ns) > f->w.now_ns)
		assert_int_equal(poll(&p, 1, 60000), 1);
	(void)!read(event_fd, &count, sizeof count);
	return step(&f->w);
}

static int collect_on(struct fixture *f)
{
	engine_collect(f->w.e, f->w.now_ns);
	return go_on(f);
}

static void its_bytes_count_as_anyones(void **state)
{
	struct fixture *f = *state;
	start(&f->w);
	say(f, 1024);
	/* The clock stands: only its bytes can end this. */
	while (go_on(f) == 0)
		;
	assert_state(f->lane, LANE_BELIEVED);
	assert_int_equal(f->w.e->last_seed.domain_count, 2);
	assert_int_equal(f->w.e->last_seed.paid_mbits[DOMAIN_HOST], 256000);
	assert_int_equal(f->lane->raw_bytes, 1024);
}

/* Whether its thread has begun to ask by then or not. */
static void once_asked_it_is_left_to_its_event(void **state)
{
	struct fixture *f = *state;

	f->good.open_error = -ENODEV;
	start(&f->w);
	assert_true(engine_next_ns(f->w.e, f->w.now_ns) == f->w.now_ns);
	(void)step(&f->w);
	assert_true(engine_next_ns(f->w.e, f->w.now_ns) > f->w.now_ns);
	say(f, 512);
	while (f->lane->raw_bytes < 512)
		(void)go_on(f);
	/* That was a whole batch: nothing is owed, so it is asked at once. */
	assert_true(engine_next_ns(f->w.e, f->w.now_ns) == f->w.now_ns);
}

static void a_silent_one_stalls_and_nothing_waits_for_it(void **state)
{
	struct fixture *f = *state;
	uint64_t deadline_ns = BEGIN_NS + DEADLINE_NS;

	start(&f->w);
	(void)step(&f->w);
	wait_for(&entered);
	/* The other domain's seed comes after 100 ms. */
	assert_true(run_to_seed(&f->w, BEGIN_NS + 100 * NS_PER_MS));
	assert_int_equal(f->w.e->last_seed.domain_count, 1);
	assert_true(engine_next_ns(f->w.e, f->w.now_ns) == deadline_ns);
	move_to(&f->w, deadline_ns - 1);
	(void)step(&f->w);
	assert_state(f->lane, LANE_STARTUP);
	move_to(&f->w, deadline_ns);
	(void)step(&f->w);
	assert_state(f->lane, LANE_STALLED);
	assert_int_equal(f->lane->stall_count, 1);
	assert_true(engine_next_ns(f->w.e, f->w.now_ns) == UINT64_MAX);
	/* Left alone: the next seed does not wait, nor count it again. */
	engine_collect(f->w.e, f->w.now_ns);
	assert_int_equal(step(&f->w), 1);
	assert_int_equal(f->lane->stall_count, 1);
	/* Bytes bring it back, through a start-up test. */
	say(f, 512);
	while (f->lane->raw_bytes < 512)
		(void)collect_on(f);
	assert_state(f->lane, LANE_STARTUP);
	assert_int_equal(f->lane->credited_mbits, 0);
}

/* A stall of a lane that is not believed anyway is none: it counts nothing. */
static void a_failed_one_that_falls_silent_is_failed(void **state)
{
	struct fixture *f = *state;
	uint8_t zeros[512] = { 0 };

	start(&f->w);
	assert_int_equal(write(f->peer, zeros, sizeof zeros), sizeof zeros);
	(void)step(&f->w);
	while (f->lane->state == LANE_STARTUP)
		(void)collect_on(f);
	assert_state(f->lane, LANE_FAILED);
	f->w.steps = 0;
	for (unsigned i = 0; i < 10; i++) {
		engine_collect(f->w.e, f->w.now_ns);
		run_until(&f->w, f->w.now_ns + 10 * NS_PER_S);
	}
	assert_state(f->lane, LANE_FAILED);
	assert_int_equal(f->lane->stall_count, 0);
	assert_true(f->w.steps < 1000);
}

/* One that ends in a silence: what it lay in has not closed. */
static void one_that_ends_while_stalled_is_not_credited(void **state)
{
	struct fixture *f = *state;

	start(&f->w);
	say(f, 1024 + 100);
	(void)step(&f->w);
	while (f->lane->raw_bytes < 1024 + 100)
		(void)collect_on(f);
	assert_state(f->lane, LANE_BELIEVED);
	assert_int_equal(f->lane->credited_mbits, 1024 * 4000);
	/* It asks on, and nothing comes. */
	engine_collect(f->w.e, f->w.now_ns);
	(void)step(&f->w);
	while (source_waiting_since_ns(&f->lane->source) == 0)
		wait_for(&entered);
	move_to(&f->w, f->w.now_ns + DEADLINE_NS);
	engine_collect(f->w.e, f->w.now_ns);
	(void)step(&f->w);
	assert_state(f->lane, LANE_STALLED);
	fd_close(&f->peer);
	while (f->lane->state == LANE_STALLED)
		(void)collect_on(f);
	assert_state(f->lane, LANE_SPENT);
	assert_int_equal(f->lane->credited_mbits, 1024 * 4000);
}

/* Teardown frees the engine while the read still hangs. */
static void free_does_not_wait_for_a_stuck_reader(void **state)
{
	struct fixture *f = *state;

	start(&f->w);
	(void)step(&f->w);
	wait_for(&entered);
	engine_free(f->w.e);
	f->w.e = NULL;
	assert_int_equal(sem_trywait(&closed), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(its_bytes_count_as_anyones),
		TEST(once_asked_it_is_left_to_its_event),
		TEST(a_silent_one_stalls_and_nothing_waits_for_it),
		TEST(a_failed_one_that_falls_silent_is_failed),
		TEST(one_that_ends_while_stalled_is_not_credited),
		TEST(free_does_not_wait_for_a_stuck_reader),
	};

	event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_true(event_fd > 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
