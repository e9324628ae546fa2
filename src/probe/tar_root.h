/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_TAR_ROOT_H
#define AQUIFER_PROBE_TAR_ROOT_H

/*
 * An image in a tar, read once from a stream, whatever library of libarchive's
 * compressed it, and never unpacked. Of every entry its attributes are kept, of
 * few their contents: those that checks ask for (keep.h); of any other file
 * probe_root_read() says -ENODATA. Where a name comes twice the last one
 * stands, as it would on disk.
 */
#include "probe/root.h"

#define TAR_ENTRIES_MAX 2000000
/* For all contents together: past it files are known by their attributes. */
#define TAR_CONTENTS_BYTES_MAX (32u << 20)

/*
 * probe_root_open_tar - reads fd to the end of the tar; it stays open.
 * ret_error: on failure what is wrong, in one line, libarchive's words too.
 * Returns 0; -EBADMSG for what is no tar, is damaged or ends early; -ENODATA
 * for an empty one; -E2BIG for too many entries; -ENAMETOOLONG; -ENOMEM; -EIO,
 * -EISDIR and the like when fd cannot be read.
 */
int probe_root_open_tar(int fd, struct probe_root **ret_root, char *ret_error,
			size_t cap_bytes);

struct probe_tar_counts {
	size_t entries; /* names, directories that are only implied included */
	size_t refused; /* with ".." in them, or below what is no directory */
};

/* probe_tar_counts - of a root opened by probe_root_open_tar(). */
void probe_tar_counts(const struct probe_root *root,
		      struct probe_tar_counts *ret_counts);

#endif
