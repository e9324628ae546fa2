/* SPDX-License-Identifier: ISC */
/*
 * drbg_generate, 1 MiB a call, on each variant, beside OpenSSL's and
 * libsodium's ChaCha20; and 32 bytes a call beside getrandom(2). All take turns
 * in one run, so that what else the machine does falls on each alike; printed
 * are medians, minima and the ratios of both.
 *
 * On a CPU with AVX-512 it runs a second time with OpenSSL held to AVX2, as
 * that is what the avx2 variant is to be compared with.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#if HAVE_LIBCRYPTO
#include <openssl/evp.h>
#endif

#include "base/bytes.h"
#include "drbg/drbg.h"

#define LONG_BYTES ((size_t)1 << 20)
#define SHORT_BYTES ((size_t)32)
#define SHORT_CALLS 2000
#define TURNS 501
#define CONTENDERS_MAX 8
/* OPENSSL_ia32cap(3): CPUID 7 EBX without AVX512F, DQ, IFMA, BW and VL. */
#define ONLY_AVX2 ":~0xd0230000"

static uint8_t out[LONG_BYTES];
static const uint8_t key[32] = { 1 };

struct contender {
	const char *name;
	void (*run)(struct contender *c);
	struct drbg d;
	void *cipher;
	uint64_t ns[TURNS];
};

static struct contender contenders[CONTENDERS_MAX];
static size_t n_contenders;

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void require(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "bench-drbg: %s failed\n", what);
	exit(3);
}

static void drbg_long(struct contender *c)
{
	require(drbg_generate(&c->d, out, LONG_BYTES) == 0, "drbg_generate");
}

static void drbg_short(struct contender *c)
{
	for (int i = 0; i < SHORT_CALLS; i++)
		require(drbg_generate(&c->d, out, SHORT_BYTES) == 0,
			"drbg_generate");
}

static void sodium_long(struct contender *c)
{
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];

	(void)c;
	require(crypto_stream_chacha20(out, LONG_BYTES, nonce, key) == 0,
		"crypto_stream_chacha20");
}

static void getrandom_short(struct contender *c)
{
	(void)c;
	for (int i = 0; i < SHORT_CALLS; i++)
		require(getrandom(out, SHORT_BYTES, 0) == (ssize_t)SHORT_BYTES,
			"getrandom");
}

/* In place, so that OpenSSL is spared the zeros that keystream takes. */
#if HAVE_LIBCRYPTO
static void openssl_long(struct contender *c)
{
	int n;

	require(EVP_EncryptUpdate(c->cipher, out, &n, out, LONG_BYTES) == 1,
		"EVP_EncryptUpdate");
}

static void *openssl_new(void)
{
	static const uint8_t iv[16];
	EVP_CIPHER_CTX *e = EVP_CIPHER_CTX_new();

	require(e && EVP_EncryptInit_ex(e, EVP_chacha20(), NULL, key, iv) == 1,
		"EVP_EncryptInit_ex");
	return e;
}

static void openssl_free(void *cipher)
{
	EVP_CIPHER_CTX_free(cipher);
}
#endif

static struct contender *enter(const char *name,
			       void (*run)(struct contender *c))
{
	struct contender *c = &contenders[n_contenders++];

	require(n_contenders <= CONTENDERS_MAX, "CONTENDERS_MAX");
	c->name = name;
	c->run = run;
	return c;
}

static void enter_variants(void (*run)(struct contender *c), bool only_avx2)
{
	const struct chacha20_variant *v;

	for (size_t i = 0; (v = chacha20_variant_at(i)) != NULL; i++) {
		struct contender *c;

		if (!v->usable() || (only_avx2 && !strcmp(v->name, "avx512")))
			continue;
		c = enter(v->name, run);
		drbg_init(&c->d, v);
		drbg_reseed(&c->d, key, SEED_CREDITED);
	}
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The first n_others were entered first: ours are compared with each. */
static void race(size_t n_others, const char *unit, double per_turn,
		 bool is_rate)
{
	for (size_t turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < n_contenders; i++) {
			uint64_t t = now_ns();

			contenders[i].run(&contenders[i]);
			contenders[i].ns[turn] = now_ns() - t;
		}
	for (size_t i = 0; i < n_contenders; i++) {
		struct contender *c = &contenders[i];
		double median, least;

		qsort(c->ns, TURNS, sizeof *c->ns, by_size);
		median = (double)c->ns[TURNS / 2];
		least = (double)c->ns[0];
		(void)printf("  %-10s median %8.2f  best %8.2f %s", c->name,
			     is_rate ? per_turn / median : median / per_turn,
			     is_rate ? per_turn / least : least / per_turn,
			     unit);
		for (size_t o = 0; o < n_others && i >= n_others; o++)
			(void)printf("   %.2fx (%.2fx) %s",
				     (double)contenders[o].ns[TURNS / 2] / median,
				     (double)contenders[o].ns[0] / least,
				     contenders[o].name);
		(void)printf("\n");
	}
	for (size_t i = 0; i < n_contenders; i++)
		drbg_wipe(&contenders[i].d);
	n_contenders = 0;
}

static void long_requests(bool only_avx2)
{
	size_t n_others;

#if HAVE_LIBCRYPTO
	enter("openssl", openssl_long)->cipher = openssl_new();
#endif
	(void)enter("libsodium", sodium_long);
	n_others = n_contenders;
	enter_variants(drbg_long, only_avx2);
	(void)printf("1 MiB a call%s; ratio of medians (of bests)\n",
		     only_avx2 ? ", OpenSSL held to AVX2" : "");
	race(n_others, "GB/s", (double)LONG_BYTES, true);
#if HAVE_LIBCRYPTO
	openssl_free(contenders[0].cipher);
#endif
}

static void short_requests(void)
{
	(void)enter("getrandom", getrandom_short);
	enter_variants(drbg_short, false);
	(void)printf("32 bytes a call\n");
	race(1, "ns", SHORT_CALLS, false);
}

int main(int argc, char **argv)
{
	bool only_avx2 = argc > 1 && !strcmp(argv[1], "--only-avx2");

	require(sodium_init() >= 0, "sodium_init");
	long_requests(only_avx2);
	if (only_avx2)
		return 0;
	short_requests();
	if (HAVE_LIBCRYPTO && !strcmp(chacha20_best()->name, "avx512")) {
		/* OpenSSL looks at the CPU when it is loaded: a new start. */
		(void)fflush(stdout);
		require(setenv("OPENSSL_ia32cap", ONLY_AVX2, 1) == 0, "setenv");
		(void)execl("/proc/self/exe", argv[0], "--only-avx2",
			    (char *)NULL);
		require(false, "execl");
	}
	return 0;
}
