/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_MANIFEST_WORDS_H
#define AQUIFER_PROBE_MANIFEST_WORDS_H

/* Between the two files of the manifest. */
#include <sys/types.h>

#include "probe/manifest.h"

/* manifest_type - "f" and the like; false for what is none. */
bool manifest_type(const char *word, mode_t *ret_type);

/* manifest_content - "kept", "EACCES" and the like. */
bool manifest_content(const char *word, enum manifest_content *ret_content,
		      int *ret_error);

#endif
