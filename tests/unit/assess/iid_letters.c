/* SPDX-License-Identifier: ISC */
/* What the vectors do against the plain versions, on letters of all kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "assess/sp80090b/iid_choose.h"
#include "base/bytes.h"
#include "specimen_data.h"

#define N 9000

/* n letters of k kinds; each is the one before with `stay` of 256. */
static unsigned make(uint64_t *seed, unsigned k, unsigned stay, uint8_t *ret,
		     unsigned n)
{
	uint8_t of[IID_LETTERS];
	unsigned in_use = 0, found = 0;

	while (found < k) {
		unsigned l = specimen_next(seed) % IID_LETTERS;

		if ((in_use >> l & 1) == 0)
			of[found++] = (uint8_t)l;
		in_use |= 1u << l;
	}
	for (unsigned i = 0; i < n; i++) {
		uint64_t z = specimen_next(seed);

		ret[i] = i > 0 && z % 256 < stay ? ret[i - 1] : of[z / 256 % k];
	}
	return in_use;
}

static void symbols_are_the_plain_ones(void **state)
{
	/* A clock of 96, vectors of 32, and runs longer than those. */
	static const unsigned lengths[] = { 1,  2,  31, 32,  33,  63,   64, 65,
					    95, 96, 97, 192, 193, 1000, N };
	static const unsigned stays[] = { 0, 128, 240, 255, 256 };
	static uint8_t letter[N + IID_PAST_END], copy[N];
	static uint8_t fast[N + IID_PAST_END], plain[N + IID_PAST_END];
	uint64_t seed = 4;

	(void)state;
	for (unsigned l = 0; l < ARRAY_LEN(lengths); l++) {
		unsigned n = lengths[l];

		for (unsigned round = 0; round < 11 * 5 * 4; round++) {
			unsigned k = 1 + round % 11, stay = stays[round % 5];
			unsigned in_use = make(&seed, k, stay, letter, n), m;

			memcpy(copy, letter, n);
			m = iid_letters_front(letter, n, in_use, fast);
			assert_int_equal(m, iid_letters_front_plain(
						    copy, n, in_use, plain));
			assert_memory_equal(fast, plain, m);
		}
	}
}

/* Worked by hand: a, b, b, b, a, a, c of a, b, c. */
static void a_short_word_is_as_worked_by_hand(void **state)
{
	uint8_t letter[7 + IID_PAST_END] = { 1, 2, 2, 2, 1, 1, 3 };
	uint8_t ret[7 + IID_PAST_END];
	/* Places 0 1 0 0 1 0 2: two zeros are one digit of 2. */
	static const uint8_t want[6] = { 0, 2, 1, 2, 0, 3 };

	(void)state;
	assert_int_equal(iid_letters_front(letter, 7, 0xE, ret), 6);
	assert_memory_equal(ret, want, 6);
}

static void fill_tables(uint64_t *seed, unsigned n, unsigned alphabet,
			struct iid_tables *t)
{
	memset(t, 0, sizeof *t);
	t->n = n;
	for (unsigned k = 0; k < n; k++) {
		for (unsigned s = 0; s < alphabet; s++)
			t->bits[k][s] = (uint8_t)(specimen_next(seed) % 21);
	}
	/* Two that are the same: the first of them counts. */
	if (specimen_next(seed) % 2 == 0)
		memcpy(t->bits[n - 1], t->bits[0], alphabet);
}

static void choices_are_the_plain_ones(void **state)
{
	static uint8_t letter[4 * IID_FIFTY * 1024 + IID_PAST_END];
	static uint8_t symbol[4 * IID_FIFTY * 1024 + IID_PAST_END];
	static iid_fifty fifty[4 * 1024 + 2];
	struct iid_letters l = { .symbol = symbol, .fifty = fifty };
	uint64_t seed = 6;

	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		unsigned n = 1 + specimen_next(&seed) %
					 (round < 50 ? 3000 : 4 * 50 * 1024);
		unsigned k = 1 + round % 11;
		unsigned in_use = make(&seed, k, 8 * round % 256, letter, n);
		uint32_t fast[IID_TABLES_MAX][IID_SYMBOLS];
		uint32_t plain[IID_TABLES_MAX][IID_SYMBOLS];
		struct iid_tables t;

		iid_letters_count(&l, letter, n, in_use);
		fill_tables(&seed, 2 + round % 5, l.alphabet, &t);
		assert_true(iid_choose(&l, &t, fast) ==
			    iid_choose_plain(&l, &t, plain));
		assert_memory_equal(fast, plain, sizeof fast);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_word_is_as_worked_by_hand),
		cmocka_unit_test(symbols_are_the_plain_ones),
		cmocka_unit_test(choices_are_the_plain_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
