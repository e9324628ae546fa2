/* SPDX-License-Identifier: ISC */
/* Opening what stands below a directory, and nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "probe/root_class.h"
#include "probe/root_inside.h"

/* From linux/openat2.h, which C libraries other than glibc do not bring. */
struct open_how_v0 {
	uint64_t flags, mode, resolve;
};
#define IN_ROOT_NO_MAGICLINKS UINT64_C(0x12)
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* A rename anywhere makes "..", once in a while, uncertain to the kernel. */
#define OPENAT2_TRIES 8

int root_inside_openat2(const struct root_inside *d, const char *path, int flags)
{
	struct open_how_v0 how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = IN_ROOT_NO_MAGICLINKS,
	};

	for (int i = 0; i < OPENAT2_TRIES; i++) {
		long fd = syscall(SYS_openat2, d->fd, path, &how, sizeof how);

		if (fd >= 0)
			return (int)fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

/* A path without links, component by component; one that became a link ends. */
static int open_plain(const struct root_inside *d, const char *path, int flags)
{
	int fd = d->fd;

	for (;;) {
		char name[256];
		size_t len;
		bool last;
		int next;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len >= sizeof name) {
			errno = ENAMETOOLONG;
			next = -1;
		} else {
			memcpy(name, len > 0 ? path : ".", len > 0 ? len : 1);
			name[len > 0 ? len : 1] = '\0';
		}
		last = path[len] == '\0';
		if (len < sizeof name)
			next = openat(fd, name,
				      O_NOFOLLOW | O_CLOEXEC |
					      (last ? flags :
						      O_PATH | O_DIRECTORY));
		next = next < 0 ? -errno : next;
		if (fd != d->fd)
			fd_close(&fd);
		if (next < 0 || last)
			return next;
		fd = next;
		path += len;
	}
}

static int look(void *context, const char *path, mode_t *ret_mode,
		char *ret_target)
{
	const struct root_inside *d = context;
	struct stat st;
	int fd = open_plain(d, path, O_PATH);
	int r;

	if (fd < 0)
		return fd;
	r = fstat(fd, &st) < 0 ? -errno : 0;
	if (r == 0)
		*ret_mode = st.st_mode;
	if (r == 0 && S_ISLNK(st.st_mode)) {
		ssize_t n = readlinkat(fd, "", ret_target, ROOT_PATH_BYTES);

		if (n < 0)
			r = -errno;
		else if (n == ROOT_PATH_BYTES)
			r = -ENAMETOOLONG;
		else
			ret_target[n] = '\0';
	}
	fd_close(&fd);
	return r;
}

/* flags with O_NOFOLLOW: the last component itself. */
int root_inside_open(const struct root_inside *d, const char *path, int flags)
{
	char plain[ROOT_PATH_BYTES];
	int r;

	if (d->openat2) {
		r = root_inside_openat2(d, path, flags);
		if (r != -EAGAIN)
			return r;
	}
	r = root_resolve(look, (void *)(uintptr_t)d, path,
			 (flags & O_NOFOLLOW) == 0, plain);
	return r < 0 ? r : open_plain(d, plain, flags);
}
