/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "source/jitter_claim.h"
#include "source/source.h"

#include "refuse.h"

#define CLAIM 333

static const struct source_options options = {
	.fd = -1,
	.claim_mbits = SOURCE_CLAIM_DEFAULT,
};

static const struct platform plain;

static int open_on(struct source *s, struct source_env *env,
		   const struct platform *platform)
{
	*env = (struct source_env){
		.platform = platform,
		.root = "",
		.now_ns = clock_boottime_ns,
	};
	*s = (struct source){
		.class = &source_jitter,
		.env = env,
		.fd = -1,
	};
	return source_jitter.open(s, &options);
}

/* Usable here, or the reason said: both are an answer, neither is silent. */
static bool opened(struct source *s, struct source_env *env,
		   const struct platform *platform)
{
	int r = open_on(s, env, platform);

	assert_true(s->info.present);
	if (r == 0) {
		assert_non_null(s->state);
		assert_true(s->info.behind[0] != '\0');
		assert_in_range(s->info.claim_mbits, 0, CLAIM);
		/* Lowered and explained go together. */
		assert_int_equal(s->info.claim_mbits < CLAIM,
				 s->info.reason[0] != '\0');
		return true;
	}
	assert_int_equal(r, -ENOTSUP);
	assert_non_null(strstr(s->info.reason, "not usable here: the clock "));
	assert_null(s->state);
	return false;
}

static void records_are_whole_and_not_all_equal(void **state)
{
	uint8_t raw[64 * 8 + 7], seen = 0;
	struct source_env env;
	struct source s;
	ssize_t n;

	(void)state;
	if (!opened(&s, &env, &plain))
		skip_because("%s", s.info.reason);
	memset(raw, 0xa5, sizeof raw);
	n = source_jitter.read(&s, raw, sizeof raw);
	assert_true(n > 0 && n <= 64 * 8);
	assert_int_equal(n % 8, 0);
	/* Nothing behind the last whole record is touched. */
	for (size_t i = (size_t)n; i < sizeof raw; i++)
		assert_int_equal(raw[i], 0xa5);
	for (size_t i = 8; i < (size_t)n; i += 8)
		seen |= load_le64(raw + i) != load_le64(raw);
	assert_true(seen);
	assert_int_equal(source_jitter.read(&s, raw, 8), 8);
	assert_int_equal(source_jitter.read(&s, raw, 15), 8);
	assert_int_equal(source_jitter.read(&s, raw, 7), -EINVAL);
	assert_int_equal(source_jitter.read(&s, raw, 0), -EINVAL);
	source_jitter.close(&s);
	assert_null(s.state);
}

static void one_read_is_bounded_whatever_is_asked(void **state)
{
	static uint8_t raw[1 << 20];
	struct source_env env;
	struct source s;

	(void)state;
	if (!opened(&s, &env, &plain))
		skip_because("%s", s.info.reason);
	assert_in_range(source_jitter.read(&s, raw, sizeof raw), 16 * 8,
			512 * 8);
	source_jitter.close(&s);
}

static int open_without_mmap(void *argument)
{
	struct source_env env;
	struct source s;

	(void)argument;
	/* Once before, so that the small allocations have their memory. */
	if (open_on(&s, &env, &plain) == 0)
		source_jitter.close(&s);
	if (!refuse_call(SYS_mmap, ENOMEM))
		return NO_SECCOMP;
	if (open_on(&s, &env, &plain) != -ENOMEM)
		return 1;
	if (s.state)
		return 2;
	return s.info.reason[0] ? 0 : 3;
}

static void without_memory_open_says_so(void **state)
{
	(void)state;
	in_child(open_without_mmap, NULL);
}

static void open_lowers_the_claim_as_the_platform_demands(void **state)
{
	const struct platform emulated = { .clock_emulated = true };
	const struct platform snp = { .confidential = CONFIDENTIAL_SEV_SNP };
	struct source_env env;
	struct source s;

	(void)state;
	if (opened(&s, &env, &emulated)) {
		assert_in_range(s.info.claim_mbits, 0, CLAIM / 2);
		source_jitter.close(&s);
	}
	if (opened(&s, &env, &snp)) {
		assert_int_equal(s.info.claim_mbits, 0);
		assert_non_null(strstr(s.info.reason, "the host's"));
		source_jitter.close(&s);
	}
}

static void the_class_keeps_its_contract(void **state)
{
	const struct source_class *c = &source_jitter;

	(void)state;
	assert_string_equal(c->name, "jitter");
	assert_int_equal(c->domain, DOMAIN_TIMING);
	assert_int_equal(c->record_bytes, 8);
	assert_int_equal(c->symbol_bits, 8);
	assert_int_equal(c->batch_bytes % c->record_bytes, 0);
	/* Not above jitterentropy's third of a bit. */
	assert_in_range(c->claim.mbits_per_symbol, 1, 333);
	assert_true(c->test_mbits == 0 ||
		    c->test_mbits >= c->claim.mbits_per_symbol);
	assert_int_equal(c->flags, 0);
}

struct claim_row {
	uint32_t estimate, expect; /* millibits */
	const char *reason;        /* a part of it; NULL: none */
	enum confidential confidential;
	bool tsc_secure, emulated, kernel_clock, no_flush, unmeasured;
};

static const struct claim_row rows[] = {
	{ .estimate = 8000, .expect = 333 },
	/* Both sides of three claims and of one. */
	{ .estimate = 999, .expect = 333 },
	{ .estimate = 998, .expect = 166, .reason = "998 mbits" },
	{ .estimate = 333, .expect = 166, .reason = "333 mbits" },
	{ .estimate = 332, .expect = 0, .reason = "332 mbits" },
	{ .estimate = 0, .expect = 0, .reason = "0 mbits" },
	/* Each reason of its own, and together. */
	{ .estimate = 8000, .expect = 166, .reason = "emulated", .emulated = true },
	{ .estimate = 998, .expect = 83, .reason = "emulated", .emulated = true },
	{ .estimate = 8000,
	  .expect = 166,
	  .reason = "not measured",
	  .unmeasured = true },
	{ .estimate = 500,
	  .expect = 41,
	  .reason = "not measured",
	  .unmeasured = true,
	  .emulated = true },
	{ .estimate = 8000,
	  .expect = 0,
	  .reason = "no cache flush",
	  .no_flush = true },
	{ .estimate = 8000, .expect = 333, .kernel_clock = true },
	/* Whose clock it is. */
	{ .estimate = 8000,
	  .expect = 0,
	  .reason = "host's",
	  .confidential = CONFIDENTIAL_SEV_SNP },
	{ .estimate = 8000,
	  .expect = 0,
	  .reason = "host's",
	  .confidential = CONFIDENTIAL_TDX },
	{ .estimate = 8000,
	  .expect = 0,
	  .reason = "host's",
	  .confidential = CONFIDENTIAL_FORCED },
	{ .estimate = 8000,
	  .expect = 333,
	  .confidential = CONFIDENTIAL_TDX,
	  .tsc_secure = true },
	{ .estimate = 8000,
	  .expect = 0,
	  .reason = "host's",
	  .confidential = CONFIDENTIAL_TDX,
	  .tsc_secure = true,
	  .kernel_clock = true },
	/* The host of plain SEV is trusted as far as any other. */
	{ .estimate = 8000, .expect = 333, .confidential = CONFIDENTIAL_SEV },
};

static void the_claim_is_lowered_for_each_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct platform platform = {
			.confidential = rows[i].confidential,
			.tsc_secure = rows[i].tsc_secure,
			.clock_emulated = rows[i].emulated,
		};
		const struct jitter_facts facts = {
			.platform = &platform,
			.clock_of_cpu = !rows[i].kernel_clock,
			.cache_flushed = !rows[i].no_flush,
			.cpu_measured = !rows[i].unmeasured,
			.estimate_mbits = rows[i].estimate,
		};
		char reason[200] = "left from before";

		assert_int_equal(jitter_claim_mbits(CLAIM, &facts, reason,
						    sizeof reason),
				 rows[i].expect);
		if (rows[i].reason)
			assert_non_null(strstr(reason, rows[i].reason));
		else
			assert_string_equal(reason, "");
	}
}

static void every_reason_at_once_fits_or_is_cut(void **state)
{
	const struct platform emulated = { .clock_emulated = true };
	const struct jitter_facts facts = {
		.platform = &emulated,
		.cache_flushed = true,
		.estimate_mbits = 400,
	};
	char reason[200], small[10];

	(void)state;
	assert_int_equal(
		jitter_claim_mbits(CLAIM, &facts, reason, sizeof reason), 41);
	assert_string_equal(reason,
			    "start-up estimate of 400 mbits a sample is low, "
			    "the clock is emulated, "
			    "not measured on this kind of CPU");
	assert_int_equal(jitter_claim_mbits(CLAIM, &facts, small, sizeof small),
			 41);
	assert_int_equal(strlen(small), sizeof small - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_whole_and_not_all_equal),
		cmocka_unit_test(one_read_is_bounded_whatever_is_asked),
		cmocka_unit_test(without_memory_open_says_so),
		cmocka_unit_test(open_lowers_the_claim_as_the_platform_demands),
		cmocka_unit_test(the_class_keeps_its_contract),
		cmocka_unit_test(the_claim_is_lowered_for_each_reason),
		cmocka_unit_test(every_reason_at_once_fits_or_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
