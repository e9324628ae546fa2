/* SPDX-License-Identifier: ISC */
/* Questions about an image in a tar, answered from its index. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/root_class.h"
#include "probe/tar_read.h"
#include "probe/tar_root.h"

int tar_look(void *context, const char *path, mode_t *ret_mode, char *ret_target)
{
	const struct tar_index *t = context;
	const struct tar_entry *e;
	uint32_t id = tar_index_find(t, path);

	if (id == TAR_NONE)
		return -ENOENT;
	e = tar_index_at(t, id);
	*ret_mode = e->mode;
	if (S_ISLNK(e->mode)) {
		const char *target = e->extra == TAR_NONE ?
					     "" :
					     tar_index_text(t, e->extra);

		memcpy(ret_target, target, strlen(target) + 1);
	}
	return 0;
}

static int find(const struct probe_root *root, const char *path, bool follow,
		uint32_t *ret_id)
{
	struct tar_state *s = root->state;
	char plain[ROOT_PATH_BYTES];
	int r = root_resolve(tar_look, &s->index, path, follow, plain);

	if (r < 0)
		return r;
	*ret_id = tar_index_find(&s->index, plain);
	return *ret_id == TAR_NONE ? -ENOENT : 0;
}

static int find_contents(const struct probe_root *root, const char *path,
			 struct tar_contents *ret_contents)
{
	const struct tar_state *s = root->state;
	const struct tar_entry *e;
	uint32_t id;
	int r = find(root, path, true, &id);

	if (r < 0)
		return r;
	e = tar_index_at(&s->index, id);
	r = root_check_file(e->mode);
	if (r < 0)
		return r;
	*ret_contents = (struct tar_contents){ NULL, 0 };
	if (e->extra != TAR_NONE)
		*ret_contents = s->index.contents[e->extra];
	else if (e->size_bytes > 0)
		return -ENODATA;
	return 0;
}

static ssize_t tar_read(const struct probe_root *root, const char *path,
			enum root_part part, char *ret_text, size_t cap_bytes)
{
	struct tar_contents c;
	int r = find_contents(root, path, &c);

	if (r < 0)
		return r;
	return c.len_bytes == 0 ? 0 :
				  root_text_read(c.text, c.len_bytes, part,
						 ret_text, cap_bytes);
}

static ssize_t tar_load(const struct probe_root *root, const char *path,
			size_t max_bytes, char **ret_text)
{
	struct tar_contents c;
	char *text;
	int r = find_contents(root, path, &c);

	if (r < 0)
		return r;
	if (c.len_bytes > max_bytes)
		return -EFBIG;
	text = malloc(c.len_bytes + 1);
	if (text == NULL)
		return -ENOMEM;
	if (c.len_bytes > 0)
		memcpy(text, c.text, c.len_bytes);
	text[c.len_bytes] = '\0';
	*ret_text = text;
	return (ssize_t)c.len_bytes;
}

static ssize_t tar_load_log(const struct probe_root *root, size_t max_bytes,
			    char **ret_text)
{
	(void)root;
	(void)max_bytes;
	(void)ret_text;
	return -ENOTSUP;
}

static int tar_stat(const struct probe_root *root, const char *path,
		    bool follow, struct probe_stat *ret_stat)
{
	const struct tar_state *s = root->state;
	uint32_t id;
	int r = find(root, path, follow, &id);

	if (r == 0)
		tar_index_stat(&s->index, id, ret_stat);
	return r;
}

static ssize_t tar_readlink(const struct probe_root *root, const char *path,
			    char *ret_target, size_t cap_bytes)
{
	const struct tar_state *s = root->state;
	const struct tar_entry *e;
	const char *target;
	size_t len;
	uint32_t id;
	int r = find(root, path, false, &id);

	if (r < 0)
		return r;
	e = tar_index_at(&s->index, id);
	if (!S_ISLNK(e->mode) || e->extra == TAR_NONE)
		return -EINVAL;
	target = tar_index_text(&s->index, e->extra);
	len = strlen(target);
	if (len >= cap_bytes)
		return -ENAMETOOLONG;
	memcpy(ret_target, target, len + 1);
	return (ssize_t)len;
}

/* Few directories are listed, so an entry does not know its siblings. */
static int tar_list(const struct probe_root *root, const char *path,
		    size_t max_names, probe_name_fn *each, void *context)
{
	const struct tar_state *s = root->state;
	struct root_names names = { 0 };
	uint32_t dir;
	int shown, r = find(root, path, true, &dir);

	if (r == 0 && !S_ISDIR(tar_index_at(&s->index, dir)->mode))
		r = -ENOTDIR;
	for (uint32_t id = 1; id < s->index.count && r == 0; id++) {
		const struct tar_entry *e = tar_index_at(&s->index, id);

		if (e->parent == dir)
			r = root_names_add(&names,
					   tar_index_text(&s->index, e->name),
					   max_names);
	}
	shown = root_names_show(&names, r == 0 || r == -E2BIG ? each : NULL,
				context);
	return r < 0 ? r : shown;
}

static void tar_live_answers(const struct probe_root *root,
			     struct probe_live *ret_live)
{
	(void)root;
	(void)ret_live;
}

static int tar_open(const struct probe_root *root, const char *path)
{
	(void)root;
	(void)path;
	return -ENOTSUP;
}

static void tar_free(struct probe_root *root)
{
	struct tar_state *s = root->state;

	tar_index_free(&s->index);
	free(s);
}

static const struct root_class tar_class = {
	.read = tar_read,
	.load = tar_load,
	.load_log = tar_load_log,
	.stat = tar_stat,
	.readlink = tar_readlink,
	.list = tar_list,
	.live_answers = tar_live_answers,
	.open = tar_open,
	.free = tar_free,
};

int probe_root_open_tar(int fd, struct probe_root **ret_root, char *ret_error,
			size_t cap_bytes)
{
	struct tar_state *s = calloc(1, sizeof *s);
	struct probe_root *root = root_new(&tar_class, PROBE_IMAGE, s);
	int r = -ENOMEM;

	if (s != NULL && root != NULL)
		r = tar_index_init(&s->index);
	if (r == 0)
		r = tar_read_all(s, fd, ret_error, cap_bytes);
	else
		(void)snprintf(ret_error, cap_bytes, "out of memory");
	if (r < 0) {
		if (s != NULL)
			tar_index_free(&s->index);
		free(s);
		free(root);
		return r;
	}
	*ret_root = root;
	return 0;
}

void probe_tar_counts(const struct probe_root *root,
		      struct probe_tar_counts *ret_counts)
{
	const struct tar_state *s = root->state;

	ret_counts->entries = s->index.count - 1;
	ret_counts->refused = s->refused;
}
