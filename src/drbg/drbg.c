/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "drbg/drbg.h"

/* More than any block function spills: tests/unit/drbg/erase.c looks. */
#define SPILL_BYTES 4096

static __attribute__((noinline)) void wipe_stack(void)
{
	uint8_t spilled[SPILL_BYTES];

	wipe(spilled, sizeof spilled);
}

/*
 * ChaCha20 runs backwards as easily as forwards: a state left in the middle of
 * the rounds, or the key beside it, would give the block away.
 */
static void make_blocks(const struct drbg *d, const uint8_t *key,
			uint8_t *ret_out, size_t len_bytes)
{
	d->variant->blocks(key, 0, ret_out, len_bytes / CHACHA20_BLOCK_BYTES);
	wipe_stack();
}

/* The new key first, so that the old one is gone before a byte leaves. */
static void refill(struct drbg *d)
{
	make_blocks(d, d->key, d->buffer, sizeof d->buffer);
	memcpy(d->key, d->buffer, sizeof d->key);
	wipe(d->buffer, sizeof d->key);
	d->unused_bytes = sizeof d->buffer - sizeof d->key;
}

static size_t take(struct drbg *d, uint8_t *ret_out, size_t len_bytes)
{
	uint8_t *unused;
	size_t n;

	if (d->unused_bytes == 0)
		refill(d);
	n = min_size(len_bytes, d->unused_bytes);
	unused = d->buffer + sizeof d->buffer - d->unused_bytes;
	memcpy(ret_out, unused, n);
	wipe(unused, n);
	d->unused_bytes -= n;
	return n;
}

/*
 * expand - straight into the caller's memory, from a key taken like any other
 * output: erased from the struct before its first use, and here after it.
 * Returns the bytes written, of len_bytes at least DRBG_BUFFER_BYTES.
 */
static size_t expand(struct drbg *d, uint8_t *ret_out, size_t len_bytes)
{
	size_t n = min_size(len_bytes, DRBG_EXPAND_BYTES_MAX);
	uint8_t key[CHACHA20_KEY_BYTES];

	n -= n % DRBG_BUFFER_BYTES;
	for (size_t have = 0; have < sizeof key;)
		have += take(d, key + have, sizeof key - have);
	make_blocks(d, key, ret_out, n);
	wipe(key, sizeof key);
	return n;
}

void drbg_init(struct drbg *d, const struct chacha20_variant *variant)
{
	memset(d, 0, sizeof *d);
	d->variant = variant ? variant : chacha20_best();
	assert(d->variant->usable());
	assert(DRBG_BUFFER_BYTES / CHACHA20_BLOCK_BYTES %
		       d->variant->stride_blocks ==
	       0);
}

void drbg_reseed(struct drbg *d, const uint8_t seed[DRBG_SEED_BYTES],
		 enum seed_kind kind)
{
	for (size_t i = 0; i < sizeof d->key; i++)
		d->key[i] ^= seed[i];
	refill(d);
	if (kind == SEED_CREDITED) {
		d->seeded = true;
		d->stale = false;
		d->reseed_count++;
		d->generated_bytes = 0;
	} else {
		d->stale = d->seeded;
		d->fresh_count++;
	}
}

int drbg_generate(struct drbg *d, void *ret_out, size_t len_bytes)
{
	uint8_t *out = ret_out;

	if (!d->seeded)
		return -EAGAIN;
	d->generated_bytes += len_bytes;
	while (len_bytes > 0) {
		size_t n = len_bytes < DRBG_BUFFER_BYTES ?
				   take(d, out, len_bytes) :
				   expand(d, out, len_bytes);

		out += n;
		len_bytes -= n;
	}
	return 0;
}

void drbg_wipe(struct drbg *d)
{
	wipe(d, sizeof *d);
}
