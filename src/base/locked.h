/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_LOCKED_H
#define AQUIFER_BASE_LOCKED_H

/*
 * Memory for keys: pages of its own, zeroed, locked into RAM (mlock) and left
 * out of core dumps (MADV_DONTDUMP). Our own, because a library's version may
 * draw from the kernel's generator before that is ready.
 */
#include <stdbool.h>
#include <stddef.h>

/*
 * locked_alloc - map whole pages for len_bytes.
 * ret_locked: false where RLIMIT_MEMLOCK or the kernel refused mlock; the
 * memory is usable all the same and the caller says so once. May be NULL.
 * Returns the zeroed memory, owned by the caller, or NULL (errno is set).
 * Threads: safe.
 */
void *locked_alloc(size_t len_bytes, bool *ret_locked);

/* locked_free - wipe and unmap; len_bytes as given to locked_alloc. NULL ok. */
void locked_free(void *p, size_t len_bytes);

#endif
