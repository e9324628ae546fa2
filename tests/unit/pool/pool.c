/* SPDX-License-Identifier: ISC */
/* The pool's bytes: against a model, and what each call leaves behind. */
#include "model.h"

#include <errno.h>

#include "base/bytes.h"
#include "pool/pool.h"

/* SplitMix64 (Steele, Lea, Flood 2014), from a fixed seed. */
static uint64_t next64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void fill(void *ret, size_t len_bytes, uint64_t seed)
{
	uint8_t *p = ret;

	for (size_t i = 0; i < len_bytes; i++)
		p[i] = (uint8_t)(next64(&seed) >> 56);
}

/* Three lanes in domains of their own: cpu, host, tpm. */
static void begin(struct pool *p)
{
	pool_init(p, 3);
	for (size_t i = 0; i < 3; i++)
		pool_set_lane(p, i, (enum trust_domain)i);
}

static void pay(struct pool *p)
{
	pool_credit(p, 0, 256000);
	pool_credit(p, 1, 256000);
}

static void too_little_credit_changes_nothing(void **state)
{
	struct pool p, before;
	uint64_t paid[DOMAIN_COUNT];
	uint8_t seed[POOL_SEED_BYTES], untouched[POOL_SEED_BYTES];
	uint8_t raw[100];

	(void)state;
	memset(&p, 0, sizeof p);
	fill(raw, sizeof raw, 1);
	begin(&p);
	for (size_t i = 0; i < 3; i++)
		pool_mix(&p, i, raw, sizeof raw);
	pool_credit(&p, 0, 500000);
	pool_credit(&p, 1, 127999);
	memcpy(&before, &p, sizeof p);
	memset(seed, 0xee, sizeof seed);
	memset(untouched, 0xee, sizeof untouched);
	memset(paid, 0xee, sizeof paid);
	assert_int_equal(pool_extract(&p, false, seed, paid), -EAGAIN);
	assert_memory_equal(&p, &before, sizeof p);
	assert_memory_equal(seed, untouched, sizeof seed);
	for (unsigned d = 0; d < DOMAIN_COUNT; d++)
		assert_true(paid[d] == UINT64_C(0xeeeeeeeeeeeeeeee));
	assert_int_equal(pool_extract(&p, false, seed, NULL), -EAGAIN);
	assert_memory_equal(&p, &before, sizeof p);
	/* A millibit more, or alone, is enough. */
	assert_int_equal(pool_extract(&before, true, seed, paid), 0);
	assert_int_equal(paid[DOMAIN_CPU], 384000);
	pool_credit(&p, 1, 1);
	assert_int_equal(pool_extract(&p, false, seed, paid), 0);
	assert_int_equal(paid[DOMAIN_CPU], 256000);
	assert_int_equal(paid[DOMAIN_HOST], 128000);
}

static void a_seed_takes_all_the_credit(void **state)
{
	uint8_t seed[POOL_SEED_BYTES];
	struct pool p;

	(void)state;
	begin(&p);
	pool_credit(&p, 0, 10000000);
	pool_credit(&p, 1, 10000000);
	pool_credit(&p, 2, 10000000);
	pool_forfeit(&p, 2);
	assert_int_equal(p.credit.lane_mbits[2], 0);
	assert_int_equal(pool_extract(&p, false, seed, NULL), 0);
	assert_int_equal(credit_total_mbits(&p.credit), 0);
	assert_true(p.credit.first_seed_done);
	assert_int_equal(pool_extract(&p, true, seed, NULL), -EAGAIN);
	/* The next one costs 320. */
	pool_credit(&p, 0, 319999);
	assert_int_equal(pool_extract(&p, true, seed, NULL), -EAGAIN);
	pool_credit(&p, 0, 1);
	assert_int_equal(pool_extract(&p, true, seed, NULL), 0);
}

static void a_fresh_seed_gives_up_the_credit_and_pays_for_nothing(void **state)
{
	uint8_t seed[POOL_SEED_BYTES], next[POOL_SEED_BYTES];
	struct pool p;

	(void)state;
	begin(&p);
	pay(&p);
	pool_extract_fresh(&p, seed);
	assert_int_equal(credit_total_mbits(&p.credit), 0);
	/* It was not the first credited one: that still costs 384. */
	assert_false(p.credit.first_seed_done);
	pool_extract_fresh(&p, next);
	assert_memory_not_equal(seed, next, sizeof seed);
}

static void check_same(struct pool *p, struct model *m)
{
	uint8_t seed[POOL_SEED_BYTES], expected[MODEL_SEED_BYTES];

	assert_int_equal(pool_extract(p, true, seed, NULL), 0);
	model_extract(m, expected);
	assert_memory_equal(seed, expected, sizeof seed);
	assert_memory_equal(p->key, m->key, sizeof m->key);
}

/* Any credits, any bytes in any pieces: the order is by credit, least first. */
static void is_the_construction_it_is_described_as(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct model m = { .n_lanes = 1 + round % MODEL_LANES };
		struct pool p;

		pool_init(&p, m.n_lanes);
		for (unsigned n = 0; n < 20 && round % 7 > 0; n++) {
			size_t lane = next64(&seed) % m.n_lanes;
			size_t len = next64(&seed) % 25;
			uint8_t raw[25];

			fill(raw, sizeof raw, next64(&seed));
			pool_mix(&p, lane, raw, len);
			model_mix(&m, lane, raw, len);
		}
		for (size_t i = 0; i < m.n_lanes; i++) {
			/* Equal ones too: then it is the lanes' own order. */
			m.mbits[i] = (1 + next64(&seed) % 3) * 384000;
			pool_credit(&p, i, m.mbits[i]);
		}
		check_same(&p, &m);
		/* What was mixed stays in the key of all later seeds. */
		pool_mix(&p, 0, "later", 5);
		model_mix(&m, 0, "later", 5);
		pool_credit(&p, 0, 320000);
		m.mbits[0] = 320000;
		check_same(&p, &m);
	}
}

static void every_byte_of_every_lane_changes_the_seed(void **state)
{
	uint8_t raw[3][40], seeds[3 * 40 + 1][POOL_SEED_BYTES];
	size_t n = 0;

	(void)state;
	fill(raw, sizeof raw, 3);
	for (size_t at = 0; at <= sizeof raw; at++) {
		struct pool p;

		begin(&p);
		if (at < sizeof raw)
			raw[at / 40][at % 40] ^= 1;
		for (size_t i = 0; i < 3; i++)
			pool_mix(&p, i, raw[i], sizeof raw[i]);
		if (at < sizeof raw)
			raw[at / 40][at % 40] ^= 1;
		pay(&p);
		assert_int_equal(pool_extract(&p, false, seeds[n++], NULL), 0);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++)
			assert_memory_not_equal(seeds[i], seeds[k],
						POOL_SEED_BYTES);
	}
}

static void a_byte_in_another_lane_is_another_seed(void **state)
{
	uint8_t seeds[4][POOL_SEED_BYTES];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct pool p;

		begin(&p);
		/* Lane 3 stands for none: nothing mixed is a seed as well. */
		if (i < 3)
			pool_mix(&p, i, "x", 1);
		pay(&p);
		assert_int_equal(pool_extract(&p, false, seeds[i], NULL), 0);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(seeds[i], seeds[k],
						POOL_SEED_BYTES);
	}
}

static void assert_not_within(const void *hay, size_t len_bytes,
			      const uint8_t *needle, size_t n)
{
	const uint8_t *p = hay;

	for (size_t i = 0; i + n <= len_bytes; i++)
		assert_memory_not_equal(p + i, needle, n);
}

/* Who reads the pool after a seed left finds neither it nor a way to it. */
static void reading_the_pool_later_does_not_give_the_seed(void **state)
{
	uint8_t raw[64], seed[POOL_SEED_BYTES], again[MODEL_SEED_BYTES];
	uint8_t old_key[POOL_KEY_BYTES];
	struct model m = { .n_lanes = 3 };
	struct pool p;

	(void)state;
	fill(raw, sizeof raw, 4);
	begin(&p);
	pay(&p);
	assert_int_equal(pool_extract(&p, false, seed, NULL), 0);
	memcpy(old_key, p.key, sizeof old_key);
	for (size_t i = 0; i < 3; i++) {
		pool_mix(&p, i, raw, sizeof raw);
		model_mix(&m, i, raw, sizeof raw);
	}
	pay(&p);
	assert_int_equal(pool_extract(&p, false, seed, NULL), 0);

	/* Eight bytes in a row by chance: below 2^-48. */
	for (size_t i = 0; i + 8 <= sizeof seed; i++)
		assert_not_within(&p, sizeof p, seed + i, 8);
	assert_not_within(&p, sizeof p, old_key, 8);
	assert_not_within(&p, sizeof p, raw, 8);
	/* The join over the state as it is now, with all raw bytes known. */
	memcpy(m.key, p.key, sizeof m.key);
	m.mbits[0] = m.mbits[1] = 256000;
	for (m.count = 0; m.count < 3;) {
		struct model next = m;

		model_extract(&next, again);
		assert_memory_not_equal(again, seed, sizeof seed);
		m.count++;
	}
	/* That very computation gives it to who has the old key. */
	memcpy(m.key, old_key, sizeof m.key);
	m.count = 1;
	model_extract(&m, again);
	assert_memory_equal(again, seed, sizeof seed);
}

static void wiped_nothing_is_left(void **state)
{
	uint8_t zeros[sizeof(struct pool)] = { 0 };
	uint8_t seed[POOL_SEED_BYTES];
	struct pool p;

	(void)state;
	begin(&p);
	pool_mix(&p, 1, "secret", 6);
	pay(&p);
	assert_int_equal(pool_extract(&p, false, seed, NULL), 0);
	pool_mix(&p, 1, "secret", 6);
	assert_memory_not_equal(&p, zeros, sizeof p);
	pool_wipe(&p);
	assert_memory_equal(&p, zeros, sizeof p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_little_credit_changes_nothing),
		cmocka_unit_test(a_seed_takes_all_the_credit),
		cmocka_unit_test(
			a_fresh_seed_gives_up_the_credit_and_pays_for_nothing),
		cmocka_unit_test(is_the_construction_it_is_described_as),
		cmocka_unit_test(every_byte_of_every_lane_changes_the_seed),
		cmocka_unit_test(a_byte_in_another_lane_is_another_seed),
		cmocka_unit_test(reading_the_pool_later_does_not_give_the_seed),
		cmocka_unit_test(wiped_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
