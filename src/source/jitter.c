/* SPDX-License-Identifier: ISC */
/*
 * CPU jitter: how long the same piece of work takes. What it is, how it was
 * measured and what it cannot promise: docs/jitter.md.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/bytes.h"
#include "source/jitter_claim.h"
#include "source/jitter_noise.h"
#include "source/source.h"
#include "source/timer.h"

#define RECORD_BYTES 8
#define CLAIM_MBITS 333
/* One call's work stays near a millisecond, whatever it is asked for. */
#define ROUNDS_A_READ 512

static const char *const why_not[] = {
	[JITTER_USABLE] = "",
	[JITTER_BACKWARD] = "runs backwards",
	[JITTER_STUCK] = "stands still or repeats itself",
	[JITTER_COARSE] = "has steps too coarse for any noise to show",
};

static void lower_claim(struct source *s, const struct timer *timer,
			uint32_t estimate_mbits)
{
	const struct jitter_facts facts = {
		.platform = s->env->platform,
		.clock_of_cpu = timer->of_cpu,
		.cache_flushed = jitter_flushes,
		.cpu_measured = jitter_measured,
		.estimate_mbits = estimate_mbits,
	};
	char reason[sizeof s->info.reason];
	uint32_t mbits = jitter_claim_mbits(s->info.claim_mbits, &facts, reason,
					    sizeof reason);

	if (mbits < s->info.claim_mbits)
		source_lower(s, mbits, "%s", reason);
}

/* The finest clock that start-up finds usable. */
static int start(struct source *s, struct jitter_noise *j, void *region)
{
	const char *first = NULL, *reason = "there is none";
	struct timer timer;

	for (size_t i = 0; timer_at(i, &timer); i++) {
		struct jitter_start r;

		jitter_noise_init(j, &timer, region);
		r = jitter_noise_start(j, JITTER_CLAIM_MARGIN * CLAIM_MBITS,
				       s->env->now_ns);
		if (r.verdict == JITTER_USABLE) {
			lower_claim(s, &timer, r.estimate_mbits);
			(void)snprintf(s->info.behind, sizeof s->info.behind,
				       "%s, step %llu, work x%u", timer.name,
				       (unsigned long long)j->divisor,
				       j->rounds);
			return 0;
		}
		if (!first) {
			first = timer.name;
			reason = why_not[r.verdict];
		}
	}
	return source_absent(s, -ENOTSUP, "not usable here: the clock %s %s",
			     first ? first : "", reason);
}

static int jitter_open(struct source *s, const struct source_options *options)
{
	struct jitter_noise *j;
	void *region;
	int r;

	(void)options;
	s->info.present = true;
	s->info.claim_mbits = s->class->claim.mbits_per_symbol;
	j = calloc(1, sizeof *j);
	region = mmap(NULL, JITTER_REGION_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!j || region == MAP_FAILED) {
		r = source_absent(s, -ENOMEM, "no memory for the noise work");
		goto fail;
	}
	r = start(s, j, region);
	if (r < 0)
		goto fail;
	s->state = j;
	return 0;
fail:
	free(j);
	if (region != MAP_FAILED)
		(void)munmap(region, JITTER_REGION_BYTES);
	return r;
}

static ssize_t jitter_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	struct jitter_noise *j = s->state;
	size_t n = min_size(len_bytes / RECORD_BYTES, ROUNDS_A_READ / j->rounds);

	if (n == 0)
		return -EINVAL;
	jitter_noise_begin(j);
	for (size_t i = 0; i < n; i++)
		store_le64(ret_raw + i * RECORD_BYTES,
			   timer_divide(jitter_noise_next(j), j->divisor));
	return (ssize_t)(n * RECORD_BYTES);
}

static void jitter_close(struct source *s)
{
	struct jitter_noise *j = s->state;
	void *region = j->region;

	jitter_noise_wipe(j);
	(void)munmap(region, JITTER_REGION_BYTES);
	free(j);
	s->state = NULL;
}

const struct source_class source_jitter = {
	.name = "jitter",
	.title = "CPU jitter: the time the same work takes",
	.domain = DOMAIN_TIMING,
	.record_bytes = RECORD_BYTES,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = CLAIM_MBITS,
		.basis = "docs/claims.md: jitter",
		.platforms = "x86-64 under KVM with a native TSC",
	},
	.test_mbits = CLAIM_MBITS,
	/* 64 samples at the most work are a few milliseconds. */
	.deadline_ns = UINT64_C(1000000000),
	.batch_bytes = 64 * RECORD_BYTES,
	.open = jitter_open,
	.read = jitter_read,
	.close = jitter_close,
};
