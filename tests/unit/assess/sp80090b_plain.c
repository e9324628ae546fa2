/* SPDX-License-Identifier: ISC */
/* Every estimator against the plain version, on many short sequences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plain_sp80090b_all.h"
#include "specimen_data.h"

#define LENGTH_MAX 6400

/* Kinds of data; each has to work at every width. */
enum kind {
	KIND_UNIFORM,
	KIND_SKEWED,
	KIND_STICKY,
	KIND_PERIODIC,
	KIND_COPY, /* the second half is the first */
	KIND_NEARLY_CONSTANT,
	KIND_TWO_VALUES,
	KIND_COUNTS /* distinct while the width allows */
};
#define KINDS (KIND_COUNTS + 1)

static uint8_t make_symbol(enum kind kind, uint64_t z, size_t i,
			   const uint8_t *s, size_t n)
{
	switch (kind) {
	case KIND_SKEWED:
		return (uint8_t)((z >> 8) & (z >> 16) & (z >> 24));
	case KIND_STICKY:
		return i > 0 && z % 8 != 0 ? s[i - 1] : (uint8_t)(z >> 8);
	case KIND_PERIODIC:
		return z % 64 == 0 ? (uint8_t)(z >> 8) : (uint8_t)(i % 7);
	case KIND_COPY:
		return i >= n / 2 ? s[i - n / 2] : (uint8_t)(z >> 8);
	case KIND_NEARLY_CONSTANT:
		return z % 200 == 0;
	case KIND_TWO_VALUES:
		return z % 3 == 0 ? 255 : 2;
	case KIND_COUNTS:
		return (uint8_t)i;
	case KIND_UNIFORM:
		break;
	}
	return (uint8_t)(z >> 8);
}

static void make(enum kind kind, uint64_t seed, unsigned width, uint8_t *s,
		 size_t n)
{
	for (size_t i = 0; i < n; i++)
		s[i] = make_symbol(kind, specimen_next(&seed), i, s, n) &
		       (uint8_t)((1u << width) - 1);
}

static void agree(const uint8_t *s, size_t n, unsigned width)
{
	static uint8_t mapped[LENGTH_MAX], bits[8 * LENGTH_MAX];
	struct samples v = { s, n, width };
	struct sp80090b_result r;
	double plain[SP80090B_COUNT];
	unsigned k = plain_map_down(s, n, mapped);

	assert_int_equal(sp80090b_run(&v, NULL, &r), 0);
	assert_int_equal(r.alphabet, k);
	if (k < 2)
		return;
	plain_estimates(mapped, n, k, plain);
	assert_int_equal(plain_differs(r.original, plain, n), SP80090B_COUNT);
	assert_int_equal(r.has_bitstring, k > 2);
	if (k == 2)
		return;
	plain_bits(s, n, width, bits);
	plain_estimates(bits, n * width, 2, plain);
	assert_int_equal(plain_differs(r.bitstring, plain, n * width),
			 SP80090B_COUNT);
}

static void short_sequences_agree(void **state)
{
	uint8_t s[LENGTH_MAX];
	uint64_t seed = 1;

	(void)state;
	for (unsigned width = 1; width <= 8; width++) {
		for (unsigned kind = 0; kind < KINDS; kind++) {
			for (unsigned round = 0; round < 2; round++) {
				size_t n = 2 +
					   specimen_next(&seed) % (180 / width);

				make((enum kind)kind, seed, width, s, n);
				agree(s, n, width);
			}
		}
	}
}

/* Around the lengths where an estimator begins, and the windows' ends. */
static void lengths_agree(void **state)
{
	uint8_t s[LENGTH_MAX];

	(void)state;
	for (size_t n = 2; n < 133; n++) {
		make(KIND_SKEWED, n, 1, s, n);
		agree(s, n, 1);
		if (n < 40) {
			make(KIND_SKEWED, n, 3, s, n);
			agree(s, n, 3);
		}
	}
}

/* MultiMCW needs 4096, the compression estimate 6012. */
static void long_sequences_agree(void **state)
{
	static const size_t lengths[] = { 500, 4095, 4096, 6011, 6012 };
	uint8_t s[LENGTH_MAX];

	(void)state;
	for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
		make(KIND_UNIFORM, k, 1, s, lengths[k]);
		agree(s, lengths[k], 1);
		make(KIND_SKEWED, k, 1, s, lengths[k]);
		agree(s, lengths[k], 1);
	}
	for (unsigned kind = 0; kind < KINDS; kind++) {
		unsigned width = 2 + kind % 3;

		make((enum kind)kind, kind, width, s, 300);
		agree(s, 300, width);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_sequences_agree),
		cmocka_unit_test(lengths_agree),
		cmocka_unit_test(long_sequences_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
