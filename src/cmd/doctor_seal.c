/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "cmd/doctor_seal.h"

/* Deeper than anything cloud-init or systemd make. */
#define DEPTH_MAX 32

static int open_inside(int root_fd, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root_fd, path, &how, sizeof how);

	return fd < 0 ? -errno : (int)fd;
}

/* The directory that holds path, and its last part. Returns fd or -errno. */
static int open_parent(int root_fd, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];
	size_t len;

	if (path[0] != '/' || !slash[1] || strcmp(slash + 1, "..") == 0 ||
	    strcmp(slash + 1, ".") == 0)
		return -EINVAL;
	len = (size_t)(slash - path);
	if (len >= sizeof parent)
		return -ENAMETOOLONG;
	memcpy(parent, path, len);
	parent[len] = '\0';
	*ret_name = slash + 1;
	return open_inside(root_fd, len ? parent : "/", O_RDONLY | O_DIRECTORY,
			   0);
}

int seal_open(const char *dir, int *ret_root_fd)
{
	struct stat here, running;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), probe, r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &here) < 0 || stat("/", &running) < 0)
		r = -errno;
	else if (here.st_dev == running.st_dev && here.st_ino == running.st_ino)
		r = -EBUSY;
	if (r == 0) {
		probe = open_inside(fd, "/", O_RDONLY | O_DIRECTORY, 0);
		r = probe < 0 ? probe : 0;
		fd_close(&probe);
	}
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	*ret_root_fd = fd;
	return 0;
}

/* What is gone has to be gone after a power failure too. */
static int finish(int parent_fd, int r)
{
	if (r == 0 && fsync(parent_fd) < 0)
		r = -errno;
	fd_close(&parent_fd);
	return r;
}

int seal_remove(int root_fd, const char *path)
{
	const char *name;
	int parent_fd = open_parent(root_fd, path, &name), r;

	if (parent_fd < 0)
		return parent_fd;
	r = unlinkat(parent_fd, name, 0) < 0 ? -errno : 0;
	return finish(parent_fd, r);
}

static int empty_directory(int fd, dev_t device, unsigned depth);

static int remove_entry(int dir_fd, const char *name, dev_t device,
			unsigned depth)
{
	struct stat st;
	int fd, r;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return unlinkat(dir_fd, name, 0) < 0 ? -errno : 0;
	if (depth == DEPTH_MAX)
		return -ELOOP;
	fd = openat(dir_fd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = empty_directory(fd, device, depth + 1);
	if (r == 0 && unlinkat(dir_fd, name, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

/* Consumes fd. Something mounted below is another file system: not ours. */
static int empty_directory(int fd, dev_t device, unsigned depth)
{
	struct dirent *entry;
	struct stat st;
	int r = fstat(fd, &st) < 0 ? -errno : 0;
	DIR *dir;

	if (r == 0 && st.st_dev != device)
		r = -EXDEV;
	dir = r == 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		r = r ? r : -errno;
		fd_close(&fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			r = remove_entry(dirfd(dir), entry->d_name, device,
					 depth);
	}
	if (r == 0 && errno != 0)
		r = -errno;
	(void)closedir(dir);
	return r;
}

int seal_remove_tree(int root_fd, const char *path)
{
	const char *name;
	int parent_fd = open_parent(root_fd, path, &name), r = 0;
	struct stat st;

	if (parent_fd < 0)
		return parent_fd;
	if (fstat(parent_fd, &st) < 0)
		r = -errno;
	if (r == 0)
		r = remove_entry(parent_fd, name, st.st_dev, 0);
	return finish(parent_fd, r);
}

static int put_empty(int parent_fd, const char *name, const struct stat *like)
{
	char temporary[NAME_MAX + 1];
	int r = snprintf(temporary, sizeof temporary, ".%s.new", name), fd;

	if (r < 0 || (size_t)r >= sizeof temporary)
		return -ENAMETOOLONG;
	if (unlinkat(parent_fd, temporary, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(parent_fd, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = 0;
	if (fchown(fd, like->st_uid, like->st_gid) < 0 ||
	    fchmod(fd, like->st_mode & 07777) < 0 || fsync(fd) < 0)
		r = -errno;
	fd_close(&fd);
	if (r == 0 && renameat(parent_fd, temporary, parent_fd, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(parent_fd, temporary, 0);
	return r;
}

int seal_empty(int root_fd, const char *path)
{
	const char *name;
	int parent_fd = open_parent(root_fd, path, &name), r = 0;
	struct stat st;

	if (parent_fd < 0)
		return parent_fd;
	if (fstatat(parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	else if (S_ISLNK(st.st_mode))
		r = -ELOOP;
	else if (!S_ISREG(st.st_mode))
		r = -EINVAL;
	if (r == 0)
		r = put_empty(parent_fd, name, &st);
	return finish(parent_fd, r);
}

/* The directories above path: a small image may have no /var/log. */
static int make_parents(int root_fd, const char *path)
{
	for (const char *at = strchr(path + 1, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		char dir[PATH_MAX];
		const char *name;
		int parent_fd, r;

		if ((size_t)(at - path) >= sizeof dir)
			return -ENAMETOOLONG;
		memcpy(dir, path, (size_t)(at - path));
		dir[at - path] = '\0';
		parent_fd = open_parent(root_fd, dir, &name);
		if (parent_fd < 0)
			return parent_fd;
		r = mkdirat(parent_fd, name, 0755) < 0 ? -errno : 0;
		fd_close(&parent_fd);
		if (r < 0 && r != -EEXIST)
			return r;
	}
	return 0;
}

int seal_append(int root_fd, const char *path, int *ret_fd)
{
	const char *name;
	int r = make_parents(root_fd, path);
	int parent_fd = r < 0 ? r : open_parent(root_fd, path, &name), fd;
	struct stat st;

	if (parent_fd < 0)
		return parent_fd;
	fd = openat(parent_fd, name,
		    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
			    O_NOCTTY | O_CLOEXEC,
		    0600);
	r = fd < 0 ? -errno : 0;
	fd_close(&parent_fd);
	if (r < 0)
		return r;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		fd_close(&fd);
		return -EINVAL;
	}
	*ret_fd = fd;
	return 0;
}
