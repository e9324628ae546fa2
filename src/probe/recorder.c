/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/recorder.h"
#include "probe/recorder_parts.h"

#define LOG_BYTES_MAX (4u << 20)

/* A file asked for at both its ends is taken whole, up to this. */
#define WHOLE_BYTES_MAX (64u << 20)

static void note_error(struct recorded *rec, int error)
{
	if (rec->entry.content != MANIFEST_NOTHING || error == -ENOENT ||
	    error == -ENOMEM || error == -EISDIR || error == -ENOTDIR ||
	    error == -ENOTSUP)
		return;
	rec->entry.content = MANIFEST_ERROR;
	rec->entry.error = error;
}

/* Both ends were asked for: all of it, where that is possible. */
static bool take_whole(struct recorder *r, struct recorded *rec,
		       const char *path)
{
	char *text;
	ssize_t n = probe_root_load(r->inner, path, WHOLE_BYTES_MAX, &text);

	if (n < 0)
		return false;
	store_contents(&r->store, rec, text, (size_t)n, true);
	free(text);
	return true;
}

static void note_part(struct recorder *r, struct recorded *rec,
		      enum root_part part, const char *text, size_t len_bytes)
{
	size_t *mine = part == ROOT_HEAD ? &rec->head_bytes : &rec->tail_bytes;
	size_t other = part == ROOT_HEAD ? rec->tail_bytes : rec->head_bytes;

	if (len_bytes <= *mine)
		return;
	*mine = len_bytes;
	if (other == 0 || !take_whole(r, rec, rec->entry.path))
		store_contents(&r->store, rec, text, len_bytes, false);
}

static ssize_t recorder_read(const struct probe_root *root, const char *path,
			     enum root_part part, char *ret_text,
			     size_t cap_bytes)
{
	struct recorder *r = root->state;
	char plain[ROOT_PATH_BYTES];
	struct recorded *rec = recorder_find(r, path, true, plain);
	ssize_t n = r->inner->class->read(r->inner, path, part, ret_text,
					  cap_bytes);

	if (rec == NULL || rec->fixed)
		return n;
	if (n < 0)
		note_error(rec, (int)n);
	else if (rec->entry.content != MANIFEST_NOTHING &&
		 rec->entry.content != MANIFEST_CUT)
		; /* the answer of the first time stands */
	else if ((size_t)n < cap_bytes - 1)
		store_contents(&r->store, rec, ret_text, (size_t)n, true);
	else if (n > 0)
		note_part(r, rec, part, ret_text, (size_t)n);
	return n;
}

static ssize_t recorder_load(const struct probe_root *root, const char *path,
			     size_t max_bytes, char **ret_text)
{
	struct recorder *r = root->state;
	char plain[ROOT_PATH_BYTES];
	struct recorded *rec = recorder_find(r, path, true, plain);
	ssize_t n = probe_root_load(r->inner, path, max_bytes, ret_text);

	if (rec == NULL || rec->fixed)
		return n;
	if (n == -EFBIG && rec->entry.content == MANIFEST_NOTHING)
		rec->entry.content = MANIFEST_CUT;
	else if (n < 0)
		note_error(rec, (int)n);
	else if (rec->entry.content == MANIFEST_NOTHING ||
		 rec->entry.content == MANIFEST_CUT)
		store_contents(&r->store, rec, *ret_text, (size_t)n, true);
	return n;
}

static ssize_t recorder_load_log(const struct probe_root *root,
				 size_t max_bytes, char **ret_text)
{
	struct recorder *r = root->state;
	ssize_t n;

	/* A record's log is a file: read through here, it is recorded. */
	if (r->inner->kind != PROBE_LIVE)
		return root_load_log_file(root, max_bytes, ret_text);
	n = probe_root_load_log(r->inner, max_bytes, ret_text);
	if (!r->log_done)
		recorder_put_log(r, n < 0 ? NULL : *ret_text, n);
	return n;
}

static int recorder_stat(const struct probe_root *root, const char *path,
			 bool follow, struct probe_stat *ret_stat)
{
	struct recorder *r = root->state;
	char plain[ROOT_PATH_BYTES];

	(void)recorder_find(r, path, follow, plain);
	return r->inner->class->stat(r->inner, path, follow, ret_stat);
}

static ssize_t recorder_readlink(const struct probe_root *root, const char *path,
				 char *ret_target, size_t cap_bytes)
{
	struct recorder *r = root->state;
	char plain[ROOT_PATH_BYTES];

	(void)recorder_find(r, path, false, plain);
	return r->inner->class->readlink(r->inner, path, ret_target, cap_bytes);
}

struct collected {
	struct root_names names;
	int error;
};

static bool collect(void *context, const char *name)
{
	struct collected *c = context;

	c->error = root_names_add(&c->names, name, SIZE_MAX);
	return c->error == 0;
}

static void note_names(struct recorder *r, const char *path,
		       const struct root_names *names)
{
	char full[2 * ROOT_PATH_BYTES];
	int error;

	for (size_t i = 0; i < names->count; i++) {
		(void)snprintf(full, sizeof full, "%s/%s",
			       path[1] == '\0' ? "" : path, names->names[i]);
		if (strlen(full) < ROOT_PATH_BYTES)
			(void)recorder_note(r, full, &error);
	}
}

static int recorder_list(const struct probe_root *root, const char *path,
			 size_t max_names, probe_name_fn *each, void *context)
{
	struct recorder *r = root->state;
	struct collected c = { .error = 0 };
	char plain[ROOT_PATH_BYTES];
	struct recorded *rec = recorder_find(r, path, true, plain);
	int n = probe_root_list(r->inner, path, max_names, collect, &c), shown;

	if (rec != NULL && n < 0 && n != -E2BIG) {
		note_error(rec, n);
	} else if (rec != NULL) {
		note_names(r, plain, &c.names);
		rec->entry.content = n == -E2BIG ? MANIFEST_CUT : MANIFEST_KEPT;
	}
	if (n >= 0 && c.error < 0)
		n = c.error;
	shown = root_names_show(&c.names, n < 0 && n != -E2BIG ? NULL : each,
				context);
	return n < 0 ? n : shown;
}

static void recorder_live_answers(const struct probe_root *root,
				  struct probe_live *ret_live)
{
	const struct recorder *r = root->state;

	*ret_live = r->head.live;
}

static int recorder_open(const struct probe_root *root, const char *path)
{
	struct recorder *r = root->state;
	char plain[ROOT_PATH_BYTES];

	(void)recorder_find(r, path, true, plain);
	return r->inner->class->open(r->inner, path);
}

static bool recorder_cpuid(const struct probe_root *root, uint32_t leaf,
			   uint32_t subleaf, uint32_t ret_regs[4])
{
	struct recorder *r = root->state;
	struct manifest *m = &r->head;

	if (r->inner->class->cpuid == NULL ||
	    !r->inner->class->cpuid(r->inner, leaf, subleaf, ret_regs))
		return false;
	for (size_t i = 0; i < m->n_cpuid; i++)
		if (m->cpuid[i].leaf == leaf && m->cpuid[i].subleaf == subleaf)
			return true;
	if (m->n_cpuid < MANIFEST_CPUID_MAX) {
		struct manifest_cpuid *c = &m->cpuid[m->n_cpuid++];

		c->leaf = leaf;
		c->subleaf = subleaf;
		memcpy(c->regs, ret_regs, sizeof c->regs);
	}
	return true;
}

static void recorder_free(struct probe_root *root)
{
	struct recorder *r = root->state;

	store_close(&r->store);
	free(r);
}

static const struct root_class recorder_class = {
	.read = recorder_read,
	.load = recorder_load,
	.load_log = recorder_load_log,
	.stat = recorder_stat,
	.readlink = recorder_readlink,
	.list = recorder_list,
	.live_answers = recorder_live_answers,
	.open = recorder_open,
	.cpuid = recorder_cpuid,
	.free = recorder_free,
};

int probe_recorder_new(const struct probe_root *inner, const char *dir,
		       struct probe_root **ret_root)
{
	struct recorder *r = calloc(1, sizeof *r);
	struct probe_root *root = root_new(&recorder_class, inner->kind, r);
	int error = r == NULL || root == NULL ? -ENOMEM :
						store_open(&r->store, dir);

	if (error < 0) {
		free(root);
		free(r);
		return error;
	}
	r->inner = inner;
	r->head.kind = inner->kind;
	probe_root_live_answers(inner, &r->head.live);
	*ret_root = root;
	return 0;
}

int probe_recorder_finish(struct probe_root *root)
{
	struct recorder *r = root->state;
	char *text;

	if (r->inner->kind != PROBE_IMAGE && !r->log_done &&
	    probe_root_load_log(root, LOG_BYTES_MAX, &text) >= 0)
		free(text);
	recorder_take_vmclock(r);
	return store_finish(&r->store, &r->head);
}

size_t probe_recorder_files(const struct probe_root *root)
{
	const struct recorder *r = root->state;
	size_t n = 0;

	for (size_t i = 0; i < r->store.count; i++) {
		const struct manifest_entry *e = &r->store.all[i]->entry;

		n += S_ISREG(e->st.mode) && (e->content == MANIFEST_KEPT ||
					     e->content == MANIFEST_CUT ||
					     e->content == MANIFEST_REPLACED);
	}
	return n;
}
