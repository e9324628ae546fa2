/* SPDX-License-Identifier: ISC */
/* What goes out after a seed, and what an engine has room for. */
#include "engine_test.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../skip.h"

static void every_outlet_gets_bytes_of_its_own(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	uint8_t first[ENGINE_OFFER_BYTES];
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	w.sinks[0].most_bits = 100;
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.sinks[0].last.kind, SEED_CREDITED);
	assert_int_equal(w.sinks[0].last.credit_bits, 256);
	assert_int_equal(w.sinks[1].last.credit_bits, 156);
	assert_int_equal(w.e->totals.outlet_credit_bits, 256);
	memcpy(first, w.sinks[0].last.bytes, sizeof first);
	assert_memory_not_equal(first, w.sinks[1].last.bytes, sizeof first);
	engine_collect(w.e, w.now_ns);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_memory_not_equal(first, w.sinks[0].last.bytes, sizeof first);
	engine_free(w.e);
}

static void a_failing_outlet_loses_the_credit(void **state)
{
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	w.sinks[0].error = -EPERM;
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.sinks[0].last.credit_bits, 256);
	assert_int_equal(w.sinks[1].last.credit_bits, 0);
	assert_int_equal(w.e->totals.outlet_credit_bits, 0);
	w.sinks[0].error = 0;
	engine_collect(w.e, w.now_ns);
	assert_true(run_to_seed(&w, BEGIN_NS));
	assert_int_equal(w.sinks[0].last.credit_bits, 256);
	assert_int_equal(w.e->totals.outlet_credit_bits, 256);
	engine_free(w.e);
}

/* A host: one engine, a thousand guests. */
static void a_thousand_drbgs_are_all_different(void **state)
{
	static uint8_t out[1000][32];
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct world w;

	(void)state;
	world_new(&w, 0);
	(void)add(&w, &a, POLICY_ALARM);
	start(&w);
	assert_true(run_to_seed(&w, BEGIN_NS));
	for (size_t i = 0; i < ARRAY_LEN(out); i++) {
		struct drbg d;

		drbg_init(&d, NULL);
		assert_int_equal(engine_seed_drbg(w.e, &d), 0);
		assert_int_equal(drbg_generate(&d, out[i], 32), 0);
		drbg_wipe(&d);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(out[i], out[k], 32);
	}
	engine_free(w.e);
}

/* No memory at all: nothing may be mapped any more. */
static void without_memory_there_is_no_engine(void **state)
{
	const struct engine_config config = { .interval_ns = 0 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct engine *e = NULL;
	struct rlimit before, none;
	struct world w;
	void *p;
	int r;

	(void)state;
	world_new(&w, 0);
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
	r = engine_new(&e, &config, &w.env, POOL_LANES_MAX);
	p = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	engine_free(w.e);
	if (p != MAP_FAILED) {
		(void)munmap(p, page);
		engine_free(e);
		skip_because("RLIMIT_AS is not enforced (an emulator)");
	}
	assert_int_equal(r, -ENOMEM);
	assert_null(e);
}

static void room_is_bounded_and_said(void **state)
{
	const struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT };
	const struct engine_config config = { .interval_ns = 0 };
	struct fake a = fake_good("a", DOMAIN_CPU, 8000);
	struct engine_outlet outlet = { "x", NULL, sink_take };
	struct engine *e = NULL;
	struct world w;

	(void)state;
	world_new(&w, 0);
	assert_int_equal(engine_new(&e, &config, &w.env, POOL_LANES_MAX + 1),
			 -EINVAL);
	assert_null(e);
	for (int i = 0; i < POOL_LANES_MAX; i++)
		assert_int_equal(engine_add_lane(w.e, &a.class, NULL, &o), i);
	assert_int_equal(engine_add_lane(w.e, &a.class, NULL, &o), -ENOSPC);
	for (size_t i = ARRAY_LEN(w.sinks); i < ENGINE_OUTLETS_MAX; i++)
		assert_int_equal(engine_add_outlet(w.e, &outlet), 0);
	assert_int_equal(engine_add_outlet(w.e, &outlet), -ENOSPC);
	engine_free(w.e);
	/* A started engine takes no lanes; one without lanes does nothing. */
	world_new(&w, 0);
	start(&w);
	assert_int_equal(engine_add_lane(w.e, &a.class, NULL, &o), -ENOSPC);
	assert_int_equal(step(&w), 0);
	assert_true(engine_next_ns(w.e, w.now_ns) == UINT64_MAX);
	engine_free(w.e);
	engine_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outlet_gets_bytes_of_its_own),
		cmocka_unit_test(a_failing_outlet_loses_the_credit),
		cmocka_unit_test(a_thousand_drbgs_are_all_different),
		cmocka_unit_test(without_memory_there_is_no_engine),
		cmocka_unit_test(room_is_bounded_and_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
