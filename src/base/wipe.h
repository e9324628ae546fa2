/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_WIPE_H
#define AQUIFER_BASE_WIPE_H

#include <stddef.h>
#include <string.h>

/* wipe - overwrite a secret with zeros in a way no compiler removes. */
static inline void wipe(void *secret, size_t len_bytes)
{
	explicit_bzero(secret, len_bytes);
}

#endif
