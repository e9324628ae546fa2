/* SPDX-License-Identifier: ISC */
/* Sources that fail, lie, end and come back. */
#include "engine_test.h"

#include <sodium.h>

static void a_constant_source_is_mixed_and_never_credited(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 4000);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	a.constant = true;
	start(&w);
	assert_false(run_to_seed(&w, BEGIN_NS + 24 * HOUR_NS));
	assert_state(l, LANE_FAILED);
	assert_int_equal(l->credited_mbits, 0);
	assert_true(l->failure_count > 10);
	assert_true(l->health->failure_count[HEALTH_RCT] == l->failure_count);
	assert_int_equal(l->raw_bytes, w.e->pool.lanes[0].mixed_bytes);
	assert_true(l->raw_bytes > 0);
	assert_int_equal(w.sinks[0].offer_count, 0);
	engine_free(w.e);
}

/* What stood is lost, what comes is still mixed, belief is earned again. */
static void stuck_after_a_long_good_run(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 125);
	uint64_t credited_mbits;
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	start(&w);
	for (unsigned n = 0; n < 5; n++)
		(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 5 * 64000);
	credited_mbits = l->credited_mbits;
	a.constant = true;
	(void)step(&w);
	assert_state(l, LANE_FAILED);
	assert_int_equal(standing_mbits(&w, 0), 0);
	assert_int_equal(l->forfeited_mbits, credited_mbits);
	assert_int_equal(l->failure_count, 1);
	assert_int_equal(w.e->pool.lanes[0].mixed_bytes, 6 * 512);
	assert_int_equal(l->retry_ns, BEGIN_NS + NS_PER_S);
	/* In the next cycle it is asked and mixed, and not believed. */
	a.constant = false;
	l->cycle_bytes = 0;
	(void)step(&w);
	assert_state(l, LANE_FAILED);
	assert_int_equal(w.e->pool.lanes[0].mixed_bytes, 7 * 512);
	assert_int_equal(standing_mbits(&w, 0), 0);
	engine_fresh(w.e, false, w.now_ns);
	assert_state(l, LANE_FAILED);
	assert_int_equal(l->raw_bytes, 8 * 512);
	assert_int_equal(standing_mbits(&w, 0), 0);
	/* After the wait: a new start-up of 1,024 symbols. */
	move_to(&w, BEGIN_NS + NS_PER_S - 1);
	(void)step(&w);
	assert_state(l, LANE_FAILED);
	move_to(&w, BEGIN_NS + NS_PER_S);
	(void)step(&w);
	assert_state(l, LANE_STARTUP);
	assert_int_equal(standing_mbits(&w, 0), 0);
	(void)step(&w);
	assert_state(l, LANE_BELIEVED);
	assert_int_equal(standing_mbits(&w, 0), 128000);
	assert_int_equal(l->retry_wait_ns, LANE_RETRY_MIN_NS);
	engine_free(w.e);
}

static void a_source_that_dies_and_comes_back(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 125);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	start(&w);
	(void)step(&w);
	(void)step(&w);
	assert_state(l, LANE_BELIEVED);
	a.read_error = -EIO;
	(void)step(&w);
	assert_state(l, LANE_CLOSED);
	assert_int_equal(l->last_error, -EIO);
	assert_int_equal(l->lost_count, 1);
	assert_int_equal(a.close_count, 1);
	/* What it had given before was good, and stands. */
	assert_int_equal(standing_mbits(&w, 0), 128000);
	a.open_error = -ENODEV;
	move_to(&w, BEGIN_NS + NS_PER_S);
	(void)step(&w);
	assert_state(l, LANE_ABSENT);
	assert_int_equal(l->retry_ns, BEGIN_NS + 3 * NS_PER_S);
	a.open_error = a.read_error = 0;
	move_to(&w, l->retry_ns - 1);
	(void)step(&w);
	assert_int_equal(a.open_count, 2);
	move_to(&w, l->retry_ns);
	(void)step(&w);
	assert_state(l, LANE_STARTUP);
	(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 128000);
	(void)step(&w);
	assert_state(l, LANE_BELIEVED);
	assert_int_equal(standing_mbits(&w, 0), 256000);
	engine_free(w.e);
}

static void one_that_gives_once(void **state)
{
	struct fake a = fake_once("a", DOMAIN_TPM, 4000, 32);
	struct fake b = fake_good("b", DOMAIN_CPU, 8000);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	start(&w);
	(void)step(&w);
	/* Nothing is credited before all of it has been seen. */
	assert_state(l, LANE_STARTUP);
	assert_int_equal(standing_mbits(&w, 0), 0);
	(void)step(&w);
	assert_state(l, LANE_SPENT);
	assert_int_equal(l->credited_mbits, 32 * 4000);
	assert_int_equal(w.e->last_seed.domain_count, 2);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_TPM], 128000);
	assert_int_equal(a.close_count, 1);
	engine_collect(w.e, w.now_ns);
	run_until(&w, BEGIN_NS + HOUR_NS);
	assert_int_equal(a.open_count, 1);
	engine_free(w.e);
}

static void one_that_gives_zeros_once(void **state)
{
	struct fake a = fake_once("a", DOMAIN_TPM, 4000, 32);
	struct fake b = fake_once("b", DOMAIN_USER, 4000, 0);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	a.constant = true;
	(void)add(&w, &b, POLICY_ALARM);
	start(&w);
	assert_false(run_to_seed(&w, BEGIN_NS + HOUR_NS));
	assert_state(l, LANE_SPENT);
	assert_int_equal(l->credited_mbits, 0);
	assert_int_equal(l->failure_count, 1);
	assert_int_equal(l->raw_bytes, 32);
	/* And one that had nothing at all. */
	assert_state(&w.e->lanes[1], LANE_SPENT);
	assert_int_equal(w.e->lanes[1].credited_mbits, 0);
	engine_free(w.e);
}

/*
 * No test can notice an encrypted counter: it is credited as claimed. That is
 * why a second domain stands behind every seed.
 */
static ssize_t counter_read(struct source *s, uint8_t *ret_raw, size_t len)
{
	static const uint8_t key[crypto_stream_chacha20_KEYBYTES];
	uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];

	store_le64(nonce, fake_of(s)->read_count++);
	(void)crypto_stream_chacha20(ret_raw, len, nonce, key);
	return (ssize_t)len;
}

static void an_encrypted_counter_is_credited_as_claimed(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct fake b = fake_good("b", DOMAIN_TIMING, 125);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	a.class.read = counter_read;
	start(&w);
	assert_int_equal(step(&w), 0);
	assert_int_equal(step(&w), 1);
	assert_state(&w.e->lanes[0], LANE_BELIEVED);
	assert_int_equal(w.e->lanes[0].credited_mbits, 1024 * 8000);
	assert_int_equal(w.e->lanes[0].failure_count, 0);
	/* It paid no more than the cap: the rest is another's word. */
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_CPU], 256000);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_TIMING], 128000);
	assert_int_equal(w.e->last_seed.domain_count, 2);
	engine_free(w.e);
}

static void back_pressure_is_no_failure(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	a.read_error = -EAGAIN;
	start(&w);
	assert_false(run_to_seed(&w, BEGIN_NS + NS_PER_S));
	assert_state(l, LANE_STARTUP);
	assert_int_equal(l->failure_count, 0);
	assert_int_equal(l->lost_count, 0);
	assert_int_equal(l->source.not_ready_count, a.read_count);
	assert_int_equal(l->health->symbol_count, 0);
	a.read_error = 0;
	assert_true(run_to_seed(&w, BEGIN_NS + 3 * NS_PER_S));
	engine_free(w.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_constant_source_is_mixed_and_never_credited),
		cmocka_unit_test(stuck_after_a_long_good_run),
		cmocka_unit_test(a_source_that_dies_and_comes_back),
		cmocka_unit_test(one_that_gives_once),
		cmocka_unit_test(one_that_gives_zeros_once),
		cmocka_unit_test(an_encrypted_counter_is_credited_as_claimed),
		cmocka_unit_test(back_pressure_is_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
