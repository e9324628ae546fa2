/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "source/source.h"

int source_open_path(const struct source_env *env, const char *path, int flags)
{
	char full[PATH_MAX];
	int len, fd;

	if (env->open_device) {
		fd = env->open_device(env->open_ctx, path, flags);
		if (fd != -ENOENT)
			return fd;
	}
	len = snprintf(full, sizeof full, "%s%s", env->root, path);
	if (len < 0 || (size_t)len >= sizeof full)
		return -ENAMETOOLONG;
	fd = open(full, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
