/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/wipe.h"
#include "outlet/kernel.h"

/*
 * As <linux/random.h> has them. Written out: the last is missing there before
 * 4.17, and a musl toolchain may have no kernel headers at all.
 */
#define IOCTL_GETENTCNT _IOR('R', 0x00, int)
#define IOCTL_ADDENTROPY _IOW('R', 0x03, int[2])
#define IOCTL_RESEEDCRNG _IO('R', 0x07)

/* struct rand_pool_info with room for the bytes; the kernel's is flexible. */
struct add_request {
	int credit_bits;
	int len_bytes;
	uint8_t bytes[KERNEL_ADD_MAX_BYTES];
};

_Static_assert(offsetof(struct add_request, bytes) == 2 * sizeof(int),
	       "RNDADDENTROPY takes two ints, then the bytes");

int kernel_open(const char *root)
{
	char path[PATH_MAX];
	struct stat st;
	int fd, len, r;

	len = snprintf(path, sizeof path, "%s/dev/random", root);
	if (len < 0 || (size_t)len >= sizeof path)
		return -ENAMETOOLONG;
	/* O_NONBLOCK: a FIFO in its place must not hold us. */
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = fstat(fd, &st) < 0 ? -errno : fd;
	if (r >= 0 && (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 8)))
		r = -ENODEV;
	if (r < 0)
		(void)close(fd);
	return r;
}

bool kernel_ready(void)
{
	uint8_t byte = 0;
	ssize_t n;

	n = getrandom(&byte, sizeof byte, GRND_NONBLOCK);
	wipe(&byte, sizeof byte);
	return n == (ssize_t)sizeof byte;
}

int kernel_add(int fd, const uint8_t *bytes, size_t len_bytes,
	       unsigned credit_bits)
{
	struct add_request request;
	int r = 0;

	if (bytes == NULL || len_bytes == 0 ||
	    len_bytes > KERNEL_ADD_MAX_BYTES || credit_bits > 8 * len_bytes)
		return -EINVAL;
	request.credit_bits = (int)credit_bits;
	request.len_bytes = (int)len_bytes;
	memcpy(request.bytes, bytes, len_bytes);
	if (ioctl(fd, IOCTL_ADDENTROPY, &request) < 0)
		r = -errno;
	wipe(&request, sizeof request);
	return r;
}

int kernel_reseed_ioctl(int fd)
{
	return ioctl(fd, IOCTL_RESEEDCRNG) < 0 ? -errno : 0;
}

enum rekey_result kernel_rekey_judge(const struct kernel_semantics *s,
				     int ioctl_errno, bool ready,
				     unsigned entropy_avail_bits)
{
	if (!ready || s->reseed_min_bits == KERNEL_MIN_BITS_UNKNOWN)
		return KERNEL_REKEY_FAILED;
	switch (ioctl_errno) {
	case 0:
		if (!s->has_reseed_ioctl || s->reseed_from_self ||
		    entropy_avail_bits < s->reseed_min_bits)
			return KERNEL_REKEYS_LATER;
		return KERNEL_REKEYED;
	case ENODATA: /* became ready in between */
	case EINVAL:  /* an old kernel does not know the call */
	case ENOTTY:
		return KERNEL_REKEYS_LATER;
	default:
		return KERNEL_REKEY_FAILED;
	}
}

enum rekey_result kernel_rekey(int fd, const struct kernel_semantics *s)
{
	int r, avail_bits = 0;

	/* Counted before: the 5.18.0 code empties the pool when it re-keys. */
	if (ioctl(fd, IOCTL_GETENTCNT, &avail_bits) < 0 || avail_bits < 0)
		avail_bits = 0;
	if (s->reseed_from_self && s->level_known)
		r = 0;
	else
		r = kernel_reseed_ioctl(fd);
	return kernel_rekey_judge(s, -r, kernel_ready(), (unsigned)avail_bits);
}

const char *rekey_result_name(enum rekey_result result)
{
	static const char *const names[] = {
		[KERNEL_REKEYED] = "rekeyed",
		[KERNEL_REKEYS_LATER] = "rekeys-at-next-reseed",
		[KERNEL_REKEY_FAILED] = "failed",
	};

	return (size_t)result < ARRAY_LEN(names) ? names[result] : "?";
}

/* read_number - a file with one number in decimal; missing where it is not. */
static int read_number(const char *root, const char *path, int missing)
{
	char text[32], *end;
	long n;

	if (fd_read_file(root, path, text, sizeof text) <= 0)
		return missing;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || n < 0 || n > INT_MAX)
		return missing;
	return (int)n;
}

static void read_text(const char *root, const char *path, char *ret_text,
		      size_t cap_bytes)
{
	if (fd_read_file(root, path, ret_text, cap_bytes) < 0)
		ret_text[0] = '\0';
}

static void read_level(const char *root, struct kernel_state *ret)
{
	char version[1024], signature[256];
	struct utsname u;

	read_text(root, "/proc/sys/kernel/osrelease", ret->release,
		  sizeof ret->release);
	read_text(root, "/proc/version", version, sizeof version);
	read_text(root, "/proc/version_signature", signature, sizeof signature);
	/* An initramfs may come to this before /proc is there. */
	if (root[0] == '\0' && ret->release[0] == '\0' && uname(&u) == 0) {
		(void)snprintf(ret->release, sizeof ret->release, "%s",
			       u.release);
		(void)snprintf(version, sizeof version, "%s", u.version);
	}
	kernel_level(ret->release, version, signature, ret->level);
}

void kernel_state_read(const char *root, struct kernel_state *ret)
{
	memset(ret, 0, sizeof *ret);
	read_level(root, ret);
	ret->poolsize_bits = (unsigned)read_number(
		root, "/proc/sys/kernel/random/poolsize", 0);
	ret->entropy_avail_bits = read_number(
		root, "/proc/sys/kernel/random/entropy_avail", -1);
	ret->ready = kernel_ready();
	read_text(root, "/sys/class/misc/hw_random/rng_current",
		  ret->hwrng_current, sizeof ret->hwrng_current);
	ret->hwrng_quality = read_number(
		root, "/sys/class/misc/hw_random/rng_quality", -1);
}
