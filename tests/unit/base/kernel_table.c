/* SPDX-License-Identifier: ISC */
/*
 * The table by kernel release. Expected values are written from the stable
 * series' change logs and from drivers/char/random.c (docs/kernel.md), not from
 * the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/kernel_rng.h"

/* What a caller may rely on, in one letter a fact. */
struct expect {
	const char *release;
	bool new_random, ioctl, self;
	unsigned min_bits, interval_s;
	bool blocks, unseeded;
};

/* Both sides of every boundary. */
/* clang-format off */
static const struct expect boundaries[] = {
	{ "2.6.32", false, false, false, 0, 60, true, true },
	{ "4.7.10", false, false, false, 0, 60, true, true },
	{ "4.8.0", false, false, true, 128, 300, true, true },
	{ "4.9.258", false, false, true, 128, 300, true, true },
	{ "4.9.259", false, true, false, 128, 300, true, true },
	{ "4.9.319", false, true, false, 128, 300, true, true },
	{ "4.9.320", true, true, false, 0, 60, false, true },
	{ "4.9.337", true, true, false, 0, 60, false, true },
	{ "4.10.0", false, false, true, 128, 300, true, true },
	{ "4.14.222", false, false, true, 128, 300, true, true },
	{ "4.14.223", false, true, false, 128, 300, true, true },
	{ "4.14.284", false, true, false, 128, 300, true, true },
	{ "4.14.285", true, true, false, 0, 60, false, true },
	{ "4.15.18", false, false, true, 128, 300, true, true },
	{ "4.16.18", false, false, true, 128, 300, true, true },
	{ "4.17.0", false, true, true, 128, 300, true, true },
	{ "4.19.177", false, true, true, 128, 300, true, true },
	{ "4.19.178", false, true, false, 128, 300, true, true },
	{ "4.19.248", false, true, false, 128, 300, true, true },
	{ "4.19.249", true, true, false, 0, 60, false, true },
	{ "4.20.17", false, true, true, 128, 300, true, true },
	{ "5.4.101", false, true, true, 128, 300, true, true },
	{ "5.4.102", false, true, false, 128, 300, true, true },
	{ "5.4.199", false, true, false, 128, 300, true, true },
	{ "5.4.200", true, true, false, 0, 60, false, true },
	{ "5.5.19", false, true, true, 128, 300, true, true },
	{ "5.6.0", false, true, true, 128, 300, false, true },
	{ "5.10.19", false, true, true, 128, 300, false, true },
	{ "5.10.20", false, true, false, 128, 300, false, true },
	{ "5.10.118", false, true, false, 128, 300, false, true },
	{ "5.10.119", true, true, false, 0, 60, false, true },
	{ "5.10.262", true, true, false, 0, 60, false, true },
	{ "5.11.2", false, true, true, 128, 300, false, true },
	{ "5.11.3", false, true, false, 128, 300, false, true },
	{ "5.12.0", false, true, false, 128, 300, false, true },
	{ "5.15.43", false, true, false, 128, 300, false, true },
	{ "5.15.44", true, true, false, 0, 60, false, true },
	{ "5.16.20", false, true, false, 128, 300, false, true },
	{ "5.17.11", false, true, false, 128, 300, false, true },
	{ "5.17.12", true, true, false, 0, 60, false, true },
	{ "5.18.0", true, true, false, 256, 300, false, false },
	{ "5.18.1", true, true, false, 0, 60, false, false },
	{ "6.1.170", true, true, false, 0, 60, false, false },
	{ "6.18.44", true, true, false, 0, 60, false, false },
	{ "7.3.4", true, true, false, 0, 60, false, false },
	{ "65535.1.0", true, true, false, 0, 60, false, false },
};
/* clang-format on */

static void assert_expected(const struct expect *e, unsigned poolsize_bits)
{
	struct kernel_semantics s;

	memset(&s, 0xa5, sizeof s);
	kernel_semantics(e->release, poolsize_bits, &s);
	assert_int_equal(s.new_random, e->new_random);
	assert_int_equal(s.has_reseed_ioctl, e->ioctl);
	assert_int_equal(s.reseed_from_self, e->self);
	assert_int_equal(s.reseed_min_bits, e->min_bits);
	assert_int_equal(s.reseed_interval_s, e->interval_s);
	assert_int_equal(s.random_blocks_after_init, e->blocks);
	assert_int_equal(s.urandom_unseeded, e->unseeded);
	assert_true(strlen(s.range) > 0 && strlen(s.source) > 0);
}

static void both_sides_of_each_boundary(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(boundaries); i++)
		assert_expected(&boundaries[i], 0);
}

/* A poolsize that fits the release changes nothing. */
static void a_poolsize_that_agrees_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(boundaries); i++)
		assert_expected(&boundaries[i],
				boundaries[i].new_random ? 256 : 4096);
}

/* The text of a row says what the row covers. */
static void the_range_text_is_the_range(void **state)
{
	static const char *const ranges[][5] = {
		{ "4.9.258", "4.9.259", "4.9.319", "4.9.320",
		  "4.9.259 to 4.9.319" },
		{ "4.14.222", "4.14.223", "4.14.284", "4.14.285",
		  "4.14.223 to 4.14.284" },
		{ "4.19.177", "4.19.178", "4.19.248", "4.19.249",
		  "4.19.178 to 4.19.248" },
		{ "5.4.101", "5.4.102", "5.4.199", "5.4.200",
		  "5.4.102 to 5.4.199" },
		{ "5.10.19", "5.10.20", "5.10.118", "5.10.119",
		  "5.10.20 to 5.10.118" },
		{ "5.11.2", "5.11.3", "5.11.22", "5.12.0",
		  "5.11.3 and later 5.11" },
		{ "4.16.18", "4.17.0", "5.5.19", "5.6.0", "4.17 to 5.5" },
		{ "5.5.19", "5.6.0", "5.11.2", "5.12.0", "5.6 to 5.11" },
		{ "5.11.22", "5.12.0", "5.17.11", "5.18.0", "5.12 to 5.17" },
		{ "5.17.12", "5.18.0", "5.18.0", "5.18.1", "5.18.0" },
	};
	struct kernel_semantics s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		kernel_semantics(ranges[i][0], 0, &s);
		assert_string_not_equal(s.range, ranges[i][4]);
		kernel_semantics(ranges[i][1], 0, &s);
		assert_string_equal(s.range, ranges[i][4]);
		kernel_semantics(ranges[i][2], 0, &s);
		assert_string_equal(s.range, ranges[i][4]);
		kernel_semantics(ranges[i][3], 0, &s);
		assert_string_not_equal(s.range, ranges[i][4]);
	}
}

/* Debian, Ubuntu and RHEL hide the level: the worst of the series holds. */
static void a_hidden_level_gets_the_worst_of_its_series(void **state)
{
	/* clang-format off */
	static const struct expect hidden[] = {
		{ "4.19.0-21-amd64", false, true, true, 128, 300, true, true },
		{ "5.10.0-30-amd64", false, true, true, 128, 300, false, true },
		{ "5.15.0-100-generic", false, true, false, 128, 300, false,
		  true },
		{ "4.18.0-553.el8_10.x86_64", false, true, true, 128, 300,
		  true, true },
		{ "6.1.0-47-amd64", true, true, false, 0, 60, false, false },
		{ "5.18.0-4-amd64", true, true, false, 256, 300, false, false },
	};
	/* clang-format on */
	struct kernel_semantics s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		assert_expected(&hidden[i], 0);
		kernel_semantics(hidden[i].release, 0, &s);
		assert_false(s.level_known);
	}
	kernel_semantics("5.10.0", 0, &s);
	assert_true(s.level_known);
	kernel_semantics("5.10.0-rc3", 0, &s);
	assert_true(s.level_known);
	kernel_semantics("5.10.1-custom", 0, &s);
	assert_true(s.level_known);
	kernel_semantics("6.12.117+deb12-cloud-amd64", 0, &s);
	assert_true(s.level_known);
	assert_string_equal(s.range, "5.18.1 and later");
	kernel_semantics("5.4", 0, &s);
	assert_true(s.reseed_from_self);
}

/* poolsize 256 in an old release: new code of a state that is not known. */
static void new_code_in_an_old_release(void **state)
{
	static const char *const releases[] = {
		"5.10.0-30-amd64", "4.18.0-553.el8_10.x86_64",
		"5.17.5",          "4.4.0",
		"not a number",    "",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(releases); i++) {
		struct expect e = { releases[i], true, true,  false,
				    256,         300,  false, true };
		struct kernel_semantics s;

		assert_expected(&e, 256);
		kernel_semantics(releases[i], 256, &s);
		assert_false(s.level_known);
	}
}

static void old_code_in_a_new_release(void **state)
{
	struct expect e = { "6.1", false, true, false, 128, 300, false, true };
	struct expect blocks = { "5.4.250", false, true, false,
				 128,       300,   true, true };
	struct expect not = { "5.10.250", false, true,  false,
			      128,        300,   false, true };

	(void)state;
	assert_expected(&e, 4096);
	assert_expected(&blocks, 4096);
	assert_expected(&not, 4096);
}

/* Nothing known, nothing promised. */
static void an_unknown_kernel_is_promised_nothing(void **state)
{
	static const char *const releases[] = {
		"",
		"x",
		"5",
		"5.",
		".5",
		"-1.2.3",
		"99999999999999999999.1",
		"5.70000.1",
		"v5.10.3",
		"5.x",
	};
	struct kernel_semantics s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(releases); i++) {
		kernel_semantics(releases[i], 0, &s);
		assert_int_equal(s.reseed_min_bits, KERNEL_MIN_BITS_UNKNOWN);
		assert_false(s.has_reseed_ioctl);
		assert_false(s.level_known);
		kernel_semantics(releases[i], 4096, &s);
		assert_true(s.reseed_from_self);
		assert_false(s.has_reseed_ioctl);
	}
	/* Some other generator, whatever the release. */
	kernel_semantics("6.1.7", 512, &s);
	assert_int_equal(s.reseed_min_bits, KERNEL_MIN_BITS_UNKNOWN);
	kernel_semantics("5.10.46", 1024, &s);
	assert_int_equal(s.reseed_min_bits, KERNEL_MIN_BITS_UNKNOWN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_of_each_boundary),
		cmocka_unit_test(a_poolsize_that_agrees_changes_nothing),
		cmocka_unit_test(the_range_text_is_the_range),
		cmocka_unit_test(a_hidden_level_gets_the_worst_of_its_series),
		cmocka_unit_test(new_code_in_an_old_release),
		cmocka_unit_test(old_code_in_a_new_release),
		cmocka_unit_test(an_unknown_kernel_is_promised_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
