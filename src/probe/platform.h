/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_PLATFORM_H
#define AQUIFER_PROBE_PLATFORM_H

/*
 * What machine is this? Fills struct platform (base/platform.h) from a root
 * directory: CPUID, /proc, /sys, DMI, the device tree, the kernel's log. All
 * reading is bounded, waits for nothing and stays below root.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/platform.h"

/* EAX, EBX, ECX, EDX of a leaf; false when the CPU does not have that leaf. */
typedef bool probe_cpuid_fn(uint32_t leaf, uint32_t subleaf,
			    uint32_t ret_regs[4]);

/*
 * probe_platform - everything that can be seen.
 * root: "" for the running machine; else a recorded tree, whose CPU is known
 * by its /proc/cpuinfo alone and whose log is var/log/dmesg.
 * What is missing leaves its field empty, 0 or false; the fields mean:
 *   cpu_has_*       the CPU's word (CPUID, HWCAP2_RNG); without it cpuinfo's
 *   cpuinfo_seen    /proc/cpuinfo was there and lists flags (old
 *                   user-mode-linux kernels list none: no verdict to heed)
 *   cpus_online     1 when nothing says
 *   hypervisor_name "unknown" for one that hides its name
 *   clock_emulated  also where QEMU is seen and no accelerator: may be TCG
 *   product_uuid    needs root on most systems
 *   generation      from /dev/vmclock0
 * Returns 0; -EINVAL when root is too long for the paths below it (ret_platform
 * is then untouched).
 */
int probe_platform(const char *root, struct platform *ret_platform);

/*
 * probe_platform_with - the same, with the CPUID instruction as an argument.
 * cpuid: NULL for none.
 */
int probe_platform_with(const char *root, probe_cpuid_fn *cpuid,
			struct platform *ret_platform);

/* probe_force_confidential - treat the host as an enemy, by configuration. */
void probe_force_confidential(struct platform *p);

#endif
