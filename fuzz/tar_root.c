/* SPDX-License-Identifier: ISC */
/*
 * An image in a tar, as a stranger sends it. What is taken has names that stay
 * inside, and each of them answers; what is refused says why.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/tar_root.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH_MAX 8
#define NAMES_MAX 64

struct walk {
	const struct probe_root *root;
	char path[4096];
	int depth;
};

static bool on_name(void *context, const char *name);

static void ask(struct walk *w)
{
	char got[32];
	struct probe_stat st;
	ssize_t n;

	assert(probe_root_lstat(w->root, w->path, &st) == 0);
	assert(!S_ISREG(st.mode) || st.rdev_major == 0);
	n = probe_root_read(w->root, w->path, got, sizeof got);
	assert(n < (ssize_t)sizeof got && (n < 0 || got[n] == '\0'));
	n = probe_root_read_tail(w->root, w->path, got, sizeof got);
	assert(n < (ssize_t)sizeof got);
	n = probe_root_readlink(w->root, w->path, got, sizeof got);
	assert(n < 0 || (S_ISLNK(st.mode) && strlen(got) == (size_t)n));
	if (S_ISDIR(st.mode) && w->depth < DEPTH_MAX)
		(void)probe_root_list(w->root, w->path, NAMES_MAX, on_name, w);
}

static bool on_name(void *context, const char *name)
{
	struct walk *w = context;
	size_t len = strlen(w->path), room = sizeof w->path - len;
	int n;

	assert(name[0] != '\0' && strchr(name, '/') == NULL);
	assert(strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
	n = snprintf(w->path + len, room, "%s%s", len > 1 ? "/" : "", name);
	if (n > 0 && (size_t)n < room) {
		w->depth++;
		ask(w);
		w->depth--;
	}
	w->path[len] = '\0';
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct probe_root *root = NULL;
	struct walk w = { .path = "/" };
	char error[128] = "";
	int fd = memfd_create("tar", MFD_CLOEXEC);
	int r;

	assert(fd >= 0);
	assert(write(fd, data, size) == (ssize_t)size);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	r = probe_root_open_tar(fd, &root, error, sizeof error);
	(void)close(fd);
	if (r < 0) {
		assert(root == NULL && error[0] != '\0');
		return 0;
	}
	w.root = root;
	ask(&w);
	probe_root_free(root);
	return 0;
}
