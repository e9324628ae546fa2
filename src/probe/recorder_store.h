/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_RECORDER_STORE_H
#define AQUIFER_PROBE_RECORDER_STORE_H

/* Inside the recorder: what has been seen, and the directory it goes to. */
#include <stdbool.h>
#include <stddef.h>

#include "probe/keep.h"
#include "probe/manifest.h"

struct recorded {
	struct manifest_entry entry;   /* its strings belong to this */
	bool fixed;                    /* written by the recorder itself */
	size_t head_bytes, tail_bytes; /* of a cut file, as asked for */
};

struct store {
	int fd;     /* of the directory */
	int error;  /* the first one of writing */
	void *tree; /* of struct recorded, tsearch(3) */
	struct recorded **all;
	size_t count, cap_count;
	unsigned char key[KEEP_KEY_BYTES];
};

/* store_open - makes the directory or takes an empty one. 0 or -errno. */
int store_open(struct store *s, const char *dir);
void store_close(struct store *s);

/* store_find - NULL where the path has not been seen. */
struct recorded *store_find(const struct store *s, const char *path);

/*
 * store_add - a path without links that is not there yet. Its directory or link
 * is made; a file's contents come later. NULL without memory.
 */
struct recorded *store_add(struct store *s, const struct manifest_entry *e);

/*
 * store_contents - what of them may be kept, written below the directory.
 * whole: these are all there are.
 */
void store_contents(struct store *s, struct recorded *rec, const char *text,
		    size_t len_bytes, bool whole);

/* store_finish - the manifest with that head, and the entries seen. */
int store_finish(struct store *s, const struct manifest *head);

#endif
