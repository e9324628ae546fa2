/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_ROOT_RECORD_H
#define AQUIFER_PROBE_ROOT_RECORD_H

/* Between the files of a record's root. */
#include "probe/manifest.h"
#include "probe/root_class.h"

struct record {
	struct probe_root *dir;
	struct manifest manifest;
};

/*
 * record_names - of a directory, by its path without links: those of the
 * manifest, and those that were added to the directory. known: the manifest has
 * it, so that it need not be on the disk.
 */
int record_names(const struct record *rec, const char *path, bool known,
		 size_t max_names, struct root_names *names);

#endif
