/* SPDX-License-Identifier: ISC */
#include "cpu_fake.h"

#include "../skip.h"

#include <errno.h>

static const struct cpu_generator fake_rdrand = {
	.instruction = CPU_RDRAND,
	.name = "RDRAND",
	.word = fake_word,
};

static void words_come_out_in_order_little_endian(void **state)
{
	/* One byte is left of the third word. */
	uint8_t raw[17 + 1];

	(void)state;
	raw[17] = 0xa5;
	assert_int_equal(cpu_words_strict(&fake_rdrand, raw, 17), 17);
	assert_fake_words(raw, 17, 1);
	assert_int_equal(raw[17], 0xa5);
	assert_int_equal(fake.call_count, 3);
}

/* Intel DRNG guide, 5.2.1: ten tries, then it is a fault. */
static void the_tenth_try_counts_and_there_is_no_eleventh(void **state)
{
	uint8_t raw[8];

	(void)state;
	fake.refuse = 9;
	assert_int_equal(cpu_words_strict(&fake_rdrand, raw, 8), 8);
	assert_int_equal(fake.call_count, 10);

	(void)fake_setup(NULL);
	fake.refuse = 10;
	memset(raw, 0x5a, sizeof raw);
	assert_int_equal(cpu_words_strict(&fake_rdrand, raw, 8), -EIO);
	assert_int_equal(fake.call_count, 10);
	for (size_t i = 0; i < sizeof raw; i++)
		assert_int_equal(raw[i], 0x5a);
}

static void what_came_before_the_fault_is_given_out(void **state)
{
	uint8_t raw[32];

	(void)state;
	fake.words_left = 2;
	assert_int_equal(cpu_words_strict(&fake_rdrand, raw, 32), 16);
	assert_fake_words(raw, 16, 1);
	assert_int_equal(cpu_words_strict(&fake_rdrand, raw, 32), -EIO);
}

static void a_good_cpu_keeps_the_claim(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_true(s.info.present);
	assert_string_equal(s.info.reason, "");
	assert_string_equal(s.info.behind, "AuthenticAMD family 25 model 17");
	assert_int_equal(s.info.claim_mbits, 15);
	assert_int_equal(s.info.domain, DOMAIN_CPU);
}

/* The CPU's own noise is not the host's: SNP and TDX change nothing. */
static void a_confidential_guest_keeps_the_claim(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.confidential = CONFIDENTIAL_SEV_SNP;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 15);
}

static void a_cpu_without_it_is_absent_and_never_asked(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.cpu_has_rdrand = false;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 -ENODEV);
	assert_false(s.info.present);
	assert_non_null(strstr(s.info.reason, "no RDRAND"));
	assert_int_equal(fake.call_count, 0);
}

static void the_kernels_verdict_stands(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.kernel_has_rdrand = false;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_true(s.info.present);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_non_null(strstr(s.info.reason, "/proc/cpuinfo"));
}

static void without_cpuinfo_the_table_decides_and_it_is_said(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.cpuinfo_seen = p.kernel_has_rdrand = p.kernel_has_rdseed = false;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 15);
	assert_non_null(strstr(s.info.reason, "no flags in /proc/cpuinfo"));

	p.cpu_family = 0x16;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_non_null(strstr(s.info.reason, "suspend"));
}

static void an_emulators_rdrand_is_the_hosts_word(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.clock_emulated = true;
	memcpy(p.hypervisor_name, "TCG", 4);
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_int_equal(s.info.domain, DOMAIN_HOST);
	assert_non_null(strstr(s.info.reason, "TCG"));
}

/* Zen 2 before AGESA 1.0.0.3ABA: all ones, with success. */
static void a_stuck_cpu_shows_itself_at_open(void **state)
{
	static const uint64_t stuck_at[] = { 0, UINT64_MAX,
					     UINT64_C(0x0123456789abcdef) };
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	p.cpu_family = 0x17;
	p.cpu_model = 0x71;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 0);
	assert_int_equal(s.info.claim_mbits, 15);
	for (size_t i = 0; i < ARRAY_LEN(stuck_at); i++) {
		fake.stuck = true;
		fake.stuck_at = stuck_at[i];
		assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p,
					   &env),
				 0);
		assert_true(s.info.present);
		assert_int_equal(s.info.claim_mbits, 0);
		assert_non_null(strstr(s.info.reason, "stuck"));
	}
}

static void stuck_is_one_bad_word_or_one_repetition(void **state)
{
	static const uint64_t good[] = { 1, 2, 1, 2 };
	static const uint64_t repeats[] = { 1, 2, 3, 3 };
	static const uint64_t zero[] = { 0, 2, 3, 4 };
	static const uint64_t ones[] = { 1, 2, 3, UINT64_MAX };

	(void)state;
	assert_false(cpu_words_stuck(good, 4));
	assert_false(cpu_words_stuck(NULL, 0));
	assert_true(cpu_words_stuck(repeats, 4));
	assert_false(cpu_words_stuck(repeats, 3));
	assert_true(cpu_words_stuck(zero, 4));
	assert_true(cpu_words_stuck(ones, 4));
	assert_false(cpu_words_stuck(ones, 3));
}

static void a_cpu_that_does_not_answer_is_a_failure(void **state)
{
	struct platform p = fake_platform();
	struct source_env env;
	struct source s;

	(void)state;
	fake.words_left = 0;
	assert_int_equal(fake_open(&s, &source_rdrand, &fake_rdrand, &p, &env),
			 -EIO);
	assert_non_null(strstr(s.info.reason, "10 tries"));
}

/* 128 bits in 8,192 bytes, rounded down; and a whole number of words. */
static void the_class_claims_what_the_makers_put_in(void **state)
{
	(void)state;
	assert_int_equal(source_rdrand.claim.mbits_per_symbol,
			 128 * 1000 / 8192);
	assert_true(source_rdrand.test_mbits >=
		    source_rdrand.claim.mbits_per_symbol);
	assert_int_equal(source_rdrand.batch_bytes % 8, 0);
}

/* The real instruction where this CPU says it has it. */
static void the_real_one_gives_words_that_differ(void **state)
{
	struct platform p;
	struct source_env env = { .platform = &p,
				  .root = "",
				  .now_ns = fake_now_ns };
	struct source s = { .class = &source_rdrand, .env = &env, .fd = -1 };
	uint64_t words[16];

	(void)state;
	if (!fake_real_cpu_has(CPU_RDRAND))
		skip_because("this CPU has no such instruction");
	p = fake_platform();
	assert_int_equal(source_rdrand.open(&s, NULL), 0);
	assert_int_equal(source_rdrand.read(&s, (uint8_t *)words, sizeof words),
			 sizeof words);
	/* A good one is called stuck with probability 2^-58. */
	assert_false(cpu_words_stuck(words, ARRAY_LEN(words)));
	source_rdrand.close(&s);
}

#define TEST(f) cmocka_unit_test_setup(f, fake_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_come_out_in_order_little_endian),
		TEST(the_tenth_try_counts_and_there_is_no_eleventh),
		TEST(what_came_before_the_fault_is_given_out),
		TEST(a_good_cpu_keeps_the_claim),
		TEST(a_confidential_guest_keeps_the_claim),
		TEST(a_cpu_without_it_is_absent_and_never_asked),
		TEST(the_kernels_verdict_stands),
		TEST(without_cpuinfo_the_table_decides_and_it_is_said),
		TEST(an_emulators_rdrand_is_the_hosts_word),
		TEST(a_stuck_cpu_shows_itself_at_open),
		TEST(stuck_is_one_bad_word_or_one_repetition),
		TEST(a_cpu_that_does_not_answer_is_a_failure),
		TEST(the_class_claims_what_the_makers_put_in),
		TEST(the_real_one_gives_words_that_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
