/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/fd.h"

static void make_pipe(int ends[2], int flags)
{
	assert_int_equal(pipe2(ends, O_CLOEXEC | flags), 0);
}

static void close_pipe(int ends[2])
{
	fd_close(&ends[0]);
	fd_close(&ends[1]);
}

static void exactly_as_many_or_no_data(void **state)
{
	char got[8];
	int ends[2];

	(void)state;
	make_pipe(ends, 0);
	assert_int_equal(write(ends[1], "abcdefgh", 8), 8);
	assert_int_equal(fd_read_exact(ends[0], got, 3), 0);
	assert_memory_equal(got, "abc", 3);
	assert_int_equal(fd_read_exact(ends[0], got, 0), 0);
	fd_close(&ends[1]);
	assert_int_equal(fd_read_exact(ends[0], got, 6), -ENODATA);
	assert_int_equal(fd_read_exact(ends[0], got, 1), -ENODATA);
	assert_int_equal(fd_read_exact(ends[0], got, 0), 0);
	close_pipe(ends);
	assert_int_equal(fd_read_exact(-1, got, 1), -EBADF);
}

static void some_ends_with_the_file_or_with_nothing_now(void **state)
{
	char got[8];
	int ends[2];

	(void)state;
	make_pipe(ends, O_NONBLOCK);
	assert_int_equal(fd_read_some(ends[0], got, 8), -EAGAIN);
	assert_int_equal(write(ends[1], "abc", 3), 3);
	assert_int_equal(fd_read_some(ends[0], got, 8), 3);
	assert_int_equal(write(ends[1], "abc", 3), 3);
	assert_int_equal(fd_read_some(ends[0], got, 2), 2);
	fd_close(&ends[1]);
	assert_int_equal(fd_read_some(ends[0], got, 8), 1);
	assert_int_equal(fd_read_some(ends[0], got, 8), 0);
	close_pipe(ends);
	assert_int_equal(fd_read_some(-1, got, 1), -EBADF);
}

#define LONG_BYTES (1u << 20)

static volatile sig_atomic_t alarms;

static void on_alarm(int number)
{
	(void)number;
	alarms++;
}

/* Byte i of the long text: a lost or doubled part shows. */
static uint8_t long_byte(size_t i)
{
	return (uint8_t)(i * 31 + (i >> 8));
}

struct transfer {
	int fd;
	int r;
	uint8_t bytes[LONG_BYTES];
};

static void *read_long(void *arg)
{
	struct transfer *t = arg;
	sigset_t set;

	/* The alarms are for the writer. */
	(void)sigfillset(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	t->r = fd_read_exact(t->fd, t->bytes, sizeof t->bytes);
	return NULL;
}

static void *write_long(void *arg)
{
	struct transfer *t = arg;
	sigset_t set;

	(void)sigfillset(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	t->r = fd_write_all(t->fd, t->bytes, sizeof t->bytes);
	return NULL;
}

static void set_alarms(long interval_us)
{
	struct sigaction action = { .sa_handler = on_alarm }; /* no SA_RESTART */
	const struct itimerval timer = { { 0, interval_us },
					 { 0, interval_us } };

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/*
 * More than a pipe holds, while signals interrupt this thread: every transfer
 * is short or interrupted at some time, and no byte is lost.
 */
static void short_and_interrupted_transfers(void **state)
{
	struct transfer *mine = calloc(1, sizeof *mine);
	struct transfer *theirs = calloc(1, sizeof *theirs);

	(void)state;
	assert_non_null(mine);
	assert_non_null(theirs);
	for (int writes = 0; writes < 2; writes++) {
		struct transfer *from = writes ? mine : theirs;
		struct transfer *to = writes ? theirs : mine;
		pthread_t other;
		int ends[2];

		make_pipe(ends, 0);
		mine->fd = ends[writes];
		theirs->fd = ends[!writes];
		memset(to->bytes, 0, sizeof to->bytes);
		for (size_t i = 0; i < LONG_BYTES; i++)
			from->bytes[i] = long_byte(i);
		alarms = 0;
		set_alarms(500);
		/* Blocked in the pipe until the other thread begins. */
		assert_int_equal(pthread_create(&other, NULL,
						writes ? read_long : write_long,
						theirs),
				 0);
		if (writes)
			mine->r = fd_write_all(mine->fd, mine->bytes,
					       LONG_BYTES);
		else
			mine->r = fd_read_exact(mine->fd, mine->bytes,
						LONG_BYTES);
		set_alarms(0);
		assert_int_equal(pthread_join(other, NULL), 0);
		assert_int_equal(mine->r, 0);
		assert_int_equal(theirs->r, 0);
		for (size_t i = 0; i < LONG_BYTES; i++)
			assert_int_equal(to->bytes[i], long_byte(i));
		close_pipe(ends);
	}
	free(mine);
	free(theirs);
}

static void *write_after_alarms(void *arg)
{
	int fd = *(const int *)arg;
	sigset_t set;

	(void)sigfillset(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	while (alarms < 20)
		(void)usleep(1000);
	(void)!write(fd, "x", 1);
	return NULL;
}

static void a_read_that_waits_outlasts_signals(void **state)
{
	pthread_t other;
	int ends[2];
	char got = 0;

	(void)state;
	make_pipe(ends, 0);
	alarms = 0;
	set_alarms(500);
	assert_int_equal(
		pthread_create(&other, NULL, write_after_alarms, &ends[1]), 0);
	assert_int_equal(fd_read_exact(ends[0], &got, 1), 0);
	set_alarms(0);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_int_equal(got, 'x');
	close_pipe(ends);
}

static void what_writing_fails_with(void **state)
{
	static const char text[65536 * 2];
	int ends[2], full;

	(void)state;
	assert_int_equal(fd_write_all(-1, "x", 1), -EBADF);
	assert_int_equal(fd_write_all(-1, "x", 0), 0);
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	assert_int_equal(fd_write_all(full, "x", 1), -ENOSPC);
	fd_close(&full);
	make_pipe(ends, O_NONBLOCK);
	assert_int_equal(fd_write_all(ends[1], text, sizeof text), -EAGAIN);
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	fd_close(&ends[0]);
	assert_int_equal(fd_write_all(ends[1], "x", 1), -EPIPE);
	close_pipe(ends);
}

static void a_file_below_a_root(void **state)
{
	static const struct {
		const char *content;
		size_t cap_bytes;
		ssize_t r;
		const char *text;
	} cases[] = {
		{ "", 8, 0, "" },
		{ "\n", 8, 0, "" },
		{ "abc", 8, 3, "abc" },
		{ "abc\n\n", 8, 3, "abc" },
		{ "a\nb\n", 8, 3, "a\nb" },
		{ "1234567", 8, 7, "1234567" },
		{ "12345678", 8, -EFBIG, NULL },
		{ "1234567\n", 8, -EFBIG, NULL },
	};
	char root[] = "/tmp/aquifer-fd-XXXXXX", path[64], got[9];

	(void)state;
	assert_non_null(mkdtemp(root));
	(void)snprintf(path, sizeof path, "%s/file", root);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			      0600);

		assert_int_equal(fd_write_all(fd, cases[i].content,
					      strlen(cases[i].content)),
				 0);
		fd_close(&fd);
		memset(got, 0x5a, sizeof got);
		assert_int_equal(fd_read_file(root, "/file", got,
					      cases[i].cap_bytes),
				 cases[i].r);
		if (cases[i].text)
			assert_string_equal(got, cases[i].text);
		assert_int_equal(got[8], 0x5a);
		/* The machine's own root takes the whole path. */
		assert_int_equal(fd_read_file("", path, got, 8), cases[i].r);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fd_read_file(root, "/file", got, 8), -ENOENT);
	assert_int_equal(fd_read_file(root, "/", got, 8), -EISDIR);
	assert_int_equal(rmdir(root), 0);
}

static void a_path_that_is_too_long(void **state)
{
	static char path[PATH_MAX + 1];
	char got[8];

	(void)state;
	memset(path, '/', PATH_MAX);
	assert_int_equal(fd_read_file("", path, got, 8), -ENAMETOOLONG);
	path[PATH_MAX - 1] = '\0';
	assert_int_equal(fd_read_file("/", path, got, 8), -ENAMETOOLONG);
	/* The root directory, by the longest name it can have. */
	assert_int_equal(fd_read_file("", path, got, 8), -EISDIR);
}

static void closed_once(void **state)
{
	int ends[2], copy;

	(void)state;
	make_pipe(ends, 0);
	copy = ends[0];
	fd_close(&ends[0]);
	assert_int_equal(ends[0], -1);
	assert_int_equal(fcntl(copy, F_GETFD), -1);
	fd_close(&ends[0]);
	assert_int_equal(ends[0], -1);
	close_pipe(ends);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_as_many_or_no_data),
		cmocka_unit_test(some_ends_with_the_file_or_with_nothing_now),
		cmocka_unit_test(short_and_interrupted_transfers),
		cmocka_unit_test(a_read_that_waits_outlasts_signals),
		cmocka_unit_test(what_writing_fails_with),
		cmocka_unit_test(a_file_below_a_root),
		cmocka_unit_test(a_path_that_is_too_long),
		cmocka_unit_test(closed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
