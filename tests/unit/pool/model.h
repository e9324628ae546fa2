/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_POOL_MODEL_H
#define AQUIFER_TESTS_POOL_MODEL_H

/*
 * The pool's construction a second time, from its description and libsodium
 * alone: all that a lane absorbed is kept and hashed when the seed is made.
 *
 *   lane key i = HMAC(pool key, "aquifer lane" || le64(i))
 *   digest i   = HMAC(lane key i, all that lane i absorbed)
 *   joint      = HMAC(pool key, digests, the least credited lane's first)
 *   seed       = HMAC(joint, "aquifer seed" || le64(extractions so far)), cut
 *   next key   = HMAC(joint, "aquifer pool key" || le64(extractions so far))
 *
 * The first pool key is 64 zero bytes. Lanes of equal credit: in their order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#define MODEL_LANES 4
#define MODEL_LANE_BYTES 512
#define MODEL_KEY_BYTES 64
#define MODEL_SEED_BYTES 32

struct model {
	uint8_t key[MODEL_KEY_BYTES];
	uint8_t mixed[MODEL_LANES][MODEL_LANE_BYTES];
	size_t mixed_bytes[MODEL_LANES];
	uint64_t mbits[MODEL_LANES];
	size_t n_lanes;
	uint64_t count;
};

static inline void model_mix(struct model *m, size_t lane, const void *raw,
			     size_t len_bytes)
{
	assert_true(m->mixed_bytes[lane] + len_bytes <= MODEL_LANE_BYTES);
	memcpy(m->mixed[lane] + m->mixed_bytes[lane], raw, len_bytes);
	m->mixed_bytes[lane] += len_bytes;
}

static inline void model_hmac(const uint8_t key[MODEL_KEY_BYTES],
			      const uint8_t *text, size_t len_bytes,
			      uint8_t ret[MODEL_KEY_BYTES])
{
	crypto_auth_hmacsha512_state h;

	(void)crypto_auth_hmacsha512_init(&h, key, MODEL_KEY_BYTES);
	(void)crypto_auth_hmacsha512_update(&h, text, len_bytes);
	(void)crypto_auth_hmacsha512_final(&h, ret);
}

static inline void model_derive(const uint8_t key[MODEL_KEY_BYTES],
				const char *label, uint64_t number,
				uint8_t ret[MODEL_KEY_BYTES])
{
	uint8_t text[64];
	size_t n = strlen(label);

	/* The number goes over its end. */
	memcpy(text, label, n + 1);
	for (unsigned i = 0; i < 8; i++)
		text[n + i] = (uint8_t)(number >> (8 * i));
	model_hmac(key, text, n + 8, ret);
}

/* The lane with the rank'th smallest credit. */
static inline size_t model_ranked(const struct model *m, size_t rank)
{
	for (size_t i = 0; i < m->n_lanes; i++) {
		size_t before = 0;

		for (size_t k = 0; k < m->n_lanes; k++)
			before += m->mbits[k] < m->mbits[i] ||
				  (m->mbits[k] == m->mbits[i] && k < i);
		if (before == rank)
			return i;
	}
	fail();
	return 0;
}

static inline void model_joint(const struct model *m,
			       uint8_t ret[MODEL_KEY_BYTES])
{
	uint8_t text[MODEL_LANES * MODEL_KEY_BYTES], key[MODEL_KEY_BYTES];

	for (size_t rank = 0; rank < m->n_lanes; rank++) {
		size_t i = model_ranked(m, rank);

		model_derive(m->key, "aquifer lane", i, key);
		model_hmac(key, m->mixed[i], m->mixed_bytes[i],
			   text + rank * MODEL_KEY_BYTES);
	}
	model_hmac(m->key, text, m->n_lanes * MODEL_KEY_BYTES, ret);
}

static inline void model_extract(struct model *m,
				 uint8_t ret_seed[MODEL_SEED_BYTES])
{
	uint8_t joint[MODEL_KEY_BYTES], digest[MODEL_KEY_BYTES];

	model_joint(m, joint);
	model_derive(joint, "aquifer seed", m->count, digest);
	memcpy(ret_seed, digest, MODEL_SEED_BYTES);
	model_derive(joint, "aquifer pool key", m->count, m->key);
	memset(m->mixed_bytes, 0, sizeof m->mixed_bytes);
	memset(m->mbits, 0, sizeof m->mbits);
	m->count++;
}

#endif
