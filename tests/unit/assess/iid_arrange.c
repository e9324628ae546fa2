/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

/* Four generators take turns; 1,024 bytes at a time. */
struct plain {
	uint64_t s[4][4];
	uint8_t bytes[1024];
	unsigned used;
};

static void plain_start(struct plain *p, uint64_t seed, uint32_t index)
{
	uint64_t mixed = specimen_next(&seed) ^ index;
	uint64_t start = specimen_next(&mixed);

	for (unsigned k = 0; k < 16; k++)
		p->s[k / 4][k % 4] = specimen_next(&start);
	p->used = sizeof p->bytes;
}

static uint32_t plain_bytes(struct plain *p, unsigned n)
{
	uint32_t x = 0;

	if (p->used == sizeof p->bytes) {
		for (unsigned k = 0; k < sizeof p->bytes / 8; k++)
			store_le64(p->bytes + 8 * k, plain_next(p->s[k % 4]));
		p->used = 0;
	}
	for (unsigned k = 0; k < n; k++)
		x |= (uint32_t)p->bytes[p->used++] << 8 * k;
	return x;
}

static uint32_t below(struct plain *p, uint32_t n)
{
	for (;;) {
		uint64_t product = (uint64_t)plain_bytes(p, 4) * n;

		if ((uint32_t)product >= -n % n)
			return (uint32_t)(product >> 32);
	}
}

static uint8_t plain_symbol(struct plain *p, const struct iid_mix *m,
			    uint64_t i, uint32_t *byte)
{
	unsigned per = 8 / m->width;

	if (m->width > 8)
		return m->table[plain_bytes(p, 2) >> 3];
	if (i % per == 0)
		*byte = plain_bytes(p, 1);
	return m->group[*byte][i % per];
}

static void plain_arrange(const struct iid_mix *m, uint64_t seed,
			  uint32_t index, uint8_t *ret)
{
	struct plain p;
	int64_t over[256];
	uint32_t byte = 0;

	plain_start(&p, seed, index);
	for (unsigned v = 0; v < 256; v++)
		over[v] = -(int64_t)m->count[v];
	for (uint64_t i = 0; i < m->n; i++) {
		ret[i] = plain_symbol(&p, m, i, &byte);
		over[ret[i]]++;
	}
	p.used = sizeof p.bytes;
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
			/* And by a table that fits nothing. */
			m.width = 1u << n % 4;
			m.bytes = false;
			memset(m.group, (int)kind, sizeof m.group);
			memcpy(m.group, s, n < 256 ? n : 256);
			iid_arrange(&m, n, kind, a);
			plain_arrange(&m, n, kind, b);
			assert_memory_equal(a, b, n);
		}
	}
}

/* Where all bytes occur alike, what is drawn is what is had. */
static void bytes_are_the_plain_ones(void **state)
{
	static const size_t lengths[] = { 256, 1023, 1024, 1025, 40001 };
	static uint8_t s[40001], a[40001], b[40001];
	static struct iid_mix m;

	(void)state;
	for (size_t l = 0; l < ARRAY_LEN(lengths); l++) {
		for (size_t i = 0; i < lengths[l]; i++)
			s[i] = (uint8_t)i;
		mix_of(&m, s, lengths[l]);
		m.width = 8;
		m.bytes = true;
		for (unsigned v = 0; v < 256; v++)
			m.group[v][0] = (uint8_t)v;
		iid_arrange(&m, l, 0, a);
		plain_arrange(&m, l, 0, b);
		assert_memory_equal(a, b, lengths[l]);
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

/* Symbols of which a million are drawn by each width, and by the table. */
static void the_width_fits_the_counts(void **state)
{
	static const struct {
		enum specimen_kind kind;
		unsigned width;
	} want[] = {
		{ SPECIMEN_UNIFORM1, 1 }, { SPECIMEN_UNIFORM4, 4 },
		{ SPECIMEN_UNIFORM8, 8 }, { SPECIMEN_BIASED1, 4 },
		{ SPECIMEN_NORMAL8, 13 }, { SPECIMEN_GEOMETRIC8, 8 },
	};
	static struct iid_mix m;
	uint8_t *s = malloc(1000000);

	(void)state;
	assert_non_null(s);
	for (unsigned k = 0; k < ARRAY_LEN(want); k++) {
		specimen_fill(want[k].kind, 1, s, 1000000);
		mix_of(&m, s, 1000000);
		assert_int_equal(m.width, want[k].width);
	}
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_generator_is_xoshiro256plusplus),
		cmocka_unit_test(arrangements_are_the_plain_ones),
		cmocka_unit_test(bytes_are_the_plain_ones),
		cmocka_unit_test(the_width_fits_the_counts),
		cmocka_unit_test(counts_are_kept_and_indices_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
