/* SPDX-License-Identifier: ISC */
/* Which package of haveged has CVE-2026-41054 repaired. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doctor/services_parts.h"

static void versions_of_haveged(void **state)
{
	static const struct {
		const char *version;
		enum haveged_fix is;
	} rows[] = {
		{ "", HAVEGED_UNKNOWN },
		{ "git", HAVEGED_UNKNOWN },
		{ "1.9.14-1", HAVEGED_BEFORE },
		{ "1:1.9.20-2", HAVEGED_BEFORE },
		{ "1.9.20", HAVEGED_BEFORE },
		{ "1.9.21", HAVEGED_FIXED },
		{ "1.9.21-1", HAVEGED_FIXED },
		{ "1.10", HAVEGED_FIXED },
		{ "2.0.0", HAVEGED_FIXED },
		/* Too large for 32 bits, and for 64. */
		{ "4294967297.9.14", HAVEGED_FIXED },
		{ "1.9.4294967315", HAVEGED_FIXED },
		{ "1.18446744073709551625.14", HAVEGED_FIXED },
		{ "-1.9.14", HAVEGED_UNKNOWN },
		{ "1. 9.14", HAVEGED_UNKNOWN },
		{ "1.9.2", HAVEGED_BEFORE },
		{ "1.9.14-1+deb12u1", HAVEGED_FIXED },
		{ "1.9.14-1+deb11u1", HAVEGED_MAYBE },
		{ "1.9.1-6ubuntu1", HAVEGED_MAYBE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(services_haveged(rows[i].version), rows[i].is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_of_haveged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
