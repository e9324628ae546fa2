/* SPDX-License-Identifier: ISC */
/*
 * What the administrator plugged in: a character device (a USB generator), a
 * FIFO or a UNIX stream socket that gives raw bytes. Nothing is known of it, so
 * the claim is what the configuration says, 0 without a word.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "source/paths.h"
#include "source/source.h"

/* Bounds how long a thread outlives its owner when nothing comes. */
#define POLL_MS 500
#define CLAIM_MAX_MBITS 8000

/* Devices that are no noise source, by number: links do not help. */
static const struct {
	unsigned device_major, device_minor;
	const char *why;
} refused_devices[] = {
	{ 1, 8,
	  "is the kernel's own output: feeding it back adds nothing and "
	  "would be credited" },
	{ 1, 9,
	  "is the kernel's own output: feeding it back adds nothing and "
	  "would be credited" },
	{ 1, 3, "gives no bytes at all" },
	{ 1, 5, "gives zeros only" },
	{ 1, 7, "gives zeros only" },
	{ 10, 183,
	  "is the source hwrng: use [hwrng], a second lane would "
	  "count the host twice" },
};

static const struct {
	mode_t type;
	const char *why;
} refused_types[] = {
	{ S_IFREG, "is a regular file: its bytes stay there and would be used "
		   "again; give them once with 'aquifer feed --file'" },
	{ S_IFBLK, "is a block device: stored bytes are no noise" },
	{ S_IFDIR, "is a directory" },
};

/* Names what speaks against it, NULL when nothing does. */
static const char *objection(const struct stat *st)
{
	for (size_t i = 0; i < ARRAY_LEN(refused_types); i++)
		if ((st->st_mode & S_IFMT) == refused_types[i].type)
			return refused_types[i].why;
	if (!S_ISCHR(st->st_mode))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(refused_devices); i++)
		if (major(st->st_rdev) == refused_devices[i].device_major &&
		    minor(st->st_rdev) == refused_devices[i].device_minor)
			return refused_devices[i].why;
	return NULL;
}

static ssize_t file_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	/* A FIFO that had no writer yet does not poll: not ended, not begun. */
	if (poll(&p, 1, POLL_MS) <= 0)
		return -EAGAIN;
	n = read(s->fd, ret_raw, len_bytes);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	/* The writer left or the plug was pulled: it may come back. */
	return n == 0 ? -EPIPE : n;
}

static int refuse(struct source *s, const char *path, const char *why)
{
	return source_absent(s, -EINVAL, "%s %s", path, why);
}

/* Judged before it is opened: opening can rewind a tape or reset a line. */
static int open_path(struct source *s, const char *path)
{
	const char *root = s->env->root;
	char full[PATH_MAX];
	struct stat st;
	const char *why;
	int r = path_below(full, root, path);

	if (r == 0 && stat(full, &st) < 0)
		r = -errno;
	why = r == 0 ? objection(&st) : NULL;
	if (why)
		return refuse(s, path, why);
	if (r == 0)
		r = S_ISSOCK(st.st_mode) ?
			    path_connect(root, path) :
			    source_open_path(s->env, path,
					     O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (r < 0)
		return source_absent(s,
				     r == -ENOENT || r == -ENXIO ? -ENODEV : r,
				     "%s: %s", path, strerror(-r));
	s->fd = r;
	return 0;
}

/*
 * USB generators often are serial lines: a line discipline left cooked swallows
 * control characters and echoes the noise back to the device.
 */
static int make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return 0; /* no terminal */
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	return tcsetattr(fd, TCSANOW, &t) < 0 ? -errno : 0;
}

/* Once more on what is really open: the path may have been changed since. */
static int check_opened(struct source *s, const char *path)
{
	struct stat st;
	const char *why;
	int flags, r;

	if (fstat(s->fd, &st) < 0)
		return source_absent(s, -errno, "%s: %s", path, strerror(errno));
	why = objection(&st);
	if (why)
		return refuse(s, path, why);
	flags = fcntl(s->fd, F_GETFL);
	if (flags < 0 || fcntl(s->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return source_absent(s, -errno, "%s: %s", path, strerror(errno));
	r = make_raw(s->fd);
	if (r < 0)
		return source_absent(s, r, "%s: cannot set the line raw: %s",
				     path, strerror(-r));
	/* A device is what the host shows; a FIFO has a program behind it. */
	if (S_ISCHR(st.st_mode) && platform_is_confidential(s->env->platform))
		source_lower(s, 0,
			     "confidential guest (%s): devices are the "
			     "host's",
			     s->env->platform->confidential_why);
	return 0;
}

static int file_open(struct source *s, const struct source_options *options)
{
	const char *path = options->path ? options->path : "descriptor";
	int r;

	if (options->claim_mbits != SOURCE_CLAIM_DEFAULT) {
		if (options->claim_mbits > CLAIM_MAX_MBITS)
			return source_absent(s, -EINVAL,
					     "claim %u is above %u millibits a "
					     "byte",
					     options->claim_mbits,
					     CLAIM_MAX_MBITS);
		s->info.claim_mbits = options->claim_mbits;
	}
	if (s->fd < 0 && !options->path)
		return source_absent(s, -EINVAL,
				     "no path: name a device, FIFO or socket");
	(void)snprintf(s->info.behind, sizeof s->info.behind, "%s", path);
	r = s->fd < 0 ? open_path(s, path) : 0;
	if (r == 0)
		r = check_opened(s, path);
	if (r == 0 && s->info.claim_mbits == 0)
		source_lower(s, 0, "no claim configured: nobody measured it");
	return r;
}

const struct source_class source_file = {
	.name = "file",
	.title = "device, FIFO or socket named by the configuration",
	.domain = DOMAIN_USER,
	.flags = SOURCE_BLOCKS | SOURCE_BY_CONFIG,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 0,
		.basis = "docs/claims.md: file",
		.platforms = "none: the configuration's word counts",
	},
	/* So little that any noise passes; a stuck device still fails. */
	.test_mbits = 1000,
	.deadline_ns = 2 * NS_PER_S,
	.batch_bytes = 64,
	.open = file_open,
	.read = file_read,
	.close = source_close_fd,
};
