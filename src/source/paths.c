/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fd.h"
#include "source/paths.h"
#include "source/source.h"

int path_below(char ret_full[PATH_MAX], const char *root, const char *path)
{
	int len = snprintf(ret_full, PATH_MAX, "%s%s", root, path);

	return len < 0 || len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int path_connect(const char *root, const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int len = snprintf(a.sun_path, sizeof a.sun_path, "%s%s", root, path);
	int fd, r = 0;

	if (len < 0 || (size_t)len >= sizeof a.sun_path)
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&a, sizeof a) < 0) {
		r = -errno;
		fd_close(&fd);
	}
	return r < 0 ? r : fd;
}

int source_open_path(const struct source_env *env, const char *path, int flags)
{
	char full[PATH_MAX];
	int fd, e, r = path_below(full, env->root, path);

	if (r < 0)
		return r;
	fd = open(full, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	e = -errno;
	/* Asked for only where it is there and out of reach. */
	if ((e == -EACCES || e == -EPERM) && env->open_device) {
		fd = env->open_device(env->open_ctx, path, flags);
		if (fd != -ENOENT)
			return fd;
	}
	return e;
}
