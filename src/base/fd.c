/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"

ssize_t fd_read_some(int fd, void *ret_buf, size_t cap_bytes)
{
	uint8_t *p = ret_buf;
	size_t done = 0;

	while (done < cap_bytes) {
		ssize_t n = read(fd, p + done, cap_bytes - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return done > 0 ? (ssize_t)done : -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

int fd_read_exact(int fd, void *ret_buf, size_t len_bytes)
{
	ssize_t n = fd_read_some(fd, ret_buf, len_bytes);

	if (n < 0)
		return (int)n;
	return (size_t)n == len_bytes ? 0 : -ENODATA;
}

int fd_write_all(int fd, const void *buf, size_t len_bytes)
{
	const uint8_t *p = buf;

	while (len_bytes > 0) {
		ssize_t n = write(fd, p, len_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len_bytes -= (size_t)n;
	}
	return 0;
}

ssize_t fd_read_file(const char *root, const char *path, char *ret_text,
		     size_t cap_bytes)
{
	char full[PATH_MAX];
	ssize_t n;
	int fd, len;

	len = snprintf(full, sizeof full, "%s%s", root, path);
	if (len < 0 || (size_t)len >= sizeof full)
		return -ENAMETOOLONG;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	n = fd_read_some(fd, ret_text, cap_bytes);
	fd_close(&fd);
	if (n < 0)
		return n;
	if ((size_t)n == cap_bytes)
		return -EFBIG;
	while (n > 0 && ret_text[n - 1] == '\n')
		n--;
	ret_text[n] = '\0';
	return n;
}

void fd_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
