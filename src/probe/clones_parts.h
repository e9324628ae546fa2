/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_CLONES_PARTS_H
#define AQUIFER_PROBE_CLONES_PARTS_H

/* Inside the family `clones`: its parts, and the small readers they share. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "probe/clones.h"

/* -errno of a thing that is not there at all. */
static inline bool clones_is_missing(int error)
{
	return error == -ENOENT || error == -ENOTDIR;
}

/* clones_join - "DIR/NAME"; false where it does not fit. */
bool clones_join(char ret_path[CLONES_PATH_BYTES], const char *dir,
		 const char *name);

/* clones_copy - cut to fit, printable. */
void clones_copy(char *ret_text, size_t cap_bytes, const char *text);

/* clones_text - a small file, its end trimmed. Length or -errno. */
ssize_t clones_text(const struct probe_root *root, const char *path,
		    char *ret_text, size_t cap_bytes);

/* clones_look - path and stat of what it leads to; error is -ENOENT, 0 ... */
void clones_look(const struct probe_root *root, const char *path,
		 struct clones_file *ret_file);

/* clones_look_self - the same of a link itself. */
void clones_look_self(const struct probe_root *root, const char *path,
		      struct clones_file *ret_file);

/* clones_unseen - note a path that is there and could not be looked at. */
void clones_unseen(struct clones_unseen *u, const char *path, int error);

/*
 * clones_each - "DIR/NAME" of every name that begins with prefix and ends with
 * suffix (either may be ""). What cannot be listed goes to unseen (may be NULL).
 */
typedef void clones_each_fn(void *context, const char *path, const char *name);
void clones_each(const struct probe_root *root, const char *dir,
		 const char *prefix, const char *suffix,
		 struct clones_unseen *unseen, clones_each_fn *each,
		 void *context);

/* clones_line - the next line of text, NUL-terminated in place; NULL: none. */
char *clones_line(char **text);

/* clones_item - one more thing of an image. */
void clones_item(struct clones_image *image, const char *path,
		 enum image_item_kind kind, enum image_item_action action,
		 const char *what, bool harmless);

void clones_probe_instance(const struct probe_root *root,
			   struct clones_facts *f);
void clones_probe_cloud(const struct probe_root *root, struct clones_facts *f);
void clones_probe_generation(const struct probe_root *root,
			     struct clones_generation *g);
void clones_probe_fork(const struct probe_root *root, struct clones_fork *f);
void clones_probe_seeds(const struct probe_root *root, const struct platform *p,
			struct clones_seeds *s);
void clones_probe_keys(const struct probe_root *root, struct clones_keys *k,
		       const struct clones_known *known);
void clones_probe_logins(const struct probe_root *root, struct clones_keys *k);
void clones_probe_ids(const struct probe_root *root, struct clones_facts *f);
void clones_probe_duids(const struct probe_root *root, struct clones_duids *d);
/* After all the others: lists what they found, too. */
void clones_probe_image(const struct probe_root *root, struct clones_facts *f);

#endif
