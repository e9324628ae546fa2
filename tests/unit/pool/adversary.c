/* SPDX-License-Identifier: ISC */
/*
 * An enemy's lane among good ones. The good lanes hold one of 4,096 secrets;
 * the enemy sees the raw bytes of all of them and then says its own, with more
 * credit than anyone or with none. It may not make two secrets give one seed
 * (that would lower their entropy) nor push a bit of the seed (steer).
 *
 * Measured over all secrets: how many seeds are distinct, and how far the count
 * of ones of any seed bit is from one half. By Hoeffding's inequality a fair
 * bit is more than 288 of 4,096 off with probability below 2^-57; a case
 * looks at 256 bits and there are fewer than 16 cases, so all of them together
 * raise a false alarm with probability below 2^-45. Two equal seeds of 4,096
 * good ones: below 2^-232.
 */
#include "model.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "pool/pool.h"

#define SECRETS 4096
#define FAR 288
#define GOOD_LANES 2
#define RAW_BYTES 32
#define TRIES 8

struct world {
	struct pool pool;   /* before the round that the enemy plays in */
	struct model known; /* of that, what the enemy knows */
	size_t enemy;       /* its lane's index */
	uint64_t enemy_mbits;
};

struct measure {
	unsigned distinct;
	unsigned worst; /* distance of a bit's ones from one half */
};

/* Good lanes 0 and 1 of the round, as everyone who may look sees them. */
struct round {
	uint8_t raw[GOOD_LANES][RAW_BYTES];
};

/* The secret is all that is unknown in the good lanes' bytes. */
static void make_round(unsigned secret, struct round *ret)
{
	memset(ret, 0, sizeof *ret);
	memset(ret->raw[1], 0x55, RAW_BYTES);
	ret->raw[0][3] = (uint8_t)secret;
	ret->raw[1][20] = (uint8_t)(secret >> 8);
}

static size_t good_lane(const struct world *w, size_t i)
{
	return i < w->enemy ? i : i + 1;
}

static void play(const struct world *w, const struct round *round,
		 const uint8_t said[RAW_BYTES], uint8_t ret_seed[32])
{
	struct pool p = w->pool;

	for (size_t i = 0; i < GOOD_LANES; i++) {
		pool_mix(&p, good_lane(w, i), round->raw[i], RAW_BYTES);
		pool_credit(&p, good_lane(w, i), 256000);
	}
	pool_mix(&p, w->enemy, said, RAW_BYTES);
	pool_credit(&p, w->enemy, w->enemy_mbits);
	assert_int_equal(pool_extract(&p, false, ret_seed, NULL), 0);
}

/* The seed as the enemy computes it from what it knows. */
static void foresee(const struct world *w, const struct round *round,
		    const uint8_t said[RAW_BYTES], uint8_t ret_seed[32])
{
	struct model m = w->known;

	for (size_t i = 0; i < GOOD_LANES; i++) {
		model_mix(&m, good_lane(w, i), round->raw[i], RAW_BYTES);
		m.mbits[good_lane(w, i)] = 256000;
	}
	model_mix(&m, w->enemy, said, RAW_BYTES);
	m.mbits[w->enemy] = w->enemy_mbits;
	model_extract(&m, ret_seed);
}

typedef void say(const struct world *w, const struct round *round,
		 uint8_t ret_said[RAW_BYTES]);

static void says_a_constant(const struct world *w, const struct round *round,
			    uint8_t ret_said[RAW_BYTES])
{
	(void)w;
	(void)round;
	memset(ret_said, 0xff, RAW_BYTES);
}

static void copies(const struct world *w, const struct round *round,
		   uint8_t ret_said[RAW_BYTES])
{
	(void)w;
	memcpy(ret_said, round->raw[0], RAW_BYTES);
}

/* In a pool that adds its lanes this one cancels them all. */
static void cancels(const struct world *w, const struct round *round,
		    uint8_t ret_said[RAW_BYTES])
{
	(void)w;
	for (size_t i = 0; i < RAW_BYTES; i++)
		ret_said[i] = round->raw[0][i] ^ round->raw[1][i];
}

static void hashes(const struct world *w, const struct round *round,
		   uint8_t ret_said[RAW_BYTES])
{
	(void)w;
	(void)crypto_hash_sha256(ret_said, (const uint8_t *)round,
				 sizeof *round);
}

/* Of a few things to say, the one whose seed begins with the smallest byte. */
static void grinds(const struct world *w, const struct round *round,
		   uint8_t ret_said[RAW_BYTES])
{
	unsigned best = 256;

	for (uint8_t i = 0; i < TRIES; i++) {
		uint8_t said[RAW_BYTES] = { i }, seed[32];

		foresee(w, round, said, seed);
		if (seed[0] < best) {
			best = seed[0];
			memcpy(ret_said, said, sizeof said);
		}
	}
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static struct measure measure(uint8_t (*seeds)[32])
{
	struct measure m = { .distinct = 1 };

	for (unsigned bit = 0; bit < 256; bit++) {
		unsigned ones = 0, off;

		for (unsigned i = 0; i < SECRETS; i++)
			ones += seeds[i][bit / 8] >> (bit % 8) & 1;
		off = ones > SECRETS / 2 ? ones - SECRETS / 2 :
					   SECRETS / 2 - ones;
		m.worst = off > m.worst ? off : m.worst;
	}
	qsort(seeds, SECRETS, sizeof seeds[0], compare);
	for (unsigned i = 1; i < SECRETS; i++)
		m.distinct += memcmp(seeds[i - 1], seeds[i], 32) != 0;
	return m;
}

static struct measure attack(const struct world *w, say *enemy)
{
	static uint8_t seeds[SECRETS][32];

	for (unsigned secret = 0; secret < SECRETS; secret++) {
		uint8_t said[RAW_BYTES];
		struct round round;

		make_round(secret, &round);
		enemy(w, &round, said);
		play(w, &round, said, seeds[secret]);
	}
	return measure(seeds);
}

/*
 * A pool that has made one seed from bytes the enemy did not see: it has been
 * rekeyed, and that key is what the enemy lacks.
 */
static void later_round(struct world *w, size_t enemy, uint64_t enemy_mbits)
{
	uint8_t seed[32];

	memset(w, 0, sizeof *w);
	w->enemy = enemy;
	w->enemy_mbits = enemy_mbits;
	pool_init(&w->pool, GOOD_LANES + 1);
	for (size_t i = 0; i <= GOOD_LANES; i++)
		pool_set_lane(&w->pool, i, (enum trust_domain)i);
	w->known.n_lanes = GOOD_LANES + 1;
	pool_mix(&w->pool, good_lane(w, 0), "not seen by the enemy", 21);
	pool_credit(&w->pool, good_lane(w, 0), 384000);
	assert_int_equal(pool_extract(&w->pool, true, seed, NULL), 0);
	w->known.count = w->pool.extract_count;
}

static const struct {
	say *enemy;
	size_t lane;
	uint64_t mbits; /* 0: joined before, UINT64_MAX: after the good ones */
} cases[] = {
	{ says_a_constant, 2, UINT64_MAX }, { says_a_constant, 0, 0 },
	{ copies, 2, UINT64_MAX },          { copies, 1, 0 },
	{ cancels, 2, UINT64_MAX },         { cancels, 0, 0 },
	{ hashes, 1, UINT64_MAX },          { hashes, 2, 0 },
	{ grinds, 2, UINT64_MAX },          { grinds, 0, 0 },
};

static void an_enemy_neither_lowers_nor_steers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct measure m;
		struct world w;

		later_round(&w, cases[i].lane, cases[i].mbits);
		m = attack(&w, cases[i].enemy);
		assert_int_equal(m.distinct, SECRETS);
		assert_in_range(m.worst, 0, FAR);
	}
}

/* In the very first seed, where the pool's key is known to be zero, too. */
static void nor_in_the_first_seed_unless_it_grinds(void **state)
{
	static say *const enemies[] = { says_a_constant, copies, cancels };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(enemies); i++) {
		struct measure m;
		struct world w;

		later_round(&w, 2, UINT64_MAX);
		pool_init(&w.pool, GOOD_LANES + 1);
		for (size_t k = 0; k <= GOOD_LANES; k++)
			pool_set_lane(&w.pool, k, (enum trust_domain)k);
		m = attack(&w, enemies[i]);
		assert_int_equal(m.distinct, SECRETS);
		assert_in_range(m.worst, 0, FAR);
	}
}

/*
 * Where the measure must see something. Who knows every byte and the key can
 * compute the seed, and by trying steers a bit for each doubling of its work:
 * so would any hash. It still makes no two secrets one.
 */
static void who_knows_the_key_too_can_grind_and_it_shows(void **state)
{
	struct measure m;
	struct world w;

	(void)state;
	later_round(&w, 2, UINT64_MAX);
	memcpy(w.known.key, w.pool.key, sizeof w.known.key);
	m = attack(&w, grinds);
	assert_true(m.worst > 3 * FAR);
	assert_int_equal(m.distinct, SECRETS);
}

/* And a pool that just adds its lanes: the canceller leaves one seed. */
static void the_measure_sees_a_pool_that_adds(void **state)
{
	static uint8_t seeds[SECRETS][32];
	struct measure m;

	(void)state;
	for (unsigned secret = 0; secret < SECRETS; secret++) {
		uint8_t said[RAW_BYTES];
		struct round round;

		make_round(secret, &round);
		cancels(NULL, &round, said);
		for (size_t i = 0; i < 32; i++)
			seeds[secret][i] = round.raw[0][i] ^ round.raw[1][i] ^
					   said[i];
	}
	m = measure(seeds);
	assert_int_equal(m.distinct, 1);
	assert_int_equal(m.worst, SECRETS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_enemy_neither_lowers_nor_steers),
		cmocka_unit_test(nor_in_the_first_seed_unless_it_grinds),
		cmocka_unit_test(who_knows_the_key_too_can_grind_and_it_shows),
		cmocka_unit_test(the_measure_sees_a_pool_that_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
