/* SPDX-License-Identifier: ISC */
/* A lane by itself: the whole transition table once more, and its waits. */
#include "engine_test.h"

#define C LANE_CLOSED
#define A LANE_ABSENT
#define S LANE_STARTUP
#define B LANE_BELIEVED
#define F LANE_FAILED
#define T LANE_STALLED
#define P LANE_SPENT
#define X LANE_DROPPED
#define D LANE_DISABLED

/* clang-format off */
static const enum lane_state expected[LANE_STATE_COUNT][LANE_EVENT_COUNT] = {
	/*      opened    passed  retry  data   ended  changed
	 *         open_failed failed late   lost   reopen  give_up */
	[C] = { S, A,     C, C,   C, C,  C, C,  C, C,  C, C },
	[A] = { S, A,     A, A,   A, A,  A, A,  A, C,  A, A },
	[S] = { S, S,     B, F,   S, T,  S, C,  P, C,  S, S },
	[B] = { B, B,     B, F,   B, T,  B, C,  P, C,  S, B },
	[F] = { F, F,     F, F,   S, F,  F, C,  P, C,  F, X },
	[T] = { T, T,     T, T,   T, T,  S, C,  P, C,  T, T },
	[P] = { P, P,     P, P,   P, P,  P, P,  P, C,  P, P },
	[X] = { X, X,     X, X,   X, X,  X, X,  X, X,  X, X },
	[D] = { D, D,     D, D,   D, D,  D, D,  D, D,  D, D },
};

/* The columns' order, so that a moved enumerator is noticed. */
static const enum lane_event columns[] = {
	LANE_OPENED, LANE_OPEN_FAILED, LANE_PASSED, LANE_TEST_FAILED,
	LANE_RETRY, LANE_LATE, LANE_DATA, LANE_LOST, LANE_ENDED, LANE_REOPEN,
	LANE_CHANGED, LANE_GIVE_UP,
};
/* clang-format on */

_Static_assert(ARRAY_LEN(columns) == LANE_EVENT_COUNT, "a column is missing");

static void the_transition_table_is_this_one(void **state)
{
	(void)state;
	for (unsigned from = 0; from < LANE_STATE_COUNT; from++) {
		for (unsigned i = 0; i < LANE_EVENT_COUNT; i++)
			assert_int_equal(lane_next_state((enum lane_state)from,
							 columns[i]),
					 expected[from][i]);
	}
}

static void an_event_notes_the_time_of_a_change_only(void **state)
{
	struct lane l;

	(void)state;
	memset(&l, 0, sizeof l);
	l.state = LANE_STARTUP;
	assert_true(lane_event(&l, LANE_PASSED, 5));
	assert_state(&l, LANE_BELIEVED);
	assert_int_equal(l.state_since_ns, 5);
	assert_false(lane_event(&l, LANE_PASSED, 9));
	assert_int_equal(l.state_since_ns, 5);
}

/* Belief is only ever gained by passing a start-up test. */
static void no_way_to_belief_but_through_start_up(void **state)
{
	(void)state;
	for (unsigned from = 0; from < LANE_STATE_COUNT; from++) {
		for (unsigned e = 0; e < LANE_EVENT_COUNT; e++) {
			enum lane_state to = lane_next_state(
				(enum lane_state)from, (enum lane_event)e);

			if (to == LANE_BELIEVED && from != LANE_BELIEVED)
				assert_true(from == LANE_STARTUP &&
					    e == LANE_PASSED);
		}
	}
}

static void every_state_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LANE_STATE_COUNT; i++) {
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(
				lane_state_name((enum lane_state)i),
				lane_state_name((enum lane_state)k));
	}
	assert_string_equal(lane_state_name(LANE_STATE_COUNT), "?");
}

static void failures_back_off_from_1_s_to_10_min(void **state)
{
	static const unsigned wait_s[] = { 1,  2,   4,   8,   16,  32,
					   64, 128, 256, 512, 600, 600 };
	struct fake f = fake_good("f", DOMAIN_CPU, 1000);
	const struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT };
	struct health health = { 0 };
	struct lane l;

	(void)state;
	lane_init(&l, &f.class, NULL, &o, &health);
	for (size_t i = 0; i < ARRAY_LEN(wait_s); i++) {
		lane_back_off(&l, 77);
		assert_int_equal(l.retry_ns, 77 + wait_s[i] * NS_PER_S);
	}
}

static void idleness_backs_off_from_1_ms_to_1_s(void **state)
{
	static const unsigned wait_ms[] = { 1,  2,   4,   8,   16,   32,
					    64, 128, 256, 512, 1000, 1000 };
	struct lane l;

	(void)state;
	memset(&l, 0, sizeof l);
	for (unsigned round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(wait_ms); i++) {
			lane_idle(&l, 77);
			assert_int_equal(l.idle_ns, 77 + wait_ms[i] * NS_PER_MS);
		}
		/* Bytes make it prompt again. */
		lane_took(&l, 100);
		assert_int_equal(l.idle_ns, 0);
	}
	assert_int_equal(l.raw_bytes, 200);
	assert_int_equal(l.cycle_bytes, 200);
}

static void a_lane_is_due_when_wanted_and_its_time_has_come(void **state)
{
	struct lane l;

	(void)state;
	memset(&l, 0, sizeof l);
	l.retry_ns = 50;
	l.idle_ns = 90;
	for (unsigned i = 0; i < LANE_STATE_COUNT; i++) {
		bool opens = i == LANE_CLOSED || i == LANE_ABSENT;
		bool reads = i == LANE_STARTUP || i == LANE_BELIEVED ||
			     i == LANE_FAILED || i == LANE_STALLED;

		l.state = (enum lane_state)i;
		assert_int_equal(lane_is_reading(&l), reads);
		assert_false(lane_due(&l, 100, false));
		assert_false(lane_due(&l, 49, true));
		assert_int_equal(lane_due(&l, 50, true), opens);
		assert_int_equal(lane_due(&l, 89, true), opens);
		assert_int_equal(lane_due(&l, 90, true), opens || reads);
		assert_true(lane_next_ns(&l, 10) == (opens ? 50 :
						     reads ? 90 :
							     UINT64_MAX));
		assert_true(lane_next_ns(&l, 100) ==
			    (opens || reads ? 100 : UINT64_MAX));
	}
}

static void a_disabled_lane_says_why_and_stays(void **state)
{
	struct fake f = fake_good("f", DOMAIN_TIMING, 1000);
	struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT,
				  .disabled = true,
				  .disabled_why = "a test" };
	struct health health = { 0 };
	struct lane l;

	(void)state;
	lane_init(&l, &f.class, "f:0", &o, &health);
	assert_state(&l, LANE_DISABLED);
	assert_string_equal(l.name, "f:0");
	assert_string_equal(l.source.info.reason, "a test");
	assert_int_equal(l.source.info.domain, DOMAIN_TIMING);
	assert_int_equal(lane_claim_mbits(&l), 0);
	assert_false(lane_due(&l, UINT64_MAX, true));
}

static void open_starts_the_tests_and_keeps_their_counts(void **state)
{
	const struct source_env env = { .root = "", .now_ns = fake_clock };
	struct fake f = fake_good("f", DOMAIN_CPU, 1500);
	const struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT };
	struct health health = { 0 };
	struct lane l;

	(void)state;
	lane_init(&l, &f.class, NULL, &o, &health);
	assert_string_equal(l.name, "f");
	f.open_error = -EACCES;
	lane_open(&l, &env, 10);
	assert_state(&l, LANE_ABSENT);
	assert_int_equal(l.last_error, -EACCES);
	assert_int_equal(l.retry_ns, 10 + NS_PER_S);
	assert_int_equal(lane_claim_mbits(&l), 0);
	f.open_error = 0;
	l.health->failure_count[HEALTH_RCT] = 3;
	l.settled_paid = 9;
	lane_open(&l, &env, 20);
	assert_state(&l, LANE_STARTUP);
	assert_int_equal(l.last_error, 0);
	assert_int_equal(lane_claim_mbits(&l), 1500);
	assert_int_equal(l.health->failure_count[HEALTH_RCT], 3);
	assert_int_equal(l.settled_paid, 0);
	assert_int_equal(l.health->config.startup_symbols, 1024);
	assert_int_equal(l.health->config.alpha_log2, 30);
	/* The tests take the class's word, not the cautious claim. */
	assert_int_equal(l.health->config.test_mbits, 4000);
	lane_close(&l);
	lane_close(&l);
	assert_int_equal(f.close_count, 1);
	assert_int_equal(lane_claim_mbits(&l), 0);
}

static void what_piled_up_is_drained_before_a_retry(void **state)
{
	struct fake f = fake_good("f", DOMAIN_CPU, 4000);
	struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT };
	struct health health = { 0 };
	struct lane l;

	(void)state;
	lane_init(&l, &f.class, NULL, &o, &health);
	l.retry_ns = NS_PER_S;
	/* Not failed, or too early. */
	assert_false(lane_is_drained(&l, LANE_DRAIN_BYTES, NS_PER_S));
	l.state = LANE_FAILED;
	assert_false(lane_is_drained(&l, LANE_DRAIN_BYTES, NS_PER_S - 1));
	/* Without a reader nothing can pile up. */
	assert_true(lane_is_drained(&l, 1, NS_PER_S));
	/* Never called: only its being there counts. */
	l.source.reader = (struct reader *)(void *)&health;
	assert_false(lane_is_drained(&l, LANE_DRAIN_BYTES - 1, NS_PER_S));
	assert_true(lane_is_drained(&l, 1, NS_PER_S));
	assert_int_equal(l.drained_bytes, 0);
	assert_false(lane_is_drained(&l, 1, NS_PER_S + LANE_DRAIN_NS - 1));
	assert_true(lane_is_drained(&l, 1, NS_PER_S + LANE_DRAIN_NS));
	l.source.reader = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_transition_table_is_this_one),
		cmocka_unit_test(an_event_notes_the_time_of_a_change_only),
		cmocka_unit_test(no_way_to_belief_but_through_start_up),
		cmocka_unit_test(every_state_has_a_name_of_its_own),
		cmocka_unit_test(failures_back_off_from_1_s_to_10_min),
		cmocka_unit_test(idleness_backs_off_from_1_ms_to_1_s),
		cmocka_unit_test(a_lane_is_due_when_wanted_and_its_time_has_come),
		cmocka_unit_test(a_disabled_lane_says_why_and_stays),
		cmocka_unit_test(open_starts_the_tests_and_keeps_their_counts),
		cmocka_unit_test(what_piled_up_is_drained_before_a_retry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
