/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/replace.h"
#include "base/wipe.h"
#include "probe/recorder_store.h"

static const char unfinished[] = "aquifer-record unfinished\n";

static void fail(struct store *s, int error)
{
	if (s->error == 0)
		s->error = error;
}

static int by_path(const void *a, const void *b)
{
	const struct recorded *x = a, *y = b;

	return strcmp(x->entry.path, y->entry.path);
}

/* 0 for an empty directory. */
static int check_empty(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *d;
	int r = 0;
	DIR *dir;

	if (copy < 0)
		return -errno;
	dir = fdopendir(copy);
	if (dir == NULL) {
		r = -errno;
		fd_close(&copy);
		return r;
	}
	while (r == 0 && (d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			r = -ENOTEMPTY;
	(void)closedir(dir);
	return r;
}

int store_open(struct store *s, const char *dir)
{
	int r;

	memset(s, 0, sizeof *s);
	s->fd = -1;
	/* Only a key of the kernel's keeps the names of the ids apart. */
	if (getrandom(s->key, sizeof s->key, GRND_NONBLOCK) !=
	    (ssize_t)sizeof s->key)
		return -EAGAIN;
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return -errno;
	s->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd < 0)
		return -errno;
	r = check_empty(s->fd);
	if (r == 0 && fchmod(s->fd, 0700) < 0)
		r = -errno;
	if (r == 0)
		r = file_replace(s->fd, MANIFEST_NAME, unfinished,
				 sizeof unfinished - 1);
	if (r < 0)
		store_close(s);
	return r;
}

void store_close(struct store *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct recorded *rec = s->all[i];

		(void)tdelete(rec, &s->tree, by_path);
		free((void *)(uintptr_t)rec->entry.path);
		free((void *)(uintptr_t)rec->entry.target);
		free(rec);
	}
	free(s->all);
	fd_close(&s->fd);
	wipe(s->key, sizeof s->key);
	s->all = NULL;
	s->count = 0;
}

struct recorded *store_find(const struct store *s, const char *path)
{
	struct recorded wanted = { .entry.path = path };
	struct recorded *const *found = tfind(&wanted, &s->tree, by_path);

	return found == NULL ? NULL : *found;
}

static int grow(struct store *s)
{
	size_t cap = s->cap_count == 0 ? 1024 : s->cap_count * 2;
	struct recorded **more;

	if (s->count < s->cap_count)
		return 0;
	/* What could not be read back is not written. */
	if (s->count >= MANIFEST_ENTRIES_MAX - MANIFEST_CPUID_MAX - 16)
		return -E2BIG;
	more = realloc(s->all, cap * sizeof(struct recorded *));
	if (more == NULL)
		return -ENOMEM;
	s->all = more;
	s->cap_count = cap;
	return 0;
}

/*
 * The directory that holds a path, made where it is missing; no link is
 * followed: those of the record point out of it. ret_name: the last part.
 */
static int open_parent(const struct store *s, const char *path,
		       const char **ret_name)
{
	int fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 3);

	while (fd >= 0) {
		char name[256];
		size_t len = strcspn(++path, "/");
		int next;

		if (path[len] == '\0') {
			*ret_name = path;
			return fd;
		}
		if (len >= sizeof name) {
			fd_close(&fd);
			return -ENAMETOOLONG;
		}
		memcpy(name, path, len);
		name[len] = '\0';
		next = mkdirat(fd, name, 0700) < 0 && errno != EEXIST ? -1 : 0;
		if (next == 0)
			next = openat(fd, name,
				      O_PATH | O_DIRECTORY | O_NOFOLLOW |
					      O_CLOEXEC);
		next = next < 0 ? -errno : next;
		fd_close(&fd);
		if (next < 0)
			return next;
		fd = next;
		path += len;
	}
	return -errno;
}

static void make(struct store *s, const struct manifest_entry *e)
{
	bool is_dir = S_ISDIR(e->st.mode);
	const char *name = "";
	int fd, r;

	if (!e->seen || e->path[1] == '\0' ||
	    !(is_dir || (S_ISLNK(e->st.mode) && e->target != NULL)))
		return;
	fd = open_parent(s, e->path, &name);
	r = fd;
	if (fd >= 0)
		r = (is_dir ? mkdirat(fd, name, 0700) :
			      symlinkat(e->target, fd, name)) < 0 ?
			    -errno :
			    0;
	fd_close(&fd);
	if (r < 0 && r != -EEXIST)
		fail(s, r);
}

struct recorded *store_add(struct store *s, const struct manifest_entry *e)
{
	struct recorded *rec = calloc(1, sizeof *rec);
	char *path = strdup(e->path);
	char *target = e->target == NULL ? NULL : strdup(e->target);
	int r = grow(s);

	if (r < 0 || rec == NULL || path == NULL ||
	    (target == NULL && e->target != NULL))
		goto failed;
	rec->entry = *e;
	rec->entry.path = path;
	rec->entry.target = target;
	if (tsearch(rec, &s->tree, by_path) == NULL)
		goto failed;
	s->all[s->count++] = rec;
	make(s, e);
	return rec;
failed:
	free(rec);
	free(path);
	free(target);
	fail(s, r < 0 ? r : -ENOMEM);
	return NULL;
}

static void write_file(struct store *s, const char *path, const char *text,
		       size_t len_bytes)
{
	const char *name = "";
	int dir = open_parent(s, path, &name), r = dir, fd = -1;

	if (dir >= 0) {
		fd = openat(dir, name,
			    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			    0600);
		r = fd < 0 ? -errno : fd_write_all(fd, text, len_bytes);
	}
	if (fd >= 0 && close(fd) < 0 && r == 0)
		r = -errno;
	fd_close(&dir);
	if (r < 0)
		fail(s, r);
}

static bool redact(const struct store *s, enum keep_class class, char *text,
		   size_t len_bytes)
{
	switch (class) {
	case KEEP_TEXT:
	case KEEP_LINES:
		return keep_redact(text, len_bytes, s->key);
	case KEEP_SERIAL:
		return keep_redact_serial(text, len_bytes, s->key);
	default:
		return class == KEEP_MARKS;
	}
}

void store_contents(struct store *s, struct recorded *rec, const char *text,
		    size_t len_bytes, bool whole)
{
	struct manifest_entry *e = &rec->entry;
	struct keep_rule rule = keep_rule(e->path);
	struct keep k;
	char *kept;
	long n;
	bool changed;

	keep_begin(&k, rule);
	keep_feed(&k, text, len_bytes);
	n = keep_end(&k, &kept);
	if (n < 0) {
		if (n == -ENOMEM)
			fail(s, -ENOMEM);
		e->content = MANIFEST_LEFT_OUT;
		return;
	}
	changed = redact(s, rule.class, kept, (size_t)n) ||
		  (size_t)n != len_bytes;
	write_file(s, e->path, kept, (size_t)n);
	e->content = !whole  ? MANIFEST_CUT :
		     changed ? MANIFEST_REPLACED :
			       MANIFEST_KEPT;
	wipe(kept, (size_t)n);
	free(kept);
}

static int in_order(const void *a, const void *b)
{
	return by_path(*(struct recorded *const *)a,
		       *(struct recorded *const *)b);
}

int store_finish(struct store *s, const struct manifest *head)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int r;

	if (out == NULL)
		return -ENOMEM;
	if (s->count > 0)
		qsort(s->all, s->count, sizeof(struct recorded *), in_order);
	r = manifest_write_head(out, head);
	for (size_t i = 0; i < s->count && r == 0; i++)
		r = manifest_write_entry(out, &s->all[i]->entry);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r == 0)
		r = s->error;
	if (r == 0 && len > MANIFEST_BYTES_MAX)
		r = -E2BIG;
	if (r == 0)
		r = file_replace(s->fd, MANIFEST_NAME, text, len);
	free(text);
	return r;
}
