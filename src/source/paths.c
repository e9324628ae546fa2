/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fd.h"
#include "source/paths.h"

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
