/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "assess/sp80090b/iid_arrange.h"
#include "base/bytes.h"
#include "specimen_data.h"

static uint64_t rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

/* xoshiro256++ 1.0, one step of one generator. */
static uint64_t plain_next(uint64_t s[4])
{
	uint64_t out = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

/* The first outputs from 1, 2, 3, 4: the test vector of Rust's rand_xoshiro. */
static void plain_generator_is_xoshiro256plusplus(void **state)
{
	static const uint64_t want[5] = { 41943041, 58720359,
					  UINT64_C(3588806011781223),
					  UINT64_C(3591011842654386),
					  UINT64_C(9228616714210784205) };
	uint64_t s[4] = { 1, 2, 3, 4 };

	(void)state;
	for (unsigned k = 0; k < 5; k++)
		assert_true(plain_next(s) == want[k]);
}

/* Four generators take turns; a block of 512 symbols takes 128 words. */
struct plain {
	uint64_t s[4][4];
	unsigned turn;
	uint64_t word;
	bool half;
};

static uint64_t turn_next(struct plain *p)
{
	return plain_next(p->s[p->turn++ % 4]);
}

static uint32_t below(struct plain *p, uint32_t n)
{
	for (;;) {
		uint64_t product;

		if (!p->half)
			p->word = turn_next(p);
		product = (uint64_t)(uint32_t)(p->half ? p->word >> 32 :
							 p->word) *
			  n;
		p->half = !p->half;
		if ((uint32_t)product >= -n % n)
			return (uint32_t)(product >> 32);
	}
}

static void plain_arrange(const struct iid_mix *m, uint64_t seed,
			  uint32_t index, uint8_t *ret)
{
	struct plain p = { .turn = 0 };
	int64_t over[256];
	uint64_t i_seed = index;
	uint64_t start = specimen_next(&seed) ^ specimen_next(&i_seed);
	uint64_t word = 0, n_indices = (m->n + 511) / 512 * 512;

	for (unsigned k = 0; k < 16; k++)
		p.s[k / 4][k % 4] = specimen_next(&start);
	for (unsigned v = 0; v < 256; v++)
		over[v] = -(int64_t)m->count[v];
	for (uint64_t i = 0; i < n_indices; i++) {
		if (i % 4 == 0)
			word = turn_next(&p);
		if (i < m->n) {
			ret[i] = m->table[(word & 0xffff) >> 3];
			over[ret[i]]++;
		}
		word >>= 16;
	}
	for (unsigned v = 0; v < 256; v++) {
		while (over[v] < 0) {
			uint32_t at = below(&p, (uint32_t)m->n);

			if (over[ret[at]] <= 0)
				continue;
			over[ret[at]]--;
			ret[at] = (uint8_t)v;
			over[v]++;
		}
	}
}

static void mix_of(struct iid_mix *m, const uint8_t *s, size_t n)
{
	uint64_t count[SAMPLE_VALUES] = { 0 };

	for (size_t i = 0; i < n; i++)
		count[s[i]]++;
	iid_mix_init(m, count);
}

static void arrangements_are_the_plain_ones(void **state)
{
	static const size_t lengths[] = { 2,   3,   15,  16,   17,   511,
					  512, 513, 999, 1024, 5000, 40001 };
	static uint8_t s[40001], a[40001], b[40001];
	static struct iid_mix m;

	(void)state;
	for (size_t l = 0; l < ARRAY_LEN(lengths); l++) {
		size_t n = lengths[l];

		for (unsigned kind = 0; kind <= SPECIMEN_REPEAT8; kind++) {
			specimen_fill(kind, n, s, n);
			mix_of(&m, s, n);
			assert_int_equal(m.n, n);
			iid_arrange(&m, n, kind, a);
			plain_arrange(&m, n, kind, b);
			assert_memory_equal(a, b, n);
		}
	}
}

static void counts_are_kept_and_indices_differ(void **state)
{
	static uint8_t s[30000], a[30000], first[30000];
	static struct iid_mix m;

	(void)state;
	specimen_fill(SPECIMEN_GEOMETRIC8, 1, s, sizeof s);
	mix_of(&m, s, sizeof s);
	for (uint32_t index = 0; index < 20; index++) {
		struct iid_mix again;

		iid_arrange(&m, 7, index, a);
		mix_of(&again, a, sizeof a);
		assert_memory_equal(again.count, m.count, sizeof m.count);
		assert_memory_not_equal(a, s, sizeof a);
		if (index > 0)
			assert_memory_not_equal(a, first, sizeof a);
		else
			memcpy(first, a, sizeof a);
	}
	iid_arrange(&m, 8, 0, a);
	assert_memory_not_equal(a, first, sizeof a);
	iid_arrange(&m, 7, 0, a);
	assert_memory_equal(a, first, sizeof a);
}

/*
 * All 8! / (4! 2! 1! 1!) = 840 arrangements of 00001123, 336,000 times: 400
 * each. Of 839 degrees of freedom the sum exceeds 1300 with a probability below
 * 2^-60; that of a shuffle whose last symbol is never exchanged is far above.
 */
static void all_arrangements_are_alike(void **state)
{
	static const uint8_t s[8] = { 0, 0, 0, 0, 1, 1, 2, 3 };
	static uint32_t seen[1 << 16];
	static struct iid_mix m;
	unsigned n_seen = 0;
	double sum = 0;
	uint8_t a[8];

	(void)state;
	mix_of(&m, s, sizeof s);
	for (uint32_t index = 0; index < 336000; index++) {
		unsigned code = 0;

		iid_arrange(&m, 1, index, a);
		for (unsigned k = 0; k < 8; k++)
			code = code << 2 | a[k];
		seen[code]++;
	}
	for (unsigned code = 0; code < 1 << 16; code++) {
		double d = seen[code] - 400.0;

		if (seen[code] == 0)
			continue;
		n_seen++;
		sum += d * d / 400;
	}
	assert_int_equal(n_seen, 840);
	assert_true(sum < 1300);
	assert_true(sum > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_generator_is_xoshiro256plusplus),
		cmocka_unit_test(arrangements_are_the_plain_ones),
		cmocka_unit_test(counts_are_kept_and_indices_differ),
		cmocka_unit_test(all_arrangements_are_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
