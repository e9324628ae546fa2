/* SPDX-License-Identifier: ISC */
/*
 * The kernel's own generator, getrandom(2), for engines that serve programs:
 * ours is then never weaker than the kernel's. Not for aquiferd: it feeds that
 * generator, and what is fed back would be counted twice.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/bytes.h"
#include "source/source.h"

/* One read is one seed's worth: 256 bits. */
#define READ_BYTES 32

/* Readiness is not asked for here: it comes, and the source is there before. */
static int kernel_open(struct source *s, const struct source_options *options)
{
	uint8_t nothing;

	(void)options;
	s->info.claim_mbits = s->class->claim.mbits_per_symbol;
	if (getrandom(&nothing, 0, GRND_NONBLOCK) < 0 && errno != EAGAIN) {
		int error = errno;

		return source_absent(s, error == ENOSYS ? -ENODEV : -error,
				     "getrandom(2): %s",
				     error == ENOSYS ? "not in this kernel" :
						       "not permitted");
	}
	s->info.present = true;
	(void)snprintf(s->info.behind, sizeof s->info.behind, "getrandom(2)");
	return 0;
}

static ssize_t kernel_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	ssize_t n;

	(void)s;
	if (len_bytes == 0)
		return -EINVAL;
	/* -EAGAIN until the kernel is ready: this program is never blocked. */
	n = getrandom(ret_raw, min_size(len_bytes, READ_BYTES), GRND_NONBLOCK);
	return n < 0 ? -errno : n;
}

const struct source_class source_kernel = {
	.name = "kernel",
	.title = "the kernel's own generator, getrandom(2)",
	.domain = DOMAIN_KERNEL,
	.flags = SOURCE_NOT_IN_DAEMON | SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 8000,
		.basis = "docs/claims.md: kernel",
		.platforms = "any Linux once its generator is ready",
	},
	.batch_bytes = READ_BYTES,
	.open = kernel_open,
	.read = kernel_read,
	.close = source_close_fd,
};
