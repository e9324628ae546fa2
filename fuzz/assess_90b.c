/* SPDX-License-Identifier: ISC */
/*
 * The estimators of SP 800-90B against the plain versions of the tests. Input:
 * a byte of width and of what to make of the rest; then symbols, as they are
 * or repeated, because repeats are where the two could part. The first of them
 * is also the size of the tables of MultiMMC and LZ78Y, once more.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/unit/assess/plain_sp80090b_all.h"
#include "assess/sp80090b/mmc.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bits in all: the plain counting of tuples grows with the cube. */
#define BITS_MAX 200

struct sequence {
	unsigned width;
	size_t n;
	uint8_t symbols[BITS_MAX], mapped[BITS_MAX], bits[BITS_MAX];
};

static void make(struct sequence *s, const uint8_t *data, size_t size)
{
	unsigned how = data[0] >> 3 & 3, times = 1 + (data[0] >> 5);
	size_t limit;

	s->width = 1 + (data[0] & 7);
	limit = BITS_MAX / s->width;
	data++;
	size--;
	s->n = how == 0 ? size : size * times;
	s->n = s->n < limit ? s->n : limit;
	for (size_t i = 0; i < s->n; i++) {
		/* As it is, each several times, all of it several times. */
		size_t from = how == 1 ? i / times : i % size;

		s->symbols[i] = data[from] & (uint8_t)((1u << s->width) - 1);
	}
}

static void assert_guesses(const struct sp80090b_guesses *a,
			   const struct plain_guesses *b)
{
	assert(a->n == b->n && a->correct == b->correct);
	assert(a->longest == b->longest);
}

/* Tables that run full. */
static void compare_small(const struct sequence *s, uint32_t size)
{
	struct sp80090b_data d = { .symbols = s->symbols,
				   .n = s->n,
				   .alphabet = 1u << s->width };
	struct plain_guesses plain;
	struct sp80090b_guesses g;

	if (s->n >= 3) {
		plain = plain_multi_mmc(s->symbols, s->n, MMC_ORDERS, size);
		assert(sp80090b_guess_mmc(&d, size, &g) == 0);
		assert_guesses(&g, &plain);
	}
	if (s->n >= LZ78Y_LENGTH_MIN) {
		plain = plain_lz78y(s->symbols, s->n, LZ78Y_ORDERS, size);
		assert(sp80090b_guess_lz78y(&d, size, &g) == 0);
		assert_guesses(&g, &plain);
	}
}

static void compare(struct sequence *s)
{
	struct samples v = { s->symbols, s->n, s->width };
	double plain[SP80090B_COUNT];
	struct sp80090b_result r;
	unsigned k;

	assert(sp80090b_run(&v, NULL, &r) == 0);
	k = plain_map_down(s->symbols, s->n, s->mapped);
	assert(r.alphabet == k);
	assert(r.h_assessed >= 0 && r.h_assessed <= s->width);
	if (k < 2)
		return;
	plain_estimates(s->mapped, s->n, k, plain);
	assert(plain_differs(r.original, plain, s->n) == SP80090B_COUNT);
	assert(r.has_bitstring == (k > 2));
	if (k == 2)
		return;
	plain_bits(s->symbols, s->n, s->width, s->bits);
	plain_estimates(s->bits, s->n * s->width, 2, plain);
	assert(plain_differs(r.bitstring, plain, s->n * s->width) ==
	       SP80090B_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sequence *s;

	if (size < 3)
		return 0;
	s = calloc(1, sizeof *s);
	assert(s != NULL);
	make(s, data, size);
	compare(s);
	compare_small(s, data[1] + UINT32_C(1));
	free(s);
	return 0;
}
