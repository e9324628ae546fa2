/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "daemon/notify.h"

struct manager {
	char dir[64];
	char path[96];
	int fd;
};

/* The manager's end; name as in $NOTIFY_SOCKET. */
static void listen_at(struct manager *m, const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	size_t len = strlen(name);

	assert_true(len < sizeof a.sun_path);
	memcpy(a.sun_path, name, len);
	if (name[0] == '@')
		a.sun_path[0] = '\0';
	m->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(m->fd >= 0);
	len += offsetof(struct sockaddr_un, sun_path) + (name[0] != '@');
	assert_int_equal(bind(m->fd, (struct sockaddr *)&a, (socklen_t)len), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
}

static int setup(void **state)
{
	struct manager *m = calloc(1, sizeof *m);

	if (!m)
		return -1;
	m->fd = -1;
	*state = m;
	(void)snprintf(m->dir, sizeof m->dir, "/tmp/aquifer-notify-XXXXXX");
	if (!mkdtemp(m->dir))
		return -1;
	(void)snprintf(m->path, sizeof m->path, "%s/socket", m->dir);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
	return 0;
}

static int teardown(void **state)
{
	struct manager *m = *state;

	fd_close(&m->fd);
	(void)unlink(m->path);
	(void)rmdir(m->dir);
	free(m);
	return 0;
}

static void expect_message(const struct manager *m, const char *text)
{
	char got[256];
	ssize_t n = recv(m->fd, got, sizeof got, 0);

	assert_int_equal(n, strlen(text));
	assert_memory_equal(got, text, (size_t)n);
}

static void expect_nothing(const struct manager *m)
{
	char got[16];

	assert_int_equal(recv(m->fd, got, sizeof got, 0), -1);
	assert_int_equal(errno, EAGAIN);
}

static void exchange(struct manager *m)
{
	int fd = notify_open();

	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	expect_nothing(m);
	notify_send(fd, "READY=1\nSTATUS=seeded");
	/* The descriptor is all it needs, as after a change of user. */
	(void)unsetenv("NOTIFY_SOCKET");
	notify_send(fd, "WATCHDOG=1");
	expect_message(m, "READY=1\nSTATUS=seeded");
	expect_message(m, "WATCHDOG=1");
	expect_nothing(m);
	fd_close(&fd);
}

static void a_socket_in_the_file_system(void **state)
{
	struct manager *m = *state;

	listen_at(m, m->path);
	exchange(m);
}

static void an_abstract_socket(void **state)
{
	struct manager *m = *state;
	char name[96];

	(void)snprintf(name, sizeof name, "@aquifer-notify-%ld", (long)getpid());
	listen_at(m, name);
	exchange(m);
}

/* sun_path has 108 bytes; a path keeps one for its NUL (unix(7)). */
static void the_longest_name(void **state)
{
	struct manager *m = *state;
	char name[109];

	memset(name, 'n', sizeof name);
	name[0] = '@';
	(void)snprintf(name + 1, 40, "aquifer-%ld-", (long)getpid());
	name[strlen(name)] = 'n';
	name[107] = '\0';
	listen_at(m, name);
	exchange(m);
	name[107] = 'n';
	name[108] = '\0';
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	assert_int_equal(notify_open(), -1);
}

static void nobody_to_tell(void **state)
{
	static const char *const names[] = {
		"",
		"/",
		"@",
		"relative",
		"vsock:2:1234",
		"/dev/null",
		"/nonexistent/aquifer/notify",
	};

	(void)state;
	assert_int_equal(notify_open(), -1);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		assert_int_equal(notify_open(), -1);
	}
	notify_send(-1, "READY=1");
}

/* Would hang here if it blocked: nobody ever reads. */
static void a_full_queue_loses_messages_and_never_blocks(void **state)
{
	struct manager *m = *state;
	int fd, received = 0;
	char got[16];

	listen_at(m, m->path);
	fd = notify_open();
	assert_true(fd >= 0);
	/* Even where someone took the flag away. */
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
	for (int i = 0; i < 20000; i++)
		notify_send(fd, "WATCHDOG=1");
	while (recv(m->fd, got, sizeof got, 0) > 0)
		received++;
	assert_true(received > 0 && received < 20000);
	fd_close(&fd);
}

static void a_manager_that_left_is_no_signal(void **state)
{
	struct manager *m = *state;
	int fd;

	listen_at(m, m->path);
	fd = notify_open();
	assert_true(fd >= 0);
	fd_close(&m->fd);
	assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	notify_send(fd, "STOPPING=1");
	fd_close(&fd);
}

static void the_watchdog_is_ours_or_none(void **state)
{
	static const struct {
		const char *usec, *pid; /* "self": ours; NULL: not set */
		uint64_t ns;
	} cases[] = {
		{ NULL, NULL, 0 },
		{ NULL, "self", 0 },
		{ "30000000", NULL, 30 * NS_PER_S },
		{ "30000000", "self", 30 * NS_PER_S },
		{ "1", "self", 1000 },
		{ "30000000", "1", 0 },
		{ "30000000", "", 0 },
		{ "30000000", "x", 0 },
		{ "0", "self", 0 },
		{ "", "self", 0 },
		{ "-1", "self", 0 },
		{ " 1", "self", 0 },
		{ "1s", "self", 0 },
		/* The most that fits in 64 bits of ns, one more, and infinity. */
		{ "18446744073709551", "self", UINT64_C(18446744073709551000) },
		{ "18446744073709552", "self", 0 },
		{ "18446744073709551615", "self", 0 },
		{ "18446744073709551617", "self", 0 },
	};
	char self[24];

	(void)state;
	(void)snprintf(self, sizeof self, "%ld", (long)getpid());
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *pid = cases[i].pid;

		(void)unsetenv("WATCHDOG_USEC");
		(void)unsetenv("WATCHDOG_PID");
		if (pid)
			pid = strcmp(pid, "self") == 0 ? self : pid;
		if (cases[i].usec)
			assert_int_equal(
				setenv("WATCHDOG_USEC", cases[i].usec, 1), 0);
		if (pid)
			assert_int_equal(setenv("WATCHDOG_PID", pid, 1), 0);
		if (notify_watchdog_ns() != cases[i].ns)
			fail_msg("case %zu", i);
	}
}

#define WITH_MANAGER(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MANAGER(a_socket_in_the_file_system),
		WITH_MANAGER(an_abstract_socket),
		WITH_MANAGER(the_longest_name),
		WITH_MANAGER(nobody_to_tell),
		WITH_MANAGER(a_full_queue_loses_messages_and_never_blocks),
		WITH_MANAGER(a_manager_that_left_is_no_signal),
		WITH_MANAGER(the_watchdog_is_ours_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
