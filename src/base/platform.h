/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_PLATFORM_H
#define AQUIFER_BASE_PLATFORM_H

/*
 * What the parts below the programs must know of this machine, as plain values.
 * src/probe/platform.c fills it; tests write it by hand.
 */
#include <stdbool.h>
#include <stdint.h>

enum confidential {
	CONFIDENTIAL_NO,
	CONFIDENTIAL_SEV, /* SEV or SEV-ES: memory encrypted, host partly trusted */
	CONFIDENTIAL_SEV_SNP,
	CONFIDENTIAL_TDX,
	CONFIDENTIAL_FORCED, /* by configuration */
};

struct platform {
	/* CPU, from CPUID (x86-64) or HWCAP (aarch64). */
	char cpu_vendor[13]; /* "AuthenticAMD"; "" where there is none */
	unsigned cpu_family; /* with the extended family added */
	unsigned cpu_model;  /* with the extended model added */
	unsigned cpu_stepping;
	uint32_t microcode;     /* as /proc/cpuinfo says; 0: not seen */
	bool cpu_has_rdrand;    /* CPUID; aarch64: RNDR */
	bool cpu_has_rdseed;    /* CPUID; aarch64: RNDRRS */
	bool cpuinfo_seen;      /* /proc/cpuinfo was read, lists flags */
	bool kernel_has_rdrand; /* the flag is left in /proc/cpuinfo */
	bool kernel_has_rdseed;
	unsigned cpus_online;

	/* Under what it runs. */
	bool hypervisor;          /* CPUID bit, or known otherwise (UML, DMI) */
	char hypervisor_name[32]; /* "KVM", "TCG", "user-mode-linux"; "" */
	bool clock_emulated;      /* the timer is software: TCG, an emulator */
	enum confidential confidential;
	char confidential_why[64]; /* the fact it was decided from */
	bool tsc_secure; /* SNP SecureTSC or TDX: not the host's clock */

	/* Who it is. */
	char kernel_release[65];
	char machine_id[33];   /* "" where there is none */
	char product_uuid[37]; /* DMI; "" where it cannot be read */
	bool generation_known; /* vmclock: the VM generation counter is there */
	uint64_t generation;
};

/* platform_is_confidential - the host is an enemy by assumption. */
static inline bool platform_is_confidential(const struct platform *p)
{
	return p->confidential == CONFIDENTIAL_SEV_SNP ||
	       p->confidential == CONFIDENTIAL_TDX ||
	       p->confidential == CONFIDENTIAL_FORCED;
}

#endif
