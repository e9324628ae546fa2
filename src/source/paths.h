/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_PATHS_H
#define AQUIFER_SOURCE_PATHS_H

/* Paths below a given root, and what can be opened there. Threads: safe. */
#include <limits.h>

/* path_below - root and path joined. Returns 0 or -ENAMETOOLONG. */
int path_below(char ret_full[PATH_MAX], const char *root, const char *path);

/*
 * path_connect - connect to a UNIX stream socket, non-blocking: a server that
 * does not accept gives -EAGAIN at once. Returns the descriptor or -errno.
 */
int path_connect(const char *root, const char *path);

#endif
