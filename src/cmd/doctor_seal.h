/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_DOCTOR_SEAL_H
#define AQUIFER_CMD_DOCTOR_SEAL_H

/*
 * The few changes that --fix makes below an image's root. A path is absolute
 * within the root; links in it are followed as the image itself would, never
 * out of the root; its last part is never followed. All return 0 or -errno;
 * -ENOENT where there is nothing (any more).
 */
#include <sys/types.h>

/*
 * seal_open - the root. -EBUSY where it is that of the running machine;
 * -ENOSYS without openat2(2), which is what keeps us inside (Linux 5.6).
 */
int seal_open(const char *dir, int *ret_root_fd);

/* seal_remove - a file or a link. -EISDIR for a directory. */
int seal_remove(int root_fd, const char *path);

/* seal_remove_tree - a directory (or a file) of one file system, and all in it. */
int seal_remove_tree(int root_fd, const char *path);

/*
 * seal_empty - a regular file becomes one of no bytes with the same mode and
 * owner, in one step. -ELOOP for a link, -EINVAL for what is no file.
 */
int seal_empty(int root_fd, const char *path);

/*
 * seal_append - open a file to append to, made with mode 0600; so are, with
 * 0755, the directories above it.
 */
int seal_append(int root_fd, const char *path, int *ret_fd);

#endif
