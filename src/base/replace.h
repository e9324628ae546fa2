/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_REPLACE_H
#define AQUIFER_BASE_REPLACE_H

/*
 * A small file replaced in one step: whoever looks, also after a power failure,
 * sees the old one or the new one, never a part. Threads: one writer a name.
 */
#include <stddef.h>

/*
 * file_replace - write len_bytes to a temporary file beside name, mode 0600,
 * flush it, rename it over name, flush the directory.
 * On failure the temporary file is gone and the older file is as it was; only
 * when the directory itself cannot be flushed the new one may stand already.
 * Returns 0; -ENOSPC, -EDQUOT, -EROFS, -EACCES and the like.
 */
int file_replace(int dir_fd, const char *name, const void *bytes,
		 size_t len_bytes);

#endif
