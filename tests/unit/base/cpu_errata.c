/* SPDX-License-Identifier: ISC */
/*
 * The table of CPUs that fail. Revisions: Linux 6.18, zen5_rdseed_microcode[];
 * families 15h and 16h: Linux commit c49a0a80137c; model 47h: 5b937a1ed64e.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/cpu_errata.h"

struct row {
	const char *vendor;
	unsigned family, model, stepping;
	uint32_t microcode;
	bool hypervisor;
	enum cpu_verdict rdrand, rdseed;
};

static const struct row rows[] = {
	/* What has no row is sound, on metal and not. */
	{ "GenuineIntel", 6, 0x8f, 8, 0x2b000603, false, CPU_SOUND, CPU_SOUND },
	{ "AuthenticAMD", 25, 17, 1, 0x1000065, true, CPU_SOUND, CPU_SOUND },
	{ "HygonGenuine", 0x18, 0, 1, 0, false, CPU_SOUND, CPU_SOUND },
	{ "", 0, 0, 0, 0, false, CPU_SOUND, CPU_SOUND },
	/* The family alone is not enough. */
	{ "GenuineIntel", 0x15, 0x60, 1, 0, false, CPU_SOUND, CPU_SOUND },
	/* 15h, 16h: RDRAND, whatever the microcode; 14h has none. */
	{ "AuthenticAMD", 0x14, 2, 0, 0, false, CPU_SOUND, CPU_SOUND },
	{ "AuthenticAMD", 0x15, 0x60, 1, 0x600611a, false, CPU_BROKEN,
	  CPU_SOUND },
	{ "AuthenticAMD", 0x16, 0x30, 1, 0x7030105, true, CPU_BROKEN, CPU_SOUND },
	/* Zen 2 from 30h on; Cyan Skillfish's first stepping is worse. */
	{ "AuthenticAMD", 0x17, 0x2f, 0, 1, false, CPU_SOUND, CPU_SOUND },
	{ "AuthenticAMD", 0x17, 0x30, 0, 1, false, CPU_SUSPECT, CPU_SUSPECT },
	{ "AuthenticAMD", 0x17, 0x71, 0, 1, true, CPU_SUSPECT, CPU_SUSPECT },
	{ "AuthenticAMD", 0x17, 0xaf, 0, 1, true, CPU_SUSPECT, CPU_SUSPECT },
	{ "AuthenticAMD", 0x17, 0xb0, 0, 1, true, CPU_SOUND, CPU_SOUND },
	{ "AuthenticAMD", 0x17, 0x47, 0, 1, false, CPU_SUSPECT, CPU_BROKEN },
	{ "AuthenticAMD", 0x17, 0x47, 1, 1, false, CPU_SUSPECT, CPU_SUSPECT },
	/* Zen 5: both sides of a revision, and the guest's answer to each. */
	{ "AuthenticAMD", 0x1a, 0x02, 1, 0x0b002159, false, CPU_SOUND,
	  CPU_BROKEN },
	{ "AuthenticAMD", 0x1a, 0x02, 1, 0x0b00215a, false, CPU_SOUND,
	  CPU_SOUND },
	{ "AuthenticAMD", 0x1a, 0x02, 1, 0x0b002159, true, CPU_SOUND,
	  CPU_UNKNOWN },
	{ "AuthenticAMD", 0x1a, 0x02, 1, 0x0b00215a, true, CPU_SOUND,
	  CPU_UNKNOWN },
	{ "AuthenticAMD", 0x1a, 0x02, 1, UINT32_MAX, true, CPU_SOUND,
	  CPU_UNKNOWN },
	{ "AuthenticAMD", 0x1a, 0x02, 1, 0, false, CPU_SOUND, CPU_UNKNOWN },
	{ "AuthenticAMD", 0x1a, 0x44, 0, 0x0b404035, false, CPU_SOUND,
	  CPU_SOUND },
	{ "AuthenticAMD", 0x1a, 0x44, 1, 0x0b404035, false, CPU_SOUND,
	  CPU_BROKEN },
	{ "AuthenticAMD", 0x1a, 0x44, 1, 0x0b404108, false, CPU_SOUND,
	  CPU_SOUND },
	{ "AuthenticAMD", 0x1a, 0x70, 0, 0x0b700036, false, CPU_SOUND,
	  CPU_BROKEN },
	{ "AuthenticAMD", 0x1a, 0x70, 0, 0x0b700037, false, CPU_SOUND,
	  CPU_SOUND },
	/* A Zen 5 without a published revision is never repaired. */
	{ "AuthenticAMD", 0x1a, 0x00, 0, UINT32_MAX, false, CPU_SOUND,
	  CPU_BROKEN },
	{ "AuthenticAMD", 0x1a, 0x02, 0, UINT32_MAX, false, CPU_SOUND,
	  CPU_BROKEN },
	{ "AuthenticAMD", 0x1a, 0x7f, 0, 0x0b700037, false, CPU_SOUND,
	  CPU_BROKEN },
	{ "AuthenticAMD", 0x1a, 0x7f, 0, 0x0b700037, true, CPU_SOUND,
	  CPU_UNKNOWN },
	/* The models between and above are not Zen 5. */
	{ "AuthenticAMD", 0x1a, 0x30, 0, 1, false, CPU_SOUND, CPU_SOUND },
	{ "AuthenticAMD", 0x1a, 0x50, 0, 1, false, CPU_SOUND, CPU_SOUND },
	{ "AuthenticAMD", 0x1a, 0x80, 0, 1, false, CPU_SOUND, CPU_SOUND },
};

static void each_cpu_is_judged_as_its_maker_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct platform p = {
			.cpu_family = r->family,
			.cpu_model = r->model,
			.cpu_stepping = r->stepping,
			.microcode = r->microcode,
			.hypervisor = r->hypervisor,
		};
		const struct cpu_erratum *e = NULL;

		memcpy(p.cpu_vendor, r->vendor, strlen(r->vendor));
		if (cpu_errata_judge(&p, CPU_RDRAND, NULL) != r->rdrand ||
		    cpu_errata_judge(&p, CPU_RDSEED, &e) != r->rdseed)
			fail_msg("row %zu: family %#x model %#x", i, r->family,
				 r->model);
		/* A verdict names its row, a clean one none. */
		assert_int_equal(e == NULL, r->rdseed == CPU_SOUND);
	}
}

static void every_row_can_be_told_to_a_person(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct cpu_erratum *e; (e = cpu_errata_at(n)) != NULL; n++) {
		assert_true(e->model_first <= e->model_last);
		assert_int_not_equal(e->instructions, 0);
		assert_non_null(e->what);
		assert_non_null(e->reference);
	}
	assert_true(n > 0);
	assert_null(cpu_errata_at(n + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cpu_is_judged_as_its_maker_says),
		cmocka_unit_test(every_row_can_be_told_to_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
