/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_POOL_CREDIT_H
#define AQUIFER_POOL_CREDIT_H

/*
 * The account: integer millibits by lane, counted by trust domain. Pure.
 * Threads: not safe; part of the pool.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/domain.h"

#define CREDIT_LANES_MAX 16
/* SP 800-90C: 3s/2 bits for instantiation and s + 64 for a reseed, s = 256. */
#define CREDIT_FIRST_SEED_MBITS UINT64_C(384000)
#define CREDIT_RESEED_MBITS UINT64_C(320000)
/* No domain fills a seed alone while another one stands beside it. */
#define CREDIT_DOMAIN_CAP_MBITS UINT64_C(256000)

struct credit {
	uint64_t lane_mbits[CREDIT_LANES_MAX];
	enum trust_domain domain[CREDIT_LANES_MAX];
	size_t n_lanes;
	bool first_seed_done;
};

/* credit_need_mbits - what the next seed costs. */
uint64_t credit_need_mbits(const struct credit *c);

/* credit_domain_mbits - the largest credit of the domain's lanes. */
uint64_t credit_domain_mbits(const struct credit *c, enum trust_domain domain);

/* credit_total_mbits - over all domains, each capped. */
uint64_t credit_total_mbits(const struct credit *c);

/* credit_alone_mbits - the largest of any one domain, not capped. */
uint64_t credit_alone_mbits(const struct credit *c);

/* credit_enough - is the next seed paid for? alone: see pool_extract. */
bool credit_enough(const struct credit *c, bool alone);

/*
 * credit_bill - what the next seed takes from each domain, once credit_enough:
 * at most the cap from each, or the whole need from the one that carries it.
 */
void credit_bill(const struct credit *c, uint64_t ret_paid[DOMAIN_COUNT]);

/* credit_earn - saturating; credit_lose - that lane's standing is 0. */
void credit_earn(struct credit *c, size_t lane, uint64_t mbits);
void credit_lose(struct credit *c, size_t lane);

#endif
