/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "outlet/kernel.h"

/* A root directory made for one test. */
struct tree {
	char root[64];
};

static void tree_make(struct tree *t)
{
	(void)snprintf(t->root, sizeof t->root, "/tmp/aquifer-kernel-XXXXXX");
	assert_non_null(mkdtemp(t->root));
}

static void tree_path(const struct tree *t, const char *path, char *ret,
		      size_t cap_bytes)
{
	(void)snprintf(ret, cap_bytes, "%s%s", t->root, path);
}

static void tree_put(const struct tree *t, const char *path, const char *text)
{
	char full[256];
	int fd;

	tree_path(t, path, full, sizeof full);
	for (char *p = full + strlen(t->root) + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	(void)close(fd);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void tree_remove(const struct tree *t)
{
	assert_int_equal(nftw(t->root, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void only_the_kernels_device_is_opened(void **state)
{
	struct tree t;
	char path[256], longroot[5000];
	int fd;

	(void)state;
	memset(longroot, 'x', sizeof longroot);
	longroot[sizeof longroot - 1] = '\0';
	assert_int_equal(kernel_open(longroot), -ENAMETOOLONG);

	tree_make(&t);
	assert_int_equal(kernel_open(t.root), -ENOENT);
	tree_put(&t, "/dev/random", "a file");
	assert_int_equal(kernel_open(t.root), -ENODEV);
	tree_path(&t, "/dev/random", path, sizeof path);
	/* A FIFO nobody reads: refused, not waited for. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(kernel_open(t.root), -ENXIO);
	/* /dev/urandom's number, /dev/null's, then the right one. */
	for (int i = 0; i < 3; i++) {
		static const unsigned minors[] = { 9, 3, 8 };

		assert_int_equal(unlink(path), 0);
		if (mknod(path, S_IFCHR | 0600, makedev(1, minors[i])) != 0) {
			print_message("mknod: %s\n", strerror(errno));
			tree_put(&t, "/dev/random", "");
			break;
		}
		fd = kernel_open(t.root);
		if (fd == -EACCES) {
			print_message("/tmp is mounted nodev\n");
			break;
		}
		if (minors[i] == 8)
			assert_true(fd >= 0);
		else
			assert_int_equal(fd, -ENODEV);
		fd_close(&fd);
	}
	tree_remove(&t);
}

static void a_state_with_nothing_to_see(void **state)
{
	struct kernel_state k;
	struct tree t;

	(void)state;
	tree_make(&t);
	memset(&k, 0xa5, sizeof k);
	kernel_state_read(t.root, &k);
	assert_string_equal(k.release, "");
	assert_string_equal(k.level, "");
	assert_int_equal(k.poolsize_bits, 0);
	assert_int_equal(k.entropy_avail_bits, -1);
	assert_string_equal(k.hwrng_current, "");
	assert_int_equal(k.hwrng_quality, -1);
	assert_int_equal(k.ready, kernel_ready());
	tree_remove(&t);
}

static void a_state_from_files(void **state)
{
	static const char *const bad[] = {
		"", "\n", "12x\n", "-1\n", "99999999999\n", "x"
	};
	struct kernel_state k;
	struct tree t;

	(void)state;
	tree_make(&t);
	tree_put(&t, "/proc/sys/kernel/osrelease", "5.10.0-30-amd64\n");
	tree_put(&t, "/proc/version",
		 "Linux version 5.10.0-30-amd64 (x) (gcc-10 (Debian 10.2.1-6) "
		 "10.2.1) #1 SMP Debian 5.10.218-1 (2024-06-01)\n");
	tree_put(&t, "/proc/sys/kernel/random/poolsize", "256\n");
	tree_put(&t, "/proc/sys/kernel/random/entropy_avail", "0\n");
	tree_put(&t, "/sys/class/misc/hw_random/rng_current", "virtio_rng.0\n");
	tree_put(&t, "/sys/class/misc/hw_random/rng_quality", "1000\n");
	kernel_state_read(t.root, &k);
	assert_string_equal(k.release, "5.10.0-30-amd64");
	assert_string_equal(k.level, "5.10.218");
	assert_int_equal(k.poolsize_bits, 256);
	assert_int_equal(k.entropy_avail_bits, 0);
	assert_string_equal(k.hwrng_current, "virtio_rng.0");
	assert_int_equal(k.hwrng_quality, 1000);

	tree_put(&t, "/proc/version", "#1 SMP\n");
	tree_put(&t, "/proc/version_signature", "Ubuntu 5.10.0-1.1 5.10.7\n");
	kernel_state_read(t.root, &k);
	assert_string_equal(k.level, "5.10.7");

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		tree_put(&t, "/proc/sys/kernel/random/poolsize", bad[i]);
		tree_put(&t, "/proc/sys/kernel/random/entropy_avail", bad[i]);
		kernel_state_read(t.root, &k);
		assert_int_equal(k.poolsize_bits, 0);
		assert_int_equal(k.entropy_avail_bits, -1);
	}
	tree_remove(&t);
}

static void the_running_machine_is_seen(void **state)
{
	struct kernel_state k;
	struct utsname u;

	(void)state;
	assert_int_equal(uname(&u), 0);
	kernel_state_read("", &k);
	assert_string_equal(k.release, u.release);
	assert_true(strlen(k.level) > 0);
	print_message("poolsize %u, entropy_avail %d, hwrng %s %d\n",
		      k.poolsize_bits, k.entropy_avail_bits, k.hwrng_current,
		      k.hwrng_quality);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_kernels_device_is_opened),
		cmocka_unit_test(a_state_with_nothing_to_see),
		cmocka_unit_test(a_state_from_files),
		cmocka_unit_test(the_running_machine_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
