/* SPDX-License-Identifier: ISC */
#include "cpu_fake.h"

#include "../skip.h"

#include <errno.h>

static const struct cpu_generator fake_rdseed = {
	.instruction = CPU_RDSEED,
	.name = "RDSEED",
	.word = fake_word,
};

/* An opened source whose counters of the open are set back. */
static void open_good(struct source *s, struct platform *p,
		      struct source_env *env)
{
	*p = fake_platform();
	assert_int_equal(fake_open(s, &source_rdseed, &fake_rdseed, p, env), 0);
	(void)fake_setup(NULL);
	s->not_ready_count = 0;
}

static void not_ready_is_waited_out_and_counted(void **state)
{
	struct source_env env;
	struct platform p;
	struct source s;
	uint8_t raw[20];

	(void)state;
	open_good(&s, &p, &env);
	fake.refuse = 24; /* 96 of 100 tries */
	assert_int_equal(cpu_words_patient(&s, &fake_rdseed, raw, sizeof raw),
			 sizeof raw);
	assert_fake_words(raw, sizeof raw, 1);
	assert_int_equal(s.not_ready_count, 3 * 24);
}

/* The deadline is 1 ms; the clock here moves a quarter of it a look. */
static void at_the_deadline_what_came_is_given_out(void **state)
{
	struct source_env env;
	struct platform p;
	struct source s;
	uint8_t raw[64];

	(void)state;
	open_good(&s, &p, &env);
	fake.tick_ns = CPU_WORDS_PATIENCE_NS / 4;
	fake.words_left = 3;
	assert_int_equal(cpu_words_patient(&s, &fake_rdseed, raw, sizeof raw),
			 24);
	assert_fake_words(raw, 24, 1);
	assert_int_equal(s.not_ready_count, 4);
	assert_int_equal(fake.call_count, 3 + 4);
}

static void nothing_until_the_deadline_is_back_pressure(void **state)
{
	struct source_env env;
	struct platform p;
	struct source s;
	uint8_t raw[8];

	(void)state;
	open_good(&s, &p, &env);
	fake.tick_ns = CPU_WORDS_PATIENCE_NS;
	fake.words_left = 0;
	memset(raw, 0x5a, sizeof raw);
	/* One try, however late it is; then the clock is looked at. */
	assert_int_equal(cpu_words_patient(&s, &fake_rdseed, raw, sizeof raw),
			 -EAGAIN);
	assert_int_equal(fake.call_count, 1);
	for (size_t i = 0; i < sizeof raw; i++)
		assert_int_equal(raw[i], 0x5a);
	/* For ever: a host that starves it is never credited. */
	for (int i = 0; i < 100; i++)
		assert_int_equal(cpu_words_patient(&s, &fake_rdseed, raw,
						   sizeof raw),
				 -EAGAIN);
	assert_int_equal(s.not_ready_count, 101);
}

static void a_clock_that_stands_still_does_not_hold_it(void **state)
{
	struct source_env env;
	struct platform p;
	struct source s;
	uint8_t raw[8];

	(void)state;
	open_good(&s, &p, &env);
	fake.tick_ns = 0;
	fake.words_left = 0;
	assert_int_equal(cpu_words_patient(&s, &fake_rdseed, raw, sizeof raw),
			 -EAGAIN);
	assert_int_equal(fake.call_count, CPU_WORDS_NOT_READY_MAX);
}

static void a_good_cpu_keeps_the_claim(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.confidential = CONFIDENTIAL_TDX;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_true(s.info.present);
	assert_string_equal(s.info.reason, "");
	assert_int_equal(s.info.claim_mbits, 4000);
	assert_int_equal(s.info.domain, DOMAIN_CPU);
}

/* A busy generator at open says nothing against it. */
static void not_ready_at_open_is_no_failure(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	fake.words_left = 0;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 4000);
	assert_true(s.not_ready_count > 0);
}

static void a_stuck_one_claims_nothing(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	fake.stuck = true;
	fake.stuck_at = UINT64_MAX;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 0);
}

static void the_kernels_flag_is_rdseeds_own(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.kernel_has_rdrand = false;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 4000);
	p.kernel_has_rdseed = false;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 0);
	p.cpu_has_rdseed = false;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 -ENODEV);
}

/* AMD-SB-7055: on metal the revision decides, in a guest nothing can. */
static void zen_5_is_credited_only_on_repaired_metal(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.cpu_family = 0x1a;
	p.cpu_model = 0x11;
	p.cpu_stepping = 0;
	p.microcode = 0x0b101054;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_non_null(strstr(s.info.reason, "cannot be known"));

	p.hypervisor = false;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 4000);

	p.microcode--;
	assert_int_equal(fake_open(&s, &source_rdseed, &fake_rdseed, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_non_null(strstr(s.info.reason, "AMD-SB-7055"));
	assert_null(strstr(s.info.reason, "cannot be known"));
}

/* The real instruction where this CPU says it has it. */
static void the_real_one_gives_words_or_is_busy(void **state)
{
	struct platform p;
	struct source_env env = { .platform = &p,
				  .root = "",
				  .now_ns = fake_now_ns };
	struct source s = { .class = &source_rdseed, .env = &env, .fd = -1 };
	uint64_t words[4] = { 0 };
	ssize_t n;

	(void)state;
	if (!fake_real_cpu_has(CPU_RDSEED))
		skip_because("this CPU has no such instruction");
	p = fake_platform();
	assert_int_equal(source_rdseed.open(&s, NULL), 0);
	n = source_rdseed.read(&s, (uint8_t *)words, sizeof words);
	assert_true(n == -EAGAIN || (n > 0 && n % 8 == 0));
	if (n > 0)
		assert_false(cpu_words_stuck(words, (size_t)n / 8));
	source_rdseed.close(&s);
}

#define TEST(f) cmocka_unit_test_setup(f, fake_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(not_ready_is_waited_out_and_counted),
		TEST(at_the_deadline_what_came_is_given_out),
		TEST(nothing_until_the_deadline_is_back_pressure),
		TEST(a_clock_that_stands_still_does_not_hold_it),
		TEST(a_good_cpu_keeps_the_claim),
		TEST(not_ready_at_open_is_no_failure),
		TEST(a_stuck_one_claims_nothing),
		TEST(the_kernels_flag_is_rdseeds_own),
		TEST(zen_5_is_credited_only_on_repaired_metal),
		TEST(the_real_one_gives_words_or_is_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
