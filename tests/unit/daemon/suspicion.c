/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/suspicion.h"

#define S ((int64_t)NS_PER_S)

/* How far each clock went in 30 s, beside those 30 s. */
static const struct {
	int64_t boottime_more_ns, realtime_more_ns;
	enum suspicion expected;
} steps[] = {
	{ 0, 0, SUSPICION_NONE },
	{ S, S, SUSPICION_NONE },
	{ S + 1, S + 1, SUSPICION_SUSPEND },
	{ 3600 * S, 3600 * S, SUSPICION_SUSPEND },
	/* Suspended, and the wall clock set as well: the former is said. */
	{ 3600 * S, 0, SUSPICION_SUSPEND },
	{ 0, 5 * S, SUSPICION_NONE },
	{ 0, 5 * S + 1, SUSPICION_JUMP },
	{ 0, -5 * S, SUSPICION_NONE },
	{ 0, -5 * S - 1, SUSPICION_JUMP },
	{ 0, 86400 * 365 * S, SUSPICION_JUMP },
	/* A clock behind the other by reading order alone. */
	{ -1000, 1000, SUSPICION_NONE },
};

static void clocks_that_part_are_noticed(void **state)
{
	static const struct clocks before = { 100 * NS_PER_S, 5000 * NS_PER_S,
					      1700000000 * NS_PER_S };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct clocks after = before;

		after.monotonic_ns += 30 * NS_PER_S;
		after.boottime_ns += (uint64_t)(30 * S +
						steps[i].boottime_more_ns);
		after.realtime_ns += (uint64_t)(30 * S +
						steps[i].realtime_more_ns);
		assert_int_equal(suspicion_judge(&before, &after),
				 steps[i].expected);
	}
}

static void two_readings_of_this_machine_agree(void **state)
{
	struct clocks a, b;

	(void)state;
	clocks_read(&a);
	clocks_read(&b);
	assert_true(a.monotonic_ns > 0 && a.boottime_ns > 0);
	assert_true(b.monotonic_ns >= a.monotonic_ns);
	assert_true(b.boottime_ns >= a.boottime_ns);
	assert_int_equal(suspicion_judge(&a, &a), SUSPICION_NONE);
}

#define NOTICE "random: crng reseeded due to virtual machine fork"

/* /dev/kmsg: "priority,sequence,time,flags;text", priority 8 * facility + n. */
static const struct {
	const char *line;
	bool expected;
} lines[] = {
	{ "5,1234,5678901,-;" NOTICE "\n", true },
	{ "5,1234,5678901,-;" NOTICE, true },
	{ "0,1,1,-;" NOTICE "\n", true },
	{ "7,1,1,c,caller=T1;" NOTICE " (seen twice)\n", true },
	/* A program's line (facility 1 and up) may say anything. */
	{ "8,1,1,-;" NOTICE "\n", false },
	{ "12,1,1,-;" NOTICE "\n", false },
	{ "30,1,1,-;" NOTICE "\n", false },
	{ "99999,1,1,-;" NOTICE "\n", false },
	/* 2^32 + 5: a number too long is no kernel's. */
	{ "4294967301,1,1,-;" NOTICE "\n", false },
	{ "5,1,1,-;[  1.0] " NOTICE "\n", false },
	{ "5,1,1,-;random: crng reseeded due to virtual machine for\n", false },
	{ "5,1,1,-;random: crng init done\n", false },
	{ ",1,1,-;" NOTICE "\n", false },
	{ "x5,1,1,-;" NOTICE "\n", false },
	{ "5;" NOTICE "\n", false },
	{ NOTICE "\n", false },
	{ "5,1,1,-;", false },
	{ "5", false },
	{ ";", false },
	{ "", false },
};

static void only_the_kernels_own_notice_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		size_t len = strlen(lines[i].line);
		/* Not terminated: what is read beyond it is found by ASan. */
		char *line = malloc(len + (len == 0));
		bool got;

		assert_non_null(line);
		memcpy(line, lines[i].line, len);
		got = suspicion_is_vm_fork(line, len);
		free(line);
		if (got != lines[i].expected)
			fail_msg("%s", lines[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_that_part_are_noticed),
		cmocka_unit_test(two_readings_of_this_machine_agree),
		cmocka_unit_test(only_the_kernels_own_notice_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
