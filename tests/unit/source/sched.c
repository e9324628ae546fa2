/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "source/source.h"

#define SAMPLES_A_READ 8

static const struct platform plain;
static const struct source_env env = {
	.platform = &plain,
	.root = "",
	.now_ns = clock_boottime_ns,
};
static const struct source_options options = {
	.fd = -1,
	.claim_mbits = SOURCE_CLAIM_DEFAULT,
};

static struct source opened(void)
{
	struct source s = { .class = &source_sched, .env = &env, .fd = -1 };

	assert_int_equal(source_sched.open(&s, &options), 0);
	assert_true(s.info.present);
	assert_true(s.info.behind[0] != '\0');
	assert_non_null(s.state);
	return s;
}

static void records_are_whole_and_move(void **state)
{
	uint8_t raw[SAMPLES_A_READ * 8 + 64];
	struct source s = opened();
	bool differ = false;

	(void)state;
	memset(raw, 0xa5, sizeof raw);
	/* More is asked than one read gives. A coarse clock may need many. */
	for (int i = 0; i < 1000 && !differ; i++) {
		assert_int_equal(source_sched.read(&s, raw, sizeof raw),
				 SAMPLES_A_READ * 8);
		for (size_t k = 8; k < SAMPLES_A_READ * 8; k += 8)
			differ |= load_le64(raw + k) != load_le64(raw);
	}
	assert_true(differ);
	for (size_t i = SAMPLES_A_READ * 8; i < sizeof raw; i++)
		assert_int_equal(raw[i], 0xa5);
	assert_int_equal(source_sched.read(&s, raw, 15), 8);
	assert_int_equal(source_sched.read(&s, raw, 7), -EINVAL);
	source_sched.close(&s);
	assert_null(s.state);
}

/* Not claimed, and the health tests can live without a claim. */
static void nothing_is_claimed(void **state)
{
	const struct source_class *c = &source_sched;
	struct source s = opened();

	(void)state;
	assert_int_equal(c->claim.mbits_per_symbol, 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_int_equal(c->domain, DOMAIN_TIMING);
	assert_in_range(c->test_mbits, 1, 8000);
	assert_int_equal(c->batch_bytes % 8, 0);
	assert_in_range(c->batch_bytes, 8, SAMPLES_A_READ * 8);
	assert_int_equal(c->record_bytes, 8);
	source_sched.close(&s);
}

/* The administrator's word does not outweigh an enemy's clock. */
static void a_confidential_guest_credits_nothing(void **state)
{
	const struct platform p = { .confidential = CONFIDENTIAL_TDX };
	struct source_env with = env;
	struct source_options o = options;
	struct source s;

	(void)state;
	o.claim_mbits = 1000;
	assert_int_equal(source_open(&s, &source_sched, NULL, &env, &o), 0);
	assert_int_equal(s.info.claim_mbits, 1000);
	source_close(&s);
	with.platform = &p;
	assert_int_equal(source_open(&s, &source_sched, NULL, &with, &o), 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_non_null(strstr(s.info.reason, "confidential"));
	source_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_whole_and_move),
		cmocka_unit_test(nothing_is_claimed),
		cmocka_unit_test(a_confidential_guest_credits_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
