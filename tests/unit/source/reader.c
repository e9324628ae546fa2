/* SPDX-License-Identifier: ISC */
/* The reader's thread over a socket pair whose other end the test holds. */
#include "source_test.h"
#include "refuse.h"

#include <semaphore.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "source/reader.h"
#include "source/ring.h"

static sem_t closed; /* posted by the class's close, whoever calls it */
static sem_t entered;
static sigset_t thread_signals;

static int pair_open(struct source *s, const struct source_options *options)
{
	(void)s;
	(void)options;
	return 0;
}

/* Blocks: the descriptor is a blocking one. */
static ssize_t pair_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	ssize_t n;

	(void)pthread_sigmask(SIG_SETMASK, NULL, &thread_signals);
	(void)sem_post(&entered);
	n = read(s->fd, ret_raw, len_bytes);
	return n < 0 ? -errno : n;
}

static void pair_close(struct source *s)
{
	source_close_fd(s);
	(void)sem_post(&closed);
}

static const struct source_class pair = {
	.name = "pair",
	.flags = SOURCE_BLOCKS,
	.record_bytes = 1,
	.symbol_bits = 8,
	.open = pair_open,
	.read = pair_read,
	.close = pair_close,
};

static const struct source_class pair_once = {
	.name = "once",
	.flags = SOURCE_BLOCKS | SOURCE_ONCE,
	.record_bytes = 1,
	.symbol_bits = 8,
	.open = pair_open,
	.read = pair_read,
	.close = pair_close,
};

struct fixture {
	struct machine m;
	struct source s;
	int peer;
};

static void open_pair(struct fixture *f, const struct source_class *class,
		      int type)
{
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds), 0);
	o.fd = fds[0];
	f->peer = fds[1];
	assert_int_equal(source_open(&f->s, class, NULL, &f->m.env, &o), 0);
}

static int setup(void **state)
{
	static struct fixture f;

	machine_init(&f.m);
	f.peer = -1;
	assert_int_equal(sem_init(&closed, 0, 0), 0);
	assert_int_equal(sem_init(&entered, 0, 0), 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	source_close(&f->s);
	fd_close(&f->peer);
	machine_free(&f->m);
	return 0;
}

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) < 0)
		assert_int_equal(errno, EINTR);
}

static void bytes_come_through_in_order(void **state)
{
	struct fixture *f = *state;
	uint8_t sent[3 * RING_BYTES], got[sizeof sent];

	/* More than the ring and than a chunk: wraps at odd places. */
	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = (uint8_t)(i * 31 ^ i >> 7);
	open_pair(f, &pair, SOCK_STREAM);
	for (size_t at = 0; at < sizeof sent;) {
		size_t n = min_size(1021, sizeof sent - at);

		assert_int_equal(write(f->peer, sent + at, n), (ssize_t)n);
		assert_int_equal(take_all(&f->s, got + at, n), (ssize_t)n);
		at += n;
	}
	assert_memory_equal(sent, got, sizeof sent);
	assert_int_equal(f->s.not_ready_count, 0);
}

static void without_demand_nothing_is_read(void **state)
{
	struct fixture *f = *state;
	struct timespec t = { .tv_nsec = 20000000 };
	uint8_t raw[16];
	int n;

	open_pair(f, &pair, SOCK_STREAM);
	assert_int_equal(write(f->peer, "0123456789abcdef", 16), 16);
	/* A reader that reads ahead had time for it. */
	(void)nanosleep(&t, NULL);
	assert_int_equal(sem_trywait(&entered), -1);
	assert_int_equal(take_all(&f->s, raw, 4), 4);
	(void)nanosleep(&t, NULL);
	assert_int_equal(source_waiting_since_ns(&f->s), 0);
	/* Exactly what was asked for has left the socket. */
	assert_int_equal(recv(f->s.fd, raw, sizeof raw, MSG_PEEK), 12);
	assert_int_equal(sem_getvalue(&entered, &n), 0);
	assert_int_equal(n, 1);
}

static void a_silent_device_is_waited_for_by_the_thread_alone(void **state)
{
	struct fixture *f = *state;
	uint64_t before_ns = clock_boottime_ns();
	uint8_t raw[8];
	uint64_t since_ns;

	open_pair(f, &pair, SOCK_STREAM);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	wait_for(&entered);
	since_ns = source_waiting_since_ns(&f->s);
	assert_true(since_ns >= before_ns && since_ns <= clock_boottime_ns());
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	assert_int_equal(source_waiting_since_ns(&f->s), since_ns);
	assert_int_equal(write(f->peer, "answered", 8), 8);
	assert_int_equal(take_all(&f->s, raw, 8), 8);
	assert_memory_equal(raw, "answered", 8);
	assert_int_equal(source_waiting_since_ns(&f->s), 0);
}

static void close_does_not_wait_for_a_stuck_read(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[8];

	open_pair(f, &pair, SOCK_STREAM);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	wait_for(&entered);
	source_close(&f->s);
	/* Back here while the read still hangs: nothing has been closed. */
	assert_int_equal(sem_trywait(&closed), -1);
	assert_int_equal(write(f->peer, "x", 1), 1);
	/* The thread comes back, and being the last it closes and frees. */
	wait_for(&closed);
	assert_int_equal(read(f->peer, raw, 1), 0);
}

static void close_ends_a_thread_that_sleeps(void **state)
{
	struct fixture *f = *state;

	open_pair(f, &pair, SOCK_STREAM);
	source_close(&f->s);
	wait_for(&closed);
	assert_int_equal(f->s.fd, -1);
}

static void the_end_comes_after_the_last_byte(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[8];

	open_pair(f, &pair, SOCK_STREAM);
	assert_int_equal(write(f->peer, "last", 4), 4);
	fd_close(&f->peer);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), 4);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), 0);
	/* And stays so. */
	assert_int_equal(source_take(&f->s, raw, sizeof raw), 0);
}

static void a_failed_read_is_reported_with_its_code(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[8];

	open_pair(f, &pair, SOCK_STREAM);
	/* Closed with unread bytes in it, the peer resets the connection. */
	assert_int_equal(write(f->s.fd, "unread", 6), 6);
	fd_close(&f->peer);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), -ECONNRESET);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -ECONNRESET);
	assert_int_equal(source_waiting_since_ns(&f->s), 0);
}

static void back_pressure_backs_off(void **state)
{
	struct fixture *f = *state;
	uint64_t start_ns = clock_boottime_ns(), elapsed_ms, counted;
	struct timespec t = { .tv_nsec = 100000000 };
	uint64_t most = 1;
	uint8_t raw[8];

	open_pair(f, &pair, SOCK_STREAM | SOCK_NONBLOCK);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	(void)nanosleep(&t, NULL);
	assert_true(source_waiting_since_ns(&f->s) > 0);
	assert_int_equal(write(f->peer, "12345678", 8), 8);
	assert_int_equal(take_all(&f->s, raw, 8), 8);
	elapsed_ms = (clock_boottime_ns() - start_ns) / NS_PER_MS;
	/* Pauses 1, 2, 4 ... ms: n tries take at least 2^(n-1) - 1 ms. */
	while ((UINT64_C(1) << most) - 1 <= elapsed_ms)
		most++;
	(void)source_take(&f->s, raw, sizeof raw);
	counted = f->s.not_ready_count;
	assert_true(counted >= 1);
	assert_true(counted <= most + 1);
}

static void a_one_shot_source_is_read_to_its_end(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[8];
	struct pollfd p;

	open_pair(f, &pair_once, SOCK_STREAM);
	assert_int_equal(write(f->peer, "whole", 5), 5);
	fd_close(&f->peer);
	assert_int_equal(take_all(&f->s, raw, 5), 5);
	assert_memory_equal(raw, "whole", 5);
	/* The end is there without another request. */
	p = (struct pollfd){ .fd = f->s.env->event_fd, .events = POLLIN };
	while (source_take(&f->s, raw, 0) == -EAGAIN)
		assert_int_equal(poll(&p, 1, 60000), 1);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), 0);
}

static void the_event_stays_while_bytes_are_left(void **state)
{
	struct fixture *f = *state;
	struct pollfd p;
	uint8_t raw[8];

	open_pair(f, &pair, SOCK_STREAM);
	assert_int_equal(write(f->peer, "12345678", 8), 8);
	assert_int_equal(source_take(&f->s, raw, 8), -EAGAIN);
	p = (struct pollfd){ .fd = f->s.env->event_fd, .events = POLLIN };
	assert_int_equal(poll(&p, 1, 60000), 1);
	clear_events(f->s.env);
	assert_int_equal(source_take(&f->s, raw, 3), 3);
	assert_int_equal(poll(&p, 1, 0), 1);
	assert_int_equal(take_all(&f->s, raw, 5), 5);
	assert_int_equal(poll(&p, 1, 0), 0);
}

static void the_thread_handles_no_signal(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[1];

	open_pair(f, &pair, SOCK_STREAM);
	assert_int_equal(write(f->peer, "x", 1), 1);
	assert_int_equal(take_all(&f->s, raw, 1), 1);
	assert_int_equal(sigismember(&thread_signals, SIGTERM), 1);
	assert_int_equal(sigismember(&thread_signals, SIGCHLD), 1);
	/* Ours is as it was. */
	(void)pthread_sigmask(SIG_SETMASK, NULL, &thread_signals);
	assert_int_equal(sigismember(&thread_signals, SIGTERM), 0);
}

/* Returns the number of what was not as it should be, 0 for nothing. */
static int open_without_threads(void *argument)
{
	struct fixture *f = argument;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	int fds[2];
	uint8_t c;

	if (pipe(fds) < 0)
		return 1;
	o.fd = fds[1];
	/* clone3 first; ENOSYS would make libc fall back to clone. */
	if (!refuse_call(SYS_clone3, EAGAIN))
		return NO_SECCOMP;
	if (source_open(&f->s, &pair, NULL, &f->m.env, &o) != -EAGAIN)
		return 2;
	if (f->s.info.present || f->s.is_open)
		return 3;
	if (sem_trywait(&closed) != 0)
		return 4;
	return read(fds[0], &c, 1) == 0 ? 0 : 5;
}

static void without_a_thread_open_fails_and_closes(void **state)
{
#if defined(__SANITIZE_THREAD__) || !defined(SYS_clone3)
	(void)state;
	skip_because("a thread sanitizer, or no clone3 in <sys/syscall.h>");
#else
	in_child(open_without_threads, *state);
#endif
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_come_through_in_order),
		TEST(without_demand_nothing_is_read),
		TEST(a_silent_device_is_waited_for_by_the_thread_alone),
		TEST(close_does_not_wait_for_a_stuck_read),
		TEST(close_ends_a_thread_that_sleeps),
		TEST(the_end_comes_after_the_last_byte),
		TEST(a_failed_read_is_reported_with_its_code),
		TEST(back_pressure_backs_off),
		TEST(a_one_shot_source_is_read_to_its_end),
		TEST(the_event_stays_while_bytes_are_left),
		TEST(the_thread_handles_no_signal),
		TEST(without_a_thread_open_fails_and_closes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
