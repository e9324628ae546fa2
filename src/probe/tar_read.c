/* SPDX-License-Identifier: ISC */
/* A tar, from its first byte to its last, into the index. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "probe/root_class.h"
#include "probe/tar_read.h"
#include "probe/tar_root.h"

#define BLOCK_BYTES 65536

int tar_fail(struct tar_reader *r, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(r->error, r->error_cap_bytes, format, args);
	va_end(args);
	return error;
}

/* What read(2) said passes; all else is the tar's own fault. */
int tar_archive_failure(struct tar_reader *r)
{
	static const int of_the_machine[] = { EIO, EISDIR, EBADF, EACCES,
					      ENOMEM };
	const char *words = archive_error_string(r->a);
	int error = archive_errno(r->a);
	int result = -EBADMSG;

	for (size_t i = 0; i < ARRAY_LEN(of_the_machine); i++)
		if (error == of_the_machine[i])
			result = -error;
	return tar_fail(r, result, "%s",
			words != NULL ? words : "damaged or not a tar");
}

/*
 * Below a link there may be more entries, as tar(1) would write them through
 * it: the path becomes the one to which its first len bytes lead.
 */
static int through_link(struct tar_reader *r, char path[ROOT_PATH_BYTES],
			size_t len)
{
	char link[ROOT_PATH_BYTES], plain[ROOT_PATH_BYTES];
	size_t rest_bytes = strlen(path + len) + 1, plain_len;

	memcpy(link, path, len);
	link[len] = '\0';
	if (root_resolve(tar_look, &r->s->index, link, true, plain) < 0)
		return -ENOTDIR;
	if (plain[1] == '\0')
		plain[0] = '\0';
	plain_len = strlen(plain);
	if (plain_len + rest_bytes > ROOT_PATH_BYTES)
		return -ENOTDIR;
	memcpy(plain + plain_len, path + len, rest_bytes);
	memcpy(path, plain, plain_len + rest_bytes);
	return 0;
}

/*
 * The entry of that path, which is changed where it leads through links;
 * directories that nobody described come with it. 0; -ENOTDIR where something
 * on its way is no directory; -ENOMEM, -E2BIG.
 */
static int walk_in(struct tar_reader *r, char path[ROOT_PATH_BYTES],
		   uint32_t *ret_id)
{
	struct tar_index *t = &r->s->index;
	char *name = path;
	uint32_t id = 0;

	while (*name == '/') {
		const struct tar_entry *e = tar_index_at(t, id);
		size_t len;
		int error;

		if (S_ISLNK(e->mode)) {
			error = through_link(r, path, (size_t)(name - path));
			if (error < 0)
				return error;
			/* What it leads to is no link: this ends. */
			name = path;
			id = 0;
			continue;
		}
		if (!S_ISDIR(e->mode))
			return -ENOTDIR;
		len = strcspn(++name, "/");
		error = tar_index_add(t, id, name, len, &id);
		if (error < 0)
			return error;
		name += len;
	}
	*ret_id = id;
	return 0;
}

static const char *name_of(struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);

	/* In the C locale what is not ASCII has no other name. */
	return name != NULL ? name : archive_entry_pathname_utf8(e);
}

static int take(struct tar_reader *r, struct archive_entry *e)
{
	const char *name = name_of(e);
	char path[ROOT_PATH_BYTES];
	uint32_t id;
	int error = name == NULL ? -EINVAL : tar_normalise(name, path);

	if (error == -EINVAL) {
		r->s->refused++;
		return 0;
	}
	if (error < 0)
		return tar_fail(r, error, "a name of %zu bytes", strlen(name));
	error = walk_in(r, path, &id);
	if (error == -ENOTDIR) {
		r->s->refused++;
		return 0;
	}
	return error < 0 ? error : tar_take_entry(r, e, path, id);
}

static int read_entries(struct tar_reader *r)
{
	struct archive_entry *e;

	for (;;) {
		int status = archive_read_next_header(r->a, &e);
		int error;

		if (status == ARCHIVE_EOF)
			return 0;
		/* RETRY would pass over a damaged header. */
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return tar_archive_failure(r);
		/* Also those refused: each costs time. */
		if (++r->entries > TAR_ENTRIES_MAX)
			return tar_fail(r, -E2BIG, "more than %d entries",
					TAR_ENTRIES_MAX);
		error = take(r, e);
		if (error == -E2BIG)
			return tar_fail(r, error,
					"more than %d entries, or their names and "
					"owners are too many to hold",
					TAR_ENTRIES_MAX);
		if (error == -ENOMEM)
			return tar_fail(r, error, "out of memory");
		if (error < 0)
			return error;
	}
}

/*
 * A tar ends with zeros. libarchive takes the stream's end for it as well, and
 * what a broken copy left out would count as not there.
 */
static int check_end(struct tar_reader *r)
{
	if (r->entries == 0)
		return tar_fail(r, -ENODATA, "it is empty");
	if (archive_filter_bytes(r->a, 0) - archive_read_header_position(r->a) <
	    512)
		return tar_fail(r, -EBADMSG,
				"it ends without the zeros that end a "
				"tar: cut off?");
	return 0;
}

static bool set_up(struct archive *a)
{
	/* Not "all": those that would start another program are left out. */
	static int (*const filters[])(struct archive *) = {
		archive_read_support_filter_gzip,
		archive_read_support_filter_bzip2,
		archive_read_support_filter_compress,
		archive_read_support_filter_xz,
		archive_read_support_filter_lzma,
		archive_read_support_filter_lzip,
		archive_read_support_filter_zstd,
		archive_read_support_filter_lz4,
	};

	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		if (filters[i](a) < ARCHIVE_WARN)
			return false;
	return archive_read_support_format_tar(a) == ARCHIVE_OK;
}

int tar_read_all(struct tar_state *s, int fd, char *ret_error, size_t cap_bytes)
{
	struct tar_reader r = {
		.s = s,
		.a = archive_read_new(),
		.error = ret_error,
		.error_cap_bytes = cap_bytes,
	};
	int error;

	ret_error[0] = '\0';
	if (r.a == NULL)
		return tar_fail(&r, -ENOMEM, "out of memory");
	if (!set_up(r.a) ||
	    archive_read_open_fd(r.a, fd, BLOCK_BYTES) != ARCHIVE_OK)
		error = tar_archive_failure(&r);
	else
		error = read_entries(&r);
	if (error == 0)
		error = check_end(&r);
	(void)archive_read_free(r.a);
	return error;
}
