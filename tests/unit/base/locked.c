/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/locked.h"

#include "../skip.h"

/* The sanitizers replace mlock(2) by a function that does nothing. */
#if defined(__SANITIZE_ADDRESS__)
#define MLOCK_IS_REAL 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MLOCK_IS_REAL 0
#endif
#endif
#ifndef MLOCK_IS_REAL
#define MLOCK_IS_REAL 1
#endif

static void zeroed_whole_pages(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t sizes[] = { 1, page - 1, page, page + 1, 5 * page };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint8_t *p = locked_alloc(sizes[i], NULL);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % page, 0);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, sizes[i]);
		locked_free(p, sizes[i]);
	}
}

/* proc(5), smaps: the flags of the mapping that begins at p; "" if unknown. */
static void flags_of(const void *p, char *ret_flags, size_t cap_bytes)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	char line[512], start[32];
	bool here = false;

	ret_flags[0] = '\0';
	assert_non_null(f);
	(void)snprintf(start, sizeof start, "%lx-", (unsigned long)(uintptr_t)p);
	while (fgets(line, sizeof line, f)) {
		if (strncmp(line, start, strlen(start)) == 0)
			here = true;
		if (here && strncmp(line, "VmFlags:", 8) == 0) {
			(void)snprintf(ret_flags, cap_bytes, "%s", line + 8);
			break;
		}
	}
	(void)fclose(f);
}

/* An emulator makes up the flags, and may ignore MADV_DONTDUMP. */
static bool flags_are_true(void)
{
	size_t size = 2 * (size_t)sysconf(_SC_PAGESIZE);
	char before[512], after[512];
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	/* Of its own, whatever it is beside. */
	(void)madvise(p, size, MADV_DONTFORK);
	flags_of(p, before, sizeof before);
	(void)madvise(p, size, MADV_DONTDUMP);
	flags_of(p, after, sizeof after);
	(void)munmap(p, size);
	return !strstr(before, " dd") && strstr(after, " dd");
}

static void not_in_a_core_dump_and_locked_where_it_says_so(void **state)
{
	bool locked = false;
	char flags[512];
	/* Two of each: neighbours with equal flags are one mapping. */
	size_t size = 2 * (size_t)sysconf(_SC_PAGESIZE);
	void *p;

	(void)state;
	if (!flags_are_true())
		skip_because("/proc/self/smaps does not show MADV_DONTDUMP "
			     "(an emulator's)");
	p = locked_alloc(size, &locked);
	assert_non_null(p);
	flags_of(p, flags, sizeof flags);
	if (flags[0] == '\0') {
		locked_free(p, size);
		skip_because("the pages are one mapping with a neighbour");
	}
	assert_non_null(strstr(flags, " dd"));
	if (MLOCK_IS_REAL)
		assert_int_equal(strstr(flags, " lo") != NULL, locked);
	locked_free(p, size);
	/* msync(2): ENOMEM where nothing is mapped. */
	assert_int_equal(msync(p, size, MS_ASYNC), -1);
	assert_int_equal(errno, ENOMEM);
}

/* Exit code: what locked_alloc said of a process that may lock nothing. */
static int try_without_right(void)
{
	const struct rlimit none = { 0, 0 };
	bool locked = true;
	uint8_t *p;

	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0 ||
	    (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0))
		return 3;
	p = locked_alloc(100, &locked);
	if (!p)
		return 2;
	p[99] = 1;
	locked_free(p, 100);
	return locked ? 1 : 0;
}

static void memory_that_cannot_be_locked_is_usable_and_said(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
	if (!MLOCK_IS_REAL)
		skip_because("the sanitizer's mlock does nothing");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(try_without_right());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void more_than_there_is(void **state)
{
	bool locked = false;

	(void)state;
	errno = 0;
	assert_null(locked_alloc(SIZE_MAX / 2, &locked));
	assert_int_equal(errno, ENOMEM);
	assert_false(locked);
	/* Rounding up to pages wraps: still nothing. */
	assert_null(locked_alloc(SIZE_MAX, NULL));
	assert_null(locked_alloc(0, NULL));
}

static void nothing_to_free(void **state)
{
	(void)state;
	locked_free(NULL, 0);
	locked_free(NULL, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeroed_whole_pages),
		cmocka_unit_test(not_in_a_core_dump_and_locked_where_it_says_so),
		cmocka_unit_test(memory_that_cannot_be_locked_is_usable_and_said),
		cmocka_unit_test(more_than_there_is),
		cmocka_unit_test(nothing_to_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
