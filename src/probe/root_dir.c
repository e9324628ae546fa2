/* SPDX-License-Identifier: ISC */
/*
 * A directory that stands for a machine. No name below it is trusted: the
 * kernel keeps each path inside (openat2), or a walk that follows no link does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "probe/root_class.h"
#include "probe/root_inside.h"

#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY)

static int dir_open(const struct probe_root *root, const char *path)
{
	const struct root_inside *d = root->state;
	struct stat st;
	int fd = root_inside_open(d, path, O_PATH);
	int r;

	/* Looked at before it is opened: to open a device may be to use it. */
	if (fd < 0)
		return fd;
	r = fstat(fd, &st) < 0 ? -errno : root_check_file(st.st_mode);
	fd_close(&fd);
	if (r < 0)
		return r;
	fd = root_inside_open(d, path, READ_FLAGS);
	if (fd < 0)
		return fd;
	r = fstat(fd, &st) < 0 ? -errno : root_check_file(st.st_mode);
	if (r < 0)
		fd_close(&fd);
	return r < 0 ? r : fd;
}

static ssize_t dir_read(const struct probe_root *root, const char *path,
			enum root_part part, char *ret_text, size_t cap_bytes)
{
	int fd = dir_open(root, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = root_fd_read(fd, part, ret_text, cap_bytes);
	fd_close(&fd);
	return n;
}

static ssize_t dir_load(const struct probe_root *root, const char *path,
			size_t max_bytes, char **ret_text)
{
	int fd = dir_open(root, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = root_fd_load(fd, max_bytes, ret_text);
	fd_close(&fd);
	return n;
}

static int dir_stat(const struct probe_root *root, const char *path,
		    bool follow, struct probe_stat *ret_stat)
{
	struct stat st;
	int fd = root_inside_open(root->state, path,
				  O_PATH | (follow ? 0 : O_NOFOLLOW));
	int r;

	if (fd < 0)
		return fd;
	r = fstat(fd, &st) < 0 ? -errno : 0;
	fd_close(&fd);
	if (r == 0)
		root_stat_of(&st, ret_stat);
	return r;
}

static ssize_t dir_readlink(const struct probe_root *root, const char *path,
			    char *ret_target, size_t cap_bytes)
{
	struct stat st;
	int fd = root_inside_open(root->state, path, O_PATH | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		n = -errno;
	else if (!S_ISLNK(st.st_mode))
		n = -EINVAL;
	else
		n = readlinkat(fd, "", ret_target, cap_bytes);
	if (n == -1)
		n = -errno;
	fd_close(&fd);
	return n;
}

static int dir_list(const struct probe_root *root, const char *path,
		    size_t max_names, probe_name_fn *each, void *context)
{
	int fd = root_inside_open(root->state, path, READ_FLAGS | O_DIRECTORY);

	return fd < 0 ? fd : root_fd_list(fd, max_names, each, context);
}

static void dir_live_answers(const struct probe_root *root,
			     struct probe_live *ret_live)
{
	(void)root;
	(void)ret_live;
}

static void dir_free(struct probe_root *root)
{
	struct root_inside *d = root->state;

	fd_close(&d->fd);
	free(d);
}

static const struct root_class dir_class = {
	.read = dir_read,
	.load = dir_load,
	.load_log = root_load_log_file,
	.stat = dir_stat,
	.readlink = dir_readlink,
	.list = dir_list,
	.live_answers = dir_live_answers,
	.open = dir_open,
	.free = dir_free,
};

static bool stop_at_first(void *context, const char *name)
{
	(void)context;
	(void)name;
	return false;
}

/* Is there anything in it? 1, 0 or -errno; what is no directory holds nothing. */
static int holds_something(const struct probe_root *root, const char *path)
{
	int r = probe_root_list(root, path, 1, stop_at_first, NULL);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	return r == -E2BIG ? 1 : r;
}

static int find_kind(struct probe_root *root)
{
	static const char *const paths[] = { "/", "/proc", "/sys" };
	int has[3];

	for (size_t i = 0; i < 3; i++) {
		has[i] = holds_something(root, paths[i]);
		if (has[i] < 0)
			return has[i];
	}
	if (has[0] == 0)
		return -ENODATA;
	root->kind = has[1] || has[2] ? PROBE_RECORD : PROBE_IMAGE;
	return 0;
}

int root_open_dir(const char *dir, bool without_openat2,
		  struct probe_root **ret_root)
{
	struct root_inside *d = malloc(sizeof *d);
	struct probe_root *root;
	int r;

	if (d == NULL)
		return -ENOMEM;
	root = root_new(&dir_class, PROBE_IMAGE, d);
	if (root == NULL) {
		free(d);
		return -ENOMEM;
	}
	d->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = d->fd < 0 ? -errno : 0;
	d->openat2 = !without_openat2;
	if (r == 0 && d->openat2) {
		int fd = root_inside_openat2(d, "/", O_PATH);

		/* ENOSYS, or what a seccomp filter answers. */
		d->openat2 = fd >= 0;
		fd_close(&fd);
	}
	if (r == 0)
		r = find_kind(root);
	if (r == 0)
		r = root_add_manifest(&root);
	if (r < 0) {
		probe_root_free(root);
		return r;
	}
	*ret_root = root;
	return 0;
}

int probe_root_open(const char *dir, struct probe_root **ret_root)
{
	return root_open_dir(dir, false, ret_root);
}
