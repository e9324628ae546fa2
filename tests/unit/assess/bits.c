/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/bits.h"
#include "specimen_data.h"

#define BITS_MAX 300

static void each_bit_is_where_it_belongs(void **state)
{
	uint8_t bytes[BITS_MAX / 8 + 1], unpacked[BITS_MAX];

	(void)state;
	specimen_fill(SPECIMEN_UNIFORM8, 1, bytes, sizeof bytes);
	for (size_t n = 0; n <= BITS_MAX; n++)
		for (unsigned lsb = 0; lsb < 2; lsb++) {
			uint64_t words[BITS_MAX / 64 + 2], again[8];
			struct bits b = { words, n };
			size_t ones = 0;

			memset(words, 0xff, sizeof words);
			memset(again, 0xff, sizeof again);
			bits_fill(words, bytes, n,
				  lsb ? BITS_LSB_FIRST : BITS_MSB_FIRST);
			for (size_t i = 0; i < n; i++) {
				unsigned at = lsb ? i % 8 : 7 - i % 8;

				unpacked[i] = bytes[i / 8] >> at & 1;
				assert_int_equal(bits_get(&b, i), unpacked[i]);
				ones += unpacked[i];
			}
			assert_int_equal(bits_ones(&b, 0, n), ones);
			for (size_t i = n; i < 64 * bits_words(n); i++)
				assert_int_equal(bits_get(&b, i), 0);
			bits_fill_unpacked(again, unpacked, n);
			assert_memory_equal(words, again, 8 * bits_words(n));
		}
}

/* Exactly the memory that was asked for: ASan sees a step beyond. */
static void windows_stay_inside(void **state)
{
	uint8_t bytes[BITS_MAX / 8 + 1];

	(void)state;
	specimen_fill(SPECIMEN_UNIFORM8, 2, bytes, sizeof bytes);
	for (size_t n = 1; n <= BITS_MAX; n++) {
		uint64_t *words = malloc(8 * bits_words(n));
		struct bits b = { words, n };

		assert_non_null(words);
		bits_fill(words, bytes, n, BITS_MSB_FIRST);
		for (size_t i = 0; i < n; i++) {
			uint64_t want = 0;

			for (size_t k = 0; k < 64; k++)
				want = want << 1 |
				       (i + k < n ? bits_get(&b, i + k) : 0);
			assert_true(bits_window64(&b, i) == want);
			assert_true(bits_window(&b, i, 7) == want >> 57);
		}
		free(words);
	}
}

static void popcounts(void **state)
{
	uint64_t s = 3;

	(void)state;
	assert_int_equal(bits_popcount(0), 0);
	assert_int_equal(bits_popcount(~UINT64_C(0)), 64);
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t x = specimen_next(&s);

		x &= specimen_next(&s); /* fewer ones */
		assert_int_equal(bits_popcount(x), __builtin_popcountll(x));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_bit_is_where_it_belongs),
		cmocka_unit_test(windows_stay_inside),
		cmocka_unit_test(popcounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
