/* SPDX-License-Identifier: ISC */
/* A clone, a restore, a fork, a reload: what goes over and what does not. */
#include "engine_test.h"

static void a_fresh_seed_carries_no_credit(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	uint8_t before[32], after[32];
	struct drbg clone;
	struct world w;

	(void)state;
	world_new(&w, 600 * NS_PER_S);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_false(w.e->drbg.stale);
	clone = w.e->drbg;
	move_to(&w, BEGIN_NS + NS_PER_S);
	engine_fresh(w.e, false, w.now_ns);
	assert_true(w.e->drbg.stale);
	assert_int_equal(w.sinks[0].last.kind, SEED_FRESH);
	assert_int_equal(w.sinks[0].last.credit_bits, 0);
	assert_int_equal(w.sinks[1].last.credit_bits, 0);
	assert_int_equal(w.sinks[0].last.now_ns, w.now_ns);
	assert_int_equal(w.e->totals.outlet_credit_bits, 256);
	assert_int_equal(w.e->totals.pool_paid_mbits, 384000);
	/* What it read for that has left the pool: nothing stands. */
	assert_true(w.e->lanes[0].credited_mbits > 384000);
	assert_int_equal(standing_mbits(&w, 0), 0);
	/* Two from one state go different ways. */
	assert_int_equal(drbg_generate(&clone, before, 32), 0);
	assert_int_equal(engine_draw(w.e, after, 32), 0);
	assert_memory_not_equal(before, after, 32);
	/* A credited one follows at once, whatever the interval says. */
	assert_true(run_to_seed(&w, w.now_ns));
	assert_false(w.e->drbg.stale);
	assert_int_equal(w.sinks[0].last.kind, SEED_CREDITED);
	assert_int_equal(w.sinks[0].last.credit_bits, 256);
	drbg_wipe(&clone);
	engine_free(w.e);
}

static void before_the_first_seed_there_are_bytes_too(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct engine_offer first;
	uint8_t out[8];
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	engine_fresh(w.e, false, w.now_ns);
	first = w.sinks[0].last;
	assert_int_equal(first.kind, SEED_FRESH);
	assert_int_equal(first.credit_bits, 0);
	/* All of them: 32 equal bytes by chance, below 2^-200. */
	assert_false(is_constant(first.bytes, 32));
	assert_false(is_constant(first.bytes + 32, 32));
	assert_memory_not_equal(first.bytes, first.bytes + 32, 32);
	assert_memory_not_equal(first.bytes, w.sinks[1].last.bytes, 64);
	/* They do not make it seeded. */
	assert_int_equal(engine_draw(w.e, out, sizeof out), -EAGAIN);
	assert_false(w.e->drbg.stale);
	assert_int_equal(w.e->last_seed.at_ns, 0);
	engine_fresh(w.e, false, w.now_ns);
	assert_memory_not_equal(first.bytes, w.sinks[0].last.bytes, 64);
	/* And the first credited one still costs what it costs. */
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.e->totals.pool_paid_mbits, 384000);
	engine_free(w.e);
}

/* Only where it is certain, and only of those that are worth it. */
static void a_certain_clone_asks_a_tpm_once_more(void **state)
{
	struct fake a = fake_once("a", DOMAIN_TPM, 4000, 32);
	struct fake b = fake_once("b", DOMAIN_DISK, 4000, 32);
	struct fake c = fake_good("c", DOMAIN_CPU, 8000);
	struct world w;

	(void)state;
	world_new(&w, 600 * NS_PER_S);
	a.class.flags |= SOURCE_AGAIN_AFTER_CLONE;
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	(void)add(&w, &c, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	a.left_bytes = b.left_bytes = 32;
	engine_fresh(w.e, false, w.now_ns);
	assert_true(run_to_seed(&w, BEGIN_NS + NS_PER_S));
	assert_int_equal(a.open_count, 1);
	engine_fresh(w.e, true, w.now_ns);
	assert_true(run_to_seed(&w, BEGIN_NS + 2 * NS_PER_S));
	assert_int_equal(a.open_count, 2);
	assert_int_equal(b.open_count, 1);
	assert_state(&w.e->lanes[0], LANE_SPENT);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_TPM], 128000);
	/* Once a clone: the next seed is without it. */
	a.left_bytes = 32;
	engine_collect(w.e, w.now_ns);
	assert_true(run_to_seed(&w, BEGIN_NS + 3 * NS_PER_S));
	assert_int_equal(a.open_count, 2);
	engine_free(w.e);
}

static struct engine *successor(struct world *w, struct fake *const *fakes,
				size_t n)
{
	struct engine_outlet o = { "sink", &w->sinks[0], sink_take };
	struct engine *old = w->e;

	assert_int_equal(engine_new(&w->e, &w->config, &w->env, n), 0);
	assert_int_equal(engine_add_outlet(w->e, &o), 0);
	for (size_t i = 0; i < n; i++)
		(void)add(w, fakes[i], POLICY_ALARM);
	engine_inherit(w->e, old);
	return old;
}

static void a_successor_takes_over_but_for_the_credit(void **state)
{
	struct fake a = fake_once("a", DOMAIN_TPM, 4000, 32);
	struct fake b = fake_good("b", DOMAIN_CPU, 8000);
	struct fake c = fake_good("c", DOMAIN_HOST, 2000);
	struct fake *const next[] = { &b, &c, &a };
	struct engine *old;
	uint8_t theirs[32], ours[32];
	struct lane old_b;
	struct world w;

	(void)state;
	world_new(&w, 600 * NS_PER_S);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	/* Some credit stands that has not been taken. */
	pool_credit(&w.e->pool, 1, 5000000);
	w.e->lanes[1].health->failure_count[HEALTH_RCT] = 2;
	w.e->lanes[1].lost_count = 3;
	w.e->lanes[1].stall_count = 4;
	old_b = w.e->lanes[1];
	old = successor(&w, next, ARRAY_LEN(next));

	/* It can serve at once, and no longer says what the old one says. */
	assert_int_equal(engine_draw(old, theirs, 32), 0);
	assert_int_equal(engine_draw(w.e, ours, 32), 0);
	assert_memory_not_equal(theirs, ours, 32);
	assert_true(w.e->drbg.stale);
	assert_int_equal(w.e->totals.pool_paid_mbits, 384000);
	assert_int_equal(w.e->totals.outlet_credit_bits, 256);
	assert_int_equal(w.e->last_seed.at_ns, BEGIN_NS);
	assert_int_equal(w.e->lanes[0].raw_bytes, old_b.raw_bytes);
	assert_int_equal(w.e->lanes[0].credited_mbits, old_b.credited_mbits);
	assert_int_equal(w.e->lanes[0].lost_count, 3);
	assert_int_equal(w.e->lanes[0].stall_count, 4);
	assert_int_equal(w.e->lanes[1].raw_bytes, 0);
	assert_state(&w.e->lanes[2], LANE_SPENT);
	engine_free(old);

	start(&w);
	assert_int_equal(credit_total_mbits(&w.e->pool.credit), 0);
	assert_int_equal(w.e->lanes[0].health->failure_count[HEALTH_RCT], 2);
	a.left_bytes = 32;
	w.sinks[0].offer_count = 0;
	assert_true(run_to_seed(&w, BEGIN_NS + NS_PER_S));
	assert_int_equal(a.open_count, 1);
	assert_false(w.e->drbg.stale);
	/* From nothing: it paid for all of a first seed again. */
	assert_true(w.e->totals.pool_paid_mbits >= 2 * 384000);
	engine_free(w.e);
}

/*
 * A seed from before this start that was not there, or broke off, is not asked
 * for again: what is there later is what this program put there.
 */
static void a_seed_from_before_is_asked_for_once(void **state)
{
	struct fake a = fake_once("a", DOMAIN_DISK, 4000, 32);
	struct fake b = fake_once("b", DOMAIN_DISK, 4000, 32);
	struct fake *const next[] = { &a, &b };
	struct engine *old;
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	a.open_error = -ENOENT;
	b.read_error = -EIO;
	start(&w);
	(void)step(&w);
	assert_state(&w.e->lanes[0], LANE_ABSENT);
	assert_state(&w.e->lanes[1], LANE_CLOSED);
	a.open_error = b.read_error = 0;
	assert_true(engine_next_ns(w.e, w.now_ns) == UINT64_MAX);
	assert_false(run_to_seed(&w, BEGIN_NS + HOUR_NS));
	old = successor(&w, next, ARRAY_LEN(next));
	engine_free(old);
	start(&w);
	engine_fresh(w.e, true, w.now_ns);
	assert_false(run_to_seed(&w, BEGIN_NS + 2 * HOUR_NS));
	assert_int_equal(a.open_count, 1);
	assert_int_equal(b.open_count, 1);
	engine_free(w.e);
}

/* The old one's bytes are in the new one's state, credit or not. */
static void what_was_mixed_before_a_reload_is_not_lost(void **state)
{
	uint8_t seen[2][64];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct fake a = fake_good("a", DOMAIN_CPU, 0);
		struct fake b = fake_good("b", DOMAIN_USER, 8000);
		struct fake *const next[] = { &b };
		struct engine *old;
		struct world w;

		world_new(&w, 0);
		(void)add(&w, &a, POLICY_ALARM);
		a.noise = i;
		start(&w);
		(void)step(&w);
		old = successor(&w, next, 1);
		engine_free(old);
		start(&w);
		assert_true(run_to_seed(&w, BEGIN_NS));
		memcpy(seen[i], w.sinks[0].last.bytes, sizeof seen[i]);
		engine_free(w.e);
	}
	assert_memory_not_equal(seen[0], seen[1], sizeof seen[0]);
}

static void dropped_and_stopped_outlive_a_reload(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct fake b = fake_good("b", DOMAIN_HOST, 8000);
	struct fake *const next[] = { &a, &b };
	struct engine *old;
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_DROP);
	(void)add(&w, &b, POLICY_STOP);
	a.constant = b.constant = true;
	start(&w);
	(void)step(&w);
	assert_state(&w.e->lanes[0], LANE_DROPPED);
	assert_true(w.e->stopped);
	old = successor(&w, next, ARRAY_LEN(next));
	engine_free(old);
	start(&w);
	b.constant = false;
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_state(&w.e->lanes[0], LANE_DROPPED);
	assert_int_equal(a.open_count, 1);
	assert_int_equal(w.e->totals.outlet_credit_bits, 0);
	assert_int_equal(w.sinks[0].last.credit_bits, 0);
	engine_free(w.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fresh_seed_carries_no_credit),
		cmocka_unit_test(before_the_first_seed_there_are_bytes_too),
		cmocka_unit_test(a_certain_clone_asks_a_tpm_once_more),
		cmocka_unit_test(a_successor_takes_over_but_for_the_credit),
		cmocka_unit_test(a_seed_from_before_is_asked_for_once),
		cmocka_unit_test(what_was_mixed_before_a_reload_is_not_lost),
		cmocka_unit_test(dropped_and_stopped_outlive_a_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
