/* SPDX-License-Identifier: ISC */
/* What the index has of an entry beside its name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/tar_index.h"

#define OWNERS_MAX 65535

static int find_owner(struct tar_index *t, uint64_t owner, uint16_t *ret_owner)
{
	uint64_t *more;

	for (size_t i = 0; i < t->n_owners; i++) {
		if (t->owners[i] != owner)
			continue;
		*ret_owner = (uint16_t)i;
		return 0;
	}
	/* A few dozen in any image; the search above stays short. */
	if (t->n_owners == OWNERS_MAX)
		return -E2BIG;
	more = realloc(t->owners, (t->n_owners + 1) * sizeof *more);
	if (more == NULL)
		return -ENOMEM;
	t->owners = more;
	more[t->n_owners] = owner;
	*ret_owner = (uint16_t)t->n_owners++;
	return 0;
}

/* What an entry had as another kind of thing, or before. */
static void drop_extra(struct tar_index *t, struct tar_entry *e)
{
	if (S_ISREG(e->mode) && e->extra != TAR_NONE) {
		struct tar_contents *c = &t->contents[e->extra];

		t->contents_bytes -= c->len_bytes;
		free(c->text);
		*c = (struct tar_contents){ 0 };
	}
	e->extra = TAR_NONE;
}

/* A device has no size; its number stands there. */
static bool is_device(const struct tar_entry *e)
{
	return S_ISCHR(e->mode) || S_ISBLK(e->mode);
}

int tar_index_set(struct tar_index *t, uint32_t id, const struct probe_stat *st)
{
	struct tar_entry *e = tar_index_at(t, id);
	uint16_t owner;
	int r = find_owner(t, (uint64_t)st->uid << 32 | st->gid, &owner);

	if (r < 0)
		return r;
	drop_extra(t, e);
	e->mode = (uint16_t)st->mode;
	e->owner = owner;
	e->size_bytes = is_device(e) ? (uint64_t)st->rdev_major << 32 |
					       st->rdev_minor :
				       st->size_bytes;
	e->mtime_s = st->mtime_s;
	return 0;
}

void tar_index_stat(const struct tar_index *t, uint32_t id,
		    struct probe_stat *ret_stat)
{
	const struct tar_entry *e = tar_index_at(t, id);

	*ret_stat = (struct probe_stat){
		.mode = e->mode,
		.uid = (uid_t)(t->owners[e->owner] >> 32),
		.gid = (gid_t)(t->owners[e->owner] & UINT32_MAX),
		.size_bytes = is_device(e) ? 0 : e->size_bytes,
		.mtime_s = e->mtime_s,
		.rdev_major = is_device(e) ? (uint32_t)(e->size_bytes >> 32) : 0,
		.rdev_minor = is_device(e) ? (uint32_t)e->size_bytes : 0,
	};
}

int tar_index_set_target(struct tar_index *t, uint32_t id, const char *target)
{
	uint32_t text;
	int r = tar_index_add_text(t, target, strlen(target), &text);

	if (r == 0)
		tar_index_at(t, id)->extra = text;
	return r;
}

int tar_index_set_contents(struct tar_index *t, uint32_t id, char *text,
			   size_t len_bytes)
{
	if (t->n_contents == t->cap_contents) {
		size_t cap = t->cap_contents == 0 ? 256 : t->cap_contents * 2;
		struct tar_contents *more = realloc(t->contents,
						    cap * sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		t->contents = more;
		t->cap_contents = cap;
	}
	t->contents[t->n_contents] = (struct tar_contents){ text, len_bytes };
	t->contents_bytes += len_bytes;
	tar_index_at(t, id)->extra = (uint32_t)t->n_contents++;
	return 0;
}
