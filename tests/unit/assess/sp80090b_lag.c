/* SPDX-License-Identifier: ISC */
/* Lag prediction for each instruction set that this machine has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "assess/sp80090b/estimate.h"
#include "plain_sp80090b.h"
#include "specimen_data.h"

#define LENGTH_MAX 1500

static void fill(uint8_t *s, size_t n, unsigned width, uint64_t seed)
{
	size_t period = 1 + specimen_next(&seed) % 140;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = specimen_next(&seed);

		s[i] = (uint8_t)(z >> 8) & (uint8_t)((1u << width) - 1);
		if (i >= period && seed % 2 == 0 && z % 16 != 0)
			s[i] = s[i - period];
	}
}

static void assert_way(const struct sp80090b_lag_way *way, const uint8_t *s,
		       size_t n, unsigned width)
{
	/* Loads may reach beyond the end. */
	static uint8_t packed[LENGTH_MAX / 8 + 16];
	struct sp80090b_data d = {
		.symbols = s, .n = n, .width = width, .alphabet = 1u << width
	};
	struct plain_guesses want = plain_lag(s, n, 128);
	struct sp80090b_guesses got;

	if (width == 1) {
		memset(packed, 0, sizeof packed);
		for (size_t i = 0; i < n; i++)
			packed[i / 8] |= (uint8_t)(s[i] << (i % 8));
		d.symbols = NULL;
		d.packed = packed;
		d.packed_bytes = (n + 7) / 8;
	}
	assert_int_equal(way->run(&d, &got), 0);
	assert_int_equal(got.n, want.n);
	assert_int_equal(got.correct, want.correct);
	assert_int_equal(got.longest, want.longest);
}

static void every_way_guesses_the_same(void **state)
{
	uint8_t s[LENGTH_MAX];
	unsigned ways = 0;

	(void)state;
	for (const struct sp80090b_lag_way *w = sp80090b_lag_ways;
	     w->name != NULL; w++) {
		if (!w->usable())
			continue;
		ways++;
		for (uint64_t seed = 1; seed <= 160; seed++) {
			unsigned width = 1 + (unsigned)(seed % 8);
			size_t n = 3 + seed * 997 % (LENGTH_MAX - 3);

			fill(s, n, width, seed);
			assert_way(w, s, n, width);
		}
		/* Around a block, and around the longest lag. */
		for (size_t n = 3; n < 270; n++) {
			fill(s, n, 1 + n % 2, n);
			assert_way(w, s, n, 1 + n % 2);
		}
	}
	assert_true(ways >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_guesses_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
