/* SPDX-License-Identifier: ISC */
/*
 * Page-fault timing: pages are given back to the kernel, and the record is how
 * long the first touch of each takes: exception, a free page found and cleared,
 * page tables changed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "source/source.h"
#include "source/timer.h"

#define RECORD_BYTES 8
#define PAGES 16

struct pagefault_state {
	struct timer timer;
	uint64_t divisor;
	uint8_t *pages;
	size_t page_bytes;
};

static int pagefault_open(struct source *s, const struct source_options *opts)
{
	struct pagefault_state *state;
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *pages;
	int r;

	(void)opts;
	s->info.present = true;
	s->info.claim_mbits = s->class->claim.mbits_per_symbol;
	state = calloc(1, sizeof *state);
	pages = mmap(NULL, PAGES * page_bytes, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!state || pages == MAP_FAILED) {
		r = source_absent(s, -ENOMEM, "no memory for %d pages", PAGES);
		goto fail;
	}
	/* One fault for many pages would leave nothing to time. */
	(void)madvise(pages, PAGES * page_bytes, MADV_NOHUGEPAGE);
	if (timer_find(&state->timer, &state->divisor) < 0) {
		r = source_absent(s, -ENOTSUP,
				  "not usable here: no clock that moves");
		goto fail;
	}
	state->pages = pages;
	state->page_bytes = page_bytes;
	(void)snprintf(s->info.behind, sizeof s->info.behind, "%s, step %llu",
		       state->timer.name, (unsigned long long)state->divisor);
	if (timer_is_the_hosts(&state->timer, s->env->platform))
		source_lower(s, 0,
			     "confidential guest: the clock is the host's");
	s->state = state;
	return 0;
fail:
	free(state);
	if (pages != MAP_FAILED)
		(void)munmap(pages, PAGES * page_bytes);
	return r;
}

static ssize_t pagefault_read(struct source *s, uint8_t *ret_raw,
			      size_t len_bytes)
{
	const struct pagefault_state *state = s->state;
	size_t n = min_size(len_bytes / RECORD_BYTES, PAGES);
	uint64_t last, now;

	if (n == 0)
		return -EINVAL;
	/* Also refused for locked pages (mlockall): then none would fault. */
	if (madvise(state->pages, PAGES * state->page_bytes, MADV_DONTNEED) < 0)
		return -errno;
	last = timer_now(&state->timer);
	for (size_t i = 0; i < n; i++) {
		*(volatile uint8_t *)(state->pages + i * state->page_bytes) = 1;
		now = timer_now(&state->timer);
		store_le64(ret_raw + i * RECORD_BYTES,
			   timer_divide(now - last, state->divisor));
		last = now;
	}
	return (ssize_t)(n * RECORD_BYTES);
}

static void pagefault_close(struct source *s)
{
	struct pagefault_state *state = s->state;

	(void)munmap(state->pages, PAGES * state->page_bytes);
	wipe(state, sizeof *state);
	free(state);
	s->state = NULL;
}

const struct source_class source_pagefault = {
	.name = "pagefault",
	.title = "page-fault timing: the first touch of fresh pages",
	.domain = DOMAIN_TIMING,
	.record_bytes = RECORD_BYTES,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 0,
		.basis = "docs/claims.md: pagefault",
		.platforms = "none",
	},
	.test_mbits = 100,
	.deadline_ns = UINT64_C(1000000000),
	/* A taste of each seed: nothing is claimed, and a fault has its price. */
	.batch_bytes = 4 * RECORD_BYTES,
	.open = pagefault_open,
	.read = pagefault_read,
	.close = pagefault_close,
};
