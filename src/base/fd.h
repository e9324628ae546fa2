/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_FD_H
#define AQUIFER_BASE_FD_H

/*
 * File descriptors: short transfers and EINTR handled in one place. All return
 * 0 or a count on success and -errno on failure. Threads: safe.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* fd_read_exact - len_bytes or -ENODATA when the file ends before. */
int fd_read_exact(int fd, void *ret_buf, size_t len_bytes);

/* fd_read_some - up to cap_bytes, until the end of the file or -EAGAIN. */
ssize_t fd_read_some(int fd, void *ret_buf, size_t cap_bytes);

/* fd_write_all - all len_bytes; -ENOSPC and the like leave a short file. */
int fd_write_all(int fd, const void *buf, size_t len_bytes);

/*
 * fd_read_file - a small text file below a root directory.
 * root: "" for the running machine; path: absolute, appended to root.
 * ret_text: cap_bytes, always NUL-terminated on success, trailing newlines cut.
 * Returns the length or -errno; -EFBIG when the file does not fit.
 */
ssize_t fd_read_file(const char *root, const char *path, char *ret_text,
		     size_t cap_bytes);

/* fd_close - close and set to -1; a descriptor below 0 is left alone. */
void fd_close(int *fd);

#endif
