/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HAVEGE through libhavege, so that people can record it and see what it is
 * worth in their VM. The library shows no raw symbols, only what its own mixing
 * gives: no test over it can tell noise from a generator. Claim 0.
 */
#include <errno.h>
#include <haveged/havege.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "source/source.h"

static int havege_open(struct source *s, const struct source_options *options)
{
	H_PARAMS params;
	H_PTR h;

	(void)options;
	memset(&params, 0, sizeof params);
	if (!havege_version(HAVEGE_PREP_VERSION))
		return source_absent(s, -ENOTSUP,
				     "libhavege is another version than this "
				     "program was built for");
	h = havege_create(&params);
	if (!h || h->error != H_NOERR) {
		unsigned error = h ? h->error : H_NOHANDLE;

		if (h)
			havege_destroy(h);
		return source_absent(s, -ENOTSUP,
				     "libhavege cannot start here (error %u)",
				     error);
	}
	s->state = h;
	memcpy(s->info.behind, "libhavege", sizeof "libhavege");
	source_lower(s, 0, "%s; none needed since Linux 5.6",
		     s->env->platform->hypervisor ?
			     "no credit in a VM" :
			     "no raw symbols to judge, so no credit");
	return 0;
}

/* The first read warms up and runs the library's start-up test: 0.1 s seen. */
static ssize_t havege_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	H_PTR h = s->state;
	size_t words;
	size_t n;
	int got;

	if (h->n_fills == 0 && havege_run(h) != 0)
		return -EIO;
	n = min_size(len_bytes, h->i_readSz);
	words = (n + sizeof(H_UINT) - 1) / sizeof(H_UINT);
	got = havege_rng(h, h->io_buf, (H_UINT)words);
	if (got != (int)words || h->error != H_NOERR)
		return -EIO;
	memcpy(ret_raw, h->io_buf, n);
	explicit_bzero(h->io_buf, words * sizeof(H_UINT));
	return (ssize_t)n;
}

static void havege_close(struct source *s)
{
	havege_destroy(s->state);
}

const struct source_class source_havege = {
	.name = "havege",
	.title = "HAVEGE, haveged's algorithm: to be measured, not believed",
	.domain = DOMAIN_TIMING,
	.flags = SOURCE_BLOCKS | SOURCE_NOT_IN_DAEMON | SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 0,
		.basis = "docs/claims.md: havege",
		.platforms = "none",
	},
	.test_mbits = 4000,
	.deadline_ns = 5 * NS_PER_S,
	.batch_bytes = 512,
	.open = havege_open,
	.read = havege_read,
	.close = havege_close,
};
