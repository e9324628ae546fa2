/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "source/source.h"

int source_open_path(const struct source_env *env, const char *path, int flags)
{
	char full[PATH_MAX];
	int len, fd, e;

	len = snprintf(full, sizeof full, "%s%s", env->root, path);
	if (len < 0 || (size_t)len >= sizeof full)
		return -ENAMETOOLONG;
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
