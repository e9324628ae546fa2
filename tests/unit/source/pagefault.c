/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "source/source.h"

#include "refuse.h"

#define SAMPLES_A_READ 16

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
	struct source s = { .class = &source_pagefault, .env = &env, .fd = -1 };

	assert_int_equal(source_pagefault.open(&s, &options), 0);
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
		assert_int_equal(source_pagefault.read(&s, raw, sizeof raw),
				 SAMPLES_A_READ * 8);
		for (size_t k = 8; k < SAMPLES_A_READ * 8; k += 8)
			differ |= load_le64(raw + k) != load_le64(raw);
	}
	assert_true(differ);
	for (size_t i = SAMPLES_A_READ * 8; i < sizeof raw; i++)
		assert_int_equal(raw[i], 0xa5);
	assert_int_equal(source_pagefault.read(&s, raw, 15), 8);
	assert_int_equal(source_pagefault.read(&s, raw, 7), -EINVAL);
	source_pagefault.close(&s);
	assert_null(s.state);
}

static long minor_faults(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_THREAD, &usage), 0);
	return usage.ru_minflt;
}

/* What is timed is a fault a record, in every read anew. */
static void every_record_is_a_fault(void **state)
{
	uint8_t raw[SAMPLES_A_READ * 8];
	struct source s = opened();

	(void)state;
	for (int i = 0; i < 3; i++) {
		long before = minor_faults();

		assert_int_equal(source_pagefault.read(&s, raw, sizeof raw),
				 sizeof raw);
		assert_true(minor_faults() - before >= SAMPLES_A_READ);
	}
	source_pagefault.close(&s);
}

static int open_without_mmap(void *argument)
{
	struct source s = opened();

	(void)argument;
	source_pagefault.close(&s);
	if (!refuse_call(SYS_mmap, ENOMEM))
		return NO_SECCOMP;
	s = (struct source){ .class = &source_pagefault, .env = &env };
	if (source_pagefault.open(&s, &options) != -ENOMEM)
		return 1;
	if (s.state)
		return 2;
	return s.info.reason[0] ? 0 : 3;
}

/* As the kernel refuses it for locked pages. */
static int read_without_madvise(void *argument)
{
	uint8_t raw[8] = { 0xa5 };
	struct source s = opened();

	(void)argument;
	if (!refuse_call(SYS_madvise, EINVAL))
		return NO_SECCOMP;
	if (source_pagefault.read(&s, raw, sizeof raw) != -EINVAL)
		return 1;
	return raw[0] == 0xa5 ? 0 : 2;
}

static void refused_calls_are_reported(void **state)
{
	(void)state;
	in_child(open_without_mmap, NULL);
	in_child(read_without_madvise, NULL);
}

/* Not claimed, and the health tests can live without a claim. */
static void nothing_is_claimed(void **state)
{
	const struct source_class *c = &source_pagefault;
	struct source s = opened();

	(void)state;
	assert_int_equal(c->claim.mbits_per_symbol, 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_int_equal(c->domain, DOMAIN_TIMING);
	assert_in_range(c->test_mbits, 1, 8000);
	assert_int_equal(c->batch_bytes % 8, 0);
	assert_in_range(c->batch_bytes, 8, SAMPLES_A_READ * 8);
	assert_int_equal(c->record_bytes, 8);
	source_pagefault.close(&s);
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
	assert_int_equal(source_open(&s, &source_pagefault, NULL, &env, &o), 0);
	assert_int_equal(s.info.claim_mbits, 1000);
	source_close(&s);
	with.platform = &p;
	assert_int_equal(source_open(&s, &source_pagefault, NULL, &with, &o), 0);
	assert_int_equal(s.info.claim_mbits, 0);
	assert_non_null(strstr(s.info.reason, "confidential"));
	source_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_whole_and_move),
		cmocka_unit_test(every_record_is_a_fault),
		cmocka_unit_test(refused_calls_are_reported),
		cmocka_unit_test(nothing_is_claimed),
		cmocka_unit_test(a_confidential_guest_credits_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
