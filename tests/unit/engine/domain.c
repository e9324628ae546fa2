/* SPDX-License-Identifier: ISC */
/* How many domains there is hope for, and when one may carry the seed. */
#include "engine_test.h"

#define N 3

struct lanes {
	struct lane lane[N];
	struct credit credit;
};

/* Three lanes in domains of their own, open, with a claim. */
static void make(struct lanes *s, enum lane_state state)
{
	memset(s, 0, sizeof *s);
	s->credit.n_lanes = N;
	for (size_t i = 0; i < N; i++) {
		s->lane[i].state = state;
		s->lane[i].source.is_open = true;
		s->lane[i].source.info.claim_mbits = 1000;
		s->credit.domain[i] = (enum trust_domain)i;
	}
}

static unsigned hopeful(const struct lanes *s)
{
	return domain_hopeful_count(s->lane, N, &s->credit);
}

static void hope_is_in_start_up_in_belief_and_in_standing_credit(void **state)
{
	struct lanes s;

	(void)state;
	for (unsigned i = 0; i < LANE_STATE_COUNT; i++) {
		bool hope = i == LANE_STARTUP || i == LANE_BELIEVED;

		make(&s, (enum lane_state)i);
		assert_int_equal(hopeful(&s), hope ? N : 0);
		/* Spent, but what it gave still stands. */
		s.credit.lane_mbits[1] = 1;
		assert_int_equal(hopeful(&s), hope ? N : 1);
		s.lane[0].source.info.claim_mbits = 0;
		assert_int_equal(hopeful(&s), hope ? N - 1 : 1);
		s.lane[2].source.is_open = false;
		assert_int_equal(hopeful(&s), 1);
		s.credit.lane_mbits[1] = 0;
		assert_int_equal(hopeful(&s), hope ? 1 : 0);
	}
}

static void lanes_of_one_domain_are_one_hope(void **state)
{
	struct lanes s;

	(void)state;
	make(&s, LANE_BELIEVED);
	s.credit.domain[1] = s.credit.domain[2] = DOMAIN_CPU;
	assert_int_equal(hopeful(&s), 1);
	s.credit.domain[2] = DOMAIN_KERNEL;
	assert_int_equal(hopeful(&s), 2);
}

static bool alone(const struct lanes *s, uint64_t now_ns, uint64_t *since_ns)
{
	return domain_alone(s->lane, N, &s->credit, now_ns, since_ns);
}

static void another_domain_is_waited_for_100_ms(void **state)
{
	uint64_t since_ns = 0;
	struct lanes s;

	(void)state;
	make(&s, LANE_BELIEVED);
	/* As long as none has enough there is nothing to wait for. */
	s.credit.lane_mbits[0] = 383999;
	assert_false(alone(&s, 1000, &since_ns));
	assert_int_equal(since_ns, 0);
	s.credit.lane_mbits[0] = 384000;
	assert_false(alone(&s, 5000, &since_ns));
	assert_int_equal(since_ns, 5000);
	assert_false(alone(&s, 5000 + 100 * NS_PER_MS - 1, &since_ns));
	assert_true(alone(&s, 5000 + 100 * NS_PER_MS, &since_ns));
	assert_int_equal(since_ns, 5000);
}

static void one_domain_waits_for_nobody(void **state)
{
	uint64_t since_ns = 0;
	struct lanes s;

	(void)state;
	make(&s, LANE_FAILED);
	s.lane[0].state = LANE_BELIEVED;
	s.credit.lane_mbits[0] = 384000;
	assert_true(alone(&s, 1000, &since_ns));
	/* Nor does one whose hope has gone while it waited. */
	s.lane[1].state = LANE_STARTUP;
	assert_false(alone(&s, 2000, &since_ns));
	s.lane[1].state = LANE_STALLED;
	assert_true(alone(&s, 2001, &since_ns));
}

/* A deadline that outlives its reason is one that is always past. */
static void who_had_enough_and_lost_it_is_waited_for_anew(void **state)
{
	uint64_t since_ns = 0;
	struct lanes s;

	(void)state;
	make(&s, LANE_BELIEVED);
	s.credit.first_seed_done = true;
	s.credit.lane_mbits[0] = 320000;
	assert_false(alone(&s, 1000, &since_ns));
	assert_int_equal(since_ns, 1000);
	s.credit.lane_mbits[0] = 0;
	assert_false(alone(&s, 2000, &since_ns));
	assert_int_equal(since_ns, 0);
	s.credit.lane_mbits[1] = 320000;
	assert_false(alone(&s, HOUR_NS, &since_ns));
	assert_int_equal(since_ns, HOUR_NS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			hope_is_in_start_up_in_belief_and_in_standing_credit),
		cmocka_unit_test(lanes_of_one_domain_are_one_hope),
		cmocka_unit_test(another_domain_is_waited_for_100_ms),
		cmocka_unit_test(one_domain_waits_for_nobody),
		cmocka_unit_test(who_had_enough_and_lost_it_is_waited_for_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
