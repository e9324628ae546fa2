/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "base/bytes.h"
#include "pool/credit.h"

uint64_t credit_need_mbits(const struct credit *c)
{
	return c->first_seed_done ? CREDIT_RESEED_MBITS :
				    CREDIT_FIRST_SEED_MBITS;
}

uint64_t credit_domain_mbits(const struct credit *c, enum trust_domain domain)
{
	uint64_t best = 0;

	/* Lanes of one domain see the same noise: the best one, not the sum. */
	for (size_t i = 0; i < c->n_lanes; i++) {
		if (c->domain[i] == domain)
			best = max_u64(best, c->lane_mbits[i]);
	}
	return best;
}

uint64_t credit_total_mbits(const struct credit *c)
{
	uint64_t total = 0;

	for (unsigned d = 0; d < DOMAIN_COUNT; d++)
		total += min_u64(credit_domain_mbits(c, (enum trust_domain)d),
				 CREDIT_DOMAIN_CAP_MBITS);
	return total;
}

uint64_t credit_alone_mbits(const struct credit *c)
{
	uint64_t best = 0;

	for (size_t i = 0; i < c->n_lanes; i++)
		best = max_u64(best, c->lane_mbits[i]);
	return best;
}

bool credit_enough(const struct credit *c, bool alone)
{
	uint64_t need = credit_need_mbits(c);

	return credit_total_mbits(c) >= need ||
	       (alone && credit_alone_mbits(c) >= need);
}

void credit_bill(const struct credit *c, uint64_t ret_paid[DOMAIN_COUNT])
{
	bool alone = credit_total_mbits(c) < credit_need_mbits(c);

	for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
		uint64_t mbits = credit_domain_mbits(c, (enum trust_domain)d);

		if (alone)
			ret_paid[d] = mbits >= credit_need_mbits(c) ?
					      credit_need_mbits(c) :
					      0;
		else
			ret_paid[d] = min_u64(mbits, CREDIT_DOMAIN_CAP_MBITS);
	}
}

void credit_earn(struct credit *c, size_t lane, uint64_t mbits)
{
	assert(lane < c->n_lanes);
	if (c->lane_mbits[lane] > UINT64_MAX - mbits)
		c->lane_mbits[lane] = UINT64_MAX;
	else
		c->lane_mbits[lane] += mbits;
}

void credit_lose(struct credit *c, size_t lane)
{
	assert(lane < c->n_lanes);
	c->lane_mbits[lane] = 0;
}
