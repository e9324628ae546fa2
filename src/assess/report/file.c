/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of ours appear whole or not at all; pipes and devices are written to. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assess/report/report.h"
#include "base/fd.h"

struct target {
	char path[PATH_MAX]; /* behind symbolic links */
	char part[PATH_MAX]; /* what is opened */
	bool replace;
};

/* A new name, or a regular file, is replaced; else there is nothing to. */
static int find_target(const char *path, struct target *ret)
{
	struct stat st;

	ret->replace = true;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return -EISDIR;
		ret->replace = S_ISREG(st.st_mode);
		/* A rename would not ask whether the file may be written. */
		if (ret->replace && access(path, W_OK) < 0)
			return -errno;
	}
	if (!ret->replace || !realpath(path, ret->path)) {
		if (snprintf(ret->path, sizeof ret->path, "%s", path) >=
		    (int)sizeof ret->path)
			return -ENAMETOOLONG;
	}
	if (snprintf(ret->part, sizeof ret->part, "%s%s", ret->path,
		     ret->replace ? ".part" : "") >= (int)sizeof ret->part)
		return -ENAMETOOLONG;
	return 0;
}

static int open_target(const struct target *t)
{
	int flags = t->replace ? O_CREAT | O_TRUNC | O_NOFOLLOW : 0;
	int fd = open(t->part, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0666);

	return fd < 0 ? -errno : fd;
}

int report_can_write(const char *path)
{
	struct target t;
	int r = find_target(path, &t);

	/* To open a pipe is to be heard at its other end: not to try. */
	if (r < 0)
		return r;
	if (!t.replace)
		return access(t.path, W_OK) < 0 ? -errno : 0;
	r = open_target(&t);
	if (r < 0)
		return r;
	(void)close(r);
	(void)unlink(t.part);
	return 0;
}

int report_write_file(const char *path, const char *bytes, size_t len_bytes)
{
	struct target t;
	int fd, r = find_target(path, &t);

	if (r < 0)
		return r;
	fd = open_target(&t);
	if (fd < 0)
		return fd;
	r = fd_write_all(fd, bytes, len_bytes);
	if (r == 0 && t.replace && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && t.replace && rename(t.part, t.path) < 0)
		r = -errno;
	if (r < 0 && t.replace)
		(void)unlink(t.part);
	return r;
}
