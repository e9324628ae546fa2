/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DRBG_DRBG_H
#define AQUIFER_DRBG_DRBG_H

/*
 * ChaCha20 with fast key erasure (Bernstein 2017): the first bytes of every
 * keystream replace the key before a byte leaves, and each byte is erased from
 * the struct as it leaves, so a state read later does not reveal earlier
 * output. Plain struct, no global state: a process can hold as many as it likes
 * (one a guest). Depends on libc alone.
 *
 * Not a SP 800-90A mechanism; docs/standards.md says what is followed.
 *
 * Threads: one owner a struct. The struct is secret: locked memory, drbg_wipe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drbg/chacha20.h"

#define DRBG_SEED_BYTES 32
/* A multiple of every variant's stride; what a small request is served from. */
#define DRBG_BUFFER_BYTES (32 * CHACHA20_BLOCK_BYTES)
/*
 * One key makes at most this much of a long request. ChaCha20 has no need of
 * it; it bounds what a key caught in the middle of a request gives away, for
 * one more key a mebibyte.
 */
#define DRBG_EXPAND_BYTES_MAX ((size_t)1 << 20)

enum seed_kind {
	SEED_CREDITED, /* paid for with the credited bits the standard asks */
	SEED_FRESH,    /* whatever there is, after a clone, restore or fork */
};

struct drbg {
	uint8_t key[CHACHA20_KEY_BYTES];
	uint8_t buffer[DRBG_BUFFER_BYTES]; /* the last unused_bytes: not given out */
	size_t unused_bytes;
	const struct chacha20_variant *variant;
	bool seeded; /* has had a credited seed */
	bool stale;  /* a fresh seed came after the last credited one */
	uint64_t reseed_count; /* credited ones */
	uint64_t fresh_count;
	uint64_t generated_bytes; /* since the last credited reseed */
};

/* drbg_init - unseeded; variant NULL: chacha20_best(). */
void drbg_init(struct drbg *d, const struct chacha20_variant *variant);

/*
 * drbg_reseed - absorb a seed into the old state. It can only help: who knows
 * the old key and not the seed, or the seed and not the old key, knows nothing
 * of the new one. What was made ahead from the old key is never given out.
 */
void drbg_reseed(struct drbg *d, const uint8_t seed[DRBG_SEED_BYTES],
		 enum seed_kind kind);

/*
 * drbg_generate - len_bytes of output; any length.
 * Returns 0, or -EAGAIN before the first credited seed (nothing written).
 */
int drbg_generate(struct drbg *d, void *ret_out, size_t len_bytes);

/* drbg_wipe - overwrite everything; the struct is as before drbg_init. */
void drbg_wipe(struct drbg *d);

#endif
