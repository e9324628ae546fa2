/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "assess/specimens/generators.h"
#include "base/bytes.h"

/* OEIS A096555: the states of RANDU from 1 on. */
static void randu_as_it_was(void **state)
{
	static const uint32_t states[] = {
		1,          65539,      393225,     1769499,    7077969,
		26542323,   95552217,   334432395,  1146624417, 1722371299,
		14608041,   1766175739, 1875647473, 1800754131, 366148473,
		1022489195, 692115265,
	};
	uint32_t x = states[0];

	(void)state;
	for (size_t i = 1; i < ARRAY_LEN(states); i++) {
		x = randu_next(x);
		assert_int_equal(x, states[i]);
	}
}

/* Marsaglia: x[k+2] - 6 x[k+1] + 9 x[k] is a multiple of 2^31. */
static void randu_lies_in_planes(void **state)
{
	uint32_t a = 12345, b = randu_next(a);

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		uint32_t c = randu_next(b);

		assert_int_equal((c - 6 * b + 9 * a) & 0x7fffffff, 0);
		a = b;
		b = c;
	}
}

/* What srand(1) gives with the example of ISO C, as often printed. */
static void rand_as_iso_c_has_it(void **state)
{
	static const uint32_t values[] = { 16838, 5758,  10113, 17515, 31051,
					   5627,  23010, 7419,  16212, 4086 };
	uint32_t s = 1;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_int_equal(ansi_rand(&s), values[i]);
}

/* Squares by hand: 675248^2 = 455|959861|504; 1234^2 = 01|5227|56. */
static void the_middle_of_squares(void **state)
{
	(void)state;
	assert_int_equal(middle_square_next(675248, 6), 959861);
	assert_int_equal(middle_square_next(959861, 6), 333139);
	assert_int_equal(middle_square_next(1234, 4), 5227);
	assert_int_equal(middle_square_next(5227, 4), 3215);
	/* The two ends: a cycle of one, and the largest square. */
	assert_int_equal(middle_square_next(0, 8), 0);
	assert_int_equal(middle_square_next(99999999, 8), 99980000);
}

/*
 * 2^32 - 1 = 3 * 5 * 17 * 257 * 65537: that many steps lead back, and that many
 * divided by any one of these primes do not.
 */
struct map {
	uint32_t column[32];
};

static uint32_t apply(const struct map *m, uint32_t x)
{
	uint32_t y = 0;

	for (unsigned i = 0; i < 32; i++)
		y ^= (x >> i & 1) != 0 ? m->column[i] : 0;
	return y;
}

static struct map power(const struct map *base, uint32_t exponent)
{
	struct map result, square = *base, next;

	for (unsigned i = 0; i < 32; i++)
		result.column[i] = UINT32_C(1) << i;
	for (; exponent != 0; exponent >>= 1) {
		if ((exponent & 1) != 0) {
			for (unsigned i = 0; i < 32; i++)
				next.column[i] = apply(&square,
						       result.column[i]);
			result = next;
		}
		for (unsigned i = 0; i < 32; i++)
			next.column[i] = apply(&square, square.column[i]);
		square = next;
	}
	return result;
}

static void the_register_has_its_full_period(void **state)
{
	static const uint32_t primes[] = { 3, 5, 17, 257, 65537 };
	struct map step, m;
	uint32_t x = 0xdeadbeef;

	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		step.column[i] = UINT32_C(1) << i;
		(void)lfsr_next(&step.column[i]);
	}
	m = power(&step, UINT32_MAX);
	assert_int_equal(apply(&m, x), x);
	for (size_t i = 0; i < ARRAY_LEN(primes); i++) {
		m = power(&step, UINT32_MAX / primes[i]);
		assert_int_not_equal(apply(&m, x), x);
	}
}

/* RFC 6229, section 2: keys of 40 and 128 bits, offsets 0, 16 and 4096. */
static void arc4_as_rfc_6229_has_it(void **state)
{
	static const struct {
		size_t key_bytes, offset;
		const char *stream;
	} vectors[] = {
		{ 5, 0, "b2396305f03dc027ccc3524a0a1118a8" },
		{ 5, 16, "6982944f18fc82d589c403a47a0d0919" },
		{ 5, 4096, "ff25b58995996707e51fbdf08b34d875" },
		{ 16, 0, "9ac7cc9a609d1ef7b2932899cde41b97" },
		{ 16, 16, "5248c4959014126a6e8a84f11d1a9e1c" },
		{ 16, 4096, "a36a4c301ae8ac13610ccbc12256cacc" },
	};
	uint8_t key[16], expected[16];

	(void)state;
	for (unsigned i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(i + 1);
	for (size_t v = 0; v < ARRAY_LEN(vectors); v++) {
		struct arc4 a;

		assert_int_equal(hex_decode(vectors[v].stream, expected,
					    sizeof expected),
				 sizeof expected);
		arc4_begin(&a, key, vectors[v].key_bytes);
		for (size_t i = 0; i < vectors[v].offset; i++)
			(void)arc4_next(&a);
		for (size_t i = 0; i < sizeof expected; i++)
			assert_int_equal(arc4_next(&a), expected[i]);
	}
}

/* The vectors that Bouncy Castle and others are tested with. */
static void xtea_as_others_have_it(void **state)
{
	static const uint32_t zero[4];
	static const uint32_t key[4] = { 0x01234567, 0x12345678, 0x23456789,
					 0x3456789a };
	const uint64_t block = UINT64_C(0x0102030405060708);

	(void)state;
	assert_true(xtea_encrypt(zero, 0) == UINT64_C(0xdee9d4d8f7131ed9));
	assert_true(xtea_encrypt(zero, block) == UINT64_C(0x065c1b8975c6a816));
	assert_true(xtea_encrypt(key, 0) == UINT64_C(0x1ff9a0261ac64264));
	assert_true(xtea_encrypt(key, block) == UINT64_C(0x8c67155b2ef91ead));
}

/* Computed apart from this program, by a few lines of Python each. */
static void the_first_values_stay(void **state)
{
	static const struct {
		const char *name, *first;
	} known[] = {
		{ "all-ones", "ffffffffffffffff" },
		{ "counter", "0102030405060708" },
		{ "biased", "0101010101000101" },
		{ "sticky", "0000000000020202" },
		{ "randu", "effb77f695d5c417" },
		{ "middle-square", "c3c85cef24e1c270" },
		{ "lfsr", "833a4091e34db2cb" },
		{ "truncated-lcg", "8ac20a17b1ccc0d4" },
		{ "arc4", "38f1ea45842a40a6" },
		{ "encrypted-counter", "33d766aa49c0383d" },
		{ "good", "c1675e0bb980a575" },
	};
	uint8_t expected[8], got[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		const struct specimen *s = specimen_find(known[i].name);

		assert_non_null(s);
		assert_int_equal(hex_decode(known[i].first, expected, 8), 8);
		s->generate(1, got, sizeof got);
		assert_memory_equal(got, expected, 8);
		assert_ptr_equal(s, specimen_at(i));
	}
	assert_null(specimen_at(ARRAY_LEN(known)));
	assert_null(specimen_find("dilbert"));
}

static void a_longer_run_begins_as_a_shorter_one(void **state)
{
	static uint8_t few[1000], many[3000], other[1000];
	const struct specimen *s;

	(void)state;
	for (size_t i = 0; (s = specimen_at(i)) != NULL; i++) {
		s->generate(7, few, sizeof few);
		s->generate(7, many, sizeof many);
		s->generate(8, other, sizeof other);
		assert_memory_equal(few, many, sizeof few);
		/* All but all-ones depend on the seed. */
		assert_int_equal(memcmp(few, other, sizeof few) == 0,
				 strcmp(s->name, "all-ones") == 0);
		for (size_t k = 0; k < sizeof many; k++)
			assert_int_equal(many[k] >> s->bits, 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(randu_as_it_was),
		cmocka_unit_test(randu_lies_in_planes),
		cmocka_unit_test(rand_as_iso_c_has_it),
		cmocka_unit_test(the_middle_of_squares),
		cmocka_unit_test(the_register_has_its_full_period),
		cmocka_unit_test(arc4_as_rfc_6229_has_it),
		cmocka_unit_test(xtea_as_others_have_it),
		cmocka_unit_test(the_first_values_stay),
		cmocka_unit_test(a_longer_run_begins_as_a_shorter_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
