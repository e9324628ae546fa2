/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/bytes.h"
#include "base/cpu_errata.h"

#define AMD "AuthenticAMD"

#define ZEN5_WHAT \
	"RDSEED returns 0 too often and reports success (16- and 32-bit forms)"
#define ZEN5_REFERENCE "AMD-SB-7055, CVE-2025-62626"

/* One revision repairs one model and stepping, as in Linux's own table. */
/* clang-format off */
#define ZEN5_FIXED(model, step, microcode) \
	{ AMD, 0x1a, model, model, step, CPU_RDSEED, false, microcode, \
	  ZEN5_WHAT, ZEN5_REFERENCE }
#define ZEN5_RANGE(first, last) \
	{ AMD, 0x1a, first, last, -1, CPU_RDSEED, false, CPU_MICROCODE_NONE, \
	  ZEN5_WHAT, ZEN5_REFERENCE }
/* clang-format on */

/*
 * The first row that fits decides.
 *
 * Zen 5: revisions from Linux 6.18 arch/x86/kernel/cpu/amd.c,
 * zen5_rdseed_microcode[] (commits 607b9fb2ce24 and its successor for the
 * client models); model ranges from bsp_init_amd() of the same file. AMD says
 * that the 64-bit form, the only one used here, is not affected; Linux clears
 * RDSEED as a whole all the same, and so does this table.
 *
 * Zen 2: seen on Ryzen 3000 (model 71h) until the firmware of AGESA 1.0.0.3ABA.
 * No list of models was published, so the row spans all of Zen 2; it costs
 * nothing where the words drawn differ.
 */
static const struct cpu_erratum errata[] = {
	{ AMD, 0x15, 0x00, 0xff, -1, CPU_RDRAND, false, 0,
	  "RDRAND may return one value for ever after suspend and resume",
	  "Linux commit c49a0a80137c" },
	{ AMD, 0x16, 0x00, 0xff, -1, CPU_RDRAND, false, 0,
	  "RDRAND may return one value for ever after suspend and resume",
	  "Linux commit c49a0a80137c" },
	{ AMD, 0x17, 0x47, 0x47, 0, CPU_RDSEED, false, 0,
	  "RDSEED always returns all ones (Cyan Skillfish)",
	  "Linux commit 5b937a1ed64e" },
	{ AMD, 0x17, 0x30, 0xaf, -1, CPU_RDRAND | CPU_RDSEED, true, 0,
	  "all ones, reported as success, until a firmware update (Zen 2)",
	  "AMD AGESA 1.0.0.3ABA; systemd issue 11810" },
	ZEN5_FIXED(0x02, 1, 0x0b00215a),
	ZEN5_FIXED(0x08, 1, 0x0b008121),
	ZEN5_FIXED(0x11, 0, 0x0b101054),
	ZEN5_FIXED(0x24, 0, 0x0b204037),
	ZEN5_FIXED(0x44, 0, 0x0b404035),
	ZEN5_FIXED(0x44, 1, 0x0b404108),
	ZEN5_FIXED(0x60, 0, 0x0b600037),
	ZEN5_FIXED(0x68, 0, 0x0b608038),
	ZEN5_FIXED(0x70, 0, 0x0b700037),
	ZEN5_RANGE(0x00, 0x2f),
	ZEN5_RANGE(0x40, 0x4f),
	ZEN5_RANGE(0x60, 0x7f),
};

static bool fits(const struct cpu_erratum *e, const struct platform *p,
		 enum cpu_instruction instruction)
{
	return (e->instructions & instruction) != 0 &&
	       strcmp(e->vendor, p->cpu_vendor) == 0 &&
	       e->family == p->cpu_family && p->cpu_model >= e->model_first &&
	       p->cpu_model <= e->model_last &&
	       (e->stepping < 0 || (unsigned)e->stepping == p->cpu_stepping);
}

static enum cpu_verdict judge_row(const struct cpu_erratum *e,
				  const struct platform *p)
{
	if (e->shows_itself)
		return CPU_SUSPECT;
	if (e->fixed_microcode == 0)
		return CPU_BROKEN;
	if (p->hypervisor || p->microcode == 0)
		return CPU_UNKNOWN;
	if (e->fixed_microcode == CPU_MICROCODE_NONE ||
	    p->microcode < e->fixed_microcode)
		return CPU_BROKEN;
	return CPU_SOUND;
}

enum cpu_verdict cpu_errata_judge(const struct platform *p,
				  enum cpu_instruction instruction,
				  const struct cpu_erratum **ret_row)
{
	const struct cpu_erratum *row = NULL;
	enum cpu_verdict verdict = CPU_SOUND;

	for (size_t i = 0; i < ARRAY_LEN(errata) && row == NULL; i++)
		if (fits(&errata[i], p, instruction))
			row = &errata[i];
	if (row != NULL)
		verdict = judge_row(row, p);
	if (ret_row != NULL)
		*ret_row = verdict == CPU_SOUND ? NULL : row;
	return verdict;
}

const struct cpu_erratum *cpu_errata_at(size_t index)
{
	return index < ARRAY_LEN(errata) ? &errata[index] : NULL;
}
