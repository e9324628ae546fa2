/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/others.h"

/* PIDs and what runs there, below a root of the test's own. */
static const char *const processes[][2] = {
	{ "1", "systemd" },           { "20", "rngd" },   { "21", "rngd" },
	{ "300", "jitterentropy-r" }, { "301", "rngdx" }, { "302", "" },
	{ "self", "haveged" }, /* not a process of its own */
};

static void put(const char *root, const char *pid, const char *comm)
{
	char path[160];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/proc/%s", root, pid);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof path, "%s/proc/%s/comm", root, pid);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fprintf(f, "%s\n", comm);
	assert_int_equal(fclose(f), 0);
}

static void each_is_named_once(void **state)
{
	char root[] = "/tmp/aquifer-test-XXXXXX", path[160], names[128];
	const size_t n = sizeof processes / sizeof processes[0];

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(others_find(root, names, sizeof names), 0);
	assert_string_equal(names, "");
	(void)snprintf(path, sizeof path, "%s/proc", root);
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < n; i++)
		put(root, processes[i][0], processes[i][1]);
	assert_int_equal(others_find(root, names, sizeof names), 2);
	assert_non_null(strstr(names, "rngd"));
	assert_non_null(strstr(names, "jitterentropy-rngd"));
	assert_null(strstr(names, "haveged"));
	/* Too little room cuts the names, not the count. */
	assert_int_equal(others_find(root, names, 6), 2);
	assert_true(strlen(names) < 6);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(path, sizeof path, "%s/proc/%s/comm", root,
			       processes[i][0]);
		assert_int_equal(unlink(path), 0);
		(void)snprintf(path, sizeof path, "%s/proc/%s", root,
			       processes[i][0]);
		assert_int_equal(rmdir(path), 0);
	}
	(void)snprintf(path, sizeof path, "%s/proc", root);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_named_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
