/* SPDX-License-Identifier: ISC */
/*
 * Who waits now: names of wchan, numbers of system calls (from the kernel's
 * tables: arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h), links of
 * /proc/PID/fd. A tree stands for /proc.
 */
#include "tree.h"

#include "probe/boot.h"
#include "probe/boot_parts.h"

static const struct {
	const char *name;
	enum boot_wait wait;
} functions[] = {
	{ "wait_for_random_bytes", BOOT_WAIT_GETRANDOM },
	{ "wait_for_random_bytes.part.0", BOOT_WAIT_GETRANDOM },
	{ "wait_for_random_bytes+0x5d/0x80", BOOT_WAIT_GETRANDOM },
	{ "crng_wait_ready", BOOT_WAIT_GETRANDOM },
	{ "SyS_getrandom", BOOT_WAIT_GETRANDOM },
	{ "__x64_sys_getrandom", BOOT_WAIT_GETRANDOM },
	{ "__arm64_sys_getrandom", BOOT_WAIT_GETRANDOM },
	{ "_random_read", BOOT_WAIT_RANDOM },
	{ "_random_read.part.0", BOOT_WAIT_RANDOM },
	{ "random_read", BOOT_WAIT_RANDOM },
	{ "random_read_iter", BOOT_WAIT_RANDOM },
	{ "urandom_read_iter", BOOT_WAIT_URANDOM },
	{ "0", BOOT_WAIT_NONE },
	{ "", BOOT_WAIT_NONE },
	{ "ep_poll", BOOT_WAIT_NONE },
	{ "random_write", BOOT_WAIT_NONE },
	{ "wait_for_random_bytes2", BOOT_WAIT_NONE },
	{ "wait_for_random", BOOT_WAIT_NONE },
};

static void each_generations_functions_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (boot_wait_of_function(functions[i].name) != functions[i].wait)
			fail_msg("%s", functions[i].name);
}

static const struct {
	enum boot_arch arch;
	const char *text;
	enum boot_wait wait;
	int fd;
} calls[] = {
	{ BOOT_ARCH_X86, "318 0x7ffc 0x20 0x0 0x0 0x0 0x0 0x1 0x2",
	  BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_X86, "355 0xff 0x20 0x0", BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_X86, "278 0x1 0x20 0x0", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_ARM, "278 0x1 0x20 0x0", BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_ARM, "384 0x1 0x20 0x0", BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_ARM, "318 0x1 0x20 0x0", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_GENERIC, "278 0x1 0x20 0x0", BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_S390, "349 0x1 0x20 0x0", BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_PPC, "359 0x1 0x20 0x0", BOOT_WAIT_GETRANDOM, -1 },
	{ BOOT_ARCH_UNKNOWN, "318 0x1 0x20 0x0", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_X86, "0 0x3 0x7ffc 0x40", BOOT_WAIT_NONE, 3 },
	{ BOOT_ARCH_ARM, "63 0x5 0x7ffc 0x40", BOOT_WAIT_NONE, 5 },
	{ BOOT_ARCH_X86, "0 0xffffffffffffffff 0x1", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_X86, "running", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_X86, "-1 0x7ffc 0x7f00", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_X86, "318", BOOT_WAIT_NONE, -1 },
	{ BOOT_ARCH_X86, "", BOOT_WAIT_NONE, -1 },
};

static void each_architectures_numbers_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		int fd;

		if (boot_wait_of_syscall(calls[i].arch, calls[i].text, &fd) !=
			    calls[i].wait ||
		    fd != calls[i].fd)
			fail_msg("%s", calls[i].text);
	}
}

static struct boot_tasks tasks;

static const struct boot_tasks *probe(bool shallow)
{
	struct probe_root *root;

	memset(&tasks, 0, sizeof tasks);
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	probe_boot_tasks(root, shallow, &tasks);
	probe_root_free(root);
	return &tasks;
}

static void tree_link(const char *path, const char *target)
{
	char full[PATH_MAX];

	tree_text(path, ""); /* makes the directories */
	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	assert_int_equal(unlink(full), 0);
	assert_int_equal(symlink(target, full), 0);
}

static void stat_file(int pid, const char *comm, char letter, unsigned flags,
		      unsigned threads)
{
	char path[64], text[256];

	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	(void)snprintf(text, sizeof text,
		       "%d (%s) %c 1 1 1 0 -1 %u 0 0 0 0 0 0 0 0 20 0 %u 0 1\n",
		       pid, comm, letter, flags, threads);
	tree_text(path, text);
	(void)snprintf(path, sizeof path, "/proc/%d/comm", pid);
	(void)snprintf(text, sizeof text, "%s\n", comm);
	tree_text(path, text);
}

static void waiters_are_found_by_each_file(void **state)
{
	(void)state;
	tree_text("/proc/sys/kernel/arch", "x86_64\n");
	stat_file(10, "sshd", 'S', 0, 1);
	tree_text("/proc/10/wchan", "wait_for_random_bytes");
	stat_file(11, "a) S 9", 'S', 0, 1);
	tree_text("/proc/11/wchan", "0");
	tree_text("/proc/11/syscall", "318 0x1 0x20 0x0 0x0 0x0 0x0 0x1 0x2\n");
	stat_file(12, "java", 'S', 0, 1);
	tree_text("/proc/12/wchan", "0");
	tree_text("/proc/12/syscall", "0 0x4 0x20 0x0 0x0 0x0 0x0 0x1 0x2\n");
	tree_link("/proc/12/fd/4", "/dev/random");
	stat_file(13, "x", 'D', 0, 1);
	tree_text("/proc/13/stack", "[<0>] wait_for_random_bytes+0x5d/0x80\n"
				    "[<0>] do_syscall_64+0x5c/0x90\n");
	/* None of these waits: it runs, it polls, it reads something else. */
	stat_file(14, "busy", 'R', 0, 1);
	tree_text("/proc/14/syscall", "318 0x1 0x20 0x0 0x0 0x0 0x0 0x1 0x2\n");
	stat_file(15, "poll", 'S', 0, 1);
	tree_text("/proc/15/wchan", "ep_poll");
	stat_file(16, "file", 'S', 0, 1);
	tree_text("/proc/16/wchan", "0");
	tree_text("/proc/16/syscall", "0 0x4 0x20 0x0 0x0 0x0 0x0 0x1 0x2\n");
	tree_link("/proc/16/fd/4", "/dev/urandom");

	assert_int_equal(probe(false)->n_waiters, 4);
	assert_int_equal(tasks.n_seen, 7);
	assert_int_equal(tasks.n_judged, 7);
	assert_int_equal(tasks.n_withheld, 0);
	assert_int_equal(tasks.waiters[0].pid, 10);
	assert_string_equal(tasks.waiters[0].file, "wchan");
	assert_string_equal(tasks.waiters[0].comm, "sshd");
	assert_int_equal(tasks.waiters[1].wait, BOOT_WAIT_GETRANDOM);
	assert_string_equal(tasks.waiters[1].file, "syscall");
	assert_int_equal(tasks.waiters[2].wait, BOOT_WAIT_RANDOM);
	assert_string_equal(tasks.waiters[3].file, "stack");
}

static void what_is_no_answer_is_not_taken_for_one(void **state)
{
	(void)state;
	assert_true(boot_wait_is_function("ep_poll"));
	assert_true(boot_wait_is_function("random_read.part.0"));
	assert_true(boot_wait_is_function("__x64_sys_getrandom+0x1/0x2"));
	assert_false(boot_wait_is_function("0"));
	assert_false(boot_wait_is_function(""));
	assert_false(boot_wait_is_function("ep_poll\x80\x01"));
	assert_true(boot_wait_is_call("318 0x1 0x20"));
	assert_true(boot_wait_is_call("-1 0x7ffd 0x7f12"));
	assert_true(boot_wait_is_call("running"));
	assert_false(boot_wait_is_call("-"));
	assert_false(boot_wait_is_call("runn"));
	assert_false(boot_wait_is_call("\xfe\x01"));
	/* Such files tell nothing of who waits. */
	stat_file(10, "sshd", 'S', 0, 1);
	tree_text("/proc/10/wchan", "\x90\x8e zz");
	tree_text("/proc/10/syscall", "\x91 0x1\n");
	tree_text("/proc/10/stack", "\x92\n");
	assert_int_equal(probe(false)->n_waiters, 0);
	assert_int_equal(tasks.n_judged, 0);
	/* A stack as it is written by hand. */
	tree_text("/proc/10/stack", "wait_for_random_bytes+0x5d/0x80\n");
	assert_int_equal(probe(false)->n_waiters, 1);
}

static void a_threads_wait_is_found(void **state)
{
	(void)state;
	stat_file(10, "main", 'S', 0, 2);
	tree_text("/proc/10/wchan", "futex_wait_queue");
	tree_text("/proc/10/task/10/wchan", "futex_wait_queue");
	tree_text("/proc/10/task/11/wchan", "random_read_iter");
	assert_int_equal(probe(false)->n_waiters, 1);
	assert_int_equal(tasks.waiters[0].tid, 11);
	assert_int_equal(tasks.waiters[0].pid, 10);
	/* Where nobody can wait the threads are not walked through. */
	assert_int_equal(probe(true)->n_waiters, 0);
}

static void what_is_withheld_is_counted(void **state)
{
	(void)state;
	/* "0" of a sleeping process, and nothing else: the kernel's answer to
	 * somebody who may not know. */
	stat_file(10, "sshd", 'S', 0, 1);
	tree_text("/proc/10/wchan", "0");
	/* A thread of the kernel is known to wait elsewhere. */
	stat_file(11, "kthreadd", 'S', 0x00200000, 1);
	tree_text("/proc/11/wchan", "0");
	/* Gone while it was looked at. */
	tree_text("/proc/12/comm", "gone\n");
	assert_int_equal(probe(false)->n_withheld, 1);
	assert_int_equal(tasks.n_seen, 3);
	assert_int_equal(tasks.n_waiters, 0);
	assert_int_equal(tasks.n_judged, 0);
}

static void more_waiters_than_fit_are_counted(void **state)
{
	char path[64];

	(void)state;
	for (int i = 1; i <= BOOT_WAITERS_MAX + 3; i++) {
		(void)snprintf(path, sizeof path, "/proc/%d/wchan", i);
		tree_text(path, "wait_for_random_bytes");
	}
	assert_int_equal(probe(false)->n_waiters, BOOT_WAITERS_MAX + 3);
	assert_string_equal(tasks.waiters[BOOT_WAITERS_MAX - 1].comm, "?");
}

static void holders_and_feeders_are_told_apart(void **state)
{
	(void)state;
	tree_text("/proc/20/comm", "java\n");
	tree_link("/proc/20/fd/3", "/dev/random");
	tree_link("/proc/20/fd/4", "/dev/urandom");
	tree_text("/proc/20/fdinfo/3", "pos:\t0\nflags:\t0100000\nmnt_id:\t1\n");
	tree_text("/proc/21/comm", "rngd\n");
	tree_link("/proc/21/fd/5", "/dev/random");
	tree_text("/proc/21/fdinfo/5", "pos:\t0\nflags:\t02\n");
	tree_text("/proc/22/comm", "jitterentropy-r\n");
	tree_link("/proc/22/fd/6", "/dev/random");
	tree_text("/proc/23/comm", "hwrng\n");
	tree_text("/proc/notapid/comm", "haveged\n");
	assert_int_equal(probe(false)->n_holders, 3);
	assert_int_equal(tasks.holders[0].pid, 20);
	assert_int_equal(tasks.holders[0].fd, 3);
	assert_int_equal(tasks.holders[0].access, O_RDONLY);
	assert_int_equal(tasks.holders[1].access, O_RDWR);
	assert_int_equal(tasks.holders[2].access, -1);
	assert_int_equal(tasks.n_feeders, 2);
	assert_string_equal(tasks.feeders[0].comm, "rngd");
	assert_int_equal(tasks.feeders[1].pid, 22);
	assert_true(tasks.hwrng_thread);
	assert_int_equal(tasks.n_fds_seen, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_generations_functions_are_known),
		cmocka_unit_test(each_architectures_numbers_are_known),
		TREE_TEST(waiters_are_found_by_each_file),
		TREE_TEST(what_is_no_answer_is_not_taken_for_one),
		TREE_TEST(a_threads_wait_is_found),
		TREE_TEST(what_is_withheld_is_counted),
		TREE_TEST(more_waiters_than_fit_are_counted),
		TREE_TEST(holders_and_feeders_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
