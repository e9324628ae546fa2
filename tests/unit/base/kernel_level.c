/* SPDX-License-Identifier: ISC */
/* Which upstream level hides behind a distribution's release string. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/kernel_rng.h"

/* Lines as the distributions' kernels print them. */
#define DEBIAN_6_1 \
	"Linux version 6.1.0-47-amd64 (debian-kernel@lists.debian.org) " \
	"(gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils " \
	"for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1 (2026)"
#define DEBIAN_5_10_UNAME "#1 SMP Debian 5.10.218-1 (2024-06-01)"
#define UBUNTU_5_15 "Ubuntu 5.15.0-100.110-generic 5.15.143"

static const struct {
	const char *release, *version, *signature, *level;
} levels[] = {
	{ "6.1.0-47-amd64", DEBIAN_6_1, "", "6.1.170" },
	{ "5.10.0-30-amd64", DEBIAN_5_10_UNAME, NULL, "5.10.218" },
	{ "5.15.0-100-generic", "#110-Ubuntu SMP", UBUNTU_5_15, "5.15.143" },
	{ "5.15.0-100-generic", NULL, UBUNTU_5_15, "5.15.143" },
	/* Told already: left as it is, whatever else is said. */
	{ "6.12.117+deb12-amd64", "#1 SMP Debian 6.12.99-1", "",
	  "6.12.117+deb12-amd64" },
	{ "5.10.0", DEBIAN_5_10_UNAME, "", "5.10.0" },
	/* Another series: the compiler's version, a copied line. */
	{ "6.1.0-9-amd64", DEBIAN_5_10_UNAME, "", "6.1.0-9-amd64" },
	{ "6.3.0-1-amd64", "(gcc version 6.3.0 Debian 6.3.5-18) #1 SMP", "",
	  "6.3.0-1-amd64" },
	{ "5.15.0-1-generic", "", "Ubuntu 5.15.0-1 5.4.9", "5.15.0-1-generic" },
	/* Nothing, or nothing new. */
	{ "5.10.0-1-amd64", NULL, NULL, "5.10.0-1-amd64" },
	{ "5.10.0-1-amd64", "", "", "5.10.0-1-amd64" },
	{ "5.10.0-1-amd64", "#1 SMP Debian", "Ubuntu", "5.10.0-1-amd64" },
	{ "5.10.0-1-amd64", "#1 Debian 5.10.0-1", "x ", "5.10.0-1-amd64" },
	{ "", DEBIAN_6_1, UBUNTU_5_15, "" },
	{ "junk", DEBIAN_6_1, UBUNTU_5_15, "junk" },
};

static void the_level_comes_from_the_distribution(void **state)
{
	char level[KERNEL_RELEASE_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		memset(level, 'x', sizeof level);
		kernel_level(levels[i].release, levels[i].version,
			     levels[i].signature, level);
		assert_string_equal(level, levels[i].level);
	}
}

static void a_long_release_is_cut(void **state)
{
	char release[200], level[KERNEL_RELEASE_BYTES + 1];

	(void)state;
	memset(release, 'a', sizeof release);
	release[sizeof release - 1] = '\0';
	level[KERNEL_RELEASE_BYTES] = 'z';
	kernel_level(release, "", "", level);
	assert_int_equal(strlen(level), KERNEL_RELEASE_BYTES - 1);
	assert_int_equal(level[KERNEL_RELEASE_BYTES], 'z');
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_level_comes_from_the_distribution),
		cmocka_unit_test(a_long_release_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
