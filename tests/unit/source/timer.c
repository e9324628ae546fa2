/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "source/timer.h"

#include "../skip.h"

#define N 256

/* Multiples of a step with no larger common divisor, in no pattern. */
static void fill(uint64_t *deltas, size_t n, uint64_t step)
{
	uint64_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
		deltas[i] = step * (100 + (x >> 58));
	}
}

static void the_divisor_is_the_step(void **state)
{
	static const uint64_t steps[] = { 1, 2, 26, 40, 1000, 4000000 };
	uint64_t deltas[N];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		fill(deltas, N, steps[i]);
		assert_int_equal(timer_divisor(deltas, N), steps[i]);
	}
}

static void strays_up_to_one_in_sixteen_do_not_hide_the_step(void **state)
{
	uint64_t deltas[N];

	(void)state;
	fill(deltas, N, 26);
	for (size_t i = 0; i < N / 16; i++)
		deltas[i * 3] += 1;
	assert_int_equal(timer_divisor(deltas, N), 26);
	/* One more, and they are no strays. */
	deltas[N - 1] += 1;
	assert_int_not_equal(timer_divisor(deltas, N), 26);
}

static void zeros_are_multiples_of_everything(void **state)
{
	uint64_t deltas[N];

	(void)state;
	fill(deltas, N, 1000);
	for (size_t i = 0; i < N; i += 2)
		deltas[i] = 0;
	assert_int_equal(timer_divisor(deltas, N), 1000);
	memset(deltas, 0, sizeof deltas);
	assert_int_equal(timer_divisor(deltas, N), 0);
	assert_int_equal(timer_divisor(deltas, 0), 0);
	deltas[5] = 77;
	assert_int_equal(timer_divisor(deltas, N), 77);
}

static void a_last_short_block_counts(void **state)
{
	uint64_t deltas[N];

	(void)state;
	fill(deltas, N, 40);
	assert_int_equal(timer_divisor(deltas, 17), 40);
	assert_int_equal(timer_divisor(deltas, 1), deltas[0]);
}

static void division_rounds_down_and_survives_no_divisor(void **state)
{
	(void)state;
	assert_int_equal(timer_divide(79, 26), 3);
	assert_int_equal(timer_divide(78, 26), 3);
	assert_int_equal(timer_divide(77, 26), 2);
	assert_int_equal(timer_divide(77, 1), 77);
	assert_int_equal(timer_divide(77, 0), 77);
}

static uint64_t stepping(void *context)
{
	uint64_t *calls = context;

	++*calls;
	return (*calls * *calls) / 3 * 500;
}

static uint64_t still(void *context)
{
	(void)context;
	return 12345;
}

static void a_burst_finds_a_synthetic_step(void **state)
{
	uint64_t calls = 0;
	struct timer t = { "stepping", stepping, &calls, false };

	(void)state;
	assert_int_equal(timer_find_divisor(&t), 500);
	t.clock = still;
	assert_int_equal(timer_find_divisor(&t), 0);
}

static void this_machine_has_a_clock_that_moves(void **state)
{
	struct timer t, past = { "untouched", NULL, NULL, false };
	uint64_t divisor = 0, first;
	size_t n = 0;

	(void)state;
	while (timer_at(n, &t)) {
		assert_non_null(t.clock);
		n++;
	}
	assert_in_range(n, 1, 2);
	assert_false(timer_at(n, &past));
	assert_string_equal(past.name, "untouched");
	assert_int_equal(timer_find(&t, &divisor), 0);
	assert_true(divisor > 0);
	first = timer_now(&t);
	for (int i = 0; i < 10000000 && timer_now(&t) == first; i++)
		;
	assert_true(timer_now(&t) != first);
}

/* The child only asks which clocks there are: reading one would kill it. */
static void a_forbidden_cpu_clock_is_passed_over(void **state)
{
#if defined(__x86_64__)
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		struct timer t = { 0 };

		if (prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0) < 0)
			_exit(77);
		if (!timer_at(0, &t) || t.of_cpu)
			_exit(1);
		_exit(timer_at(1, &t) ? 2 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip_because("prctl(PR_SET_TSC) is not permitted");
	assert_int_equal(WEXITSTATUS(status), 0);
#else
	(void)state;
	skip_because("no clock of this CPU can be forbidden");
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_divisor_is_the_step),
		cmocka_unit_test(
			strays_up_to_one_in_sixteen_do_not_hide_the_step),
		cmocka_unit_test(zeros_are_multiples_of_everything),
		cmocka_unit_test(a_last_short_block_counts),
		cmocka_unit_test(division_rounds_down_and_survives_no_divisor),
		cmocka_unit_test(a_burst_finds_a_synthetic_step),
		cmocka_unit_test(this_machine_has_a_clock_that_moves),
		cmocka_unit_test(a_forbidden_cpu_clock_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
