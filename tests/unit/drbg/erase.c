/* SPDX-License-Identifier: ISC */
/*
 * What somebody finds who reads the struct, or the stack, after the call: no
 * old key, no byte that was given out.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "drbg/drbg.h"
#include "variants.h"

#include "../skip.h"

#define STACK_BYTES ((size_t)256 << 10)
#define LONG_BYTES (3 * DRBG_BUFFER_BYTES)
#define WINDOW_BYTES 8 /* found by chance in STACK_BYTES: 2^-46 a window */

/* A sanitizer's frames are larger than what is wiped, or on the heap. */
#ifdef __has_feature
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if defined __SANITIZE_ADDRESS__ || HAS_FEATURE(address_sanitizer)
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif

/* A string, so that no word of it is one that is found everywhere. */
static const uint8_t seed[DRBG_SEED_BYTES + 1] =
	"Nothing up my sleeve, just this.";

static bool has(const void *where, size_t where_bytes, const uint8_t *window)
{
	return memmem(where, where_bytes, window, WINDOW_BYTES) != NULL;
}

static bool has_any(const void *where, size_t where_bytes,
		    const uint8_t *secret, size_t secret_bytes)
{
	for (size_t at = 0; at + WINDOW_BYTES <= secret_bytes; at++)
		if (has(where, where_bytes, secret + at))
			return true;
	return false;
}

/* In a row, and as a vector with each of its words in all lanes. */
static bool has_key(const void *where, size_t where_bytes, const uint8_t *key)
{
	for (size_t i = 0; i < CHACHA20_KEY_BYTES; i += 4) {
		uint8_t lanes[WINDOW_BYTES];

		memcpy(lanes, key + i, 4);
		memcpy(lanes + 4, key + i, 4);
		if (has(where, where_bytes, lanes))
			return true;
	}
	return has_any(where, where_bytes, key, CHACHA20_KEY_BYTES);
}

static void one_keeps_nothing(const struct chacha20_variant *v)
{
	uint8_t out[LONG_BYTES];
	uint8_t old_key[CHACHA20_KEY_BYTES];
	struct drbg d;

	drbg_init(&d, v);
	drbg_reseed(&d, seed, SEED_CREDITED);
	assert_false(has_key(&d, sizeof d, seed));
	for (size_t len_bytes = 1; len_bytes <= sizeof out; len_bytes += 61) {
		size_t used_bytes;

		memcpy(old_key, d.key, sizeof old_key);
		assert_int_equal(drbg_generate(&d, out, len_bytes), 0);
		assert_false(has_any(&d, sizeof d, out, len_bytes));
		/* Up to what is unused, what was there is overwritten. */
		used_bytes = sizeof d.buffer - d.unused_bytes;
		assert_in_range(used_bytes, 32, sizeof d.buffer);
		for (size_t i = 0; i < used_bytes; i++)
			assert_int_equal(d.buffer[i], 0);
		drbg_reseed(&d, seed, SEED_FRESH);
		assert_false(has_key(&d, sizeof d, old_key));
		assert_false(has_any(&d, sizeof d, out, len_bytes));
	}
}

static void struct_keeps_nothing_given_out(void **state)
{
	(void)state;
	for_each_usable(one_keeps_nothing);
}

static void key_changes_with_every_buffer(void **state)
{
	uint8_t old_key[CHACHA20_KEY_BYTES], out[DRBG_BUFFER_BYTES - 1];
	struct drbg d;

	(void)state;
	drbg_init(&d, NULL);
	drbg_reseed(&d, seed, SEED_CREDITED);
	for (int i = 0; i < 10; i++) {
		memcpy(old_key, d.key, sizeof old_key);
		assert_int_equal(drbg_generate(&d, out, sizeof out), 0);
		assert_false(has_key(&d, sizeof d, old_key));
	}
}

static void reseed_drops_what_was_made_ahead(void **state)
{
	uint8_t ahead[DRBG_BUFFER_BYTES], out[DRBG_BUFFER_BYTES - 33];
	struct drbg d;

	(void)state;
	drbg_init(&d, NULL);
	drbg_reseed(&d, seed, SEED_CREDITED);
	memcpy(ahead, d.buffer, sizeof ahead);
	drbg_reseed(&d, seed, SEED_FRESH);
	assert_false(has_any(&d, sizeof d, ahead + 32, sizeof ahead - 32));
	assert_int_equal(drbg_generate(&d, out, sizeof out), 0);
	assert_false(has_any(out, sizeof out, ahead + 32, sizeof ahead - 32));
}

static void wipe_leaves_zeros(void **state)
{
	static const struct drbg zero;
	uint8_t out[100];
	struct drbg d;

	(void)state;
	drbg_init(&d, NULL);
	drbg_reseed(&d, seed, SEED_CREDITED);
	assert_int_equal(drbg_generate(&d, out, sizeof out), 0);
	drbg_wipe(&d);
	assert_memory_equal(&d, &zero, sizeof d);
}

struct job {
	struct drbg d;
	uint8_t key[CHACHA20_KEY_BYTES]; /* for the block function alone */
	uint8_t out[LONG_BYTES];
	size_t len_bytes;
	int r;
	uint8_t *stack;
	uint8_t *touched; /* where the stack stops to be zero */
	size_t touched_bytes;
};

static void *run_blocks(void *argument)
{
	struct job *j = argument;

	j->d.variant->blocks(j->key, 0, j->out,
			     DRBG_BUFFER_BYTES / CHACHA20_BLOCK_BYTES);
	return NULL;
}

static void *run_reseed(void *argument)
{
	struct job *j = argument;

	drbg_reseed(&j->d, seed, SEED_FRESH);
	return NULL;
}

static void *run_generate(void *argument)
{
	struct job *j = argument;

	j->r = drbg_generate(&j->d, j->out, j->len_bytes);
	return NULL;
}

/* On a stack of its own, zero before, which stays until stack_free. */
static void on_stack(void *(*run)(void *), struct job *j)
{
	pthread_attr_t attr;
	pthread_t thread;

	j->stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(j->stack, MAP_FAILED);
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstack(&attr, j->stack, STACK_BYTES), 0);
	assert_int_equal(pthread_create(&thread, &attr, run, j), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(pthread_attr_destroy(&attr), 0);
	j->touched = j->stack;
	j->touched_bytes = STACK_BYTES;
	while (j->touched_bytes > 0 && *j->touched == 0) {
		j->touched++;
		j->touched_bytes--;
	}
}

static bool stack_has(const struct job *j, const uint8_t *key)
{
	return has_key(j->touched, j->touched_bytes, key);
}

static void stack_free(struct job *j)
{
	assert_int_equal(munmap(j->stack, STACK_BYTES), 0);
}

static void check_reseed(struct job *j)
{
	uint8_t old_key[CHACHA20_KEY_BYTES], used_key[CHACHA20_KEY_BYTES];

	memcpy(old_key, j->d.key, sizeof old_key);
	for (size_t i = 0; i < sizeof used_key; i++)
		used_key[i] = old_key[i] ^ seed[i];
	on_stack(run_reseed, j);
	assert_false(stack_has(j, old_key));
	assert_false(stack_has(j, used_key));
	assert_false(stack_has(j, j->d.key));
	stack_free(j);
}

static void check_generate(struct job *j, size_t len_bytes)
{
	struct drbg old = j->d;

	j->len_bytes = len_bytes;
	on_stack(run_generate, j);
	assert_int_equal(j->r, 0);
	assert_false(stack_has(j, old.key));
	assert_false(stack_has(j, j->d.key));
	/* What a long request is expanded from. */
	assert_int_equal(old.unused_bytes, sizeof old.buffer - 32);
	assert_false(stack_has(j, old.buffer + 32));
	assert_false(has_any(j->touched, j->touched_bytes, j->out, len_bytes));
	stack_free(j);
}

static void one_wipes_its_stack(const struct chacha20_variant *v)
{
	static const size_t len_bytes[] = { 1, 100, DRBG_BUFFER_BYTES - 1,
					    DRBG_BUFFER_BYTES, LONG_BYTES };
	struct job *j = test_calloc(1, sizeof *j);

	drbg_init(&j->d, v);
	drbg_reseed(&j->d, seed, SEED_CREDITED);
	/* The control: where nobody wipes, the key is found. */
	memcpy(j->key, j->d.key, sizeof j->key);
	on_stack(run_blocks, j);
	assert_true(stack_has(j, j->key));
	stack_free(j);

	for (size_t i = 0; i < ARRAY_LEN(len_bytes); i++) {
		check_reseed(j);
		check_generate(j, len_bytes[i]);
	}
	test_free(j);
}

static void stack_keeps_no_key_and_no_output(void **state)
{
	(void)state;
	if (sanitized)
		skip_because("a sanitizer has a stack of its own");
	for_each_usable(one_wipes_its_stack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(struct_keeps_nothing_given_out),
		cmocka_unit_test(key_changes_with_every_buffer),
		cmocka_unit_test(reseed_drops_what_was_made_ahead),
		cmocka_unit_test(wipe_leaves_zeros),
		cmocka_unit_test(stack_keeps_no_key_and_no_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
