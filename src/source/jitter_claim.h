/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_JITTER_CLAIM_H
#define AQUIFER_SOURCE_JITTER_CLAIM_H

/* What of jitter's claim holds on this machine. Pure. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"

/* Evidence, measured or quick, is asked to show this many times the claim. */
#define JITTER_CLAIM_MARGIN 3

struct jitter_facts {
	const struct platform *platform;
	bool clock_of_cpu;       /* the timer is an instruction */
	bool cache_flushed;      /* this CPU can empty a cache line */
	bool cpu_measured;       /* the evidence is of such a CPU */
	uint32_t estimate_mbits; /* over the start-up samples */
};

/*
 * jitter_claim_mbits - claim_mbits, or less.
 * 0 in a confidential guest whose clock the host can set, 0 without a cache
 * flush (the rest of the work repeats itself over restarts), 0 where the
 * estimate is below the claim. Half for each of: an estimate below
 * JITTER_CLAIM_MARGIN claims, an emulated clock, a kind of CPU not measured.
 * ret_reason: cap_bytes, always terminated; "" where nothing was lowered.
 */
uint32_t jitter_claim_mbits(uint32_t claim_mbits,
			    const struct jitter_facts *facts, char *ret_reason,
			    size_t cap_bytes);

#endif
