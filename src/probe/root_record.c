/* SPDX-License-Identifier: ISC */
/*
 * A directory with a manifest: what the manifest says of a path stands, the
 * directory gives the contents, and what somebody added to it by hand.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/root_record.h"

static int look(void *context, const char *path, mode_t *ret_mode,
		char *ret_target)
{
	const struct record *rec = context;
	const struct manifest_entry *e = manifest_find(&rec->manifest, path);
	struct probe_stat st;
	ssize_t n;
	int r;

	if (e != NULL) {
		*ret_mode = e->st.mode;
		if (!e->seen)
			return e->error;
		if (!S_ISLNK(e->st.mode))
			return 0;
		if (e->target == NULL)
			return e->error;
		memcpy(ret_target, e->target, strlen(e->target) + 1);
		return 0;
	}
	r = probe_root_lstat(rec->dir, path, &st);
	if (r < 0)
		return r;
	*ret_mode = st.mode;
	if (!S_ISLNK(st.mode))
		return 0;
	n = probe_root_readlink(rec->dir, path, ret_target, ROOT_PATH_BYTES);
	return n < 0 ? (int)n : 0;
}

/* The path without links, and what the manifest has of it (NULL: nothing). */
static int find(const struct probe_root *root, const char *path, bool follow,
		char ret_path[ROOT_PATH_BYTES],
		const struct manifest_entry **ret_entry)
{
	struct record *rec = root->state;
	int r = root_resolve(look, rec, path, follow, ret_path);

	if (r < 0)
		return r;
	*ret_entry = manifest_find(&rec->manifest, ret_path);
	return *ret_entry != NULL && !(*ret_entry)->seen ? (*ret_entry)->error :
							   0;
}

/* May its contents be asked for? device: a node whose bytes were kept, too. */
static int find_file(const struct probe_root *root, const char *path,
		     bool device, char ret_path[ROOT_PATH_BYTES],
		     const struct manifest_entry **ret_entry)
{
	const struct manifest_entry *e = NULL;
	int r = find(root, path, true, ret_path, &e);

	*ret_entry = e;
	if (r < 0 || e == NULL)
		return r;
	r = root_check_file(e->st.mode);
	if (r < 0 && !(device && S_ISCHR(e->st.mode)))
		return r;
	switch (e->content) {
	case MANIFEST_ERROR:
		return e->error;
	case MANIFEST_NOTHING:
	case MANIFEST_LEFT_OUT:
		return -ENODATA;
	default:
		return 0;
	}
}

/* The manifest has it and the directory has not: it was taken out since. */
static ssize_t missing(ssize_t n, const struct manifest_entry *e)
{
	return n == -ENOENT && e != NULL ? -ENODATA : n;
}

static ssize_t record_read(const struct probe_root *root, const char *path,
			   enum root_part part, char *ret_text, size_t cap_bytes)
{
	const struct record *rec = root->state;
	const struct manifest_entry *e;
	char plain[ROOT_PATH_BYTES];
	int r = find_file(root, path, false, plain, &e);

	if (r < 0)
		return r;
	return missing(rec->dir->class->read(rec->dir, plain, part, ret_text,
					     cap_bytes),
		       e);
}

static ssize_t record_load(const struct probe_root *root, const char *path,
			   size_t max_bytes, char **ret_text)
{
	const struct record *rec = root->state;
	const struct manifest_entry *e;
	char plain[ROOT_PATH_BYTES];
	int r = find_file(root, path, false, plain, &e);

	if (r < 0)
		return r;
	/* The whole file is not there. */
	if (e != NULL && e->content == MANIFEST_CUT)
		return -EFBIG;
	return missing(probe_root_load(rec->dir, plain, max_bytes, ret_text), e);
}

static int record_open(const struct probe_root *root, const char *path)
{
	const struct record *rec = root->state;
	const struct manifest_entry *e;
	char plain[ROOT_PATH_BYTES];
	int r = find_file(root, path, true, plain, &e);

	if (r < 0)
		return r;
	return (int)missing(rec->dir->class->open(rec->dir, plain), e);
}

static int record_stat(const struct probe_root *root, const char *path,
		       bool follow, struct probe_stat *ret_stat)
{
	const struct record *rec = root->state;
	const struct manifest_entry *e;
	char plain[ROOT_PATH_BYTES];
	int r = find(root, path, follow, plain, &e);

	if (r < 0)
		return r;
	if (e == NULL)
		return probe_root_lstat(rec->dir, plain, ret_stat);
	*ret_stat = e->st;
	return 0;
}

static ssize_t record_readlink(const struct probe_root *root, const char *path,
			       char *ret_target, size_t cap_bytes)
{
	const struct record *rec = root->state;
	const struct manifest_entry *e;
	char plain[ROOT_PATH_BYTES];
	size_t len;
	int r = find(root, path, false, plain, &e);

	if (r < 0)
		return r;
	if (e == NULL)
		return rec->dir->class->readlink(rec->dir, plain, ret_target,
						 cap_bytes);
	if (e->target == NULL)
		return S_ISLNK(e->st.mode) ? e->error : -EINVAL;
	len = strlen(e->target);
	if (len >= cap_bytes)
		return -ENAMETOOLONG;
	memcpy(ret_target, e->target, len);
	return (ssize_t)len;
}

static int record_list(const struct probe_root *root, const char *path,
		       size_t max_names, probe_name_fn *each, void *context)
{
	const struct record *rec = root->state;
	const struct manifest_entry *e;
	struct root_names names = { 0 };
	char plain[ROOT_PATH_BYTES];
	int r = find(root, path, true, plain, &e), shown;

	if (r < 0)
		return r;
	if (e != NULL && !S_ISDIR(e->st.mode))
		return -ENOTDIR;
	if (e != NULL && e->content == MANIFEST_ERROR)
		return e->error;
	r = record_names(rec, plain, e != NULL, max_names, &names);
	if (r == 0 && e != NULL && e->content == MANIFEST_CUT)
		r = -E2BIG;
	shown = root_names_show(&names, r == 0 || r == -E2BIG ? each : NULL,
				context);
	return r < 0 ? r : shown;
}

static void record_live_answers(const struct probe_root *root,
				struct probe_live *ret_live)
{
	const struct record *rec = root->state;

	*ret_live = rec->manifest.live;
}

static bool record_cpuid(const struct probe_root *root, uint32_t leaf,
			 uint32_t subleaf, uint32_t ret_regs[4])
{
	const struct record *rec = root->state;

	for (size_t i = 0; i < rec->manifest.n_cpuid; i++) {
		const struct manifest_cpuid *c = &rec->manifest.cpuid[i];

		if (c->leaf != leaf || c->subleaf != subleaf)
			continue;
		memcpy(ret_regs, c->regs, sizeof c->regs);
		return true;
	}
	return false;
}

static void record_free(struct probe_root *root)
{
	struct record *rec = root->state;

	manifest_free(&rec->manifest);
	probe_root_free(rec->dir);
	free(rec);
}

static const struct root_class record_class = {
	.read = record_read,
	.load = record_load,
	.load_log = root_load_log_file,
	.stat = record_stat,
	.readlink = record_readlink,
	.list = record_list,
	.live_answers = record_live_answers,
	.open = record_open,
	.cpuid = record_cpuid,
	.free = record_free,
};

/* 1: ret_manifest is filled; 0: there is none; -errno. */
static int read_manifest(const struct probe_root *dir,
			 struct manifest *ret_manifest)
{
	char head[sizeof MANIFEST_MAGIC];
	char *text;
	ssize_t n = probe_root_read(dir, "/" MANIFEST_NAME, head, sizeof head);
	int r;

	if (n == -ENOENT)
		return 0;
	/* An image may have some other file of that name. */
	if (n < 0 || !manifest_is_one(head, (size_t)n))
		return dir->kind == PROBE_IMAGE ? 0 :
		       n == -EACCES             ? -EACCES :
						  -EBADMSG;
	n = probe_root_load(dir, "/" MANIFEST_NAME, MANIFEST_BYTES_MAX, &text);
	if (n < 0)
		return n == -EFBIG ? -EBADMSG : (int)n;
	r = manifest_parse(text, (size_t)n, ret_manifest, NULL);
	return r < 0 ? r : 1;
}

int root_add_manifest(struct probe_root **root)
{
	struct manifest m;
	struct record *rec;
	struct probe_root *whole;
	int r = read_manifest(*root, &m);

	if (r <= 0)
		return r;
	rec = malloc(sizeof *rec);
	whole = root_new(&record_class, m.kind, rec);
	if (rec == NULL || whole == NULL) {
		free(rec);
		free(whole);
		manifest_free(&m);
		return -ENOMEM;
	}
	rec->dir = *root;
	rec->manifest = m;
	*root = whole;
	return 0;
}
