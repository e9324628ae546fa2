/* SPDX-License-Identifier: ISC */
/* The path with good sources: what a seed takes, when, and what goes out. */
#include "engine_test.h"

/*
 * 1,024 symbols of start-up and then windows of 512: claims are chosen so that
 * these give the credit that a boundary lies at.
 */
static void the_first_seed_takes_384_bits_of_two_domains(void **state)
{
	static const struct {
		uint32_t claim_mbits; /* of the second domain */
		unsigned steps;
	} cases[] = { { 125, 2 }, { 124, 3 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fake a = fake_good("a", DOMAIN_CPU, 250);
		struct fake b = fake_good("b", DOMAIN_HOST,
					  cases[i].claim_mbits);
		uint8_t out[8];
		struct world w;

		world_new(&w, 0);
		(void)add(&w, &a, POLICY_ALARM);
		(void)add(&w, &b, POLICY_ALARM);
		start(&w);
		for (unsigned n = 1; n < cases[i].steps; n++) {
			assert_int_equal(step(&w), 0);
			assert_int_equal(engine_draw(w.e, out, 8), -EAGAIN);
			assert_int_equal(engine_seed_drbg(w.e, NULL), -EAGAIN);
		}
		assert_int_equal(step(&w), 1);
		assert_int_equal(engine_draw(w.e, out, 8), 0);
		assert_int_equal(w.e->last_seed.domain_count, 2);
		assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_CPU], 256000);
		assert_int_equal(w.e->last_seed.ended_by, 1);
		assert_int_equal(w.e->last_seed.at_ns, BEGIN_NS);
		assert_int_equal(w.seeded_count, 1);
		assert_int_equal(standing_mbits(&w, 0), 0);
		assert_int_equal(standing_mbits(&w, 1), 0);
		engine_free(w.e);
	}
}

static void a_later_seed_takes_320(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct fake b = fake_good("b", DOMAIN_HOST, 125);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.e->totals.pool_paid_mbits, 384000);
	engine_collect(w.e, w.now_ns);
	/* Now a window is enough of the second: 512 x 125 mbits. */
	assert_int_equal(step(&w), 1);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_CPU], 256000);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_HOST], 64000);
	assert_int_equal(w.e->totals.pool_paid_mbits, 704000);
	engine_free(w.e);
}

static void lanes_of_one_domain_do_not_add_up(void **state)
{
	struct fake a = fake_good("a", DOMAIN_TIMING, 300);
	struct fake b = fake_good("b", DOMAIN_TIMING, 200);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	start(&w);
	assert_int_equal(step(&w), 0);
	/* 307.2 and 204.8 bits: together enough, but they see the same. */
	assert_int_equal(step(&w), 0);
	assert_int_equal(standing_mbits(&w, 0), 307200);
	assert_int_equal(standing_mbits(&w, 1), 204800);
	assert_int_equal(step(&w), 1);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_TIMING], 384000);
	assert_int_equal(w.e->last_seed.domain_count, 1);
	engine_free(w.e);
}

static void start_up_is_credited_after_it_has_passed(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 100);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 0);
	l = add(&w, &a, POLICY_ALARM);
	a.most_bytes = 1;
	start(&w);
	for (unsigned n = 1; n < 1024; n++)
		(void)step(&w);
	assert_state(l, LANE_STARTUP);
	assert_int_equal(standing_mbits(&w, 0), 0);
	(void)step(&w);
	assert_state(l, LANE_BELIEVED);
	assert_int_equal(standing_mbits(&w, 0), 102400);
	/* From here by whole windows. */
	for (unsigned n = 1; n < 512; n++)
		(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 102400);
	(void)step(&w);
	assert_int_equal(standing_mbits(&w, 0), 153600);
	assert_int_equal(l->credited_mbits, 153600);
	assert_int_equal(l->raw_bytes, 1536);
	engine_free(w.e);
}

static void a_second_domain_is_waited_for_100_ms(void **state)
{
	const uint64_t end_ns = BEGIN_NS + 100 * NS_PER_MS;
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct fake b = fake_good("b", DOMAIN_HOST, 8000);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	b.read_error = -EAGAIN;
	start(&w);
	assert_false(run_to_seed(&w, end_ns - 1));
	assert_true(standing_mbits(&w, 0) >= 384000);
	assert_true(engine_next_ns(w.e, w.now_ns) == end_ns);
	move_to(&w, end_ns);
	assert_int_equal(step(&w), 1);
	assert_int_equal(w.e->last_seed.domain_count, 1);
	assert_int_equal(w.e->last_seed.paid_mbits[DOMAIN_CPU], 384000);
	/* The next seed waits as long again, and takes the second if it comes. */
	engine_collect(w.e, w.now_ns);
	assert_false(run_to_seed(&w, end_ns + 20 * NS_PER_MS));
	b.read_error = 0;
	assert_true(run_to_seed(&w, end_ns + 100 * NS_PER_MS));
	assert_int_equal(w.e->last_seed.domain_count, 2);
	engine_free(w.e);
}

static void one_domain_alone_waits_for_nobody(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct fake b = fake_good("b", DOMAIN_HOST, 0);
	struct fake c = fake_good("c", DOMAIN_TPM, 8000);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	(void)add(&w, &b, POLICY_ALARM);
	(void)add(&w, &c, POLICY_ALARM);
	c.open_error = -ENODEV;
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.e->last_seed.domain_count, 1);
	/* Without a claim it was mixed all the same. */
	assert_true(w.e->lanes[1].raw_bytes > 0);
	engine_free(w.e);
}

static void between_seeds_nothing_is_read(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct world w;
	uint64_t read_count;

	(void)state;
	world_new(&w, 600 * NS_PER_S);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	read_count = a.read_count;
	assert_true(engine_next_ns(w.e, w.now_ns) == BEGIN_NS + 600 * NS_PER_S);
	move_to(&w, BEGIN_NS + 600 * NS_PER_S - 1);
	assert_int_equal(step(&w), 0);
	assert_int_equal(a.read_count, read_count);
	move_to(&w, BEGIN_NS + 600 * NS_PER_S);
	assert_int_equal(step(&w), 1);
	engine_collect(w.e, w.now_ns + 5);
	assert_true(engine_next_ns(w.e, w.now_ns) == w.now_ns + 5);
	engine_free(w.e);
}

/* What a start-up earns between seeds stands, and nobody spins over it. */
static void a_start_up_goes_on_between_seeds(void **state)
{
	const uint64_t next_seed_ns = BEGIN_NS + 600 * NS_PER_S;
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct fake b = fake_good("b", DOMAIN_HOST, 8000);
	struct world w;
	struct lane *l;

	(void)state;
	world_new(&w, 600 * NS_PER_S);
	(void)add(&w, &a, POLICY_ALARM);
	l = add(&w, &b, POLICY_ALARM);
	b.most_bytes = 1;
	start(&w);
	b.read_error = -EAGAIN;
	assert_true(run_to_seed(&w, BEGIN_NS + NS_PER_S));
	assert_state(l, LANE_STARTUP);
	b.read_error = 0;
	assert_false(run_to_seed(&w, next_seed_ns - 1));
	assert_state(l, LANE_BELIEVED);
	assert_true(standing_mbits(&w, 1) >= 320000);
	/* Asked at 0, 1, 3 ... 63 ms, then once a byte. */
	assert_int_equal(b.read_count, 7 + l->raw_bytes);
	assert_true(engine_next_ns(w.e, w.now_ns) >= next_seed_ns);
	/* Nor is the finished seed's story told anew. */
	assert_int_equal(w.e->last_seed.ended_by, 0);
	assert_true(w.steps < 1100);
	engine_free(w.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_seed_takes_384_bits_of_two_domains),
		cmocka_unit_test(a_later_seed_takes_320),
		cmocka_unit_test(lanes_of_one_domain_do_not_add_up),
		cmocka_unit_test(start_up_is_credited_after_it_has_passed),
		cmocka_unit_test(a_second_domain_is_waited_for_100_ms),
		cmocka_unit_test(one_domain_alone_waits_for_nobody),
		cmocka_unit_test(between_seeds_nothing_is_read),
		cmocka_unit_test(a_start_up_goes_on_between_seeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
