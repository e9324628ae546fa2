/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_PLATFORM_H
#define AQUIFER_PROBE_PLATFORM_H

/*
 * What machine is this? Fills struct platform (base/platform.h) from a root
 * (probe/root.h): CPUID, /proc, /sys, DMI, the device tree, the kernel's log.
 * All reading is bounded, waits for nothing and stays below root.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/platform.h"
#include "probe/root.h"

/* EAX, EBX, ECX, EDX of a leaf; false when the CPU does not have that leaf. */
typedef bool probe_cpuid_fn(uint32_t leaf, uint32_t subleaf,
			    uint32_t ret_regs[4]);

/*
 * probe_platform - everything that can be seen.
 * root: the running machine; else a recorded one, whose CPU is known by its
 * /proc/cpuinfo alone (and the CPUID that `--record` kept), and whose log is
 * var/log/dmesg or var/log/kern.log.
 * What is missing leaves its field empty, 0 or false; the fields mean:
 *   cpu_has_*       the CPU's word (CPUID, HWCAP2_RNG); without it cpuinfo's
 *   cpuinfo_seen    /proc/cpuinfo was there and lists flags (old
 *                   user-mode-linux kernels list none: no verdict to heed)
 *   cpus_online     1 when nothing says
 *   hypervisor_name "unknown" for one that hides its name
 *   clock_emulated  also where QEMU is seen and no accelerator: may be TCG
 *   product_uuid    needs root on most systems
 *   generation      from /dev/vmclock0
 */
void probe_platform(const struct probe_root *root,
		    struct platform *ret_platform);

/*
 * probe_platform_with - the same, with the CPUID instruction as an argument.
 * cpuid: NULL for none.
 */
void probe_platform_with(const struct probe_root *root, probe_cpuid_fn *cpuid,
			 struct platform *ret_platform);

/* probe_force_confidential - treat the host as an enemy, by configuration. */
void probe_force_confidential(struct platform *p);

#endif
