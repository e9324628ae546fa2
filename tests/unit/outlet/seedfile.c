/* SPDX-License-Identifier: ISC */
/* A seed written for the next boot, and every way in which that fails. */
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/seed_format.h"
#include "outlet/seedfile.h"

#define NAME "seed"
#define TEMPORARY ".seed.new"

static const struct platform machine = {
	.machine_id = "0123456789abcdef0123456789abcdef",
	.product_uuid = "6f1d3a52-0000-4000-8000-0123456789ab",
};

struct fixture {
	char path[32];
	int dir_fd;
	uint8_t old[64], fresh[64];
};

static int setup(void **state)
{
	static struct fixture f;

	memcpy(f.path, "/tmp/aquifer-test-XXXXXX", 25);
	assert_non_null(mkdtemp(f.path));
	f.dir_fd = open(f.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(f.dir_fd >= 0);
	memset(f.old, 1, sizeof f.old);
	memset(f.fresh, 2, sizeof f.fresh);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	(void)unlinkat(f->dir_fd, NAME, 0);
	(void)unlinkat(f->dir_fd, NAME, AT_REMOVEDIR);
	(void)unlinkat(f->dir_fd, TEMPORARY, AT_REMOVEDIR);
	fd_close(&f->dir_fd);
	assert_int_equal(rmdir(f->path), 0);
	return 0;
}

static int write_seed(struct fixture *f, const uint8_t *seed)
{
	return seedfile_write(f->dir_fd, NAME, &machine, seed, 64, 256);
}

static void assert_holds(struct fixture *f, const uint8_t *seed)
{
	uint8_t file[SEED_FILE_BYTES_MAX + 1];
	struct seed_content c;
	const char *why;
	struct stat st;
	ssize_t n;
	int fd = openat(f->dir_fd, NAME, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	n = fd_read_some(fd, file, sizeof file);
	fd_close(&fd);
	assert_int_equal(seed_decode(file, (size_t)n, &c, &why), 0);
	assert_int_equal(c.len_bytes, 64);
	assert_int_equal(c.credit_bits, 256);
	assert_memory_equal(c.seed, seed, 64);
	assert_true(seed_is_bound(&c, &machine));
}

static bool exists(struct fixture *f, const char *name)
{
	return faccessat(f->dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void a_seed_is_written_and_replaced(void **state)
{
	struct fixture *f = *state;
	mode_t before = umask(0777);

	assert_int_equal(write_seed(f, f->old), 0);
	(void)umask(before);
	assert_holds(f, f->old);
	assert_int_equal(write_seed(f, f->fresh), 0);
	assert_holds(f, f->fresh);
	assert_false(exists(f, TEMPORARY));
}

static void a_crash_leaves_nothing_in_the_way(void **state)
{
	struct fixture *f = *state;

	/* What an interrupted write left, here a trap as well. */
	assert_int_equal(symlinkat("/etc/hostname", f->dir_fd, TEMPORARY), 0);
	assert_int_equal(write_seed(f, f->fresh), 0);
	assert_holds(f, f->fresh);
	assert_false(exists(f, TEMPORARY));
}

static void a_full_disk_keeps_the_unused_older_seed(void **state)
{
	struct fixture *f = *state;
	struct rlimit before, tight;

	assert_int_equal(write_seed(f, f->old), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	/* Some of it is written, then no more: as on a disk that fills. */
	tight.rlim_cur = 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	assert_int_equal(write_seed(f, f->fresh), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_holds(f, f->old);
	assert_false(exists(f, TEMPORARY));
}

static void each_other_failure_is_told_and_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	char longest[256];

	/* The rename fails: a directory has the name. */
	assert_int_equal(mkdirat(f->dir_fd, NAME, 0700), 0);
	assert_int_equal(write_seed(f, f->fresh), -EISDIR);
	assert_false(exists(f, TEMPORARY));
	assert_int_equal(unlinkat(f->dir_fd, NAME, AT_REMOVEDIR), 0);
	/* The temporary name cannot be had. */
	assert_int_equal(mkdirat(f->dir_fd, TEMPORARY, 0700), 0);
	assert_int_equal(write_seed(f, f->fresh), -EISDIR);
	assert_false(exists(f, NAME));
	assert_int_equal(unlinkat(f->dir_fd, TEMPORARY, AT_REMOVEDIR), 0);
	memset(longest, 'x', sizeof longest - 1);
	longest[255] = '\0';
	assert_int_equal(seedfile_write(f->dir_fd, longest, &machine, f->fresh,
					64, 0),
			 -ENAMETOOLONG);
	assert_int_equal(seedfile_write(-1, NAME, &machine, f->fresh, 64, 0),
			 -EBADF);
}

static void removing_is_done_when_there_is_none(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seedfile_remove(f->dir_fd, NAME), 0);
	assert_int_equal(write_seed(f, f->old), 0);
	assert_int_equal(seedfile_remove(f->dir_fd, NAME), 0);
	assert_false(exists(f, NAME));
	assert_int_equal(mkdirat(f->dir_fd, NAME, 0700), 0);
	assert_int_equal(seedfile_remove(f->dir_fd, NAME), -EISDIR);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_seed_is_written_and_replaced),
		TEST(a_crash_leaves_nothing_in_the_way),
		TEST(a_full_disk_keeps_the_unused_older_seed),
		TEST(each_other_failure_is_told_and_leaves_nothing),
		TEST(removing_is_done_when_there_is_none),
	};

	/* The file size limit is to be an error code. */
	(void)signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
