/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "plain_compare.h"
#include "specimen_data.h"

enum shape {
	RANDOM,
	ZEROS,
	ONES,
	ALTERNATING,
	BIASED,
	STICKY,
	LATE_ONE,
	SHAPES
};

static void fill(uint8_t *e, size_t n, enum shape shape, uint64_t *s)
{
	unsigned last = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = specimen_next(s);

		switch (shape) {
		case ZEROS:
			last = 0;
			break;
		case ONES:
			last = 1;
			break;
		case ALTERNATING:
			last = i & 1;
			break;
		case BIASED:
			last = z % 8 < 3;
			break;
		case STICKY:
			last ^= z % 8 == 0;
			break;
		case LATE_ONE:
			last = i + 1 == n;
			break;
		case RANDOM:
		default:
			last = z & 1;
		}
		e[i] = (uint8_t)last;
	}
}

/* Too short for what the parameters ask: the plain version cannot go on. */
static bool too_short(const struct sp80022_test *t, size_t n,
		      const struct sp80022_params *p)
{
	size_t least = t == &sp80022_block_frequency ? p->block_frequency_bits :
		       t == &sp80022_longest_run     ? 8 :
		       t == &sp80022_rank ? p->rank_order * p->rank_order :
		       t == &sp80022_dft  ? 2 :
		       t == &sp80022_non_overlapping ?
					   p->non_overlapping_blocks * 2 *
						   p->non_overlapping_bits :
		       t == &sp80022_overlapping ?
					   p->overlapping_block_bits :
		       t == &sp80022_universal ?
					   p->universal_bits *
						   (p->universal_first_blocks +
						    1) :
		       t == &sp80022_linear_complexity ?
					   p->linear_complexity_bits :
					   1;

	return n < least;
}

static void one_stream(const uint8_t *e, size_t n,
		       const struct sp80022_params *p, uint32_t x)
{
	for (size_t i = 0; i < ARRAY_LEN(plain_tests); i++) {
		if (too_short(plain_tests[i].fast, n, p))
			continue;
		if (!plain_agrees(&plain_tests[i], e, n, p))
			fail_msg("%s: n %zu, parameters %u",
				 plain_tests[i].fast->name, n, x);
	}
}

static void short_streams_agree(void **state)
{
	uint8_t e[PLAIN_BITS_MAX];
	uint64_t s = 7;

	(void)state;
	for (size_t n = 1; n <= 330; n++)
		for (enum shape shape = RANDOM; shape < SHAPES; shape++) {
			uint32_t x = (uint32_t)(specimen_next(&s) >> 40);
			struct sp80022_params p = plain_params(x);

			fill(e, n, shape, &s);
			one_stream(e, n, &p, x);
		}
}

static void longer_streams_agree(void **state)
{
	static const size_t around[] = { 511,  512,  513,  575,  576, 577,
					 1023, 1024, 1025, 2047, 2048 };
	uint8_t e[PLAIN_BITS_MAX];
	uint64_t s = 8;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(around); i++)
		for (enum shape shape = RANDOM; shape < SHAPES; shape++) {
			uint32_t x = (uint32_t)(specimen_next(&s) >> 40);
			struct sp80022_params p = plain_params(x);

			fill(e, around[i], shape, &s);
			one_stream(e, around[i], &p, x);
		}
}

/* What a short stream does not reach: the defaults, and blocks by the score. */
static void full_streams_agree(void **state)
{
	static const struct sp80022_test *const left_out[] = {
		&sp80022_dft,    /* n^2 steps */
		&sp80022_serial, /* the plain one has room for 11 bits */
		&sp80022_universal, &sp80022_overlapping, /* see below */
	};
	static const size_t lengths[] = { 6271, 6272, 250000, 749999, 750000 };
	uint8_t *e = malloc(1000000);
	uint64_t s = 9;

	(void)state;
	assert_non_null(e);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct sp80022_params p = sp80022_defaults;

		p.block_frequency_bits = 128;
		p.non_overlapping_bits = 4;
		p.excursions_least_cycles = 1;
		fill(e, lengths[i], RANDOM, &s);
		for (size_t k = 0; k < ARRAY_LEN(plain_tests); k++) {
			bool skip = false;

			for (size_t j = 0; j < ARRAY_LEN(left_out); j++)
				skip |= plain_tests[k].fast == left_out[j];
			if (!skip &&
			    !plain_agrees(&plain_tests[k], e, lengths[i], &p))
				fail_msg("%s: n %zu", plain_tests[k].fast->name,
					 lengths[i]);
		}
	}
	free(e);
}

/* Long distances are added one by one: a value that comes back late. */
static void universal_counts_long_distances(void **state)
{
	struct sp80022_params p = sp80022_defaults;
	size_t n = 40000;
	uint8_t *e = calloc(n, 1);
	uint64_t s = 10;

	(void)state;
	assert_non_null(e);
	p.universal_bits = 2;
	p.universal_first_blocks = 10;
	p.tables = SP80022_AS_PRINTED;
	fill(e, 1000, RANDOM, &s);
	fill(e + n - 1000, 1000, RANDOM, &s);
	for (size_t i = 0; i < ARRAY_LEN(plain_tests); i++)
		if (plain_tests[i].fast == &sp80022_universal)
			assert_true(plain_agrees(&plain_tests[i], e, n, &p));
	free(e);
}

/*
 * Pairs that make the second difference of 2.11 exactly 0 (00: 4, 01 and 10: 7,
 * 11: 10), where what rounding leaves of it would cost p seven digits.
 */
static void serial_differences_are_exact(void **state)
{
	static const uint8_t e[28] = { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1,
				       1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 };
	static struct sp80022_result r;
	struct sp80022_params p = { .serial_bits = 2 };
	uint64_t words[2];
	uint32_t work[4];
	struct bits b = { words, sizeof e };

	(void)state;
	bits_fill_unpacked(words, e, sizeof e);
	assert_int_equal(sp80022_serial.run(&b, &p, work, &r), 0);
	assert_true(r.p_values[1] == 1);
	assert_true(r.p_values[0] > 0 && r.p_values[0] < 1);
}

/* Each test's own refusal of parameters that leave it without a block. */
static void too_short_is_refused(void **state)
{
	static struct sp80022_result r;
	uint64_t words[2] = { 0 };
	struct bits b = { words, 1 };
	_Alignas(64) uint8_t work[1 << 20];
	struct sp80022_params p = sp80022_defaults;
	static const struct sp80022_test *const tests[] = {
		&sp80022_block_frequency,
		&sp80022_longest_run,
		&sp80022_rank,
		&sp80022_dft,
		&sp80022_non_overlapping,
		&sp80022_overlapping,
		&sp80022_universal,
		&sp80022_linear_complexity,
	};

	(void)state;
	r.p_count = 77;
	for (size_t i = 0; i < ARRAY_LEN(tests); i++)
		assert_int_equal(tests[i]->run(&b, &p, work, &r), -EINVAL);
	p = (struct sp80022_params){ .rank_order = 65 };
	b.n_bits = 64;
	for (size_t i = 0; i < SP80022_TESTS; i++)
		if (sp80022_tests[i] == &sp80022_block_frequency ||
		    sp80022_tests[i] == &sp80022_rank ||
		    sp80022_tests[i] == &sp80022_non_overlapping ||
		    sp80022_tests[i] == &sp80022_overlapping ||
		    sp80022_tests[i] == &sp80022_approximate_entropy ||
		    sp80022_tests[i] == &sp80022_serial ||
		    sp80022_tests[i] == &sp80022_linear_complexity)
			assert_int_equal(sp80022_tests[i]->run(&b, &p, work, &r),
					 -EINVAL);
	assert_int_equal(r.p_count, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_streams_agree),
		cmocka_unit_test(longer_streams_agree),
		cmocka_unit_test(full_streams_agree),
		cmocka_unit_test(universal_counts_long_distances),
		cmocka_unit_test(serial_differences_are_exact),
		cmocka_unit_test(too_short_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
