/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_ROOT_H
#define AQUIFER_PROBE_ROOT_H

/*
 * Where facts come from: this machine, a directory that stands for another one
 * (a recorded machine, a mounted image), or an image in a tar. All readers of
 * the probe go through these few functions, so that one place keeps them inside
 * the root, bounded, and off anything that can block.
 *
 * Paths are absolute within the root ("/etc/machine-id"). Symbolic links are
 * followed as the machine itself would: an absolute one starts at the root, and
 * ".." never leaves it.
 *
 * A struct probe_root is used by one thread at a time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct probe_root;

enum probe_kind {
	PROBE_LIVE,   /* this machine */
	PROBE_RECORD, /* another machine's facts: files below proc or sys */
	PROBE_IMAGE,  /* a file system that is not running */
};

/* What is known of a file without opening it. */
struct probe_stat {
	mode_t mode; /* type and permission bits */
	uid_t uid;
	gid_t gid;
	uint64_t size_bytes;
	int64_t mtime_s; /* since 1970 */
	uint32_t rdev_major, rdev_minor;
};

/* The running machine; never fails, never freed, costs nothing. */
const struct probe_root *probe_root_live(void);

/*
 * probe_root_open - a directory that stands for a machine. Its manifest, where
 * it has one (written by probe_recorder), overrides modes, owners and times.
 * Returns 0; -ENOENT, -ENOTDIR, -EACCES; -ENODATA for an empty directory;
 * -EBADMSG for a manifest that is not one.
 */
int probe_root_open(const char *dir, struct probe_root **ret_root);

/* probe_root_free - takes NULL; the live root is left alone. */
void probe_root_free(struct probe_root *root);

enum probe_kind probe_root_kind(const struct probe_root *root);

/*
 * probe_root_read - the head of a regular file (or of one below /proc, /sys),
 * at most cap_bytes - 1 bytes, NUL-terminated; may hold NUL bytes of its own.
 * Opened without blocking; never a FIFO, a socket or a device.
 * Returns the length, cap_bytes - 1 where there may be more; -ENOENT, -EACCES,
 * -EPERM, -ELOOP, -EISDIR, -ENOTSUP for what is no file, -EIO ...; -ENODATA
 * where it exists and its content was left out: a record or a tar keeps only
 * what checks ask for, and no secret. ret_text is "" then.
 */
ssize_t probe_root_read(const struct probe_root *root, const char *path,
			char *ret_text, size_t cap_bytes);

/*
 * probe_root_read_tail - the same, but the last bytes of a long file: logs.
 */
ssize_t probe_root_read_tail(const struct probe_root *root, const char *path,
			     char *ret_text, size_t cap_bytes);

/*
 * probe_root_load - a whole file, at most max_bytes, NUL-terminated, in memory
 * that the caller frees. -EFBIG where it is larger: never a silent cut.
 */
ssize_t probe_root_load(const struct probe_root *root, const char *path,
			size_t max_bytes, char **ret_text);

/*
 * probe_root_load_log - the kernel's log, as text that the caller frees; its
 * last part where it is longer than max_bytes. This machine's from /dev/kmsg:
 * a line a record, "priority,sequence,microseconds,flags;text" (and lines that
 * begin with a blank); a record's from /var/log/dmesg, else /var/log/kern.log:
 * such records, or "[   12.345678] text" as dmesg and syslog write it.
 * Returns the length; -EPERM or -EACCES without the right to see it; -ENOENT;
 * -ENOTSUP for an image, whose log is an earlier machine's.
 */
ssize_t probe_root_load_log(const struct probe_root *root, size_t max_bytes,
			    char **ret_text);

/* probe_root_stat - follows links. 0 or -errno. */
int probe_root_stat(const struct probe_root *root, const char *path,
		    struct probe_stat *ret_stat);

/* probe_root_lstat - of the link itself. 0 or -errno. */
int probe_root_lstat(const struct probe_root *root, const char *path,
		     struct probe_stat *ret_stat);

/* probe_root_readlink - where a link points, as it is written. Length, -errno. */
ssize_t probe_root_readlink(const struct probe_root *root, const char *path,
			    char *ret_target, size_t cap_bytes);

/*
 * probe_root_list - names in a directory, sorted (strcmp), without "." and
 * "..", at most max_names. each: called for each name; false ends the walk.
 * Returns how many were shown, -E2BIG where there were more than max_names
 * (those shown are a part), or -errno.
 */
typedef bool probe_name_fn(void *context, const char *name);
int probe_root_list(const struct probe_root *root, const char *path,
		    size_t max_names, probe_name_fn *each, void *context);

/* probe_root_exists - anything there at all? A dangling link is nothing. */
bool probe_root_exists(const struct probe_root *root, const char *path);

/*
 * What only a running machine can answer, by a system call rather than a file.
 * A record keeps the answers; a hand-made root has none.
 */
struct probe_live {
	bool known;         /* the answers below were given */
	bool crng_ready;    /* getrandom(GRND_NONBLOCK) gave bytes */
	bool privileged;    /* asked with uid 0 */
	int64_t realtime_s; /* when it was asked */
	uint64_t boottime_ns;
};

/* probe_root_live_answers - of this machine now, or of the record. */
void probe_root_live_answers(const struct probe_root *root,
			     struct probe_live *ret_live);

#endif
