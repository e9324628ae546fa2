/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_ROOT_CLASS_H
#define AQUIFER_PROBE_ROOT_CLASS_H

/*
 * Inside the probe: what a root is made of. The live machine, a directory, a
 * tar and the recorder are the implementations.
 */
#include "probe/root.h"

/* Which part of a file that is longer than the buffer. */
enum root_part { ROOT_HEAD, ROOT_TAIL };

/* Each is the probe_root_ function of its name, arguments checked. */
struct root_class {
	ssize_t (*read)(const struct probe_root *root, const char *path,
			enum root_part part, char *ret_text, size_t cap_bytes);
	ssize_t (*load)(const struct probe_root *root, const char *path,
			size_t max_bytes, char **ret_text);
	ssize_t (*load_log)(const struct probe_root *root, size_t max_bytes,
			    char **ret_text);
	int (*stat)(const struct probe_root *root, const char *path,
		    bool follow, struct probe_stat *ret_stat);
	ssize_t (*readlink)(const struct probe_root *root, const char *path,
			    char *ret_target, size_t cap_bytes);
	int (*list)(const struct probe_root *root, const char *path,
		    size_t max_names, probe_name_fn *each, void *context);
	void (*live_answers)(const struct probe_root *root,
			     struct probe_live *ret_live);
	/*
	 * A descriptor to read from at any offset: of a device node too where
	 * the machine is this one, else of a regular file that stands for it.
	 */
	int (*open)(const struct probe_root *root, const char *path);
	/* NULL: known by /proc/cpuinfo alone. */
	bool (*cpuid)(const struct probe_root *root, uint32_t leaf,
		      uint32_t subleaf, uint32_t ret_regs[4]);
	void (*free)(struct probe_root *root);
};

struct probe_root {
	const struct root_class *class;
	enum probe_kind kind;
	void *state; /* of the class */
};

extern const struct root_class root_live_class;

/* Paths a machine names; longer ones are -ENAMETOOLONG. */
#define ROOT_PATH_BYTES 4096
/* What Linux follows in one path before it says -ELOOP. */
#define ROOT_LINKS_MAX 40

/* root_new - a root of that class; NULL without memory. */
struct probe_root *root_new(const struct root_class *class,
			    enum probe_kind kind, void *state);

struct stat;
void root_stat_of(const struct stat *st, struct probe_stat *ret_stat);

/*
 * What to do with the descriptor of a file: 0 for a regular one, -EISDIR,
 * -ENOTSUP for what could block or act when it is read.
 */
int root_check_file(mode_t mode);

/* The three ways to read an open regular file. */
ssize_t root_fd_read(int fd, enum root_part part, char *ret_text,
		     size_t cap_bytes);
ssize_t root_fd_load(int fd, size_t max_bytes, char **ret_text);
/* Consumes fd. */
int root_fd_list(int fd, size_t max_names, probe_name_fn *each, void *context);

/* root_text_read - the same of bytes in memory. */
ssize_t root_text_read(const char *text, size_t len_bytes, enum root_part part,
		       char *ret_text, size_t cap_bytes);

/* root_live_load_log - this machine's, from /dev/kmsg. */
ssize_t root_live_load_log(const struct probe_root *root, size_t max_bytes,
			   char **ret_text);

/* root_load_log_file - a record's: the tail of var/log/dmesg or kern.log. */
ssize_t root_load_log_file(const struct probe_root *root, size_t max_bytes,
			   char **ret_text);

/*
 * root_look_fn - what stands at a path that goes through no link: its mode,
 * and where it points when it is one (ROOT_PATH_BYTES). 0 or -errno; with a
 * link's mode the error is of reading the link.
 */
typedef int root_look_fn(void *context, const char *path, mode_t *ret_mode,
			 char *ret_target);

/*
 * root_resolve - the path without links, "." and "..": as a machine whose root
 * this is would find it. follow: the last component too.
 * ret_path: ROOT_PATH_BYTES; "/" for the root itself.
 * Returns 0; -ELOOP, -ENOTDIR, -ENAMETOOLONG, or what look says (-ENOENT).
 */
int root_resolve(root_look_fn *look, void *context, const char *path,
		 bool follow, char *ret_path);

/* root_open_dir - probe_root_open, or the same as on a kernel before 5.6. */
int root_open_dir(const char *dir, bool without_openat2,
		  struct probe_root **ret_root);

/*
 * root_add_manifest - a directory's root becomes one that heeds its manifest,
 * where there is one. 0; -EBADMSG, -ENOMEM and the like leave it as it is.
 */
int root_add_manifest(struct probe_root **root);

/*
 * A list of names: grows, then is shown in order. add: 0, -ENOMEM, -E2BIG.
 * root_names_show returns how many were shown and frees the list.
 */
struct root_names {
	char **names;
	size_t count, cap_count;
};
int root_names_add(struct root_names *n, const char *name, size_t max_names);
int root_names_show(struct root_names *n, probe_name_fn *each, void *context);

#endif
