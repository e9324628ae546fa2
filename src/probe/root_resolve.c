/* SPDX-License-Identifier: ISC */
/*
 * A path walked by hand: for kernels without openat2(2) RESOLVE_IN_ROOT, and
 * for roots that are no directory.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "probe/root_class.h"

struct walk {
	char rest[ROOT_PATH_BYTES]; /* still to be walked */
	char *done;                 /* ROOT_PATH_BYTES, walked, without links */
	size_t done_len;
	unsigned links_count;
};

/* The link's text takes the place of its name. */
static int splice(struct walk *w, const char *target, const char *after)
{
	size_t target_len = strlen(target), after_len = strlen(after);

	if (target_len == 0)
		return -ENOENT;
	if (++w->links_count > ROOT_LINKS_MAX)
		return -ELOOP;
	if (target_len + after_len + 2 > sizeof w->rest)
		return -ENAMETOOLONG;
	memmove(w->rest + target_len, after, after_len + 1);
	memcpy(w->rest, target, target_len);
	return 0;
}

static void pop(struct walk *w)
{
	while (w->done_len > 0 && w->done[--w->done_len] != '/')
		;
	w->done[w->done_len] = '\0';
}

static int push(struct walk *w, const char *name, size_t len)
{
	if (w->done_len + 1 + len + 1 > ROOT_PATH_BYTES)
		return -ENAMETOOLONG;
	w->done[w->done_len++] = '/';
	memcpy(w->done + w->done_len, name, len);
	w->done_len += len;
	w->done[w->done_len] = '\0';
	return 0;
}

/* One component that is a name. */
static int step(struct walk *w, root_look_fn *look, void *context, bool follow,
		const char *name, size_t len)
{
	char target[ROOT_PATH_BYTES];
	const char *after = name + len;
	bool through = follow || *after != '\0';
	mode_t mode = 0;
	int r = push(w, name, len);

	if (r == 0)
		r = look(context, w->done, &mode, target);
	/* A link that may not be read can be stood on. */
	if (r < 0 && (through || !S_ISLNK(mode)))
		return r;
	if (S_ISLNK(mode) && through) {
		pop(w);
		if (target[0] == '/')
			w->done[w->done_len = 0] = '\0';
		return splice(w, target, after);
	}
	if (!S_ISDIR(mode) && *after != '\0')
		return -ENOTDIR;
	memmove(w->rest, after, strlen(after) + 1);
	return 0;
}

int root_resolve(root_look_fn *look, void *context, const char *path,
		 bool follow, char *ret_path)
{
	struct walk w;
	size_t len = strlen(path);

	if (len >= sizeof w.rest)
		return -ENAMETOOLONG;
	memcpy(w.rest, path, len + 1);
	w.done = ret_path;
	w.done_len = 0;
	w.links_count = 0;
	ret_path[0] = '\0';
	for (;;) {
		const char *name = w.rest + strspn(w.rest, "/");
		bool dot, dots;
		int r;

		len = strcspn(name, "/");
		dot = len == 1 && name[0] == '.';
		dots = len == 2 && name[0] == '.' && name[1] == '.';
		if (len == 0)
			break;
		if (dots)
			pop(&w);
		if (dot || dots) {
			memmove(w.rest, name + len, strlen(name + len) + 1);
			continue;
		}
		/* Moves what is left to the front: name is gone after it. */
		r = step(&w, look, context, follow, name, len);
		if (r < 0)
			return r;
	}
	if (w.done_len == 0)
		memcpy(ret_path, "/", 2);
	return 0;
}
