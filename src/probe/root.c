/* SPDX-License-Identifier: ISC */
/*
 * The calls that all readers of the probe use, and the running machine, which
 * answers them by the plain system calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "base/fd.h"
#include "probe/root_class.h"

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/*
 * To open some devices is to use them (a watchdog, a tape), so what stands
 * elsewhere than in the kernel's own file systems is looked at before.
 */
static int live_open_file(const char *path)
{
	struct stat st;
	int fd, r;

	if (strncmp(path, "/proc/", 6) != 0 && strncmp(path, "/sys/", 5) != 0) {
		if (stat(path, &st) < 0)
			return -errno;
		r = root_check_file(st.st_mode);
		if (r < 0)
			return r;
	}
	fd = open(path, OPEN_FLAGS);
	if (fd < 0)
		return errno == ENXIO ? -ENOTSUP : -errno;
	r = fstat(fd, &st) < 0 ? -errno : root_check_file(st.st_mode);
	if (r < 0)
		fd_close(&fd);
	return r < 0 ? r : fd;
}

static ssize_t live_read(const struct probe_root *root, const char *path,
			 enum root_part part, char *ret_text, size_t cap_bytes)
{
	int fd = live_open_file(path);
	ssize_t n;

	(void)root;
	if (fd < 0)
		return fd;
	n = root_fd_read(fd, part, ret_text, cap_bytes);
	fd_close(&fd);
	return n;
}

static ssize_t live_load(const struct probe_root *root, const char *path,
			 size_t max_bytes, char **ret_text)
{
	int fd = live_open_file(path);
	ssize_t n;

	(void)root;
	if (fd < 0)
		return fd;
	n = root_fd_load(fd, max_bytes, ret_text);
	fd_close(&fd);
	return n;
}

static int live_stat(const struct probe_root *root, const char *path,
		     bool follow, struct probe_stat *ret_stat)
{
	struct stat st;

	(void)root;
	if (fstatat(AT_FDCWD, path, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	root_stat_of(&st, ret_stat);
	return 0;
}

static ssize_t live_readlink(const struct probe_root *root, const char *path,
			     char *ret_target, size_t cap_bytes)
{
	ssize_t n = readlink(path, ret_target, cap_bytes);

	(void)root;
	return n < 0 ? -errno : n;
}

static int live_list(const struct probe_root *root, const char *path,
		     size_t max_names, probe_name_fn *each, void *context)
{
	int fd = open(path, OPEN_FLAGS | O_DIRECTORY);

	(void)root;
	return fd < 0 ? -errno : root_fd_list(fd, max_names, each, context);
}

static void live_answers(const struct probe_root *root,
			 struct probe_live *ret_live)
{
	struct timespec t;
	uint8_t byte;

	(void)root;
	/* One byte, thrown away: it only tells whether there are any. */
	ret_live->crng_ready = getrandom(&byte, 1, GRND_NONBLOCK) == 1;
	/* A seccomp filter's ENOSYS is no answer. */
	ret_live->known = ret_live->crng_ready || errno == EAGAIN;
	explicit_bzero(&byte, sizeof byte);
	ret_live->privileged = geteuid() == 0;
	if (clock_gettime(CLOCK_REALTIME, &t) == 0)
		ret_live->realtime_s = t.tv_sec;
	if (clock_gettime(CLOCK_BOOTTIME, &t) == 0)
		ret_live->boottime_ns = (uint64_t)t.tv_sec * 1000000000u +
					(uint64_t)t.tv_nsec;
}

static int live_open(const struct probe_root *root, const char *path)
{
	int fd = open(path, OPEN_FLAGS);

	(void)root;
	return fd < 0 ? -errno : fd;
}

#if defined(__x86_64__)
static bool live_cpuid(const struct probe_root *root, uint32_t leaf,
		       uint32_t subleaf, uint32_t r[4])
{
	uint32_t base = leaf & UINT32_C(0xc0000000);

	(void)root;
	/* Asked only under a hypervisor, which may not say a maximum. */
	if (base != UINT32_C(0x40000000) &&
	    (uint32_t)__get_cpuid_max(base, NULL) < leaf)
		return false;
	__cpuid_count(leaf, subleaf, r[0], r[1], r[2], r[3]);
	return true;
}
#define LIVE_CPUID live_cpuid
#else
#define LIVE_CPUID NULL
#endif

const struct root_class root_live_class = {
	.read = live_read,
	.load = live_load,
	.load_log = root_live_load_log,
	.stat = live_stat,
	.readlink = live_readlink,
	.list = live_list,
	.live_answers = live_answers,
	.open = live_open,
	.cpuid = LIVE_CPUID,
};

static const struct probe_root live_root = {
	.class = &root_live_class,
	.kind = PROBE_LIVE,
};

const struct probe_root *probe_root_live(void)
{
	return &live_root;
}

void probe_root_free(struct probe_root *root)
{
	if (root == NULL || root == &live_root)
		return;
	if (root->class->free != NULL)
		root->class->free(root);
	free(root);
}

enum probe_kind probe_root_kind(const struct probe_root *root)
{
	return root->kind;
}

static ssize_t read_part(const struct probe_root *root, const char *path,
			 enum root_part part, char *ret_text, size_t cap_bytes)
{
	ssize_t n;

	ret_text[0] = '\0';
	n = root->class->read(root, path, part, ret_text, cap_bytes);
	ret_text[n > 0 ? n : 0] = '\0';
	return n;
}

ssize_t probe_root_read(const struct probe_root *root, const char *path,
			char *ret_text, size_t cap_bytes)
{
	return read_part(root, path, ROOT_HEAD, ret_text, cap_bytes);
}

ssize_t probe_root_read_tail(const struct probe_root *root, const char *path,
			     char *ret_text, size_t cap_bytes)
{
	return read_part(root, path, ROOT_TAIL, ret_text, cap_bytes);
}

ssize_t probe_root_load(const struct probe_root *root, const char *path,
			size_t max_bytes, char **ret_text)
{
	return root->class->load(root, path, max_bytes, ret_text);
}

ssize_t probe_root_load_log(const struct probe_root *root, size_t max_bytes,
			    char **ret_text)
{
	if (root->kind == PROBE_IMAGE)
		return -ENOTSUP;
	return root->class->load_log(root, max_bytes, ret_text);
}

int probe_root_stat(const struct probe_root *root, const char *path,
		    struct probe_stat *ret_stat)
{
	return root->class->stat(root, path, true, ret_stat);
}

int probe_root_lstat(const struct probe_root *root, const char *path,
		     struct probe_stat *ret_stat)
{
	return root->class->stat(root, path, false, ret_stat);
}

ssize_t probe_root_readlink(const struct probe_root *root, const char *path,
			    char *ret_target, size_t cap_bytes)
{
	ssize_t n;

	if (cap_bytes == 0)
		return -EINVAL;
	n = root->class->readlink(root, path, ret_target, cap_bytes);
	/* A target that fills the buffer may have been cut. */
	if (n >= 0 && (size_t)n >= cap_bytes)
		n = -ENAMETOOLONG;
	ret_target[n > 0 ? n : 0] = '\0';
	return n;
}

int probe_root_list(const struct probe_root *root, const char *path,
		    size_t max_names, probe_name_fn *each, void *context)
{
	return root->class->list(root, path, max_names, each, context);
}

bool probe_root_exists(const struct probe_root *root, const char *path)
{
	struct probe_stat st;

	return root->class->stat(root, path, true, &st) == 0;
}

void probe_root_live_answers(const struct probe_root *root,
			     struct probe_live *ret_live)
{
	memset(ret_live, 0, sizeof *ret_live);
	root->class->live_answers(root, ret_live);
}
