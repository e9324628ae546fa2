/* SPDX-License-Identifier: ISC */
#ifndef TEST_PROBE_TREE_H
#define TEST_PROBE_TREE_H

/* A machine as a directory tree, built from text, gone after the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "probe/platform.h"
#include "probe/root.h"

static char tree_root[64];

static inline int tree_setup(void **state)
{
	(void)state;
	(void)snprintf(tree_root, sizeof tree_root, "%s",
		       "/tmp/aquifer-probe-XXXXXX");
	return mkdtemp(tree_root) == NULL ? -1 : 0;
}

static inline int tree_remove(const char *path, const struct stat *st, int type,
			      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int tree_teardown(void **state)
{
	(void)state;
	return nftw(tree_root, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void tree_write(const char *path, const void *data,
			      size_t len_bytes)
{
	char full[PATH_MAX];
	int fd;

	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	for (char *p = full + strlen(tree_root) + 1;
	     (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len_bytes), len_bytes);
	assert_int_equal(close(fd), 0);
}

static inline void tree_text(const char *path, const char *text)
{
	tree_write(path, text, strlen(text));
}

/* A probe's root over it; what the test has not written makes it a record. */
static inline struct probe_root *tree_open(void)
{
	struct probe_root *root = NULL;

	tree_text("/proc/tree", "");
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	assert_non_null(root);
	return root;
}

static inline struct platform tree_probe(probe_cpuid_fn *cpuid)
{
	struct probe_root *root = tree_open();
	struct platform p;

	memset(&p, 0xa5, sizeof p);
	probe_platform_with(root, cpuid, &p);
	probe_root_free(root);
	return p;
}

#define TREE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

#endif
