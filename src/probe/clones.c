/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/clones_parts.h"

/* Directories with more names than this are no place for keys. */
#define NAMES_MAX 4096
/* /proc/stat of a machine with thousands of interrupts. */
#define PROC_STAT_BYTES (1 << 20)

bool clones_join(char ret_path[CLONES_PATH_BYTES], const char *dir,
		 const char *name)
{
	int n = snprintf(ret_path, CLONES_PATH_BYTES, "%s/%s", dir, name);

	return n > 0 && n < CLONES_PATH_BYTES;
}

void clones_copy(char *ret_text, size_t cap_bytes, const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0' && i + 1 < cap_bytes; i++)
		ret_text[i] = text[i] >= ' ' && text[i] != 0x7f ? text[i] : '?';
	ret_text[i] = '\0';
}

ssize_t clones_text(const struct probe_root *root, const char *path,
		    char *ret_text, size_t cap_bytes)
{
	ssize_t n = probe_root_read(root, path, ret_text, cap_bytes);

	while (n > 0 && strchr(" \t\r\n", ret_text[n - 1]) != NULL)
		ret_text[--n] = '\0';
	return n;
}

void clones_look(const struct probe_root *root, const char *path,
		 struct clones_file *ret_file)
{
	memset(ret_file, 0, sizeof *ret_file);
	clones_copy(ret_file->path, sizeof ret_file->path, path);
	ret_file->error = probe_root_stat(root, path, &ret_file->st);
	if (clones_is_missing(ret_file->error))
		ret_file->error = -ENOENT;
}

void clones_look_self(const struct probe_root *root, const char *path,
		      struct clones_file *ret_file)
{
	memset(ret_file, 0, sizeof *ret_file);
	clones_copy(ret_file->path, sizeof ret_file->path, path);
	ret_file->error = probe_root_lstat(root, path, &ret_file->st);
	if (clones_is_missing(ret_file->error))
		ret_file->error = -ENOENT;
}

void clones_unseen(struct clones_unseen *u, const char *path, int error)
{
	if (u == NULL || clones_is_missing(error))
		return;
	if (u->count == CLONES_UNSEEN_MAX) {
		u->more = true;
		return;
	}
	clones_copy(u->files[u->count].path, CLONES_PATH_BYTES, path);
	u->files[u->count++].error = error;
}

struct walk {
	const char *dir, *prefix, *suffix;
	clones_each_fn *each;
	void *context;
};

static bool walk_name(void *context, const char *name)
{
	const struct walk *w = context;
	size_t len = strlen(name), suffix = strlen(w->suffix);
	char path[CLONES_PATH_BYTES];

	if (strncmp(name, w->prefix, strlen(w->prefix)) == 0 && len >= suffix &&
	    strcmp(name + len - suffix, w->suffix) == 0 &&
	    clones_join(path, w->dir, name))
		w->each(w->context, path, name);
	return true;
}

void clones_each(const struct probe_root *root, const char *dir,
		 const char *prefix, const char *suffix,
		 struct clones_unseen *unseen, clones_each_fn *each,
		 void *context)
{
	struct walk w = { dir, prefix, suffix, each, context };
	int r = probe_root_list(root, dir, NAMES_MAX, walk_name, &w);

	if (r < 0)
		clones_unseen(unseen, dir, r);
}

char *clones_line(char **text)
{
	char *line = *text;
	char *end;

	if (line == NULL || *line == '\0')
		return NULL;
	end = strchr(line, '\n');
	*text = end == NULL ? NULL : end + 1;
	if (end != NULL)
		*end = '\0';
	return line;
}

void clones_item(struct clones_image *image, const char *path,
		 enum image_item_kind kind, enum image_item_action action,
		 const char *what, bool harmless)
{
	struct image_item *item;

	if (image->count == CLONES_ITEMS_MAX) {
		image->more = true;
		return;
	}
	/* A path with an unprintable byte must not be taken for another. */
	item = &image->items[image->count++];
	clones_copy(item->path, sizeof item->path, path);
	item->kind = kind;
	item->action = strcmp(item->path, path) == 0 ? action : ITEM_REPORT;
	item->what = what;
	item->harmless = harmless;
}

static int64_t boot_time(const struct probe_root *root)
{
	struct probe_live live = { 0 };
	int64_t boot_s = 0;
	char *stat, *next, *line;

	probe_root_live_answers(root, &live);
	if (live.known && live.realtime_s > 0)
		return live.realtime_s -
		       (int64_t)(live.boottime_ns / 1000000000u);
	if (probe_root_load(root, "/proc/stat", PROC_STAT_BYTES, &stat) < 0)
		return 0;
	next = stat;
	while ((line = clones_line(&next)) != NULL)
		if (strncmp(line, "btime ", 6) == 0)
			boot_s = strtoll(line + 6, NULL, 10);
	free(stat);
	return boot_s > 0 ? boot_s : 0;
}

struct clones_facts *clones_facts_new(void)
{
	return calloc(1, sizeof(struct clones_facts));
}

void clones_facts_free(struct clones_facts *facts)
{
	if (facts == NULL)
		return;
	free(facts->known.sha256);
	free(facts);
}

int probe_clones(const struct probe_root *root, const struct platform *p,
		 struct clones_facts *ret_facts)
{
	struct clones_facts *f = ret_facts;
	struct clones_known known = f->known;
	bool image = probe_root_kind(root) == PROBE_IMAGE;

	memset(f, 0, sizeof *f);
	f->known = known;
	if (!image) {
		f->boot_s = boot_time(root);
		clones_probe_generation(root, &f->generation);
		clones_probe_fork(root, &f->fork);
		clones_probe_instance(root, f);
	}
	f->systemd = probe_root_exists(root, "/run/systemd/system") ||
		     probe_root_exists(root, "/lib/systemd/systemd") ||
		     probe_root_exists(root, "/usr/lib/systemd/systemd");
	clones_probe_cloud(root, f);
	clones_probe_seeds(root, p, &f->seeds);
	clones_probe_keys(root, &f->keys, &f->known);
	clones_probe_logins(root, &f->keys);
	clones_probe_ids(root, f);
	clones_probe_duids(root, &f->duids);
	if (image)
		clones_probe_image(root, f);
	return 0;
}
