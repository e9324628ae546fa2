/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "source/jitter_claim.h"

static void add_reason(char *text, size_t cap_bytes, const char *part)
{
	size_t used = strlen(text);

	(void)snprintf(text + used, cap_bytes - used, "%s%s", used ? ", " : "",
		       part);
}

uint32_t jitter_claim_mbits(uint32_t claim_mbits,
			    const struct jitter_facts *facts, char *ret_reason,
			    size_t cap_bytes)
{
	const struct platform *p = facts->platform;
	char estimate[64];

	ret_reason[0] = '\0';
	(void)snprintf(estimate, sizeof estimate,
		       "start-up estimate of %u mbits a sample is low",
		       facts->estimate_mbits);
	/* The kernel's clock is computed from what the host tells it. */
	if (platform_is_confidential(p) &&
	    !(p->tsc_secure && facts->clock_of_cpu))
		add_reason(ret_reason, cap_bytes,
			   "confidential guest: the clock is the host's");
	else if (!facts->cache_flushed)
		add_reason(ret_reason, cap_bytes,
			   "this CPU has no cache flush, which makes the noise");
	else if (facts->estimate_mbits < claim_mbits)
		add_reason(ret_reason, cap_bytes, estimate);
	if (ret_reason[0])
		return 0;

	if (facts->estimate_mbits < JITTER_CLAIM_MARGIN * claim_mbits) {
		/* First: the margin is one of the whole claim. */
		claim_mbits /= 2;
		add_reason(ret_reason, cap_bytes, estimate);
	}
	if (p->clock_emulated) {
		claim_mbits /= 2;
		add_reason(ret_reason, cap_bytes, "the clock is emulated");
	}
	if (!facts->cpu_measured) {
		claim_mbits /= 2;
		add_reason(ret_reason, cap_bytes,
			   "not measured on this kind of CPU");
	}
	return claim_mbits;
}
