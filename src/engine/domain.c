/* SPDX-License-Identifier: ISC */
#include "engine/domain.h"

static bool lane_hopeful(const struct lane *l)
{
	return (l->state == LANE_STARTUP || l->state == LANE_BELIEVED) &&
	       lane_claim_mbits(l) > 0;
}

unsigned domain_hopeful_count(const struct lane *lanes, size_t n_lanes,
			      const struct credit *c)
{
	bool seen[DOMAIN_COUNT] = { false };
	unsigned count = 0;

	for (size_t i = 0; i < n_lanes; i++) {
		if (lane_hopeful(&lanes[i]) || c->lane_mbits[i] > 0)
			seen[c->domain[i]] = true;
	}
	for (unsigned d = 0; d < DOMAIN_COUNT; d++)
		count += seen[d];
	return count;
}

bool domain_alone(const struct lane *lanes, size_t n_lanes,
		  const struct credit *c, uint64_t now_ns, uint64_t *since_ns)
{
	/* One that had enough and failed is waited for anew. */
	if (credit_alone_mbits(c) < credit_need_mbits(c)) {
		*since_ns = 0;
		return false;
	}
	if (domain_hopeful_count(lanes, n_lanes, c) < 2)
		return true;
	if (*since_ns == 0)
		*since_ns = now_ns;
	return now_ns - *since_ns >= DOMAIN_WAIT_NS;
}
