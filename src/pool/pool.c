/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "pool/pool.h"

#define DIGEST_BYTES crypto_auth_hmacsha512_BYTES

/* What a key is for; each derivation names its own (domain separation). */
static const char label_seed[] = "aquifer seed";
static const char label_key[] = "aquifer pool key";
static const char label_lane[] = "aquifer lane";

static void derive(const uint8_t key[POOL_KEY_BYTES], const char *label,
		   size_t index, uint8_t ret[DIGEST_BYTES])
{
	crypto_auth_hmacsha512_state hmac;
	uint8_t number[8];

	store_le64(number, index);
	crypto_auth_hmacsha512_init(&hmac, key, POOL_KEY_BYTES);
	crypto_auth_hmacsha512_update(&hmac, (const uint8_t *)label,
				      strlen(label));
	crypto_auth_hmacsha512_update(&hmac, number, sizeof number);
	crypto_auth_hmacsha512_final(&hmac, ret);
	wipe(&hmac, sizeof hmac);
}

/* Every lane starts again under a key that only the new pool key gives. */
static void rekey_lanes(struct pool *p)
{
	uint8_t lane_key[DIGEST_BYTES];

	for (size_t i = 0; i < p->credit.n_lanes; i++) {
		derive(p->key, label_lane, i, lane_key);
		crypto_auth_hmacsha512_init(&p->lanes[i].hmac, lane_key,
					    sizeof lane_key);
		p->lanes[i].mixed_bytes = 0;
	}
	wipe(lane_key, sizeof lane_key);
}

void pool_init(struct pool *p, size_t n_lanes)
{
	assert(n_lanes <= POOL_LANES_MAX);
	memset(p, 0, sizeof *p);
	p->credit.n_lanes = n_lanes;
	rekey_lanes(p);
}

void pool_set_lane(struct pool *p, size_t lane, enum trust_domain domain)
{
	assert(lane < p->credit.n_lanes);
	p->credit.domain[lane] = domain;
}

void pool_mix(struct pool *p, size_t lane, const void *raw, size_t len_bytes)
{
	assert(lane < p->credit.n_lanes);
	crypto_auth_hmacsha512_update(&p->lanes[lane].hmac, raw, len_bytes);
	p->lanes[lane].mixed_bytes += len_bytes;
}

void pool_credit(struct pool *p, size_t lane, uint64_t mbits)
{
	credit_earn(&p->credit, lane, mbits);
}

void pool_forfeit(struct pool *p, size_t lane)
{
	credit_lose(&p->credit, lane);
}

/*
 * Least trusted first: what a lane is trusted for in this seed is what stands
 * to its credit, so those that carry the seed have the last word. What keeps an
 * enemy's lane from steering is the key: unknown to it once an extraction held
 * a byte it did not see. Until then who sees every other byte in time can try
 * out a few bits, as with any hash (tests/unit/pool/adversary.c measures both).
 */
static void order_lanes(const struct credit *c, size_t order[POOL_LANES_MAX])
{
	for (size_t i = 0; i < c->n_lanes; i++) {
		size_t at = i;

		while (at > 0 &&
		       c->lane_mbits[order[at - 1]] > c->lane_mbits[i]) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
}

/* The seed and the next key both come from one joint digest, each by a label. */
static void join(struct pool *p, uint8_t *ret_seed)
{
	crypto_auth_hmacsha512_state hmac;
	uint8_t joint[DIGEST_BYTES], digest[DIGEST_BYTES];
	size_t order[POOL_LANES_MAX] = { 0 };

	order_lanes(&p->credit, order);
	crypto_auth_hmacsha512_init(&hmac, p->key, sizeof p->key);
	for (size_t i = 0; i < p->credit.n_lanes; i++) {
		crypto_auth_hmacsha512_final(&p->lanes[order[i]].hmac, digest);
		crypto_auth_hmacsha512_update(&hmac, digest, sizeof digest);
	}
	crypto_auth_hmacsha512_final(&hmac, joint);

	derive(joint, label_seed, p->extract_count, digest);
	memcpy(ret_seed, digest, POOL_SEED_BYTES);
	derive(joint, label_key, p->extract_count, p->key);
	rekey_lanes(p);
	p->extract_count++;

	wipe(&hmac, sizeof hmac);
	wipe(joint, sizeof joint);
	wipe(digest, sizeof digest);
}

static void lose_all(struct credit *c)
{
	for (size_t i = 0; i < c->n_lanes; i++)
		credit_lose(c, i);
}

int pool_extract(struct pool *p, bool alone, uint8_t *ret_seed,
		 uint64_t ret_paid[DOMAIN_COUNT])
{
	if (!credit_enough(&p->credit, alone))
		return -EAGAIN;
	if (ret_paid)
		credit_bill(&p->credit, ret_paid);
	join(p, ret_seed);
	lose_all(&p->credit);
	p->credit.first_seed_done = true;
	return 0;
}

void pool_extract_fresh(struct pool *p, uint8_t *ret_seed)
{
	join(p, ret_seed);
	lose_all(&p->credit);
}

void pool_wipe(struct pool *p)
{
	wipe(p, sizeof *p);
}
