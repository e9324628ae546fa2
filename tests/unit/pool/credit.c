/* SPDX-License-Identifier: ISC */
/* The account: what a seed costs, what a domain counts for, what is billed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "pool/credit.h"

/* Written out, so that a changed constant is noticed: SP 800-90C, s = 256. */
#define FIRST UINT64_C(384000)
#define LATER UINT64_C(320000)
#define CAP UINT64_C(256000)

static struct credit account(size_t n_lanes)
{
	struct credit c = { .n_lanes = n_lanes };

	/* A domain a lane: cpu, host, tpm, timing. */
	for (size_t i = 0; i < n_lanes; i++)
		c.domain[i] = (enum trust_domain)i;
	return c;
}

static uint64_t sum(const uint64_t paid[DOMAIN_COUNT])
{
	uint64_t total = 0;

	for (unsigned d = 0; d < DOMAIN_COUNT; d++)
		total += paid[d];
	return total;
}

static void the_first_seed_costs_384_bits_and_later_ones_320(void **state)
{
	static const uint64_t need[] = { FIRST, LATER };

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(need); i++) {
		struct credit c = account(2);

		c.first_seed_done = i == 1;
		assert_int_equal(credit_need_mbits(&c), need[i]);
		credit_earn(&c, 0, CAP);
		credit_earn(&c, 1, need[i] - CAP - 1);
		assert_false(credit_enough(&c, false));
		credit_earn(&c, 1, 1);
		assert_true(credit_enough(&c, false));
		assert_int_equal(credit_total_mbits(&c), need[i]);
	}
}

static void a_domain_counts_256_bits(void **state)
{
	struct credit c = account(2);

	(void)state;
	credit_earn(&c, 0, CAP - 1);
	assert_int_equal(credit_total_mbits(&c), CAP - 1);
	credit_earn(&c, 0, 1);
	assert_int_equal(credit_total_mbits(&c), CAP);
	credit_earn(&c, 0, 1);
	assert_int_equal(credit_total_mbits(&c), CAP);
	assert_int_equal(credit_domain_mbits(&c, DOMAIN_CPU), CAP + 1);
	credit_earn(&c, 0, 100 * CAP);
	assert_false(credit_enough(&c, false));
	c.first_seed_done = true;
	assert_false(credit_enough(&c, false));
}

static void only_the_best_lane_of_a_domain_counts(void **state)
{
	struct credit c = account(3);

	(void)state;
	c.domain[0] = c.domain[1] = c.domain[2] = DOMAIN_TIMING;
	credit_earn(&c, 0, 200000);
	credit_earn(&c, 1, 210000);
	credit_earn(&c, 2, 190000);
	assert_int_equal(credit_domain_mbits(&c, DOMAIN_TIMING), 210000);
	assert_int_equal(credit_total_mbits(&c), 210000);
	assert_int_equal(credit_alone_mbits(&c), 210000);
	assert_false(credit_enough(&c, true));
	credit_lose(&c, 1);
	assert_int_equal(credit_domain_mbits(&c, DOMAIN_TIMING), 200000);
	assert_int_equal(credit_domain_mbits(&c, DOMAIN_CPU), 0);
	/* The others are as they were. */
	assert_int_equal(c.lane_mbits[0], 200000);
	assert_int_equal(c.lane_mbits[1], 0);
	assert_int_equal(c.lane_mbits[2], 190000);
}

static void alone_one_domain_carries_the_whole_need(void **state)
{
	static const uint64_t need[] = { FIRST, LATER };

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(need); i++) {
		struct credit c = account(2);
		uint64_t paid[DOMAIN_COUNT];

		c.first_seed_done = i == 1;
		credit_earn(&c, 1, need[i] - 1);
		assert_false(credit_enough(&c, true));
		credit_earn(&c, 1, 1);
		assert_true(credit_enough(&c, true));
		assert_false(credit_enough(&c, false));
		/* What stands beside it, and is too little, is not billed. */
		credit_earn(&c, 0, need[i] - CAP - 1);
		assert_false(credit_enough(&c, false));
		credit_bill(&c, paid);
		assert_int_equal(paid[DOMAIN_HOST], need[i]);
		assert_int_equal(sum(paid), need[i]);
		/* With enough beside it, it is not alone: capped. */
		credit_earn(&c, 0, 1);
		assert_true(credit_enough(&c, false));
		credit_bill(&c, paid);
		assert_int_equal(paid[DOMAIN_HOST], CAP);
		assert_int_equal(paid[DOMAIN_CPU], need[i] - CAP);
	}
}

static void credit_saturates(void **state)
{
	struct credit c = account(2);
	uint64_t paid[DOMAIN_COUNT];

	(void)state;
	credit_earn(&c, 0, UINT64_MAX - 1);
	credit_earn(&c, 0, 1);
	assert_true(c.lane_mbits[0] == UINT64_MAX);
	credit_earn(&c, 0, 1);
	assert_true(c.lane_mbits[0] == UINT64_MAX);
	credit_earn(&c, 0, UINT64_MAX);
	assert_true(c.lane_mbits[0] == UINT64_MAX);
	credit_earn(&c, 1, UINT64_MAX);
	assert_int_equal(credit_total_mbits(&c), 2 * CAP);
	credit_bill(&c, paid);
	assert_int_equal(sum(paid), 2 * CAP);
}

/* SplitMix64 (Steele, Lea, Flood 2014), from a fixed seed. */
static uint64_t next64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* What one domain may pay: from the lanes, without the functions under test. */
static uint64_t standing(const struct credit *c, unsigned domain)
{
	uint64_t best = 0;

	for (size_t i = 0; i < c->n_lanes; i++) {
		if (c->domain[i] == domain && c->lane_mbits[i] > best)
			best = c->lane_mbits[i];
	}
	return best;
}

static void a_bill_meets_the_need_and_never_what_did_not_stand(void **state)
{
	uint64_t seed = 1, enough = 0, alone = 0;

	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		struct credit c = { .n_lanes = next64(&seed) % 17 };
		uint64_t paid[DOMAIN_COUNT], need;
		unsigned payers = 0;
		bool one = next64(&seed) & 1;

		c.first_seed_done = next64(&seed) & 1;
		need = c.first_seed_done ? LATER : FIRST;
		for (size_t i = 0; i < c.n_lanes; i++) {
			c.domain[i] = next64(&seed) % DOMAIN_COUNT;
			if (next64(&seed) % 4 == 0)
				credit_earn(&c, i, next64(&seed) % 500000);
		}
		if (!credit_enough(&c, one))
			continue;
		credit_bill(&c, paid);
		assert_true(sum(paid) >= need);
		for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
			assert_true(paid[d] <= standing(&c, d));
			payers += paid[d] > 0;
		}
		for (unsigned d = 0; d < DOMAIN_COUNT && payers > 1; d++)
			assert_true(paid[d] <= CAP);
		enough++;
		alone += payers == 1;
	}
	/* Both kinds of bill were written. */
	assert_true(enough > 5000 && alone > 100 && alone < enough);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_first_seed_costs_384_bits_and_later_ones_320),
		cmocka_unit_test(a_domain_counts_256_bits),
		cmocka_unit_test(only_the_best_lane_of_a_domain_counts),
		cmocka_unit_test(alone_one_domain_carries_the_whole_need),
		cmocka_unit_test(credit_saturates),
		cmocka_unit_test(
			a_bill_meets_the_need_and_never_what_did_not_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
