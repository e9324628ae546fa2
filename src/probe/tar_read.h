/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_TAR_READ_H
#define AQUIFER_PROBE_TAR_READ_H

/* Between the stream of a tar and the questions about it. */
#include <stdio.h>

#include "probe/tar_index.h"

struct tar_state {
	struct tar_index index;
	size_t refused;
};

struct tar_reader {
	struct tar_state *s;
	struct archive *a;
	char *error;
	size_t error_cap_bytes;
	size_t entries;
};

/* tar_fail - says what is wrong; returns error. */
int tar_fail(struct tar_reader *r, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* tar_archive_failure - the same, in libarchive's words. */
int tar_archive_failure(struct tar_reader *r);

/* tar_normalise - "./a//b/" becomes "/a/b"; -EINVAL, -ENAMETOOLONG. */
int tar_normalise(const char *name, char *ret_path);

/* tar_take_entry - the attributes of one, and contents where wanted. */
struct archive_entry;
int tar_take_entry(struct tar_reader *r, struct archive_entry *e,
		   const char *path, uint32_t id);

/* tar_look - root_look_fn of a struct tar_index. */
int tar_look(void *context, const char *path, mode_t *ret_mode,
	     char *ret_target);

/* tar_read_all - as probe_root_open_tar(). */
int tar_read_all(struct tar_state *s, int fd, char *ret_error, size_t cap_bytes);

#endif
