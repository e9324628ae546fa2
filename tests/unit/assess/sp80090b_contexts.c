/* SPDX-License-Identifier: ISC */
/*
 * MultiMMC and LZ78Y prediction where their tables run full: on symbols with
 * small tables, against the plain versions; on bits, for each instruction set
 * that this machine has, against counts in arrays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/mmc_bits.h"
#include "base/bytes.h"
#include "plain_sp80090b.h"
#include "specimen_data.h"

#define SHORT 400
#define LONG 400000

static void assert_guesses(const struct sp80090b_guesses *a,
			   const struct plain_guesses *b)
{
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->correct, b->correct);
	assert_int_equal(a->longest, b->longest);
}

/* Repeats, so that contexts come back; few or many successors for each. */
static void fill(uint8_t *s, size_t n, unsigned width, uint64_t seed)
{
	unsigned kind = specimen_next(&seed) % 5;
	size_t period = 1 + specimen_next(&seed) % 60;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = specimen_next(&seed);
		uint8_t some = (uint8_t)(z >> 8);

		if (kind == 1)
			some &= (uint8_t)(z >> 16);
		if (kind == 2 && i >= period && z % 16 != 0)
			some = s[i - period];
		if (kind == 3 && i > 0 && z % 4 != 0)
			some = s[i - 1];
		/* One context with every successor. */
		if (kind == 4 && i % 2 == 0)
			some = 0;
		s[i] = some & (uint8_t)((1u << width) - 1);
	}
}

/* At least so many symbols. */
static struct sp80090b_data draw(uint8_t s[SHORT], size_t least, uint64_t seed,
				 uint64_t *z)
{
	size_t n = least + specimen_next(z) % (SHORT + 1 - least);
	unsigned width = 1 + (unsigned)(specimen_next(z) % 8);

	fill(s, n, width, seed);
	return (struct sp80090b_data){ .symbols = s,
				       .n = n,
				       .alphabet = 1u << width };
}

static void small_models_run_full(void **state)
{
	static const uint32_t entries[] = { 1,  2,  3,  4,  6,  9,
					    17, 30, 50, 90, 200 };
	uint8_t s[SHORT];

	(void)state;
	for (uint64_t seed = 1; seed <= 1100; seed++) {
		uint64_t z = seed;
		uint32_t most = entries[seed % ARRAY_LEN(entries)];
		struct sp80090b_data d = draw(s, 3, seed, &z);
		struct plain_guesses want;
		struct sp80090b_guesses got;

		want = plain_multi_mmc(s, d.n, MMC_ORDERS, most);
		assert_int_equal(sp80090b_guess_mmc(&d, most, &got), 0);
		assert_guesses(&got, &want);
	}
}

static void small_dictionaries_run_full(void **state)
{
	uint8_t s[SHORT];

	(void)state;
	for (uint64_t seed = 1; seed <= 1000; seed++) {
		uint64_t z = seed;
		/* Around whole positions' worth of contexts too. */
		uint32_t most = 1 + specimen_next(&z) % (seed % 2 ? 40 : 2000);
		struct sp80090b_data d = draw(s, 18, seed, &z);
		struct plain_guesses want;
		struct sp80090b_guesses got;

		want = plain_lz78y(s, d.n, LZ78Y_ORDERS, most);
		assert_int_equal(sp80090b_guess_lz78y(&d, most, &got), 0);
		assert_guesses(&got, &want);
	}
}

/* 6.3.9 with D = 16 on bits, from the counts of all contexts. */
static struct plain_guesses count_all(const uint8_t *s, size_t n)
{
	static uint32_t count[MMC_ORDERS + 1][1u << MMC_ORDERS][2];
	uint64_t score[MMC_ORDERS + 1] = { 0 };
	struct plain_guesses g = { 0, 0, 0, 0 };
	uint32_t entries = 0, history = 0;
	unsigned winner = 1;

	memset(count, 0, sizeof count);
	for (size_t i = 0; i < n; i++) {
		unsigned was = winner;
		bool known = true, made = false, right = false;

		for (unsigned m = 1; m <= MMC_ORDERS && m <= i; m++) {
			uint32_t *c =
				count[m][history & ((UINT32_C(1) << m) - 1)];
			bool is_right;

			known = known && c[0] + c[1] > 0;
			is_right = known && (c[1] >= c[0]) == s[i];
			if (m == was) {
				made = known;
				right = is_right;
			}
			if (is_right && ++score[m] >= score[winner])
				winner = m;
			if (m < MMC_ORDERS || c[s[i]] > 0) {
				c[s[i]]++;
			} else if (entries < MMC_ENTRIES) {
				c[s[i]]++;
				entries++;
			}
		}
		history = history << 1 | s[i];
		if (i < 2)
			continue;
		if (made)
			plain_note(&g, right);
		else
			g.n++;
	}
	return g;
}

/* Bits that the last `order` tell, but for a share: that order leads. */
static void fill_bits(uint8_t *s, size_t n, unsigned order, unsigned noise,
		      uint64_t seed)
{
	uint32_t history = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = specimen_next(&seed);
		uint32_t x = history & ((UINT32_C(1) << order) - 1);

		/* A fixed bit for each context. */
		x = (x + 1) * UINT32_C(0x9e3779b1);
		x = (x ^ x >> 15) * UINT32_C(0x85ebca6b);
		s[i] = z % 64 < noise ? z >> 8 & 1 : x >> 17 & 1;
		history = history << 1 | s[i];
	}
}

static void assert_ways(const uint8_t *s, size_t n)
{
	static uint8_t packed[LONG / 8 + 16];
	struct sp80090b_data d = { .packed = packed,
				   .packed_bytes = (n + 7) / 8,
				   .n = n,
				   .width = 1,
				   .alphabet = 2 };
	struct plain_guesses want = count_all(s, n);
	struct sp80090b_guesses got;

	memset(packed, 0, sizeof packed);
	for (size_t i = 0; i < n; i++)
		packed[i / 8] |= (uint8_t)(s[i] << (i % 8));
	for (const struct mmc_bits_way *w = mmc_bits_ways; w->name != NULL; w++) {
		if (!w->usable())
			continue;
		assert_int_equal(mmc_bits_guess(w, &d, &got), 0);
		assert_guesses(&got, &want);
	}
}

static void every_way_guesses_the_same(void **state)
{
	static uint8_t s[LONG];

	(void)state;
	/* Around blocks, and around the lengths that orders begin at. */
	for (size_t n = MMC_BITS_MIN; n < 210; n++) {
		fill_bits(s, n, n % 16, 20, n);
		assert_ways(s, n);
	}
	for (unsigned order = 0; order <= 18; order++) {
		fill_bits(s, 40000, order, 30, order);
		assert_ways(s, 40000);
		fill_bits(s, 39990, order, 4, order);
		assert_ways(s, 39990);
	}
}

static void bits_run_full(void **state)
{
	static uint8_t s[LONG];

	(void)state;
	/* 2^17 entries would be, but for the limit. */
	for (unsigned order = 13; order <= 17; order += 2) {
		fill_bits(s, LONG, order, 40, order);
		assert_ways(s, LONG);
	}
	/* Soon constant: no context comes that was not seen. */
	memset(s + 100000, 1, LONG - 100000);
	assert_ways(s, LONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_models_run_full),
		cmocka_unit_test(small_dictionaries_run_full),
		cmocka_unit_test(every_way_guesses_the_same),
		cmocka_unit_test(bits_run_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
