/* SPDX-License-Identifier: ISC */
/* What the kinds of root have in common: reading a file, listing a directory. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "probe/root_class.h"

/* A file of /proc says no size: this is asked for first, then twice as much. */
#define FIRST_LOAD_BYTES 16384

struct probe_root *root_new(const struct root_class *class,
			    enum probe_kind kind, void *state)
{
	struct probe_root *root = malloc(sizeof *root);

	if (root != NULL)
		*root = (struct probe_root){ class, kind, state };
	return root;
}

void root_stat_of(const struct stat *st, struct probe_stat *ret_stat)
{
	*ret_stat = (struct probe_stat){
		.mode = st->st_mode,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.size_bytes = (uint64_t)st->st_size,
		.mtime_s = st->st_mtim.tv_sec,
		.rdev_major = major(st->st_rdev),
		.rdev_minor = minor(st->st_rdev),
	};
}

int root_check_file(mode_t mode)
{
	if (S_ISREG(mode))
		return 0;
	return S_ISDIR(mode) ? -EISDIR : -ENOTSUP;
}

/* A file that grows or shrinks meanwhile is read as far as it goes. */
static int seek_tail(int fd, size_t want_bytes)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size <= 0 || (uint64_t)st.st_size <= want_bytes)
		return 0;
	if (lseek(fd, st.st_size - (off_t)want_bytes, SEEK_SET) < 0)
		return -errno;
	return 0;
}

ssize_t root_fd_read(int fd, enum root_part part, char *ret_text,
		     size_t cap_bytes)
{
	if (part == ROOT_TAIL) {
		int r = seek_tail(fd, cap_bytes - 1);

		if (r < 0)
			return r;
	}
	return fd_read_some(fd, ret_text, cap_bytes - 1);
}

ssize_t root_fd_load(int fd, size_t max_bytes, char **ret_text)
{
	struct stat st;
	char *text = NULL;
	size_t have = 0, cap = FIRST_LOAD_BYTES;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size > 0 && (uint64_t)st.st_size > max_bytes)
		return -EFBIG;
	if (st.st_size > 0)
		cap = (size_t)st.st_size + 1;
	for (;;) {
		char *more;
		ssize_t n;

		/* One more than allowed tells a longer file from a full one. */
		cap = min_size(cap, max_bytes + 1);
		more = realloc(text, cap + 1);
		n = more == NULL ? -ENOMEM :
				   fd_read_some(fd, more + have, cap - have);
		if (more != NULL)
			text = more;
		if (n >= 0 && have + (size_t)n > max_bytes)
			n = -EFBIG;
		if (n < 0) {
			free(text);
			return n;
		}
		have += (size_t)n;
		if (have < cap)
			break;
		cap *= 2;
	}
	text[have] = '\0';
	*ret_text = text;
	return (ssize_t)have;
}

ssize_t root_text_read(const char *text, size_t len_bytes, enum root_part part,
		       char *ret_text, size_t cap_bytes)
{
	size_t n = min_size(len_bytes, cap_bytes - 1);

	if (part == ROOT_TAIL)
		text += len_bytes - n;
	memcpy(ret_text, text, n);
	return (ssize_t)n;
}

int root_names_add(struct root_names *n, const char *name, size_t max_names)
{
	if (n->count >= max_names)
		return -E2BIG;
	if (n->count == n->cap_count) {
		size_t cap = n->cap_count == 0 ? 64 : n->cap_count * 2;
		char **more = realloc(n->names, cap * sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		n->names = more;
		n->cap_count = cap;
	}
	n->names[n->count] = strdup(name);
	if (n->names[n->count] == NULL)
		return -ENOMEM;
	n->count++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int root_names_show(struct root_names *n, probe_name_fn *each, void *context)
{
	bool more = each != NULL;
	int shown = 0;

	if (n->count > 0)
		qsort(n->names, n->count, sizeof *n->names, by_name);
	for (size_t i = 0; i < n->count; i++) {
		if (more) {
			more = each(context, n->names[i]);
			shown++;
		}
		free(n->names[i]);
	}
	free(n->names);
	memset(n, 0, sizeof *n);
	return shown;
}

/* As far as it could be read; an error in the middle of it is told. */
static int collect(DIR *dir, size_t max_names, struct root_names *names)
{
	const struct dirent *d;
	int r = 0;

	while (r == 0) {
		errno = 0;
		d = readdir(dir);
		if (d == NULL)
			return -errno;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		r = root_names_add(names, d->d_name, max_names);
	}
	return r;
}

int root_fd_list(int fd, size_t max_names, probe_name_fn *each, void *context)
{
	struct root_names names = { 0 };
	DIR *dir = fdopendir(fd);
	int r, shown;

	if (dir == NULL) {
		r = -errno;
		fd_close(&fd);
		return r;
	}
	r = collect(dir, max_names, &names);
	(void)closedir(dir);
	shown = root_names_show(&names, r == 0 || r == -E2BIG ? each : NULL,
				context);
	return r < 0 ? r : shown;
}

ssize_t root_load_log_file(const struct probe_root *root, size_t max_bytes,
			   char **ret_text)
{
	static const char *const paths[] = {
		"/var/log/dmesg",
		"/var/log/kern.log",
	};
	char *text = malloc(max_bytes + 1);
	char *fitting;
	ssize_t n = 0, why = -ENOENT;

	if (text == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_LEN(paths) && n <= 0; i++) {
		n = probe_root_read_tail(root, paths[i], text, max_bytes + 1);
		if (n < 0 && why == -ENOENT)
			why = n;
	}
	if (n <= 0) {
		free(text);
		return why;
	}
	fitting = realloc(text, (size_t)n + 1);
	*ret_text = fitting != NULL ? fitting : text;
	return n;
}
