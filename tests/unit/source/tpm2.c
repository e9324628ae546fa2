/* SPDX-License-Identifier: ISC */
/* The TPM source against a peer the test plays, and against a real swtpm. */
#include "source_test.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define RC_RETRY 0x922

struct fixture {
	struct machine m;
	struct source s;
	int peer;
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof f);
	machine_init(&f.m);
	f.peer = -1;
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

static void open_fake(struct fixture *f)
{
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	struct timeval minute = { .tv_sec = 60 };
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds),
			 0);
	assert_int_equal(setsockopt(fds[1], SOL_SOCKET, SO_RCVTIMEO, &minute,
				    sizeof minute),
			 0);
	o.fd = fds[0];
	f->peer = fds[1];
	assert_int_equal(source_open(&f->s, &source_tpm2, NULL, &f->m.env, &o),
			 0);
}

/* Returns how many bytes the command asks for. */
static uint16_t expect_command(struct fixture *f)
{
	uint8_t c[12];

	assert_int_equal(fd_read_exact(f->peer, c, sizeof c), 0);
	assert_int_equal(load_be16(c), 0x8001);
	assert_int_equal(load_be32(c + 2), 12);
	assert_int_equal(load_be32(c + 6), 0x17b);
	return load_be16(c + 10);
}

static void send_random(struct fixture *f, uint16_t n, uint8_t first)
{
	uint8_t a[12 + 64];

	store_be16(a, 0x8001);
	store_be32(a + 2, 12u + n);
	store_be32(a + 6, 0);
	store_be16(a + 10, n);
	for (size_t i = 0; i < n; i++)
		a[12 + i] = (uint8_t)(first + i);
	/* In two pieces: a stream keeps no borders. */
	assert_int_equal(fd_write_all(f->peer, a, 7), 0);
	assert_int_equal(fd_write_all(f->peer, a + 7, 5u + n), 0);
}

static void send_code(struct fixture *f, uint32_t code)
{
	uint8_t a[10];

	store_be16(a, 0x8001);
	store_be32(a + 2, sizeof a);
	store_be32(a + 6, code);
	assert_int_equal(fd_write_all(f->peer, a, sizeof a), 0);
}

static void short_answers_are_asked_for_again(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[64];

	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	assert_int_equal(expect_command(f), 32);
	send_random(f, 20, 0);
	assert_int_equal(expect_command(f), 12);
	send_random(f, 12, 20);
	assert_int_equal(take_all(&f->s, raw, 32), 32);
	for (int i = 0; i < 32; i++)
		assert_int_equal(raw[i], i);
	/* Once: then it has ended, and the device is left in peace. */
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), 0);
	assert_int_equal(recv(f->peer, raw, 1, MSG_DONTWAIT), -1);
}

static void retry_is_answered_by_asking_again(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[32];

	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(expect_command(f), 32);
		send_code(f, RC_RETRY);
	}
	assert_int_equal(expect_command(f), 32);
	send_random(f, 32, 100);
	assert_int_equal(take_all(&f->s, raw, 32), 32);
	assert_int_equal(raw[31], 131);
	assert_int_equal(f->s.not_ready_count, 3);
}

static void retries_are_bounded(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[32], command[12];
	unsigned asked = 0;

	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	/* Until the source gives up and closes its end. */
	for (;;) {
		ssize_t n = source_take(&f->s, raw, sizeof raw);
		struct pollfd p[2] = {
			{ .fd = f->peer, .events = POLLIN },
			{ .fd = f->s.env->event_fd, .events = POLLIN },
		};

		if (n != -EAGAIN) {
			assert_int_equal(n, -ETIMEDOUT);
			break;
		}
		assert_true(poll(p, 2, 60000) > 0);
		if (!(p[0].revents & POLLIN))
			continue;
		if (fd_read_exact(f->peer, command, sizeof command) < 0)
			continue;
		asked++;
		send_code(f, RC_RETRY);
	}
	assert_true(asked >= 1 && asked <= 9);
}

static void an_error_of_the_tpm_is_a_failure(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[32];

	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	assert_int_equal(expect_command(f), 32);
	send_code(f, 0x101);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), -EREMOTEIO);
}

static void garbage_is_a_failure(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[32], junk[200];

	memset(junk, 0xff, sizeof junk);
	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	assert_int_equal(expect_command(f), 32);
	assert_int_equal(fd_write_all(f->peer, junk, sizeof junk), 0);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), -EBADMSG);
}

static void a_closed_peer_is_a_failure(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[32];

	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	assert_int_equal(expect_command(f), 32);
	fd_close(&f->peer);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), -EPIPE);
}

static uint64_t far_ns;

/* A clock that moves a second a look: five seconds pass without waiting. */
static uint64_t fast_clock(void)
{
	return far_ns += NS_PER_S;
}

static void a_silent_tpm_meets_the_deadline(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[32];

	far_ns = 0;
	f->m.env.now_ns = fast_clock;
	open_fake(f);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	/* Half an answer, so that it has to wait once more. */
	assert_int_equal(expect_command(f), 32);
	assert_int_equal(fd_write_all(f->peer, "\x80\x01", 2), 0);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), -ETIMEDOUT);
}

static void domain_and_claim_follow_the_machine(void **state)
{
	struct fixture *f = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;

	for (int i = 0; i < 3; i++) {
		/* Any character device: it is opened, not asked. */
		o.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (i == 1)
			f->m.platform.hypervisor = true;
		if (i == 2)
			be_confidential(&f->m);
		assert_int_equal(source_open(&f->s, &source_tpm2, NULL,
					     &f->m.env, &o),
				 0);
		assert_int_equal(f->s.info.domain,
				 i == 0 ? DOMAIN_TPM : DOMAIN_HOST);
		assert_int_equal(f->s.info.claim_mbits, i == 2 ? 0 : 4000);
		assert_int_equal(f->s.info.reason[0] != '\0', i == 2);
		source_close(&f->s);
	}
	/* A software TPM gives back what this kernel gave it. */
	open_fake(f);
	assert_int_equal(f->s.info.claim_mbits, 0);
}

static void what_is_not_a_tpm_is_refused(void **state)
{
	struct fixture *f = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;

	assert_int_equal(source_open(&f->s, &source_tpm2, NULL, &f->m.env, NULL),
			 -ENODEV);
	assert_non_null(strstr(f->s.info.reason, "/dev/tpmrm0"));
	o.path = "/dev/tpm7";
	put_text(&f->m, "/dev/tpm7", "no device");
	assert_int_equal(source_open(&f->s, &source_tpm2, NULL, &f->m.env, &o),
			 -EINVAL);
	assert_non_null(strstr(f->s.info.reason, "/dev/tpm7"));
}

/* Returns the server's process, or 0 when swtpm is not installed. */
static pid_t start_swtpm(const struct machine *m)
{
	char state_arg[128], server_arg[128];
	pid_t pid;
	int status;

	(void)snprintf(state_arg, sizeof state_arg, "dir=%s", m->root);
	(void)snprintf(server_arg, sizeof server_arg,
		       "type=unixio,path=%s/socket", m->root);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* A test that fails leaves no server behind. */
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		execlp("swtpm", "swtpm", "socket", "--tpm2", "--tpmstate",
		       state_arg, "--server", server_arg, "--flags",
		       "startup-clear", (char *)NULL);
		_exit(127);
	}
	while (!exists(m, "/socket")) {
		struct timespec t = { .tv_nsec = 1000000 };

		if (waitpid(pid, &status, WNOHANG) != 0) {
			assert_true(WIFEXITED(status));
			assert_int_equal(WEXITSTATUS(status), 127);
			return 0;
		}
		(void)nanosleep(&t, NULL);
	}
	return pid;
}

static void a_real_software_tpm_gives_32_bytes(void **state)
{
	struct fixture *f = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	uint8_t raw[2][32];
	uint8_t zero[32] = { 0 };
	pid_t pid = start_swtpm(&f->m);
	int r, status;

	if (pid == 0)
		skip_because("swtpm is not installed");
	o.path = "/socket";
	/* Its socket is bound a moment before it listens. */
	while ((r = source_open(&f->s, &source_tpm2, NULL, &f->m.env, &o)) ==
	       -ECONNREFUSED)
		assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(r, 0);
	assert_string_equal(f->s.info.behind, "/socket");
	assert_int_equal(take_all(&f->s, raw[0], 32), 32);
	assert_int_equal(take_wait(&f->s, raw[1], 32), 0);
	assert_memory_not_equal(raw[0], zero, 32);
	source_close(&f->s);
	(void)kill(pid, SIGTERM);
	(void)waitpid(pid, NULL, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(short_answers_are_asked_for_again),
		TEST(retry_is_answered_by_asking_again),
		TEST(retries_are_bounded),
		TEST(an_error_of_the_tpm_is_a_failure),
		TEST(garbage_is_a_failure),
		TEST(a_closed_peer_is_a_failure),
		TEST(a_silent_tpm_meets_the_deadline),
		TEST(domain_and_claim_follow_the_machine),
		TEST(what_is_not_a_tpm_is_refused),
		TEST(a_real_software_tpm_gives_32_bytes),
	};

	/* A peer that closes is an answer here, not the end of the test. */
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
