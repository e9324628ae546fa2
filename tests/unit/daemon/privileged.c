/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "daemon/privileged.h"
#include "source/hostseed_find.h"

static const uint64_t start_ns = 1000 * NS_PER_S;

static void table_of(struct priv_table *t, const char *class_name,
		     const char *path)
{
	static struct config config;

	memset(&config, 0, sizeof config);
	config.n_lanes = 2;
	(void)snprintf(config.lanes[0].class_name,
		       sizeof config.lanes[0].class_name, "%s", class_name);
	(void)snprintf(config.lanes[0].path, sizeof config.lanes[0].path, "%s",
		       path);
	(void)snprintf(config.lanes[1].class_name,
		       sizeof config.lanes[1].class_name, "jitter");
	priv_table_make(&config, t);
}

static void the_table_has_the_devices_and_what_is_configured(void **state)
{
	static const char *const fixed[] = {
		"/dev/hwrng",
		"/dev/tpmrm0",
		"/dev/tpm0",
		"/dev/kmsg",
		"/sys/firmware/qemu_fw_cfg/by_name/opt/aquifer/seed/raw",
		"/sys/firmware/dmi/entries/11-0/raw",
	};
	char buf[CONFIG_PATH_BYTES];
	size_t n_seeds = 0;
	struct priv_table t;
	size_t n_fixed;
	int row;

	(void)state;
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	table_of(&t, "jitter", "");
	n_fixed = t.n_rows;
	while (hostseed_place_at(n_seeds, buf, sizeof buf))
		n_seeds++;
	assert_int_equal(n_fixed, 4 + n_seeds);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		assert_true(priv_table_find(&t, fixed[i]) >= 0);
	assert_int_equal(priv_table_find(&t, "/dev/mem"), -1);
	assert_int_equal(priv_table_find(&t, ""), -1);
	row = priv_table_find(&t, "/dev/hwrng");
	assert_int_equal(t.rows[row].flags & O_ACCMODE, O_RDONLY);
	assert_true(t.rows[row].flags & O_NONBLOCK);
	assert_true(t.rows[row].flags & O_CLOEXEC);

	table_of(&t, "file", "/dev/ttyACM0");
	assert_int_equal(t.n_rows, n_fixed + 1);
	row = priv_table_find(&t, "/dev/ttyACM0");
	assert_int_equal(t.rows[row].flags & O_ACCMODE, O_RDONLY);
	assert_true(t.rows[row].flags & O_NOCTTY);

	table_of(&t, "tpm2", "/dev/tpmrm1");
	row = priv_table_find(&t, "/dev/tpmrm1");
	assert_int_equal(t.rows[row].flags & O_ACCMODE, O_RDWR);

	/* Named twice is there once. */
	table_of(&t, "hwrng", "/dev/hwrng");
	assert_int_equal(t.n_rows, n_fixed);
}

static void every_lane_has_room_in_the_table(void **state)
{
	static struct config config;
	struct priv_table t;

	(void)state;
	config.n_lanes = CONFIG_LANES_MAX;
	for (size_t i = 0; i < CONFIG_LANES_MAX; i++) {
		memset(config.lanes[i].path, 'x',
		       sizeof config.lanes[i].path - 1);
		config.lanes[i].path[0] = '/';
		config.lanes[i].path[1] = (char)('a' + i);
	}
	priv_table_make(&config, &t);
	assert_in_range(t.n_rows, CONFIG_LANES_MAX, PRIV_ROWS_MAX);
	for (size_t i = 0; i < CONFIG_LANES_MAX; i++)
		assert_true(priv_table_find(&t, config.lanes[i].path) >= 0);
}

/* The table of each_request_is_judged is cut to this. */
#define LAST_ROW 4

/* Both sides of each bound. size_more: over the size of a request. */
static const struct {
	const char *what;
	uint32_t op, arg, len_bytes;
	int size_more;
	int padding_at; /* this byte is 1, the rest beyond len_bytes 0 */
	int expected;
} requests[] = {
	{ "add a byte", PRIV_ADD, 0, 1, 0, -1, 0 },
	{ "add all", PRIV_ADD, 0, 64, 0, -1, 0 },
	{ "add none", PRIV_ADD, 0, 0, 0, -1, -EBADMSG },
	{ "add too many", PRIV_ADD, 0, 65, 0, -1, -EBADMSG },
	{ "add a length near the top", PRIV_ADD, 0, UINT32_MAX, 0, -1, -EBADMSG },
	{ "all credit of a byte", PRIV_ADD, 8, 1, 0, -1, 0 },
	{ "more than a byte holds", PRIV_ADD, 9, 1, 0, -1, -EBADMSG },
	{ "all credit of all", PRIV_ADD, 512, 64, 0, -1, 0 },
	{ "more than all hold", PRIV_ADD, 513, 64, 0, -1, -EBADMSG },
	{ "a credit that is negative", PRIV_ADD, UINT32_MAX, 64, 0, -1,
	  -EBADMSG },
	{ "the last byte counts", PRIV_ADD, 0, 64, 0, 63, 0 },
	{ "padding that is not zero", PRIV_ADD, 0, 63, 0, 63, -EBADMSG },
	{ "padding right after", PRIV_ADD, 0, 8, 0, 8, -EBADMSG },
	{ "a byte that counts", PRIV_ADD, 0, 8, 0, 7, 0 },
	{ "a byte short", PRIV_ADD, 0, 8, -1, -1, -EBADMSG },
	{ "a byte long", PRIV_ADD, 0, 8, 1, -1, -EBADMSG },
	{ "re-key", PRIV_REKEY, 0, 0, 0, -1, 0 },
	{ "re-key with bytes", PRIV_REKEY, 0, 1, 0, -1, -EBADMSG },
	{ "re-key with padding", PRIV_REKEY, 0, 0, 0, 0, -EBADMSG },
	{ "the first row", PRIV_REOPEN, 0, 0, 0, -1, 0 },
	{ "the last row", PRIV_REOPEN, LAST_ROW, 0, 0, -1, 0 },
	{ "a row too far", PRIV_REOPEN, LAST_ROW + 1, 0, 0, -1, -EBADMSG },
	{ "row -1", PRIV_REOPEN, UINT32_MAX, 0, 0, -1, -EBADMSG },
	{ "reopen with bytes", PRIV_REOPEN, 0, 1, 0, -1, -EBADMSG },
	{ "bump", PRIV_GENERATION_BUMP, 0, 0, 0, -1, 0 },
	{ "bump with bytes", PRIV_GENERATION_BUMP, 0, 64, 0, -1, -EBADMSG },
	{ "operation 0", 0, 0, 0, 0, -1, -EBADMSG },
	{ "operation 5", 5, 0, 0, 0, -1, -EBADMSG },
	{ "operation -1", UINT32_MAX, 0, 0, 0, -1, -EBADMSG },
};

static void each_request_is_judged(void **state)
{
	struct priv_limits limits, before;
	struct priv_table t;

	(void)state;
	table_of(&t, "file", "/dev/ttyACM0");
	assert_true(t.n_rows > LAST_ROW);
	t.n_rows = LAST_ROW + 1;
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		struct priv_request r = { .op = requests[i].op,
					  .arg = requests[i].arg,
					  .len_bytes = requests[i].len_bytes };
		int got;

		if (requests[i].padding_at >= 0)
			r.bytes[requests[i].padding_at] = 1;
		priv_limits_init(&limits, start_ns);
		before = limits;
		got = priv_judge(&limits, &t, &r,
				 (size_t)((long)sizeof r + requests[i].size_more),
				 start_ns);
		if (got != requests[i].expected)
			fail_msg("%s: %d, not %d", requests[i].what, got,
				 requests[i].expected);
		/* What is malformed uses up nobody's share. */
		if (got != 0)
			assert_memory_equal(&limits, &before, sizeof limits);
	}
}

static int ask(struct priv_limits *l, uint32_t op, uint64_t now_ns)
{
	struct priv_request r = { .op = op, .len_bytes = op == PRIV_ADD };
	struct priv_table t;

	table_of(&t, "jitter", "");
	return priv_judge(l, &t, &r, sizeof r, now_ns);
}

static unsigned burst_of(struct priv_limits *l, uint32_t op, uint64_t now_ns)
{
	unsigned n = 0;

	while (n < 1000 && ask(l, op, now_ns) == 0)
		n++;
	assert_int_equal(ask(l, op, now_ns), -EAGAIN);
	return n;
}

/* As the table in privileged.c has it. */
static const unsigned bursts[] = {
	[PRIV_ADD] = 16, [PRIV_REKEY] = 16, [PRIV_REOPEN] = 96, [PRIV_GENERATION_BUMP] = 4
};

static void each_operation_has_its_own_limit(void **state)
{
	struct priv_limits l;

	(void)state;
	priv_limits_init(&l, start_ns);
	for (uint32_t op = PRIV_ADD; op < ARRAY_LEN(bursts); op++)
		assert_int_equal(burst_of(&l, op, start_ns), bursts[op]);
}

static void a_token_comes_back_after_its_time(void **state)
{
	(void)state;
	for (uint32_t op = PRIV_ADD; op < ARRAY_LEN(bursts); op++) {
		struct priv_limits l;

		priv_limits_init(&l, start_ns);
		(void)burst_of(&l, op, start_ns);
		assert_int_equal(ask(&l, op, start_ns + NS_PER_S - 1), -EAGAIN);
		assert_int_equal(ask(&l, op, start_ns + NS_PER_S), 0);
		assert_int_equal(ask(&l, op, start_ns + NS_PER_S), -EAGAIN);
	}
}

static void no_time_gives_more_than_a_burst(void **state)
{
	static const uint64_t later_ns[] = { UINT64_C(1) << 40,
					     UINT64_C(1) << 62, UINT64_MAX };
	struct priv_limits l;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(later_ns); i++) {
		priv_limits_init(&l, start_ns);
		(void)burst_of(&l, PRIV_ADD, start_ns);
		assert_int_equal(burst_of(&l, PRIV_ADD, later_ns[i]), 16);
	}
	/* A clock that is set back gives nothing, and nothing twice. */
	priv_limits_init(&l, start_ns);
	(void)burst_of(&l, PRIV_ADD, start_ns);
	assert_int_equal(ask(&l, PRIV_ADD, 0), -EAGAIN);
	assert_int_equal(ask(&l, PRIV_ADD, start_ns), -EAGAIN);
	assert_int_equal(ask(&l, PRIV_ADD, start_ns + NS_PER_S), 0);
}

/*
 * The privileged side of a pair, played by a child: it gets one request after
 * the other and answers by its turn.
 */
enum answer {
	ANSWER_FINE,
	ANSWER_ERROR,
	ANSWER_DESCRIPTOR,
	ANSWER_SHORT,
	ANSWER_LATE,
	ANSWER_SILENCE,
	ANSWER_CLOSE,
};

struct peer {
	int fd; /* ours */
	pid_t child;
};

static void send_answer(int fd, enum answer a)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct priv_reply reply = { .detail = 2 };
	struct iovec iov = { &reply, sizeof reply };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	const struct timespec late = { 1, 300000000 };
	int passed = open("/dev/null", O_RDONLY);

	if (a == ANSWER_ERROR)
		reply.result = -EACCES;
	if (a == ANSWER_LATE) {
		(void)nanosleep(&late, NULL);
		reply.result = -EXDEV;
	}
	if (a == ANSWER_SHORT)
		iov.iov_len--;
	if (a == ANSWER_DESCRIPTOR || a == ANSWER_LATE) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof control.bytes;
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &passed, sizeof passed);
	}
	(void)sendmsg(fd, &msg, MSG_NOSIGNAL);
	fd_close(&passed);
}

/* Exit 1 when what comes is no request. */
static void play(int fd, const enum answer *answers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct priv_request r;

		if (recv(fd, &r, sizeof r, MSG_TRUNC) != sizeof r)
			_exit(1);
		if (answers[i] == ANSWER_CLOSE)
			_exit(0);
		if (answers[i] != ANSWER_SILENCE)
			send_answer(fd, answers[i]);
	}
	/* Until the other side has had enough. */
	(void)!recv(fd, &(char){ 0 }, 1, 0);
	_exit(0);
}

static void peer_start(struct peer *p, const enum answer *answers, size_t n)
{
	int pair[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	p->child = fork();
	assert_true(p->child >= 0);
	if (p->child == 0) {
		(void)close(pair[0]);
		play(pair[1], answers, n);
	}
	(void)close(pair[1]);
	p->fd = pair[0];
}

static void peer_end(struct peer *p)
{
	int status;

	fd_close(&p->fd);
	assert_int_equal(waitpid(p->child, &status, 0), p->child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void calls_return_what_was_answered(void **state)
{
	static const enum answer answers[] = {
		ANSWER_FINE,       ANSWER_ERROR, ANSWER_FINE,
		ANSWER_ERROR,      ANSWER_FINE,  ANSWER_ERROR,
		ANSWER_DESCRIPTOR, ANSWER_ERROR, ANSWER_FINE,
	};
	uint8_t bytes[PRIV_ADD_MAX_BYTES + 1] = { 1 };
	uint32_t rekey = 77;
	struct peer p;
	int fd;

	(void)state;
	peer_start(&p, answers, ARRAY_LEN(answers));
	assert_int_equal(priv_add(p.fd, bytes, 64, 256), 0);
	assert_int_equal(priv_add(p.fd, bytes, 64, 256), -EACCES);
	/* Not sent at all. */
	assert_int_equal(priv_add(p.fd, bytes, 65, 0), -EINVAL);
	assert_int_equal(priv_rekey(p.fd, &rekey), 0);
	assert_int_equal(rekey, 2);
	rekey = 77;
	assert_int_equal(priv_rekey(p.fd, &rekey), -EACCES);
	assert_int_equal(rekey, 77);
	assert_int_equal(priv_generation_bump(p.fd), 0);
	assert_int_equal(priv_generation_bump(p.fd), -EACCES);
	fd = priv_reopen(p.fd, 0);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	fd_close(&fd);
	assert_int_equal(priv_reopen(p.fd, 0), -EACCES);
	/* 'Done' without a descriptor is not done. */
	assert_int_equal(priv_reopen(p.fd, 0), -EBADMSG);
	peer_end(&p);
}

static void a_privileged_part_that_is_gone_is_a_broken_pipe(void **state)
{
	static const enum answer closes[] = { ANSWER_CLOSE };
	static const enum answer cuts[] = { ANSWER_SHORT };
	uint8_t bytes[8] = { 0 };
	uint32_t rekey = 77;
	struct peer p;

	(void)state;
	peer_start(&p, closes, ARRAY_LEN(closes));
	assert_int_equal(priv_add(p.fd, bytes, sizeof bytes, 0), -EPIPE);
	assert_int_equal(priv_add(p.fd, bytes, sizeof bytes, 0), -EPIPE);
	assert_int_equal(priv_rekey(p.fd, &rekey), -EPIPE);
	assert_int_equal(priv_reopen(p.fd, 0), -EPIPE);
	assert_int_equal(priv_generation_bump(p.fd), -EPIPE);
	assert_int_equal(rekey, 77);
	peer_end(&p);
	peer_start(&p, cuts, ARRAY_LEN(cuts));
	assert_int_equal(priv_add(p.fd, bytes, sizeof bytes, 0), -EPIPE);
	peer_end(&p);
}

static int open_count(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* A late answer is not taken for the next call's, and its descriptor closed. */
static void silence_ends_the_wait_and_late_answers_are_dropped(void **state)
{
	static const enum answer answers[] = { ANSWER_SILENCE, ANSWER_LATE,
					       ANSWER_FINE };
	const struct timespec wait = { 0, 800000000 };
	uint8_t bytes[8] = { 0 };
	struct peer p;
	int open_before;

	(void)state;
	peer_start(&p, answers, ARRAY_LEN(answers));
	open_before = open_count();
	assert_int_equal(priv_add(p.fd, bytes, sizeof bytes, 0), -EPIPE);
	assert_int_equal(priv_add(p.fd, bytes, sizeof bytes, 0), -EPIPE);
	(void)nanosleep(&wait, NULL);
	assert_int_equal(priv_add(p.fd, bytes, sizeof bytes, 0), 0);
	assert_int_equal(open_count(), open_before);
	peer_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_table_has_the_devices_and_what_is_configured),
		cmocka_unit_test(every_lane_has_room_in_the_table),
		cmocka_unit_test(each_request_is_judged),
		cmocka_unit_test(each_operation_has_its_own_limit),
		cmocka_unit_test(a_token_comes_back_after_its_time),
		cmocka_unit_test(no_time_gives_more_than_a_burst),
		cmocka_unit_test(calls_return_what_was_answered),
		cmocka_unit_test(a_privileged_part_that_is_gone_is_a_broken_pipe),
		cmocka_unit_test(
			silence_ends_the_wait_and_late_answers_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
