/* SPDX-License-Identifier: ISC */
/* HAVEGE by name only, for programs that do not link its library. */
#include <errno.h>

#include "source/source.h"

static int named_open(struct source *s, const struct source_options *options)
{
	(void)options;
	return source_absent(s, -ENOTSUP,
			     "not run here: no credit in a VM, none needed "
			     "since Linux 5.6");
}

static ssize_t named_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	(void)s;
	(void)ret_raw;
	(void)len_bytes;
	return 0;
}

const struct source_class source_havege = {
	.name = "havege",
	.title = "HAVEGE, the algorithm of haveged: named, not run",
	.domain = DOMAIN_TIMING,
	.flags = SOURCE_NOT_IN_DAEMON | SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 0,
		.basis = "docs/claims.md: havege",
		.platforms = "none",
	},
	.test_mbits = 4000,
	.batch_bytes = 512,
	.open = named_open,
	.read = named_read,
};
