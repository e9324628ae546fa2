/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/replace.h"
#include "source/hostseed_used.h"

#define FILE_NAME "hostseed.used"
/* The oldest are forgotten: a host that repeats a seed does so soon. */
#define HASHES_MAX 256

struct hashes {
	size_t count;
	uint8_t hash[HASHES_MAX + HOSTSEED_COUNT_MAX][HOSTSEED_HASH_BYTES];
};

static int load(int dir_fd, struct hashes *ret)
{
	int fd = openat(dir_fd, FILE_NAME,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	ret->count = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	n = fd_read_some(fd, ret->hash, HASHES_MAX * HOSTSEED_HASH_BYTES);
	fd_close(&fd);
	if (n < 0)
		return (int)n;
	ret->count = (size_t)n / HOSTSEED_HASH_BYTES;
	return 0;
}

static bool holds(const struct hashes *h, const uint8_t *hash)
{
	for (size_t i = 0; i < h->count; i++)
		if (memcmp(h->hash[i], hash, HOSTSEED_HASH_BYTES) == 0)
			return true;
	return false;
}

/* What cannot be read may name any seed: it counts as a yes. */
static bool used_in(int dir_fd, const struct hostseed_list *list)
{
	struct hashes h;

	if (dir_fd < 0)
		return false;
	if (load(dir_fd, &h) < 0)
		return true;
	for (size_t i = 0; i < list->count; i++)
		if (holds(&h, list->seeds[i].hash))
			return true;
	return false;
}

static int mark_locked(int dir_fd, const struct hostseed_list *list,
		       bool *ret_again)
{
	struct hashes h;
	size_t skip;
	int r = load(dir_fd, &h);

	if (r < 0)
		return r;
	for (size_t i = 0; i < list->count; i++) {
		if (holds(&h, list->seeds[i].hash)) {
			*ret_again = true;
			continue;
		}
		memcpy(h.hash[h.count++], list->seeds[i].hash,
		       HOSTSEED_HASH_BYTES);
	}
	skip = h.count > HASHES_MAX ? h.count - HASHES_MAX : 0;
	return file_replace(dir_fd, FILE_NAME, h.hash[skip],
			    (h.count - skip) * HOSTSEED_HASH_BYTES);
}

static int mark_in(int dir_fd, const struct hostseed_list *list, bool *ret_again)
{
	int r;

	if (flock(dir_fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	r = mark_locked(dir_fd, list, ret_again);
	(void)flock(dir_fd, LOCK_UN);
	return r;
}

void hostseed_used_open(struct hostseed_used *u, const struct source_env *env)
{
	u->run_fd = source_open_path(env, "/run/aquifer",
				     O_RDONLY | O_DIRECTORY);
	u->lib_fd = source_open_path(env, "/var/lib/aquifer",
				     O_RDONLY | O_DIRECTORY);
}

bool hostseed_used_any(const struct hostseed_used *u,
		       const struct hostseed_list *list)
{
	return used_in(u->run_fd, list) || used_in(u->lib_fd, list);
}

int hostseed_used_mark(const struct hostseed_used *u,
		       const struct hostseed_list *list, bool *ret_again)
{
	int r = u->run_fd < 0 ? -ENOENT : mark_in(u->run_fd, list, ret_again);

	/* Not there is an initramfs; there and closed to us is a failure. */
	if (r == 0 && u->lib_fd >= 0)
		r = mark_in(u->lib_fd, list, ret_again);
	else if (r == 0 && u->lib_fd != -ENOENT)
		r = u->lib_fd;
	return r;
}

void hostseed_used_close(struct hostseed_used *u)
{
	fd_close(&u->run_fd);
	fd_close(&u->lib_fd);
}
