/* SPDX-License-Identifier: ISC */
#include <errno.h>
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

#include "assess/report/report.h"

static char dir[] = "/tmp/aquifer-file-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

/* Nothing else was left: the directory is empty. */
static int tear_down(void **state)
{
	(void)state;
	return rmdir(dir);
}

static const char *in_dir(const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, sizeof paths[0], "%s/%s", dir, name);
	return path;
}

static void assert_holds(const char *path, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof got - 1, f), strlen(text));
	assert_string_equal(got, text);
	(void)fclose(f);
}

static void a_file_is_replaced_by_a_whole_one(void **state)
{
	const char *path = in_dir("page.html");

	(void)state;
	assert_int_equal(report_can_write(path), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(report_write_file(path, "one", 3), 0);
	assert_holds(path, "one");
	assert_int_equal(report_can_write(path), 0);
	assert_holds(path, "one");
	assert_int_equal(report_write_file(path, "second", 6), 0);
	assert_holds(path, "second");
	assert_int_equal(unlink(path), 0);
}

static void a_link_stays_and_its_file_is_replaced(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(report_write_file(in_dir("file"), "old", 3), 0);
	assert_int_equal(symlink("file", in_dir("link")), 0);
	assert_int_equal(report_write_file(in_dir("link"), "new", 3), 0);
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds(in_dir("file"), "new");
	assert_int_equal(unlink(in_dir("link")), 0);
	assert_int_equal(unlink(in_dir("file")), 0);
}

static void a_device_is_written_to_and_stays(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(report_can_write("/dev/null"), 0);
	assert_int_equal(report_write_file("/dev/null", "x", 1), 0);
	assert_int_equal(report_write_file("/dev/full", "x", 1), -ENOSPC);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(stat("/dev/full", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void what_cannot_be_written_is_told_alike_before_and_after(void **state)
{
	char longest[5000];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(report_can_write(dir), -EISDIR);
	assert_int_equal(report_write_file(dir, "x", 1), -EISDIR);
	assert_int_equal(report_can_write(in_dir("no/page.html")), -ENOENT);
	assert_int_equal(report_write_file(in_dir("no/page.html"), "x", 1),
			 -ENOENT);
	assert_int_equal(report_can_write(longest), -ENAMETOOLONG);
	assert_int_equal(report_write_file(longest, "x", 1), -ENAMETOOLONG);
	assert_int_equal(symlink("/dev/null", in_dir("a.part")), 0);
	assert_int_equal(report_can_write(in_dir("a")), -ELOOP);
	assert_int_equal(report_write_file(in_dir("a"), "x", 1), -ELOOP);
	assert_int_equal(unlink(in_dir("a.part")), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_replaced_by_a_whole_one),
		cmocka_unit_test(a_link_stays_and_its_file_is_replaced),
		cmocka_unit_test(a_device_is_written_to_and_stays),
		cmocka_unit_test(
			what_cannot_be_written_is_told_alike_before_and_after),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
