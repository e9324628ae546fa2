/* SPDX-License-Identifier: ISC */
/* What a failure does by configuration, and a source that becomes another. */
#include "engine_test.h"

static void policy_drop_never_asks_again(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 4000);
	struct world w;
	struct lane *l;
	uint64_t read_count;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_DROP);
	a.constant = true;
	start(&w);
	(void)step(&w);
	assert_state(l, LANE_DROPPED);
	assert_int_equal(a.close_count, 1);
	assert_int_equal(w.n_changes, 3);
	assert_int_equal(w.changes[1].to, LANE_FAILED);
	read_count = a.read_count;
	engine_fresh(w.e, true, w.now_ns);
	run_until(&w, BEGIN_NS + HOUR_NS);
	assert_int_equal(a.read_count, read_count);
	assert_int_equal(a.open_count, 1);
	assert_true(engine_next_ns(w.e, w.now_ns) == UINT64_MAX);
	engine_free(w.e);
}

static void policy_stop_credits_nothing_any_more(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 4000);
	struct fake b = fake_good("b", DOMAIN_HOST, 8000);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_STOP);
	(void)add(&w, &b, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.sinks[0].last.credit_bits, 256);
	a.constant = true;
	engine_collect(w.e, w.now_ns);
	assert_true(run_to_seed(&w, BEGIN_NS + NS_PER_S));
	assert_true(w.e->stopped);
	/* The seed is made, and goes out without credit. */
	assert_int_equal(w.sinks[0].credited_count, 2);
	assert_int_equal(w.sinks[0].last.credit_bits, 0);
	assert_int_equal(w.e->totals.outlet_credit_bits, 256);
	a.constant = false;
	engine_collect(w.e, w.now_ns);
	move_to(&w, w.now_ns + HOUR_NS);
	assert_true(run_to_seed(&w, w.now_ns + HOUR_NS));
	assert_int_equal(w.sinks[0].last.credit_bits, 0);
	engine_free(w.e);
}

static void another_device_behind_it_is_tested_anew(void **state)
{
	struct fake a = fake_good("a", DOMAIN_HOST, 125);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	start(&w);
	for (unsigned n = 0; n < 5; n++)
		(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 320000);
	/* Asked at the beginning of a cycle. */
	l->cycle_bytes = 0;
	a.swapped = true;
	(void)step(&w);
	assert_state(l, LANE_STARTUP);
	assert_int_equal(standing_mbits(&w, 0), 0);
	assert_int_equal(l->forfeited_mbits, 320000);
	(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 128000);
	engine_free(w.e);
}

/* Credit that one earned is not counted as another's when it comes back. */
static void what_stands_does_not_change_hands(void **state)
{
	struct fake a = fake_good("a", DOMAIN_TPM, 125);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	start(&w);
	(void)step(&w);
	(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 128000);
	assert_int_equal(w.e->pool.credit.domain[0], DOMAIN_TPM);
	a.read_error = -EIO;
	(void)step(&w);
	a.read_error = 0;
	a.host_is_behind = true;
	move_to(&w, l->retry_ns);
	(void)step(&w);
	assert_state(l, LANE_STARTUP);
	assert_int_equal(w.e->pool.credit.domain[0], DOMAIN_HOST);
	assert_int_equal(standing_mbits(&w, 0), 0);
	assert_int_equal(l->forfeited_mbits, 128000);
	engine_free(w.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_drop_never_asks_again),
		cmocka_unit_test(policy_stop_credits_nothing_any_more),
		cmocka_unit_test(another_device_behind_it_is_tested_anew),
		cmocka_unit_test(what_stands_does_not_change_hands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
