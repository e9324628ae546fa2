/* SPDX-License-Identifier: ISC */
/*
 * The kernel outlet against kernels that answer as told: a seccomp filter in a
 * child gives each call its fate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/random.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "outlet/kernel.h"

/* Leaves a child that could not be set up: a skip, not a failure. */
#define CHILD_CANNOT 77
#define FATE_KILL 0xffff

/*
 * What the kernel shall answer in a child: an errno (0: success, nothing is
 * done), FATE_KILL to die of the call. A getrandom(2) that could block always
 * kills: that is the test that nothing here waits.
 */
struct fate {
	unsigned getrandom, add, reseed, count;
};

static uint32_t fate_action(unsigned fate)
{
	return fate == FATE_KILL ? SECCOMP_RET_KILL_PROCESS :
				   SECCOMP_RET_ERRNO | fate;
}

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
		 (unsigned)offsetof(struct seccomp_data, field))
/* The low word of an argument, little endian as all machines we run on. */
#define IS(value, yes, no) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

static bool accept_fate(const struct fate *f)
{
	struct sock_filter code[] = {
		LOAD(nr),
		IS(__NR_getrandom, 0, 4),
		LOAD(args[2]),
		IS(GRND_NONBLOCK, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(fate_action(f->getrandom)),
		IS(__NR_ioctl, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(args[1]),
		IS(RNDADDENTROPY, 0, 1),
		RETURN(fate_action(f->add)),
		IS(RNDRESEEDCRNG, 0, 1),
		RETURN(fate_action(f->reseed)),
		IS(RNDGETENTCNT, 0, 1),
		RETURN(fate_action(f->count)),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_LEN(code), code };

	/* Dying of the filter would leave a core file. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* The child's exit status, or minus the signal that killed it. */
static int wait_child(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int fated_rekey(struct fate f, const struct kernel_semantics *s)
{
	pid_t pid = fork();

	if (pid == 0) {
		int fd = kernel_open("");

		if (fd < 0 || !accept_fate(&f))
			_exit(CHILD_CANNOT);
		_exit((int)kernel_rekey(fd, s));
	}
	return wait_child(pid);
}

static bool child_cannot(int status)
{
	if (status != CHILD_CANNOT)
		return false;
	print_message("skipped: no /dev/random, or no seccomp filter here\n");
	return true;
}

static struct kernel_semantics semantics(const char *release)
{
	struct kernel_semantics s;

	kernel_semantics(release, 0, &s);
	return s;
}

static void add_passes_the_kernels_errno_on(void **state)
{
	static const unsigned errors[] = { EPERM, EFAULT, EINTR };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct fate f = { EAGAIN, errors[i], FATE_KILL, FATE_KILL };
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			uint8_t byte = 0;
			int fd = kernel_open("");

			if (fd < 0 || !accept_fate(&f))
				_exit(CHILD_CANNOT);
			_exit(-kernel_add(fd, &byte, 1, 8));
		}
		status = wait_child(pid);
		if (child_cannot(status))
			skip();
		assert_int_equal(status, errors[i]);
	}
}

/* Also the proof that kernel_ready() asks with GRND_NONBLOCK. */
static void readiness_is_what_getrandom_says(void **state)
{
	static const struct {
		unsigned fate;
		int ready;
	} cases[] = { { EAGAIN, 0 }, { ENOSYS, 0 }, { EPERM, 0 }, { 0, 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fate f = { .getrandom = cases[i].fate };
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			if (!accept_fate(&f))
				_exit(CHILD_CANNOT);
			_exit(kernel_ready());
		}
		status = wait_child(pid);
		if (child_cannot(status))
			skip();
		assert_int_equal(status, cases[i].ready);
	}
}

/* RNDRESEEDCRNG says ENODATA, or even 0: before readiness it is a failure. */
static void rekey_before_readiness_fails(void **state)
{
	struct kernel_semantics s = semantics("6.1.170");
	struct fate f = { .getrandom = EAGAIN, .reseed = ENODATA };
	int status = fated_rekey(f, &s);

	(void)state;
	if (child_cannot(status))
		skip();
	assert_int_equal(status, KERNEL_REKEY_FAILED);
	f.reseed = 0;
	assert_int_equal(fated_rekey(f, &s), KERNEL_REKEY_FAILED);
}

/* From itself: the call would only put the timed reseed off. */
static void rekey_leaves_out_a_call_that_harms(void **state)
{
	struct kernel_semantics known = semantics("5.10.19");
	struct kernel_semantics hidden = semantics("5.10.0-4-amd64");
	struct fate f = { .getrandom = EAGAIN, .reseed = FATE_KILL };
	int status = fated_rekey(f, &known);

	(void)state;
	if (child_cannot(status))
		skip();
	assert_int_equal(status, KERNEL_REKEY_FAILED); /* lived */
	assert_int_equal(fated_rekey(f, &hidden), -SIGSYS);
	assert_int_equal(kernel_rekey(-1, &known), kernel_ready() ?
							   KERNEL_REKEYS_LATER :
							   KERNEL_REKEY_FAILED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_passes_the_kernels_errno_on),
		cmocka_unit_test(readiness_is_what_getrandom_says),
		cmocka_unit_test(rekey_before_readiness_fails),
		cmocka_unit_test(rekey_leaves_out_a_call_that_harms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
