/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/replace.h"

/* A new file of our own; one that a crash has left is removed before. */
static int create_exclusive(int dir_fd, const char *name)
{
	int fd;

	if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dir_fd, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int write_whole(int dir_fd, const char *name, const void *bytes,
		       size_t len_bytes)
{
	int r, fd = create_exclusive(dir_fd, name);

	if (fd < 0)
		return fd;
	/* A umask could have taken the owner's own rights away. */
	r = fchmod(fd, 0600) < 0 ? -errno : 0;
	if (r == 0)
		r = fd_write_all(fd, bytes, len_bytes);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	/* NFS and quotas tell of a full disk only here. */
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int file_replace(int dir_fd, const char *name, const void *bytes,
		 size_t len_bytes)
{
	char temporary[NAME_MAX + 1];
	int len = snprintf(temporary, sizeof temporary, ".%s.new", name);
	int r;

	if (len < 0 || (size_t)len >= sizeof temporary)
		return -ENAMETOOLONG;
	r = write_whole(dir_fd, temporary, bytes, len_bytes);
	if (r == 0 && renameat(dir_fd, temporary, dir_fd, name) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dir_fd, temporary, 0);
		return r;
	}
	return fsync(dir_fd) < 0 ? -errno : 0;
}
