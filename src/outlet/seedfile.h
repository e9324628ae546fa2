/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_OUTLET_SEEDFILE_H
#define AQUIFER_OUTLET_SEEDFILE_H

/*
 * The seed for the next boot. The source that reads it removes it from the disk
 * before a byte is used, so what lies there has never been used; that is why a
 * failed write may leave the older file: it is unused as well. Only a file
 * whose bytes went somewhere has to go, and that is gone already.
 *
 * Threads: one writer a directory.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"

/*
 * seedfile_write - replace the seed in one step.
 * dir_fd:      the directory; needs write permission there.
 * name:        the file in it, mode 0600.
 * p:           the machine and the generation it is bound to.
 * seed:        len_bytes fresh bytes, 32 to 512, used for nothing else.
 * credit_bits: entropy the bytes carry, at most 8 * len_bytes; what the DRBG
 *              they come from was seeded with, 0 while it is not seeded.
 * On failure no part of the new seed is left, and the older file, if there was
 * one, is as it was. Returns 0; -ENOSPC, -EDQUOT, -EROFS, -EACCES and so on.
 */
int seedfile_write(int dir_fd, const char *name, const struct platform *p,
		   const uint8_t *seed, size_t len_bytes, uint32_t credit_bits);

/*
 * seedfile_remove - no seed for the next boot: before an image is copied, or
 * when what was written has to be distrusted. Returns 0 also when there is none.
 */
int seedfile_remove(int dir_fd, const char *name);

#endif
