/* SPDX-License-Identifier: ISC */
/*
 * The CPU: what it says itself (CPUID, HWCAP) and what the kernel has left of
 * that in /proc/cpuinfo. The difference is the kernel's verdict.
 */
#include <stdlib.h>
#include <string.h>

#if defined(__aarch64__)
#include <sys/auxv.h>
#ifndef HWCAP2_RNG
#define HWCAP2_RNG (1ul << 16)
#endif
#endif

#include "base/bytes.h"
#include "probe/facts.h"

/* Registers in the order of probe_cpuid_fn. */
enum { EAX, EBX, ECX, EDX };

#define BIT(n) (UINT32_C(1) << (n))

static void read_cpuid(struct probe *f, struct platform *p)
{
	uint32_t r[4];
	uint32_t family, model;

	if (!probe_cpuid(f, 0, 0, r))
		return;
	store_le32((uint8_t *)p->cpu_vendor, r[EBX]);
	store_le32((uint8_t *)p->cpu_vendor + 4, r[EDX]);
	store_le32((uint8_t *)p->cpu_vendor + 8, r[ECX]);
	if (!probe_cpuid(f, 1, 0, r))
		return;
	/* The extended family counts only on family 15, the model on 6 too. */
	family = r[EAX] >> 8 & 0xf;
	model = r[EAX] >> 4 & 0xf;
	if (family == 6 || family == 15)
		model |= (r[EAX] >> 16 & 0xf) << 4;
	if (family == 15)
		family += r[EAX] >> 20 & 0xff;
	p->cpu_family = family;
	p->cpu_model = model;
	p->cpu_stepping = r[EAX] & 0xf;
	p->cpu_has_rdrand = (r[ECX] & BIT(30)) != 0;
	f->hypervisor_bit = (r[ECX] & BIT(31)) != 0;
	f->cpu_known = true;
	if (probe_cpuid(f, 7, 0, r))
		p->cpu_has_rdseed = (r[EBX] & BIT(18)) != 0;
}

static unsigned cpuinfo_number(const struct probe *f, const char *key)
{
	char text[32];

	if (!probe_cpuinfo_text(f, key, text, sizeof text))
		return 0;
	return (unsigned)strtoul(text, NULL, 0);
}

/* x86 lists "flags", arm64 "Features", where both instructions are "rng". */
static void read_flags(struct probe *f, struct platform *p, bool from_cpuid)
{
	const char *flags;
	size_t len;

	if ((flags = probe_cpuinfo(f, "flags", &len)) != NULL) {
		p->kernel_has_rdrand = probe_has_word(flags, len, "rdrand");
		p->kernel_has_rdseed = probe_has_word(flags, len, "rdseed");
		if (!from_cpuid)
			f->hypervisor_bit = probe_has_word(flags, len,
							   "hypervisor");
		f->cpu_known = true;
	} else if ((flags = probe_cpuinfo(f, "Features", &len)) != NULL) {
		p->kernel_has_rdrand = probe_has_word(flags, len, "rng");
		p->kernel_has_rdseed = p->kernel_has_rdrand;
	} else {
		return;
	}
	p->cpuinfo_seen = true;
}

void probe_cpu(struct probe *f, struct platform *p)
{
	bool from_cpuid;

	(void)probe_read(f->root, "/proc/cpuinfo", f->cpuinfo,
			 sizeof f->cpuinfo);
	read_cpuid(f, p);
	from_cpuid = p->cpu_vendor[0] != '\0';
	read_flags(f, p, from_cpuid);
	p->microcode = cpuinfo_number(f, "microcode");
	if (from_cpuid)
		return;
	(void)probe_cpuinfo_text(f, "vendor_id", p->cpu_vendor,
				 sizeof p->cpu_vendor);
	p->cpu_family = cpuinfo_number(f, "cpu family");
	p->cpu_model = cpuinfo_number(f, "model");
	p->cpu_stepping = cpuinfo_number(f, "stepping");
	p->cpu_has_rdrand = p->kernel_has_rdrand;
	p->cpu_has_rdseed = p->kernel_has_rdseed;
#if defined(__aarch64__)
	if (probe_root_kind(f->root) == PROBE_LIVE) {
		p->cpu_has_rdrand = (getauxval(AT_HWCAP2) & HWCAP2_RNG) != 0;
		p->cpu_has_rdseed = p->cpu_has_rdrand;
	}
#endif
}
