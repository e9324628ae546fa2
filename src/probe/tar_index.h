/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_TAR_INDEX_H
#define AQUIFER_PROBE_TAR_INDEX_H

/*
 * The names of an image as a tree in little memory: 32 bytes an entry and the
 * last part of its name. An entry's number is its handle; 0 is the root.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/root.h"

#define TAR_NONE UINT32_MAX

struct tar_entry {
	uint32_t parent;
	uint32_t name;  /* where it stands among the texts */
	uint32_t extra; /* a link's target, a file's contents; TAR_NONE */
	uint16_t mode;
	uint16_t owner;
	uint64_t size_bytes;
	int64_t mtime_s;
};

struct tar_contents {
	char *text; /* NULL: nothing, since another entry took its place */
	size_t len_bytes;
};

struct tar_index {
	struct tar_entry **chunks;
	size_t n_chunks, count;
	char **texts; /* pieces of TAR_TEXT_BYTES */
	size_t n_texts, text_used;
	uint32_t *slots; /* of the hash table; a power of two */
	size_t n_slots;
	uint64_t *owners; /* uid << 32 | gid */
	size_t n_owners;
	struct tar_contents *contents;
	size_t n_contents, cap_contents, contents_bytes;
	unsigned char key[16];
};

/* 0 or -errno: -ENOMEM, -E2BIG. */
int tar_index_init(struct tar_index *t);
void tar_index_free(struct tar_index *t);

struct tar_entry *tar_index_at(const struct tar_index *t, uint32_t id);
const char *tar_index_text(const struct tar_index *t, uint32_t text);

/* tar_index_child - TAR_NONE where there is none of that name. */
uint32_t tar_index_child(const struct tar_index *t, uint32_t parent,
			 const char *name, size_t len);

/*
 * tar_index_add - the child of that name: an older one, or a new directory with
 * the attributes of one that nobody described. 0, -ENOMEM, -E2BIG.
 */
int tar_index_add(struct tar_index *t, uint32_t parent, const char *name,
		  size_t len, uint32_t *ret_id);

/* tar_index_add_text - a copy that stays; 0, -ENOMEM, -E2BIG. */
int tar_index_add_text(struct tar_index *t, const char *text, size_t len,
		       uint32_t *ret_text);

/* tar_index_find - a path without links; TAR_NONE. */
uint32_t tar_index_find(const struct tar_index *t, const char *path);

/* tar_index_set - attributes; st->mode with its type. */
int tar_index_set(struct tar_index *t, uint32_t id, const struct probe_stat *st);
void tar_index_stat(const struct tar_index *t, uint32_t id,
		    struct probe_stat *ret_stat);

/* tar_index_set_target - of a link. tar_index_set_contents - takes text. */
int tar_index_set_target(struct tar_index *t, uint32_t id, const char *target);
int tar_index_set_contents(struct tar_index *t, uint32_t id, char *text,
			   size_t len_bytes);

#endif
