/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_MANIFEST_H
#define AQUIFER_PROBE_MANIFEST_H

/*
 * DIR/MANIFEST of a recorded machine: what git, tar and an unprivileged user
 * lose. A text, a fact a line, words separated by one blank; in paths a byte
 * that is a blank, a control character, a backslash or above 7eh is \xHH.
 *
 *	aquifer-record 1
 *	kind live|record|image
 *	live CRNG_READY PRIVILEGED REALTIME_S BOOTTIME_NS
 *	cpuid LEAF SUBLEAF EAX EBX ECX EDX
 *	TYPE MODE UID GID SIZE MTIME MAJOR:MINOR CONTENT PATH [TARGET]
 *
 * TYPE is f d l c b p s (file, directory, link, devices, FIFO, socket), or ?
 * where the file itself could not be looked at. CONTENT says what DIR/PATH has
 * of it: "-" nothing, nobody asked; "kept"; "cut" to the parts asked for;
 * "replaced" by something of the same shape; "left-out", a secret; or why it
 * could not be read (EACCES). Of a directory it says whether its names were
 * read ("kept"), of a link whether TARGET was.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "probe/root.h"

#define MANIFEST_NAME "MANIFEST"
#define MANIFEST_MAGIC "aquifer-record 1"
/* A record has some thousand files; more is no record of ours. */
#define MANIFEST_BYTES_MAX (16u << 20)
#define MANIFEST_ENTRIES_MAX 100000
#define MANIFEST_CPUID_MAX 32

enum manifest_content {
	MANIFEST_NOTHING,
	MANIFEST_KEPT,
	MANIFEST_CUT,
	MANIFEST_REPLACED,
	MANIFEST_LEFT_OUT,
	MANIFEST_ERROR,
};

struct manifest_entry {
	const char *path;
	const char *target; /* of a link; NULL */
	struct probe_stat st;
	bool seen; /* st was known; else error says why not */
	enum manifest_content content;
	int error; /* negative errno, of MANIFEST_ERROR or !seen */
};

struct manifest_cpuid {
	uint32_t leaf, subleaf, regs[4];
};

struct manifest {
	enum probe_kind kind; /* of the machine that was recorded */
	struct probe_live live;
	struct manifest_cpuid cpuid[MANIFEST_CPUID_MAX];
	size_t n_cpuid;
	struct manifest_entry *entries; /* sorted by path, none twice */
	size_t count, cap_count;
	char *text; /* that paths and targets point into */
};

/* manifest_is_one - does a file that begins so claim to be a manifest? */
bool manifest_is_one(const char *text, size_t len_bytes);

/*
 * manifest_parse - text: len_bytes and a NUL behind them, from malloc; on
 * success it belongs to the manifest and is changed, on failure it is freed.
 * ret_line: the number of the line that is wrong; may be NULL.
 * Returns 0; -EBADMSG, -ENOMEM.
 */
int manifest_parse(char *text, size_t len_bytes, struct manifest *ret_manifest,
		   size_t *ret_line);
void manifest_free(struct manifest *m);

/* manifest_find - NULL where the path is not listed. */
const struct manifest_entry *manifest_find(const struct manifest *m,
					   const char *path);

/*
 * manifest_below - the first entry below a directory ("/" too), and how many
 * follow it that are below, at any depth.
 */
const struct manifest_entry *manifest_below(const struct manifest *m,
					    const char *path, size_t *ret_count);

/* What writes one: the head, then a line a file. 0 or -EIO. */
int manifest_write_head(FILE *out, const struct manifest *m);
int manifest_write_entry(FILE *out, const struct manifest_entry *e);

/* manifest_escape - ret_text: 4 * strlen(text) + 1 bytes. */
void manifest_escape(const char *text, char *ret_text);
/* manifest_unescape - in place; false for a text that is none. */
bool manifest_unescape(char *text);

#endif
