/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_POOL_POOL_H
#define AQUIFER_POOL_POOL_H

/*
 * The pool: one conditioner (HMAC-SHA-512) a lane, joined at extraction, and
 * the account of what was earned. Mixing never asks about credit, credit never
 * touches a byte.
 *
 * Threads: not safe; the engine is the pool's only owner. The struct holds
 * secrets: it lives in locked memory and is wiped by pool_wipe.
 */
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pool/credit.h"

#define POOL_LANES_MAX 16
#define POOL_SEED_BYTES 32
#define POOL_KEY_BYTES 64

struct pool_lane {
	crypto_auth_hmacsha512_state hmac; /* everything mixed since the key */
	uint64_t mixed_bytes;              /* since the last extraction */
};

struct pool {
	uint8_t key[POOL_KEY_BYTES]; /* new at each extraction */
	struct pool_lane lanes[POOL_LANES_MAX];
	struct credit credit;
	uint64_t extract_count;
};

/* pool_init - an empty pool of n_lanes (at most POOL_LANES_MAX) lanes. */
void pool_init(struct pool *p, size_t n_lanes);

/* pool_set_lane - who could lie about this lane's bytes. */
void pool_set_lane(struct pool *p, size_t lane, enum trust_domain domain);

/* pool_mix - absorb raw bytes into a lane. Always safe, credits nothing. */
void pool_mix(struct pool *p, size_t lane, const void *raw, size_t len_bytes);

/* pool_credit - this lane earned mbits (millibits of min-entropy). */
void pool_credit(struct pool *p, size_t lane, uint64_t mbits);

/* pool_forfeit - this lane failed: what it had standing is gone. */
void pool_forfeit(struct pool *p, size_t lane);

/*
 * pool_extract - turn credited entropy into one seed.
 * alone:    true when no second domain is there, or it was waited for long
 *           enough: one domain may carry the whole seed.
 * ret_seed: POOL_SEED_BYTES bytes; written only on success.
 * ret_paid: millibits by domain that this seed rests on; may be NULL.
 * On success all credit is zero and the pool is rekeyed, so reading the pool
 * later does not reveal this seed; what was mixed stays mixed in the new key.
 * Returns 0, or -EAGAIN while the credit is too small (nothing has changed).
 * Source: SP 800-90B 3.1.5.1, vetted conditioning with HMAC-SHA-512.
 */
int pool_extract(struct pool *p, bool alone, uint8_t *ret_seed,
		 uint64_t ret_paid[DOMAIN_COUNT]);

/*
 * pool_extract_fresh - a seed from whatever is there, for an event that breaks
 * uniqueness. All standing credit is given up: part of it has left the pool.
 */
void pool_extract_fresh(struct pool *p, uint8_t *ret_seed);

/* pool_wipe - overwrite everything. */
void pool_wipe(struct pool *p);

#endif
