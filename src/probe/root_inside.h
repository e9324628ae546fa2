/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_ROOT_INSIDE_H
#define AQUIFER_PROBE_ROOT_INSIDE_H

/*
 * Below a directory of which no name is trusted: the kernel keeps each path
 * inside (openat2), or a walk that follows no link does.
 */
#include <stdbool.h>

struct root_inside {
	int fd;
	bool openat2; /* the kernel has it and lets us */
};

/*
 * root_inside_open - flags of open(2); with O_NOFOLLOW the last component
 * itself. Returns a descriptor or -errno.
 */
int root_inside_open(const struct root_inside *d, const char *path, int flags);

/* root_inside_openat2 - by the kernel alone; -ENOSYS, -EPERM without it. */
int root_inside_openat2(const struct root_inside *d, const char *path,
			int flags);

#endif
