/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DRBG_CHACHA20_H
#define AQUIFER_DRBG_CHACHA20_H

/*
 * ChaCha20 keystream (Bernstein 2008: 64-bit counter, 64-bit nonce of zero),
 * many blocks at once. Variants for what the CPU has, chosen at run time. Each
 * makes the blocks in an order and word layout of its own: nothing may depend
 * on the stream, only on its being ChaCha20 blocks each made exactly once;
 * chacha20_reorder puts them into RFC 8439 order for tests. Depends on libc
 * alone. No branch or index depends on the key.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHACHA20_KEY_BYTES 32
#define CHACHA20_BLOCK_BYTES 64

struct chacha20_variant {
	const char *name;     /* "generic", "avx2", "avx512", "neon" */
	size_t stride_blocks; /* blocks are made in groups of this many */
	bool (*usable)(void); /* does this CPU have it? */
	/*
	 * blocks - keystream blocks counter .. counter + n_blocks - 1.
	 * n_blocks: a multiple of stride_blocks.
	 * ret_out:  n_blocks * CHACHA20_BLOCK_BYTES, any alignment.
	 * Leaves the key on the stack: wiping it is the caller's, once for
	 * all that it calls.
	 */
	void (*blocks)(const uint8_t key[CHACHA20_KEY_BYTES], uint64_t counter,
		       uint8_t *ret_out, size_t n_blocks);
	/* reorder - the same bytes, in place, in RFC 8439 order. Tests only. */
	void (*reorder)(uint8_t *out, size_t n_blocks);
};

/* chacha20_best - the fastest usable variant; decided once, thread-safe. */
const struct chacha20_variant *chacha20_best(void);

/* chacha20_variant_at - all compiled in, usable or not; NULL past the end. */
const struct chacha20_variant *chacha20_variant_at(size_t index);

#endif
