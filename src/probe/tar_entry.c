/* SPDX-License-Identifier: ISC */
/* One entry of a tar: what it is, and what is kept of it. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/wipe.h"
#include "probe/keep.h"
#include "probe/root_class.h"
#include "probe/tar_read.h"
#include "probe/tar_root.h"

/* A file to be kept in part is looked through up to this. */
#define LOOKED_THROUGH_BYTES_MAX (64u << 20)

/* "./a//b/" -> "/a/b". -EINVAL with "..", -ENAMETOOLONG. */
int tar_normalise(const char *name, char *ret_path)
{
	size_t used = 0;

	for (;;) {
		size_t len;

		name += strspn(name, "/");
		len = strcspn(name, "/");
		if (len == 0)
			break;
		if (len == 2 && name[0] == '.' && name[1] == '.')
			return -EINVAL;
		if (len > 255 || used + len + 2 > ROOT_PATH_BYTES)
			return -ENAMETOOLONG;
		if (len != 1 || name[0] != '.') {
			ret_path[used++] = '/';
			memcpy(ret_path + used, name, len);
			used += len;
		}
		name += len;
	}
	ret_path[used] = '\0';
	return 0;
}

/* A hard link is the file it names, if that came before. */
static int take_hardlink(struct tar_reader *r, const char *target, uint32_t id)
{
	struct tar_index *t = &r->s->index;
	char path[ROOT_PATH_BYTES];
	const struct tar_entry *e;
	struct probe_stat st;
	uint32_t other;
	int error;

	if (tar_normalise(target, path) < 0 ||
	    (other = tar_index_find(t, path)) == TAR_NONE) {
		r->s->refused++;
		return 0;
	}
	e = tar_index_at(t, other);
	if (other == id || !S_ISREG(e->mode))
		return 0;
	tar_index_stat(t, other, &st);
	error = tar_index_set(t, id, &st);
	if (error == 0 && e->extra != TAR_NONE) {
		const struct tar_contents *c = &t->contents[e->extra];
		char *copy = malloc(c->len_bytes + 1);

		if (copy == NULL)
			return -ENOMEM;
		memcpy(copy, c->text, c->len_bytes + 1);
		error = tar_index_set_contents(t, id, copy, c->len_bytes);
		if (error < 0)
			free(copy);
	}
	return error;
}

static bool is_wanted(const struct tar_reader *r, const struct keep_rule *rule,
		      uint64_t size_bytes)
{
	bool in_part = rule->class == KEEP_STANZAS ||
		       rule->class == KEEP_LINES || rule->class == KEEP_MARKS;

	if (!rule->listed || rule->class == KEEP_STAT ||
	    rule->class == KEEP_SECRET || rule->class == KEEP_SERIAL ||
	    r->s->index.contents_bytes >= TAR_CONTENTS_BYTES_MAX)
		return false;
	return size_bytes <=
	       (in_part ? LOOKED_THROUGH_BYTES_MAX : rule->max_bytes);
}

static int take_contents(struct tar_reader *r, const char *path, uint32_t id,
			 uint64_t size_bytes)
{
	struct keep_rule rule = keep_rule(path);
	char block[4096];
	struct keep k;
	ssize_t n;
	char *text;
	long len;

	if (size_bytes == 0 || !is_wanted(r, &rule, size_bytes))
		return 0;
	keep_begin(&k, rule);
	while ((n = archive_read_data(r->a, block, sizeof block)) != 0) {
		if (n < 0)
			break;
		keep_feed(&k, block, (size_t)n);
	}
	wipe(block, sizeof block);
	len = keep_end(&k, &text);
	if (n < 0) {
		if (len >= 0)
			free(text);
		return tar_archive_failure(r);
	}
	/* Too long after all: then as one that is not kept. */
	if (len < 0)
		return len == -ENOMEM ? tar_fail(r, -ENOMEM, "out of memory") :
					0;
	if (tar_index_set_contents(&r->s->index, id, text, (size_t)len) < 0) {
		free(text);
		return tar_fail(r, -ENOMEM, "out of memory");
	}
	return 0;
}

int tar_take_entry(struct tar_reader *r, struct archive_entry *e,
		   const char *path, uint32_t id)
{
	struct tar_index *t = &r->s->index;
	const char *hardlink = archive_entry_hardlink(e);
	const char *target = archive_entry_symlink(e);
	struct probe_stat st = {
		.mode = archive_entry_filetype(e) |
			(archive_entry_perm(e) & 07777),
		.uid = (uid_t)archive_entry_uid(e),
		.gid = (gid_t)archive_entry_gid(e),
		.size_bytes = archive_entry_size(e) > 0 ?
				      (uint64_t)archive_entry_size(e) :
				      0,
		.mtime_s = archive_entry_mtime(e),
		.rdev_major = (uint32_t)archive_entry_rdevmajor(e),
		.rdev_minor = (uint32_t)archive_entry_rdevminor(e),
	};
	int error;

	if (hardlink != NULL)
		return take_hardlink(r, hardlink, id);
	error = tar_index_set(t, id, &st);
	if (error == 0 && S_ISLNK(st.mode)) {
		if (target == NULL)
			target = archive_entry_symlink_utf8(e);
		if (target != NULL && strlen(target) < ROOT_PATH_BYTES)
			error = tar_index_set_target(t, id, target);
	}
	if (error < 0 || !S_ISREG(st.mode))
		return error;
	return take_contents(r, path, id, st.size_bytes);
}
