/* SPDX-License-Identifier: ISC */
/*
 * Every variant that this CPU has against RFC 8439 A.1 and libsodium. The RFC's
 * vectors with another nonce than zero cannot be asked of this interface, which
 * has none; its high counter word is the RFC's first nonce word, and libsodium
 * is compared there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/bytes.h"
#include "drbg/chacha20.h"
#include "variants.h"

#define STRIDE_BLOCKS_MAX 64
#define CANARY 0xa5

/* RFC 8439 A.1, test vectors 1 to 4; 5 has a nonce. */
static const struct {
	uint8_t key_head[2]; /* the rest of the key is zero, but for the last */
	uint8_t key_last;
	uint64_t counter;
	const char *block;
	/* clang-format off */
} rfc8439[] = {
	{ { 0, 0 }, 0, 0,
	  "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
	  "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586" },
	{ { 0, 0 }, 0, 1,
	  "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
	  "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f" },
	{ { 0, 0 }, 1, 1,
	  "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
	  "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0" },
	{ { 0, 0xff }, 0, 2,
	  "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca"
	  "13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096" },
};
/* clang-format on */

static void one_gives_the_rfc_blocks(const struct chacha20_variant *v)
{
	uint8_t out[STRIDE_BLOCKS_MAX * CHACHA20_BLOCK_BYTES];

	assert_true(v->stride_blocks <= STRIDE_BLOCKS_MAX);
	for (size_t i = 0; i < ARRAY_LEN(rfc8439); i++) {
		uint8_t key[CHACHA20_KEY_BYTES] = { 0 };
		uint8_t block[CHACHA20_BLOCK_BYTES];

		memcpy(key, rfc8439[i].key_head, 2);
		key[31] = rfc8439[i].key_last;
		assert_int_equal(hex_decode(rfc8439[i].block, block,
					    sizeof block),
				 sizeof block);
		/* The block in every lane of the group, not only the first. */
		for (size_t lane = 0; lane < v->stride_blocks; lane++) {
			v->blocks(key, rfc8439[i].counter - lane, out,
				  v->stride_blocks);
			v->reorder(out, v->stride_blocks);
			assert_memory_equal(out + lane * sizeof block, block,
					    sizeof block);
		}
	}
}

static void every_variant_gives_the_rfc_blocks(void **state)
{
	(void)state;
	for_each_usable(one_gives_the_rfc_blocks);
}

/* A fixed stream for the random input: ChaCha20 of libsodium, key i. */
static void random_bytes(uint8_t *ret_out, size_t len_bytes, uint32_t i)
{
	uint8_t seed[randombytes_SEEDBYTES] = { 0 };

	store_le32(seed, i);
	randombytes_buf_deterministic(ret_out, len_bytes, seed);
}

/* Also that nothing is written outside n_blocks, at any alignment. */
static void compare(const struct chacha20_variant *v, uint32_t i,
		    uint64_t counter, size_t n_blocks, size_t offset)
{
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
	size_t len_bytes = n_blocks * CHACHA20_BLOCK_BYTES;
	size_t whole_bytes = len_bytes + 128;
	uint8_t *memory = test_malloc(whole_bytes);
	uint8_t *want = test_calloc(1, len_bytes);
	uint8_t key[CHACHA20_KEY_BYTES];

	random_bytes(key, sizeof key, i);
	memset(memory, CANARY, whole_bytes);
	v->blocks(key, counter, memory + offset, n_blocks);
	v->reorder(memory + offset, n_blocks);
	crypto_stream_chacha20_xor_ic(want, want, len_bytes, nonce, counter,
				      key);
	assert_memory_equal(memory + offset, want, len_bytes);
	for (size_t at = 0; at < whole_bytes; at++)
		if (at < offset || at >= offset + len_bytes)
			assert_int_equal(memory[at], CANARY);
	test_free(want);
	test_free(memory);
}

static void one_matches_libsodium(const struct chacha20_variant *v)
{
	static const uint64_t edges[] = { 0, 1ull << 32, 7ull << 32,
					  1ull << 63 };
	uint32_t i = 0;

	for (size_t n_strides = 1; n_strides <= 3; n_strides++) {
		size_t n_blocks = n_strides * v->stride_blocks;

		/* The carry at each place in the blocks, and beside them. */
		for (size_t e = 0; e < ARRAY_LEN(edges); e++)
			for (uint64_t back = 0; back <= n_blocks + 1; back++)
				compare(v, i++, edges[e] - back, n_blocks, 0);
		for (size_t offset = 0; offset < 64; offset++)
			compare(v, i++, offset, n_blocks, offset);
	}
	for (; i < 4000; i++) {
		uint8_t counter[8];

		random_bytes(counter, sizeof counter, ~i);
		compare(v, i, load_le64(counter), v->stride_blocks, i % 64);
	}
}

static void every_variant_matches_libsodium(void **state)
{
	(void)state;
	for_each_usable(one_matches_libsodium);
}

static void one_writes_nothing_for_no_blocks(const struct chacha20_variant *v)
{
	uint8_t key[CHACHA20_KEY_BYTES] = { 0 };
	uint8_t out[64];

	memset(out, CANARY, sizeof out);
	v->blocks(key, 0, out, 0);
	v->reorder(out, 0);
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], CANARY);
}

static void no_blocks_write_nothing(void **state)
{
	(void)state;
	for_each_usable(one_writes_nothing_for_no_blocks);
}

static void best_is_the_first_usable(void **state)
{
	const struct chacha20_variant *v = NULL;
	size_t count = 0;

	(void)state;
	for (; chacha20_variant_at(count); count++)
		if (!v && chacha20_variant_at(count)->usable())
			v = chacha20_variant_at(count);
	assert_non_null(v);
	assert_ptr_equal(chacha20_best(), v);
	assert_ptr_equal(chacha20_best(), v);
	/* The last one is there for every CPU. */
	assert_true(chacha20_variant_at(count - 1)->usable());
	assert_null(chacha20_variant_at(count));
	assert_null(chacha20_variant_at(SIZE_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_variant_gives_the_rfc_blocks),
		cmocka_unit_test(every_variant_matches_libsodium),
		cmocka_unit_test(no_blocks_write_nothing),
		cmocka_unit_test(best_is_the_first_usable),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
