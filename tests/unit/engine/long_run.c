/* SPDX-License-Identifier: ISC */
/*
 * Days of fake time: the engine never spins, whatever its sources do, and over
 * thousands of steps with random failures no credit comes from nowhere.
 */
#include "engine_test.h"

#define DAY_NS (24 * HOUR_NS)
#define INTERVAL_NS (600 * NS_PER_S)

static void is_good(struct fake *f)
{
	(void)f;
}

static void is_absent(struct fake *f)
{
	f->open_error = -ENODEV;
}

static void is_failing(struct fake *f)
{
	f->constant = true;
}

static void is_dying(struct fake *f)
{
	f->read_error = -EIO;
}

static void is_never_ready(struct fake *f)
{
	f->read_error = -EAGAIN;
}

static void has_ended(struct fake *f)
{
	f->left_bytes = 0;
}

static void claims_nothing(struct fake *f)
{
	f->class.claim.mbits_per_symbol = 0;
}

static void claims_next_to_nothing(struct fake *f)
{
	f->class.claim.mbits_per_symbol = 1;
}

static void comes_in_pieces(struct fake *f)
{
	f->most_bytes = 100;
}

/*
 * Steps in a day. What is asked again backs off to 10 minutes (145 and the
 * nine doublings), one that is never ready to a second; a seed every 10 minutes
 * takes a few. At a millibit a symbol, 320 bits are 625 batches and the 64
 * beside a good one's 256 are 125.
 */
static const struct {
	void (*become)(struct fake *f);
	unsigned most_alone;  /* steps in a day as the only source */
	unsigned most_beside; /* and beside a good one */
} kinds[] = {
	{ is_good, 145 * 2, 145 * 2 },
	{ is_absent, 160, 145 * 2 + 160 },
	{ is_failing, 320, 145 * 3 + 320 },
	{ is_dying, 320, 145 * 3 + 320 },
	{ is_never_ready, 86400 + 20, 86400 + 145 * 4 },
	{ has_ended, 10, 145 * 3 },
	{ claims_nothing, 10, 145 * 3 },
	{ claims_next_to_nothing, 145 * 627, 145 * 127 },
	{ comes_in_pieces, 145 * 12, 145 * 12 },
};

static void it_never_spins(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		for (unsigned beside = 0; beside < 2; beside++) {
			struct fake a = fake_good("a", DOMAIN_HOST, 8000);
			struct fake b = fake_good("b", DOMAIN_CPU, 8000);
			struct world w;

			world_new(&w, INTERVAL_NS);
			kinds[i].become(&a);
			(void)add(&w, &a, POLICY_ALARM);
			if (beside)
				(void)add(&w, &b, POLICY_ALARM);
			start(&w);
			run_until(&w, BEGIN_NS + DAY_NS);
			print_message("kind %zu, %s: %llu steps\n", i,
				      beside ? "beside" : "alone",
				      (unsigned long long)w.steps);
			assert_in_range(w.steps, 1,
					beside ? kinds[i].most_beside :
						 kinds[i].most_alone);
			if (beside)
				assert_in_range(w.seeded_count, 144, 145);
			engine_free(w.e);
		}
	}
}

/* A cautious source gives its seed, and gives no more than that takes. */
static void raw_bytes_are_bounded_by_what_a_seed_takes(void **state)
{
	struct fake a = fake_good("a", DOMAIN_HOST, 1);
	struct world w;

	(void)state;
	world_new(&w, INTERVAL_NS);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.e->lanes[0].raw_bytes, 384000);
	move_to(&w, BEGIN_NS + INTERVAL_NS);
	assert_true(run_to_seed(&w, w.now_ns));
	assert_int_equal(w.e->lanes[0].raw_bytes, 384000 + 320000);
	engine_free(w.e);
}

#define LANES 6

struct ledger {
	struct world w;
	struct fake fakes[LANES];
	uint64_t random;
	uint64_t credited_before[LANES];
	unsigned fresh_count, reload_count, outlet_error_count;
};

static bool chance(struct ledger *g, unsigned one_in)
{
	return next64(&g->random) % one_in == 0;
}

/* Who failed may have credited all the same: so it does here. */
static int risky_take(void *ctx, const struct engine_offer *offer)
{
	struct sink *s = ctx;
	int r = sink_take(s, offer);

	assert_in_range(offer->credit_bits, 0, 256);
	if (offer->kind == SEED_FRESH)
		assert_int_equal(offer->credit_bits, 0);
	if (r < 0)
		s->credit_bits += offer->credit_bits;
	return r;
}

static void upset(struct ledger *g)
{
	struct fake *f = &g->fakes[next64(&g->random) % LANES];

	f->constant = chance(g, 4);
	f->read_error = chance(g, 4) ? -EIO : chance(g, 4) ? -EAGAIN : 0;
	f->open_error = chance(g, 6) ? -ENODEV : 0;
	f->swapped = chance(g, 6);
	f->host_is_behind = chance(g, 3);
	f->most_bytes = chance(g, 2) ? 1 + next64(&g->random) % 700 : SIZE_MAX;
	f->left_bytes = chance(g, 8) ? next64(&g->random) % 3000 : SIZE_MAX;
	for (size_t i = 0; i < ARRAY_LEN(g->w.sinks); i++) {
		struct sink *s = &g->w.sinks[i];

		s->error = chance(g, 4) ? -EPERM : 0;
		g->outlet_error_count += s->error < 0;
		s->most_bits = (int)(next64(&g->random) % 300);
	}
}

static void check(struct ledger *g)
{
	struct world *w = &g->w;
	uint64_t given = 0, earned_mbits = 0;

	for (size_t i = 0; i < ARRAY_LEN(w->sinks); i++)
		given += w->sinks[i].credit_bits;
	for (size_t i = 0; i < LANES; i++) {
		const struct lane *l = &w->e->lanes[i];

		earned_mbits += l->credited_mbits;
		/* Only who is believed earns, to the end of what it has. */
		if (l->credited_mbits > g->credited_before[i])
			assert_true(l->state == LANE_BELIEVED ||
				    l->state == LANE_SPENT);
		g->credited_before[i] = l->credited_mbits;
		if (l->state == LANE_FAILED || l->state == LANE_DROPPED)
			assert_int_equal(standing_mbits(w, i), 0);
	}
	assert_true(given <= 256 * (uint64_t)w->seeded_count);
	assert_true(w->e->totals.outlet_credit_bits <= given);
	assert_true(1000 * given <= w->e->totals.pool_paid_mbits);
	assert_true(w->e->totals.pool_paid_mbits <= earned_mbits);
}

static void build(struct ledger *g)
{
	static const uint32_t claims[LANES] = { 8000, 500, 100, 4000, 0, 1000 };
	struct world *w = &g->w;

	world_new(w, INTERVAL_NS);
	for (size_t i = 0; i < ARRAY_LEN(w->sinks); i++)
		w->e->outlets[i].take = risky_take;
	for (size_t i = 0; i < LANES; i++) {
		static const char *const names[LANES] = { "a", "b", "c",
							  "d", "e", "f" };

		/* Two of cpu, two of host, timing, user. */
		g->fakes[i] = fake_good(names[i],
					i < 4 ? (enum trust_domain)(i / 2) :
					i < 5 ? DOMAIN_TIMING :
						DOMAIN_USER,
					claims[i]);
		(void)add(w, &g->fakes[i], i == 3 ? POLICY_DROP : POLICY_ALARM);
	}
	start(w);
}

static void reload(struct ledger *g)
{
	struct world *w = &g->w;
	struct engine *old = w->e;

	assert_int_equal(engine_new(&w->e, &w->config, &w->env, LANES), 0);
	for (size_t i = 0; i < old->n_outlets; i++)
		assert_int_equal(engine_add_outlet(w->e, &old->outlets[i]), 0);
	for (size_t i = 0; i < LANES; i++)
		(void)add(w, &g->fakes[i], i == 3 ? POLICY_DROP : POLICY_ALARM);
	engine_inherit(w->e, old);
	engine_free(old);
	start(w);
	g->reload_count++;
}

static void credit_given_never_exceeds_credit_earned(void **state)
{
	static struct ledger g;

	(void)state;
	g.random = 20;
	build(&g);
	for (unsigned n = 0; n < 20000; n++) {
		(void)step(&g.w);
		check(&g);
		if (chance(&g, 20))
			upset(&g);
		if (chance(&g, 100)) {
			engine_fresh(g.w.e, chance(&g, 2), g.w.now_ns);
			g.fresh_count++;
			check(&g);
		}
		if (chance(&g, 50))
			engine_collect(g.w.e, g.w.now_ns);
		if (chance(&g, 500))
			reload(&g);
		(void)sleep_until_next(&g.w, g.w.now_ns + HOUR_NS);
	}
	print_message("%u seeds, %llu bits given of %llu paid\n",
		      g.w.seeded_count,
		      (unsigned long long)g.w.sinks[0].credit_bits +
			      g.w.sinks[1].credit_bits,
		      (unsigned long long)g.w.e->totals.pool_paid_mbits / 1000);
	/* All of it has happened. */
	assert_true(g.w.seeded_count > 500 && g.fresh_count > 100 &&
		    g.reload_count > 20 && g.outlet_error_count > 100 &&
		    g.w.sinks[0].credit_bits > 0 &&
		    g.w.sinks[1].credit_bits > 0);
	engine_free(g.w.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_never_spins),
		cmocka_unit_test(raw_bytes_are_bounded_by_what_a_seed_takes),
		cmocka_unit_test(credit_given_never_exceeds_credit_earned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
