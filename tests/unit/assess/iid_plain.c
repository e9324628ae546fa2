/* SPDX-License-Identifier: ISC */
/* Every statistic against the plain version, on many short sequences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assess/sp80090b/iid_block.h"
#include "assess/sp80090b/iid_statistics.h"
#include "assess/sp80090b/iid_tests.h"
#include "plain_iid.h"
#include "specimen_data.h"

#define LENGTH_MAX 3000

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
	struct samples v = { s, n, width };
	struct sample_alphabet a;
	static struct iid_series q;
	struct iid_scratch w;
	double fast[IID_STATISTICS], plain[IID_STATISTICS];
	uint8_t mapped[LENGTH_MAX];
	uint64_t repeat;

	assert_int_equal(samples_alphabet(&v, &a, NULL), 0);
	if (a.count < 2)
		return;
	iid_series_init(&q, &v, &a);
	assert_int_equal(iid_scratch_init(&w, &q), 0);
	assert_int_equal(plain_map(s, n, mapped), a.count);
	assert_int_equal(iid_statistics(&q, a.count == 2 ? mapped : s, IID_ALL,
					&w, fast),
			 0);
	plain_statistics(s, n, plain);
	for (unsigned k = 0; k < IID_STATISTICS; k++)
		assert_true(fabs(fast[k] - plain[k]) <= 1e-12 * fabs(plain[k]));
	/* One at a time they are the same. */
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		double one[IID_STATISTICS];

		assert_int_equal(iid_statistics(&q, a.count == 2 ? mapped : s,
						1u << k, &w, one),
				 0);
		assert_true(one[k] >= fast[k] && one[k] <= fast[k]);
	}
	assert_int_equal(iid_repeat_length(&v, &a, &repeat), 0);
	assert_int_equal(repeat, plain_repeat(s, n));
	iid_scratch_free(&w);
}

static void all_agree_on_every_width_and_kind(void **state)
{
	uint8_t s[LENGTH_MAX];
	uint64_t seed = 80;

	(void)state;
	for (unsigned width = 1; width <= 8; width++) {
		for (unsigned kind = 0; kind < KINDS; kind++) {
			for (unsigned round = 0; round < 4; round++) {
				size_t n = 2 + specimen_next(&seed) %
						       (round == 0 ? 80 : 800);

				make(kind, specimen_next(&seed), width, s, n);
				agree(s, n, width);
			}
		}
	}
}

static void all_agree_on_the_shortest(void **state)
{
	uint8_t s[130];

	(void)state;
	for (size_t n = 2; n <= 130; n++) {
		make(KIND_UNIFORM, n, 1, s, n);
		agree(s, n, 1);
		make(KIND_UNIFORM, n, 3, s, n);
		agree(s, n, 3);
		make(KIND_UNIFORM, n, 8, s, n);
		agree(s, n, 8);
	}
}

static bool is_fast(const struct iid_text *t, const uint8_t *s,
		    struct iid_text_work *w)
{
	struct iid_block b = { .t = t, .values = s };
	uint64_t bits = 0;

	do {
		iid_block_end(&b);
		if (!iid_block_bits(&b, w, &bits))
			return false;
	} while (iid_block_next(&b));
	return true;
}

/* Returns whether libbz2 was not needed. */
static bool lengths_agree(const uint8_t *s, size_t n)
{
	static struct iid_text t;
	struct iid_text_work w;
	uint64_t count[SAMPLE_VALUES] = { 0 }, fast, slow;
	uint8_t same[SAMPLE_VALUES];
	bool without;

	for (size_t i = 0; i < n; i++)
		count[s[i]]++;
	for (unsigned v = 0; v < SAMPLE_VALUES; v++)
		same[v] = (uint8_t)v;
	iid_text_init(&t, count, same);
	assert_int_equal(iid_text_work_init(&w, n), 0);
	assert_int_equal(iid_text_bytes(&t, s, &w, &fast), 0);
	assert_int_equal(iid_text_bytes_plain(&t, s, &slow), 0);
	assert_int_equal(fast, slow);
	assert_int_equal(fast, (uint64_t)plain_compression(s, n));
	without = is_fast(&t, s, &w);
	iid_text_work_free(&w);
	return without;
}

/*
 * Blocks end at 499,981 letters or after the equal ones that follow, and the
 * last takes one letter more: texts of all lengths around one and two blocks.
 * 22, 33 and 111 make equal letters; short values make many joints.
 */
static void compressed_lengths_agree_at_the_ends_of_blocks(void **state)
{
	static uint8_t s[600000];
	uint64_t seed = 5;
	unsigned fast = 0, n_tests = 0;

	(void)state;
	for (unsigned round = 0; round < 24; round++) {
		uint64_t want = 499981 * (1 + round % 2) - 12 + round / 2;
		uint64_t letters = 0;
		unsigned kind = round % 4;
		size_t n = 0;

		while (letters < want) {
			uint64_t z = specimen_next(&seed);
			unsigned v = kind == 0 ? 111 * (1 + z % 2) :
				     kind == 1 ? 11 * (1 + z % 9) :
				     kind == 2 ? z >> 8 & 255 :
						 200 + z % 40;

			s[n++] = (uint8_t)v;
			letters += v < 10 ? 2 : v < 100 ? 3 : 4;
		}
		fast += lengths_agree(s, n);
		n_tests++;
	}
	/* A last block of a token or less is left to libbz2; no more is. */
	assert_true(fast >= n_tests / 2);
	assert_true(fast > 0);
}

static void long_repeats_are_left_to_libbz2(void **state)
{
	static uint8_t s[100000];

	(void)state;
	for (size_t i = 0; i < sizeof s; i++)
		s[i] = (uint8_t)(i % 251);
	assert_false(lengths_agree(s, sizeof s));
	specimen_fill(SPECIMEN_UNIFORM8, 3, s, sizeof s);
	assert_true(lengths_agree(s, sizeof s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_agree_on_every_width_and_kind),
		cmocka_unit_test(all_agree_on_the_shortest),
		cmocka_unit_test(compressed_lengths_agree_at_the_ends_of_blocks),
		cmocka_unit_test(long_repeats_are_left_to_libbz2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
