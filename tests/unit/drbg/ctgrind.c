/* SPDX-License-Identifier: ISC */
/*
 * No branch and no index depends on a secret: run under valgrind's memcheck,
 * with key and seed marked as undefined, it counts each that does (the method
 * of Langley's ctgrind). Two functions that do leak come first and have to be
 * counted, or the rest would prove nothing. valgrind shows a CPU without
 * AVX-512, so that variant is left out; all are one source.
 */
#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "drbg/drbg.h"

static uint8_t out[DRBG_EXPAND_BYTES_MAX + DRBG_BUFFER_BYTES + 1];
static struct drbg d;
static volatile unsigned sink;

static __attribute__((noinline)) void leak_by_branch(void)
{
	/* Not to be made branchless. */
	if (d.key[0] & 1)
		__asm__ volatile("" ::: "memory");
	else
		sink++;
}

static __attribute__((noinline)) void leak_by_index(void)
{
	static volatile const uint8_t table[256] = { 1 };

	sink += table[d.key[0]];
}

static void reseed_and_generate(void)
{
	static const size_t len_bytes[] = { 1, 32, DRBG_BUFFER_BYTES - 1,
					    DRBG_BUFFER_BYTES, sizeof out };
	uint8_t seed[DRBG_SEED_BYTES] = { 1 };

	for (size_t i = 0; i < sizeof len_bytes / sizeof *len_bytes; i++) {
		VALGRIND_MAKE_MEM_UNDEFINED(seed, sizeof seed);
		drbg_reseed(&d, seed, i & 1 ? SEED_FRESH : SEED_CREDITED);
		if (drbg_generate(&d, out, len_bytes[i]) < 0)
			sink++;
	}
}

/* Begins as with a key that came from nowhere valgrind knows. */
static unsigned errors_of(void (*run)(void), const struct chacha20_variant *v)
{
	static const uint8_t seed[DRBG_SEED_BYTES];
	unsigned before = VALGRIND_COUNT_ERRORS;

	drbg_init(&d, v);
	drbg_reseed(&d, seed, SEED_CREDITED);
	VALGRIND_MAKE_MEM_UNDEFINED(d.key, sizeof d.key);
	VALGRIND_MAKE_MEM_UNDEFINED(d.buffer, sizeof d.buffer);
	run();
	return VALGRIND_COUNT_ERRORS - before;
}

int main(void)
{
	const struct chacha20_variant *v;
	int r = 0;

	if (!RUNNING_ON_VALGRIND) {
		(void)fprintf(stderr, "run this under valgrind\n");
		return 2;
	}
	(void)printf("the two reports that follow are of the controls\n");
	(void)fflush(stdout);
	if (errors_of(leak_by_branch, NULL) == 0 ||
	    errors_of(leak_by_index, NULL) == 0) {
		(void)printf("a leak was not seen\n");
		return 1;
	}
	for (size_t i = 0; (v = chacha20_variant_at(i)) != NULL; i++) {
		unsigned count;
		uint8_t undefined_bits = 0;

		if (!v->usable()) {
			(void)printf("%s: not on valgrind's CPU\n", v->name);
			continue;
		}
		count = errors_of(reseed_and_generate, v);
		(void)printf("%s: %u places depend on a secret\n", v->name,
			     count);
		if (count > 0)
			r = 1;
		/* The secrets were secret to the end, and reached the end. */
		if (VALGRIND_GET_VBITS(out, &undefined_bits, 1) != 1 ||
		    undefined_bits == 0) {
			(void)printf("the output is no secret\n");
			r = 1;
		}
	}
	return r;
}
