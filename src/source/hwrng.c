/* SPDX-License-Identifier: ISC */
/*
 * /dev/hwrng. In a guest this is usually virtio-rng: bytes the host made. Runs
 * in the lane's reader, never in the engine: O_NONBLOCK does not bound it, the
 * kernel's own filler holds reading_mutex while it waits for a silent host.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "source/source.h"

#define DEVICE "/dev/hwrng"
#define OPEN_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY)
#define CURRENT "/sys/class/misc/hw_random/rng_current"

struct hwrng_state {
	int current_fd; /* kept open: a sandbox may hide /sys later; -1: none */
};

/* On bare metal: whose word the device is. Other names: the class's domain. */
static const struct {
	const char *prefix;
	enum trust_domain domain;
} makers[] = {
	{ "tpm-rng", DOMAIN_TPM },
	{ "ccp", DOMAIN_CPU }, /* AMD's secure processor: RDRAND's maker */
};

static ssize_t hwrng_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	ssize_t n = read(s->fd, ret_raw, len_bytes);

	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	/* The device has no end; some drivers answer 0 while they warm up. */
	return n == 0 ? -EAGAIN : n;
}

/* Returns the length of the name, 0 when it cannot be told. */
static size_t read_current(int fd, char *ret_name, size_t cap_bytes)
{
	ssize_t n = fd < 0 ? -1 : pread(fd, ret_name, cap_bytes - 1, 0);

	if (n < 0)
		n = 0;
	ret_name[n] = '\0';
	ret_name[strcspn(ret_name, "\n")] = '\0';
	return strlen(ret_name);
}

static enum trust_domain domain_of(const struct source *s)
{
	const struct platform *p = s->env->platform;

	/* Whatever a guest sees as hardware, the host has made or can watch. */
	if (p->hypervisor || platform_is_confidential(p))
		return DOMAIN_HOST;
	for (size_t i = 0; i < ARRAY_LEN(makers); i++)
		if (strncmp(s->info.behind, makers[i].prefix,
			    strlen(makers[i].prefix)) == 0)
			return makers[i].domain;
	return s->class->domain;
}

static int open_device(struct source *s, const char *path)
{
	int fd = source_open_path(s->env, path, OPEN_FLAGS);

	switch (fd < 0 ? -fd : 0) {
	case 0:
		s->fd = fd;
		return 0;
	case ENOENT:
	case ENXIO:
		return source_absent(s, -ENODEV,
				     "%s does not exist: no hardware generator,"
				     " or no driver for it (virtio_rng)",
				     path);
	case EACCES:
	case EPERM:
		return source_absent(s, fd, "%s: %s (root may read it)", path,
				     strerror(-fd));
	default:
		return source_absent(s, fd, "%s: %s", path, strerror(-fd));
	}
}

/* The node exists on kernels with no hardware behind it: sysfs knows. */
static int look_behind(struct source *s, int current_fd)
{
	char *name = s->info.behind;

	if (read_current(current_fd, name, sizeof s->info.behind) == 0)
		return 0;
	if (strcmp(name, "none") != 0)
		return 0;
	name[0] = '\0';
	return source_absent(s, -ENODEV,
			     DEVICE " has no hardware behind it (rng_current: "
				    "none); give the guest a virtio-rng");
}

static void lower_claim(struct source *s)
{
	const struct platform *p = s->env->platform;

	if (platform_is_confidential(p))
		source_lower(s, 0, "confidential guest (%s): the host made it",
			     p->confidential_why);
}

static int hwrng_open(struct source *s, const struct source_options *options)
{
	const char *path = options->path ? options->path : DEVICE;
	int current_fd = source_open_path(s->env, CURRENT, OPEN_FLAGS);
	int r = look_behind(s, current_fd);
	struct hwrng_state *state;

	if (r == 0 && s->fd < 0)
		r = open_device(s, path);
	if (r < 0)
		goto out;
	state = malloc(sizeof *state);
	if (!state) {
		r = source_absent(s, -ENOMEM, "out of memory");
		goto out;
	}
	state->current_fd = current_fd;
	s->state = state;
	s->info.domain = domain_of(s);
	lower_claim(s);
	return 0;
out:
	fd_close(&current_fd);
	return r;
}

/*
 * The kernel moves to another generator when one is plugged in or out. Domain
 * and name follow; the claim is half of a working generator's for any of them.
 */
static bool hwrng_changed(struct source *s)
{
	const struct hwrng_state *state = s->state;
	char now[sizeof s->info.behind];

	if (read_current(state->current_fd, now, sizeof now) == 0 ||
	    strcmp(now, s->info.behind) == 0)
		return false;
	memcpy(s->info.behind, now, sizeof now);
	s->info.domain = domain_of(s);
	return true;
}

static void hwrng_close(struct source *s)
{
	struct hwrng_state *state = s->state;

	fd_close(&state->current_fd);
	free(state);
	source_close_fd(s);
}

const struct source_class source_hwrng = {
	.name = "hwrng",
	.title = "hardware generator of the kernel, in a guest virtio-rng",
	.domain = DOMAIN_HOST,
	.flags = SOURCE_BLOCKS | SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 4000,
		.basis = "docs/claims.md: hwrng",
		.platforms = "guests with virtio-rng; not a measurement: "
			     "half of what the host's generator gives",
	},
	/* Conditioned bytes: 6 of 8 bits leaves room for those that are not. */
	.test_mbits = 6000,
	.deadline_ns = 2 * NS_PER_S,
	.batch_bytes = 64,
	.open = hwrng_open,
	.read = hwrng_read,
	.changed = hwrng_changed,
	.close = hwrng_close,
};
