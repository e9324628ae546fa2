/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_CPU_ERRATA_H
#define AQUIFER_BASE_CPU_ERRATA_H

/*
 * CPUs whose random number instructions are known to fail while they report
 * success. Pure: a table and a judge over struct platform. Threads: safe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"

enum cpu_instruction {
	CPU_RDRAND = 1 << 0,
	CPU_RDSEED = 1 << 1,
};

/* No microcode revision that repairs it has been published. */
#define CPU_MICROCODE_NONE UINT32_MAX

struct cpu_erratum {
	const char *vendor; /* as CPUID spells it */
	unsigned family;
	unsigned model_first;
	unsigned model_last;
	int stepping;          /* -1: all */
	unsigned instructions; /* enum cpu_instruction, one or both */
	/* The fault is one value for ever: a few words drawn show it. */
	bool shows_itself;
	/* Repaired from this revision on; 0: not a matter of microcode. */
	uint32_t fixed_microcode;
	const char *what;
	const char *reference;
};

enum cpu_verdict {
	CPU_SOUND,   /* nothing known against it, or repaired */
	CPU_SUSPECT, /* the words it gives show whether it is repaired */
	CPU_UNKNOWN, /* repaired by microcode, which cannot be known here */
	CPU_BROKEN,
};

/*
 * cpu_errata_judge - what is known of an instruction on this CPU.
 * ret_row: the row that decided; NULL for CPU_SOUND. May be NULL.
 * Under a hypervisor a microcode revision is whatever the host made up, so a
 * row that microcode decides is CPU_UNKNOWN there, and where none was seen.
 */
enum cpu_verdict cpu_errata_judge(const struct platform *p,
				  enum cpu_instruction instruction,
				  const struct cpu_erratum **ret_row);

/* cpu_errata_at - the table, for listings; NULL past the end. */
const struct cpu_erratum *cpu_errata_at(size_t index);

#endif
