/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "daemon/sandbox.h"

#include "../source/refuse.h"

#define OTHER_ID 65533

/* What a filter or a drop does lasts: each is looked at in a child. */
static int status_of(int (*look)(void))
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	/* Not _exit: ASan does something before it that a filter refuses. */
	if (child == 0)
		(void)syscall(SYS_exit_group, look());
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void expect_zero(int (*look)(void))
{
	int status = status_of(look);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* A kernel, or an emulator of one, without seccomp. */
static int sets_a_filter(void)
{
	return refuse_call(SYS_acct, ENOSYS) ? 0 : 1;
}

static void need_seccomp(void)
{
	if (status_of(sets_a_filter) != 0)
		skip_because("no seccomp filter can be set here");
}

static void a_user_is_found_by_name(void **state)
{
	uid_t uid = 1;
	gid_t gid = 1;
	bool found = true;
	const struct passwd *nobody = getpwnam("nobody");

	(void)state;
	sandbox_find_user("no-such-user-anywhere", &uid, &gid, &found);
	assert_false(found);
	assert_int_equal(uid, 65534);
	assert_int_equal(gid, 65534);
	/* To run as root would be no drop. */
	sandbox_find_user("root", &uid, &gid, &found);
	assert_false(found);
	assert_int_equal(uid, 65534);
	if (!nobody)
		skip_because("no user nobody");
	sandbox_find_user("nobody", &uid, &gid, &found);
	assert_true(found);
	assert_int_equal(uid, nobody->pw_uid);
	assert_int_equal(gid, nobody->pw_gid);
}

static bool has_any_capability(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) < 0 || data[0].effective ||
	       data[1].effective || data[0].permitted || data[1].permitted ||
	       data[0].inheritable || data[1].inheritable;
}

static int common_facts(void)
{
	struct rlimit core;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 10;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 11;
	if (getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_max != 0)
		return 12;
	return 0;
}

static int drops_all(void)
{
	if (sandbox_drop(OTHER_ID, OTHER_ID) != 0)
		return 1;
	if (getuid() != OTHER_ID || geteuid() != OTHER_ID ||
	    getgid() != OTHER_ID || getegid() != OTHER_ID)
		return 2;
	if (getgroups(0, NULL) != 0)
		return 3;
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return 4;
	if (has_any_capability())
		return 5;
	return common_facts();
}

static int stays_without_rights(void)
{
	uid_t uid = getuid();

	if (sandbox_drop(OTHER_ID, OTHER_ID) != 0)
		return 1;
	return getuid() == uid ? common_facts() : 2;
}

static void rights_are_gone_after_the_drop(void **state)
{
	(void)state;
	expect_zero(geteuid() == 0 ? drops_all : stays_without_rights);
}

/* A drop that the kernel refuses is an error, not a daemon that stays root. */
static int drop_of(long call)
{
	return !refuse_call(call, EPERM)            ? NO_SECCOMP :
	       sandbox_drop(OTHER_ID, OTHER_ID) < 0 ? 0 :
						      1;
}

static int without_setgroups(void)
{
	return drop_of(SYS_setgroups);
}

static int without_setresgid(void)
{
	return drop_of(SYS_setresgid);
}

static int without_setresuid(void)
{
	return drop_of(SYS_setresuid);
}

static int without_capset(void)
{
	return drop_of(SYS_capset);
}

static int without_capget(void)
{
	return drop_of(SYS_capget);
}

static int without_prctl(void)
{
	return drop_of(SYS_prctl);
}

static void each_call_that_fails_is_noticed(void **state)
{
	static int (*const looks[])(void) = {
		without_setgroups, without_setresgid, without_setresuid,
		without_capset,    without_capget,    without_prctl,
	};

	(void)state;
	need_seccomp();
	if (geteuid() != 0)
		skip_because("needs root");
	for (size_t i = 0; i < ARRAY_LEN(looks); i++)
		expect_zero(looks[i]);
}

static int keeps_what_it_needs(void)
{
	const uint32_t allowed = 1u << CAP_SYS_ADMIN | 1u << CAP_KILL;
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct before[_LINUX_CAPABILITY_U32S_3];
	struct __user_cap_data_struct after[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, before) < 0 || sandbox_keep() != 0 ||
	    syscall(SYS_capget, &header, after) < 0)
		return 1;
	if (after[0].effective != (before[0].permitted & allowed) ||
	    after[1].effective != (before[1].permitted & 1u << (CAP_SYSLOG - 32)))
		return 2;
	if (after[0].permitted != after[0].effective ||
	    after[1].permitted != after[1].effective ||
	    after[0].inheritable != 0 || after[1].inheritable != 0)
		return 3;
	return common_facts();
}

static void the_privileged_part_keeps_little(void **state)
{
	(void)state;
	expect_zero(keeps_what_it_needs);
}

/* A device for its group, one for its owner, and one that is not there. */
static int joins_the_groups(void)
{
	char dir[] = "/tmp/aquifer-sandbox-XXXXXX", paths[3][64];
	const char *const list[] = { paths[0], paths[1], paths[2] };
	gid_t groups[8];
	int n, r = 0;

	if (!mkdtemp(dir))
		return 1;
	for (unsigned i = 0; i < 3; i++)
		(void)snprintf(paths[i], sizeof paths[i], "%s/%u", dir, i);
	for (unsigned i = 0; i < 2; i++) {
		int fd = open(paths[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

		if (fd < 0 || fchown(fd, OTHER_ID, OTHER_ID - i) < 0 ||
		    fchmod(fd, i == 0 ? 0660 : 0600) < 0)
			r = 2;
		(void)close(fd);
	}
	sandbox_join_groups(list, ARRAY_LEN(list));
	n = getgroups(ARRAY_LEN(groups), groups);
	if (n != 1 || groups[0] != OTHER_ID)
		r = 3;
	if (r == 0 && sandbox_keep() < 0)
		r = 4;
	/* Without CAP_DAC_OVERRIDE: by the group, or not at all. */
	if (r == 0 && (open(paths[0], O_RDWR) < 0 ||
		       open(paths[1], O_RDWR) >= 0 || errno != EACCES))
		r = 5;
	for (unsigned i = 0; i < 2; i++)
		(void)unlink(paths[i]);
	(void)rmdir(dir);
	return r;
}

static void devices_are_opened_by_their_group(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip_because("needs root");
	expect_zero(joins_the_groups);
}

static bool refused(long result)
{
	return result == -1 && errno == EPERM;
}

/* What both parts may and may not. */
static int both(void)
{
	char byte;
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return 20;
	/* Never waits for the kernel's generator, however it comes to it. */
	if (!refused(syscall(SYS_getrandom, &byte, 1, 0)) ||
	    !refused(syscall(SYS_getrandom, &byte, 1, GRND_RANDOM)))
		return 21;
	if (syscall(SYS_getrandom, &byte, 1, GRND_NONBLOCK) < 0 &&
	    errno != EAGAIN)
		return 22;
	if (!refused(mprotect(page, 4096, PROT_READ | PROT_EXEC)) ||
	    mprotect(page, 4096, PROT_READ) < 0)
		return 23;
	if (!refused(syscall(SYS_setuid, 0)) ||
	    !refused(syscall(SYS_chroot, "/")) ||
	    !refused(syscall(SYS_socketpair, AF_INET, 0, 0, NULL)))
		return 24;
	return 0;
}

static int engine_calls(void)
{
	int fd, r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sandbox_filter_engine() != 0)
		return 1;
	if (!refused(socket(AF_INET, SOCK_STREAM, 0)) ||
	    !refused(socket(AF_NETLINK, SOCK_RAW, 0)))
		return 2;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 3;
	/* RNDADDENTROPY is the other part's. */
	if (!refused(syscall(SYS_ioctl, fd, 0x40085203, NULL)))
		return 4;
	if (!refused(kill(getppid(), 0)))
		return 5;
	r = both();
	return r;
}

static int monitor_calls(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sandbox_filter_monitor() != 0)
		return 1;
	if (kill(getppid(), 0) < 0)
		return 2;
	if (!refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)))
		return 3;
	return both();
}

static void filters_refuse_what_is_not_listed(void **state)
{
	(void)state;
	need_seccomp();
	expect_zero(engine_calls);
	expect_zero(monitor_calls);
}

static int with_filter(int (*filter)(void), long call)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || filter() != 0)
		return 1;
	(void)syscall(call, NULL, NULL, NULL, NULL, NULL);
	return 2;
}

static int engine_starts_a_program(void)
{
	return with_filter(sandbox_filter_engine, SYS_execve);
}

static int engine_traces(void)
{
	return with_filter(sandbox_filter_engine, SYS_ptrace);
}

static int monitor_starts_a_program(void)
{
	return with_filter(sandbox_filter_monitor, SYS_execve);
}

static int monitor_mounts(void)
{
	return with_filter(sandbox_filter_monitor, SYS_mount);
}

static void starting_a_program_ends_the_part(void **state)
{
	static int (*const looks[])(void) = {
		engine_starts_a_program,
		engine_traces,
		monitor_starts_a_program,
		monitor_mounts,
	};

	(void)state;
	need_seccomp();
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		int status = status_of(looks[i]);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_is_found_by_name),
		cmocka_unit_test(rights_are_gone_after_the_drop),
		cmocka_unit_test(each_call_that_fails_is_noticed),
		cmocka_unit_test(the_privileged_part_keeps_little),
		cmocka_unit_test(devices_are_opened_by_their_group),
		cmocka_unit_test(filters_refuse_what_is_not_listed),
		cmocka_unit_test(starting_a_program_ends_the_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
