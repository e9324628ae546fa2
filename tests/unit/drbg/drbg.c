/* SPDX-License-Identifier: ISC */
/*
 * The generator on every variant: what it makes, from what, and when not.
 * Seeds are fixed, so what differs here differs on every run.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "drbg/drbg.h"
#include "variants.h"

#define AROUND_BYTES 64 /* left and right of an output, must stay as it is */

static const uint8_t seed_a[DRBG_SEED_BYTES] = { 1, 2, 3 };
static const uint8_t seed_b[DRBG_SEED_BYTES] = { 1, 2, 4 };

static void begin(struct drbg *d, const struct chacha20_variant *v,
		  const uint8_t *seed)
{
	drbg_init(d, v);
	drbg_reseed(d, seed, SEED_CREDITED);
}

static void assert_all(const uint8_t *bytes, size_t len_bytes, uint8_t value)
{
	for (size_t i = 0; i < len_bytes; i++)
		if (bytes[i] != value)
			fail_msg("byte %zu is %02x", i, bytes[i]);
}

static void one_waits_for_a_credited_seed(const struct chacha20_variant *v)
{
	uint8_t out[40];
	struct drbg d;

	memset(out, 0xa5, sizeof out);
	drbg_init(&d, v);
	assert_int_equal(drbg_generate(&d, out, sizeof out), -EAGAIN);
	assert_int_equal(drbg_generate(&d, out, 0), -EAGAIN);
	drbg_reseed(&d, seed_a, SEED_FRESH);
	assert_int_equal(drbg_generate(&d, out, sizeof out), -EAGAIN);
	assert_false(d.seeded);
	assert_false(d.stale);
	assert_int_equal(d.fresh_count, 1);
	assert_int_equal(d.reseed_count, 0);
	assert_int_equal(d.generated_bytes, 0);
	assert_all(out, sizeof out, 0xa5);
	drbg_reseed(&d, seed_a, SEED_CREDITED);
	assert_int_equal(drbg_generate(&d, out, sizeof out), 0);
	drbg_wipe(&d);
	assert_int_equal(drbg_generate(&d, out, sizeof out), -EAGAIN);
}

static void waits_for_a_credited_seed(void **state)
{
	(void)state;
	for_each_usable(one_waits_for_a_credited_seed);
}

static void tells_what_it_has_had(void **state)
{
	uint8_t out[100];
	struct drbg d;

	(void)state;
	drbg_init(&d, NULL);
	assert_ptr_equal(d.variant, chacha20_best());
	drbg_reseed(&d, seed_a, SEED_CREDITED);
	assert_true(d.seeded);
	assert_false(d.stale);
	assert_int_equal(drbg_generate(&d, out, 100), 0);
	assert_int_equal(drbg_generate(&d, out, 0), 0);
	assert_int_equal(drbg_generate(&d, out, 7), 0);
	assert_int_equal(d.generated_bytes, 107);
	drbg_reseed(&d, seed_a, SEED_FRESH);
	assert_true(d.seeded);
	assert_true(d.stale);
	assert_int_equal(d.generated_bytes, 107);
	assert_int_equal(drbg_generate(&d, out, 1), 0);
	drbg_reseed(&d, seed_a, SEED_CREDITED);
	assert_false(d.stale);
	assert_int_equal(d.generated_bytes, 0);
	assert_int_equal(d.reseed_count, 2);
	assert_int_equal(d.fresh_count, 1);
}

/* The construction of drbg.h, step by step, from the blocks alone. */
static void one_is_fast_key_erasure(const struct chacha20_variant *v)
{
	const size_t n_blocks = DRBG_BUFFER_BYTES / CHACHA20_BLOCK_BYTES;
	static uint8_t made[DRBG_BUFFER_BYTES], next[DRBG_BUFFER_BYTES];
	static uint8_t out[2 * DRBG_BUFFER_BYTES];
	uint8_t key[CHACHA20_KEY_BYTES];
	struct drbg d;

	begin(&d, v, seed_a); /* the old key is zero */
	v->blocks(seed_a, 0, made, n_blocks);
	assert_memory_equal(d.key, made, 32);
	assert_int_equal(drbg_generate(&d, out, 68), 0);
	assert_memory_equal(out, made + 32, 68);
	/* A long request expands the 32 bytes that would be next. */
	assert_int_equal(drbg_generate(&d, out, DRBG_BUFFER_BYTES), 0);
	v->blocks(made + 100, 0, next, n_blocks);
	assert_memory_equal(out, next, DRBG_BUFFER_BYTES);
	/* Over the end of what was made: the rest, then from the new key. */
	assert_int_equal(drbg_generate(&d, out, DRBG_BUFFER_BYTES - 1), 0);
	assert_memory_equal(out, made + 132, DRBG_BUFFER_BYTES - 132);
	v->blocks(made, 0, next, n_blocks);
	assert_memory_equal(d.key, next, 32);
	assert_memory_equal(out + DRBG_BUFFER_BYTES - 132, next + 32, 131);
	/* A reseed: the seed into the key, then the blocks. */
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = next[i] ^ seed_b[i];
	drbg_reseed(&d, seed_b, SEED_FRESH);
	v->blocks(key, 0, made, n_blocks);
	assert_int_equal(drbg_generate(&d, out, 50), 0);
	assert_memory_equal(out, made + 32, 50);
	assert_memory_equal(d.key, made, 32);
}

static void is_fast_key_erasure(void **state)
{
	(void)state;
	for_each_usable(one_is_fast_key_erasure);
}

static void first_bytes(const struct drbg *state, const uint8_t *seed,
			uint8_t ret_out[32])
{
	struct drbg d = *state;

	drbg_reseed(&d, seed, SEED_FRESH);
	assert_int_equal(drbg_generate(&d, ret_out, 32), 0);
}

/* Every bit of the seed, and every bit of the old key, changes the output. */
static void one_reseed_depends_on_both_sides(const struct chacha20_variant *v)
{
	uint8_t out[1 + 2 * 256][32];
	struct drbg d;

	begin(&d, v, seed_a);
	first_bytes(&d, seed_b, out[0]);
	for (size_t bit = 0; bit < 256; bit++) {
		uint8_t seed[DRBG_SEED_BYTES];
		struct drbg other = d;

		memcpy(seed, seed_b, sizeof seed);
		seed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		first_bytes(&d, seed, out[1 + bit]);
		/* Not the same bit: that would give the same sum. */
		other.key[31 - bit / 8] ^= (uint8_t)(1 << bit % 8);
		first_bytes(&other, seed_b, out[257 + bit]);
		assert_memory_not_equal(out[1 + bit], out[0], 32);
		assert_memory_not_equal(out[257 + bit], out[0], 32);
		assert_memory_not_equal(out[257 + bit], out[1 + bit], 32);
	}
}

static void reseed_depends_on_both_sides(void **state)
{
	(void)state;
	for_each_usable(one_reseed_depends_on_both_sides);
}

/* Two generators of one seed, on memories of different content, agree only
 * where they have written. */
static void check_length(const struct chacha20_variant *v, size_t len_bytes)
{
	static const uint8_t fill[2] = { 0xa5, 0x5a };
	uint8_t *memory[2];
	struct drbg d;

	for (int i = 0; i < 2; i++) {
		memory[i] = test_malloc(len_bytes + 2 * AROUND_BYTES);
		memset(memory[i], fill[i], len_bytes + 2 * AROUND_BYTES);
		begin(&d, v, seed_a);
		assert_int_equal(drbg_generate(&d, memory[i] + AROUND_BYTES,
					       len_bytes),
				 0);
		assert_int_equal(d.generated_bytes, len_bytes);
		assert_all(memory[i], AROUND_BYTES, fill[i]);
		assert_all(memory[i] + AROUND_BYTES + len_bytes, AROUND_BYTES,
			   fill[i]);
	}
	assert_memory_equal(memory[0] + AROUND_BYTES, memory[1] + AROUND_BYTES,
			    len_bytes);
	test_free(memory[1]);
	test_free(memory[0]);
}

static void one_writes_every_byte(const struct chacha20_variant *v)
{
	const size_t stride_bytes = v->stride_blocks * CHACHA20_BLOCK_BYTES;
	const size_t edges[] = {
		stride_bytes,
		2 * stride_bytes,
		DRBG_BUFFER_BYTES - 32,
		DRBG_BUFFER_BYTES,
		2 * DRBG_BUFFER_BYTES,
		DRBG_EXPAND_BYTES_MAX,
		DRBG_EXPAND_BYTES_MAX + DRBG_BUFFER_BYTES,
		2 * DRBG_EXPAND_BYTES_MAX,
	};

	for (size_t len_bytes = 0; len_bytes <= 300; len_bytes++)
		check_length(v, len_bytes);
	for (size_t i = 0; i < ARRAY_LEN(edges); i++)
		for (size_t l = edges[i] - 2; l <= edges[i] + 2; l++)
			check_length(v, l);
}

static void writes_every_byte_and_no_other(void **state)
{
	(void)state;
	for_each_usable(one_writes_every_byte);
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* No key with a counter it has had: no 16 bytes come twice. */
static void one_never_repeats(const struct chacha20_variant *v)
{
	const size_t len_bytes = 2 * DRBG_EXPAND_BYTES_MAX + 48;
	uint8_t *out = test_malloc(2 * len_bytes);
	struct drbg d;

	begin(&d, v, seed_a);
	assert_int_equal(drbg_generate(&d, out, len_bytes), 0);
	for (size_t at = 0; at < len_bytes; at += 16)
		assert_int_equal(drbg_generate(&d, out + len_bytes + at, 16), 0);
	qsort(out, 2 * len_bytes / 16, 16, by_bytes);
	for (size_t at = 16; at < 2 * len_bytes; at += 16)
		assert_true(memcmp(out + at - 16, out + at, 16) != 0);
	test_free(out);
}

static void never_repeats(void **state)
{
	(void)state;
	for_each_usable(one_never_repeats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_a_credited_seed),
		cmocka_unit_test(tells_what_it_has_had),
		cmocka_unit_test(is_fast_key_erasure),
		cmocka_unit_test(reseed_depends_on_both_sides),
		cmocka_unit_test(writes_every_byte_and_no_other),
		cmocka_unit_test(never_repeats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
