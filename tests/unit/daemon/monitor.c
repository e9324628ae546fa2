/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "daemon/monitor.h"

#include "../random_ioctl.h"
#include "../skip.h"

#define WAIT_MS 60000

struct monitored {
	struct config config;
	struct monitor m;
	char config_path[64];
	uint32_t generation;
	/* The other part's ends. */
	int request_fd, control_fd;
};

static void set_config(struct monitored *t, const char *text)
{
	int fd = open(t->config_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	(void)close(fd);
}

static int setup(void **state)
{
	static struct monitored t;
	int request[2], control[2];
	sigset_t set;

	memset(&t, 0, sizeof t);
	(void)snprintf(t.config_path, sizeof t.config_path,
		       "/tmp/aquifer-monitor-%d.conf", (int)getpid());
	set_config(&t, "[aquiferd]\ninterval = 20s\n");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, request) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
		return -1;
	t.m.request_fd = request[0];
	t.request_fd = request[1];
	t.m.control_fd = control[0];
	t.control_fd = control[1];
	t.m.random_fd = -1;
	t.m.random_error = -ENOENT;
	t.m.generation = &t.generation;
	t.m.config_path = t.config_path;
	t.m.config_must_exist = true;
	config_default(&t.config);
	priv_table_make(&t.config, &t.m.table);
	priv_limits_init(&t.m.limits, clock_boottime_ns());
	/* As the program does before its fork. */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	struct monitored *t = *state;

	fd_close(&t->m.request_fd);
	fd_close(&t->m.control_fd);
	fd_close(&t->m.random_fd);
	fd_close(&t->request_fd);
	fd_close(&t->control_fd);
	(void)unlink(t->config_path);
	return 0;
}

static int answer(struct monitored *t, uint32_t op, uint32_t arg, size_t size,
		  struct priv_reply *ret_reply, int *ret_fd)
{
	struct priv_request r = { .op = op,
				  .arg = arg,
				  .len_bytes = op == PRIV_ADD ? 32 : 0 };

	memset(ret_reply, 0xee, sizeof *ret_reply);
	*ret_fd = 77;
	monitor_answer(&t->m, &r, size, clock_boottime_ns(), ret_reply, ret_fd);
	return ret_reply->result;
}

static void without_the_device_nothing_is_fed(void **state)
{
	static const uint32_t ops[] = { PRIV_ADD, PRIV_REKEY };
	struct priv_reply reply;
	int fd;

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		assert_int_equal(answer(*state, ops[i], 0,
					sizeof(struct priv_request), &reply, &fd),
				 -ENOENT);
		assert_int_equal(reply.detail, 0);
		assert_int_equal(fd, -1);
	}
}

/* The ioctl's error is the reply: /dev/null has no entropy to add to. */
static void a_refusal_of_the_kernel_is_passed_on(void **state)
{
	struct monitored *t = *state;
	struct priv_reply reply;
	int fd;

	if (!add_is_known())
		skip_because(NO_ADD);
	t->m.random_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	assert_true(t->m.random_fd >= 0);
	assert_int_equal(answer(t, PRIV_ADD, 256, sizeof(struct priv_request),
				&reply, &fd),
			 -ENOTTY);
	assert_int_equal(answer(t, PRIV_REKEY, 0, sizeof(struct priv_request),
				&reply, &fd),
			 0);
	/* Nor does it know how to re-key: whatever comes is no 'rekeyed'. */
	assert_int_not_equal(reply.detail, KERNEL_REKEYED);
}

static void devices_are_opened_by_their_row(void **state)
{
	struct monitored *t = *state;
	struct priv_reply reply;
	int fd, row;

	(void)snprintf(t->config.lanes[0].path, sizeof t->config.lanes[0].path,
		       "/dev/null");
	(void)snprintf(t->config.lanes[1].path, sizeof t->config.lanes[1].path,
		       "/nowhere/at/all");
	priv_table_make(&t->config, &t->m.table);
	row = priv_table_find(&t->m.table, "/dev/null");
	assert_int_equal(answer(t, PRIV_REOPEN, (uint32_t)row,
				sizeof(struct priv_request), &reply, &fd),
			 0);
	assert_int_equal(read(fd, &reply, 1), 0);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	fd_close(&fd);
	row = priv_table_find(&t->m.table, "/nowhere/at/all");
	assert_int_equal(answer(t, PRIV_REOPEN, (uint32_t)row,
				sizeof(struct priv_request), &reply, &fd),
			 -ENOENT);
	assert_int_equal(fd, -1);
}

static void the_generation_is_bumped_by_one_or_not_at_all(void **state)
{
	struct monitored *t = *state;
	struct priv_reply reply;
	int fd;

	t->generation = UINT32_MAX;
	assert_int_equal(answer(t, PRIV_GENERATION_BUMP, 0,
				sizeof(struct priv_request), &reply, &fd),
			 0);
	assert_int_equal(t->generation, 0);
	assert_int_equal(answer(t, PRIV_GENERATION_BUMP, 0,
				sizeof(struct priv_request) - 1, &reply, &fd),
			 -EBADMSG);
	for (unsigned i = 0; i < 20; i++)
		(void)answer(t, PRIV_GENERATION_BUMP, 0,
			     sizeof(struct priv_request), &reply, &fd);
	assert_int_equal(reply.result, -EAGAIN);
	assert_int_equal(t->generation, 3);
	t->m.generation = NULL;
	priv_limits_init(&t->m.limits, clock_boottime_ns());
	assert_int_equal(answer(t, PRIV_GENERATION_BUMP, 0,
				sizeof(struct priv_request), &reply, &fd),
			 -ENOENT);
}

/* The other part, in a child: its exit code is what part returns. */
static int run_with(struct monitored *t, int (*part)(struct monitored *t))
{
	t->m.engine_pid = fork();
	assert_true(t->m.engine_pid >= 0);
	if (t->m.engine_pid == 0) {
		fd_close(&t->m.request_fd);
		fd_close(&t->m.control_fd);
		_exit(part(t));
	}
	fd_close(&t->request_fd);
	fd_close(&t->control_fd);
	return monitor_run(&t->m);
}

/* 0 once the monitor has closed its end. */
static int wait_for_the_end(const struct monitored *t)
{
	char byte;

	return recv(t->control_fd, &byte, 1, 0) == 0 ? 0 : 90;
}

static int asks_and_leaves(struct monitored *t)
{
	struct priv_reply reply;
	uint8_t bytes[32] = { 0 };
	int fd, row = priv_table_find(&t->m.table, "/dev/kmsg");

	if (priv_add(t->request_fd, bytes, sizeof bytes, 0) != -ENOENT)
		return 91;
	fd = priv_reopen(t->request_fd, PRIV_ROWS_MAX);
	if (fd != -EBADMSG)
		return 92;
	fd = priv_reopen(t->request_fd, (unsigned)row);
	if (fd == -EBADMSG || fd == -EPIPE)
		return 93;
	/* What is no request at all is answered, not followed. */
	if (send(t->request_fd, "x", 1, 0) != 1 ||
	    recv(t->request_fd, &reply, sizeof reply, 0) != sizeof reply ||
	    reply.result != -EBADMSG)
		return 94;
	if (priv_generation_bump(t->request_fd) != 0)
		return 95;
	return 7;
}

static int dies(struct monitored *t)
{
	(void)t;
	(void)raise(SIGKILL);
	return 0;
}

static int closes_its_end_first(struct monitored *t)
{
	fd_close(&t->request_fd);
	(void)poll(NULL, 0, 50);
	return 5;
}

static int asks_for_the_stop(struct monitored *t)
{
	(void)kill(getppid(), SIGTERM);
	return wait_for_the_end(t);
}

static int asks_for_an_interrupt(struct monitored *t)
{
	(void)kill(getppid(), SIGINT);
	return wait_for_the_end(t);
}

static int does_not_stop(struct monitored *t)
{
	(void)kill(getppid(), SIGTERM);
	(void)wait_for_the_end(t);
	/* Longer than anybody waits. */
	(void)poll(NULL, 0, WAIT_MS);
	return 0;
}

static int takes_a_new_configuration(struct monitored *t)
{
	struct config c;

	(void)kill(getppid(), SIGHUP);
	if (recv(t->control_fd, &c, sizeof c, 0) != sizeof c)
		return 91;
	if (c.interval_ns != 20 * NS_PER_S)
		return 92;
	return 0;
}

static int gets_no_refused_one(struct monitored *t)
{
	(void)kill(getppid(), SIGHUP);
	(void)kill(getppid(), SIGTERM);
	/* The end comes, and nothing before it. */
	return wait_for_the_end(t);
}

static const struct {
	int (*part)(struct monitored *t);
	int code;
} parts[] = {
	{ asks_and_leaves, 7 },       { dies, 3 },
	{ closes_its_end_first, 5 },  { asks_for_the_stop, 0 },
	{ asks_for_an_interrupt, 0 }, { takes_a_new_configuration, 0 },
};

static void the_other_parts_end_is_its_end(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		assert_int_equal(run_with(*state, parts[i].part), parts[i].code);
		(void)teardown(state);
		assert_int_equal(setup(state), 0);
	}
}

static void what_does_not_stop_is_killed(void **state)
{
	uint64_t before_ns = clock_boottime_ns();

	assert_int_equal(run_with(*state, does_not_stop), 3);
	assert_true(clock_boottime_ns() - before_ns < WAIT_MS * NS_PER_MS);
}

static void a_refused_configuration_is_not_handed_over(void **state)
{
	struct monitored *t = *state;

	set_config(t, "[aquiferd]\ninterval = 20\n");
	assert_int_equal(run_with(t, gets_no_refused_one), 0);
	(void)teardown(state);
	assert_int_equal(setup(state), 0);
	(void)unlink(t->config_path);
	assert_int_equal(run_with(t, gets_no_refused_one), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			without_the_device_nothing_is_fed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_refusal_of_the_kernel_is_passed_on, setup, teardown),
		cmocka_unit_test_setup_teardown(devices_are_opened_by_their_row,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_generation_is_bumped_by_one_or_not_at_all, setup,
			teardown),
		cmocka_unit_test_setup_teardown(the_other_parts_end_is_its_end,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_does_not_stop_is_killed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_refused_configuration_is_not_handed_over, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
