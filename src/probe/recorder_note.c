/* SPDX-License-Identifier: ISC */
/* What the recorder sees on the way, and what it takes by itself. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "probe/recorder_parts.h"

#define LOG_PATH "/var/log/dmesg"
#define VMCLOCK_PATH "/dev/vmclock0"
#define VMCLOCK_BYTES 112

/* The path itself, seen for the first time or before. NULL: nothing there. */
struct recorded *recorder_note(struct recorder *r, const char *path,
			       int *ret_error)
{
	struct recorded *rec = store_find(&r->store, path);
	struct manifest_entry e = { .path = path };
	char target[ROOT_PATH_BYTES];

	*ret_error = 0;
	if (rec != NULL || strcmp(path, "/" MANIFEST_NAME) == 0)
		return rec;
	e.error = probe_root_lstat(r->inner, path, &e.st);
	e.seen = e.error == 0;
	*ret_error = e.error;
	if (e.error == -ENOENT || e.error == -ENOTDIR || e.error == -ESRCH)
		return NULL;
	if (!e.seen)
		e.content = MANIFEST_ERROR;
	if (e.seen && S_ISLNK(e.st.mode)) {
		ssize_t n = probe_root_readlink(r->inner, path, target,
						sizeof target);

		if (n >= 0)
			e.target = target;
		else
			e.error = (int)n;
		e.content = n < 0 ? MANIFEST_ERROR : MANIFEST_KEPT;
	}
	return store_add(&r->store, &e);
}

int recorder_look(void *context, const char *path, mode_t *ret_mode,
		  char *ret_target)
{
	struct recorder *r = context;
	int error;
	const struct recorded *rec = recorder_note(r, path, &error);

	if (rec == NULL)
		return error < 0 ? error : -ENOENT;
	*ret_mode = rec->entry.st.mode;
	if (!rec->entry.seen)
		return rec->entry.error;
	if (!S_ISLNK(rec->entry.st.mode))
		return 0;
	if (rec->entry.target == NULL)
		return rec->entry.error;
	memcpy(ret_target, rec->entry.target, strlen(rec->entry.target) + 1);
	return 0;
}

/*
 * The links on the way are recorded by walking it. What the kernel finds by a
 * link that is more than its text (/proc/PID/root) is answered, not recorded.
 */
struct recorded *recorder_find(struct recorder *r, const char *path,
			       bool follow, char *ret_path)
{
	int error;

	if (root_resolve(recorder_look, r, path, follow, ret_path) < 0)
		return NULL;
	return recorder_note(r, ret_path, &error);
}

/* Where a record has the kernel's log; its directories are there after. */
static int place_log(struct recorder *r, char ret_path[ROOT_PATH_BYTES])
{
	static const char *const dirs[] = { "/var", "/var/log" };
	int error = root_resolve(recorder_look, r, LOG_PATH, true, ret_path);
	size_t len;

	if (error != -ENOENT)
		return error;
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		struct manifest_entry e = { .path = dirs[i], .seen = true };

		error = root_resolve(recorder_look, r, dirs[i], true, ret_path);
		if (error == 0)
			continue;
		e.st.mode = S_IFDIR | 0755;
		if (error != -ENOENT || store_find(&r->store, dirs[i]) != NULL)
			return error;
		if (store_add(&r->store, &e) == NULL)
			return -ENOMEM;
		memcpy(ret_path, dirs[i], strlen(dirs[i]) + 1);
	}
	len = strlen(ret_path);
	if (len + sizeof "/dmesg" > ROOT_PATH_BYTES)
		return -ENAMETOOLONG;
	memcpy(ret_path + len, "/dmesg", sizeof "/dmesg");
	/* A link that leads nowhere stays one. */
	return store_find(&r->store, ret_path) == NULL ? 0 : -ENOENT;
}

/* The kernel's log stands where a record has it, whatever stood there. */
void recorder_put_log(struct recorder *r, const char *text, ssize_t n)
{
	char path[ROOT_PATH_BYTES];
	struct manifest_entry e = {
		.path = path,
		.seen = n >= 0,
		.error = n < 0 ? (int)n : 0,
		.content = MANIFEST_ERROR,
		.st = { .mode = S_IFREG | 0600,
			.size_bytes = n < 0 ? 0 : (uint64_t)n,
			.mtime_s = r->head.live.realtime_s },
	};
	struct recorded *rec;

	r->log_done = true;
	if (n == -ENOENT || place_log(r, path) < 0)
		return;
	rec = store_find(&r->store, path);
	/* A log that may not be read does not hide a file that may. */
	if (n < 0 && rec != NULL)
		return;
	if (rec == NULL)
		rec = store_add(&r->store, &e);
	if (rec == NULL || (rec->entry.seen && !S_ISREG(rec->entry.st.mode)))
		return;
	rec->fixed = true;
	e.path = rec->entry.path;
	rec->entry = e;
	if (n >= 0)
		store_contents(&r->store, rec, text, (size_t)n, true);
}

/* A device's page, of which a record keeps the bytes. */
void recorder_take_vmclock(struct recorder *r)
{
	char bytes[VMCLOCK_BYTES], plain[ROOT_PATH_BYTES];
	int error, fd = r->inner->class->open(r->inner, VMCLOCK_PATH);
	struct recorded *rec;

	if (fd < 0)
		return;
	rec = recorder_find(r, VMCLOCK_PATH, true, plain);
	error = fd_read_exact(fd, bytes, sizeof bytes);
	fd_close(&fd);
	if (error == 0 && rec != NULL)
		store_contents(&r->store, rec, bytes, sizeof bytes, true);
}
