/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "probe/facts.h"

/* The longest path appended to root, with room to spare. */
#define LONGEST_PATH_BYTES 128

#if defined(__x86_64__)
static bool native_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t r[4])
{
	uint32_t base = leaf & UINT32_C(0xc0000000);

	/* Asked only under a hypervisor, which may not say a maximum. */
	if (base != UINT32_C(0x40000000) &&
	    (uint32_t)__get_cpuid_max(base, NULL) < leaf)
		return false;
	__cpuid_count(leaf, subleaf, r[0], r[1], r[2], r[3]);
	return true;
}
#define NATIVE_CPUID native_cpuid
#else
#define NATIVE_CPUID NULL
#endif

static bool all_digits(const char *text, size_t len, const char *also)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)text[i]) &&
		    (text[i] == '\0' || strchr(also, text[i]) == NULL))
			return false;
	return true;
}

/* "uninitialized" in a golden image is no id. */
static void read_machine_id(const char *root, struct platform *p)
{
	char text[64];

	if (probe_read(root, "/etc/machine-id", text, sizeof text) == 32 &&
	    all_digits(text, 32, ""))
		memcpy(p->machine_id, text, 33);
}

static void read_product_uuid(const char *root, struct platform *p)
{
	char text[64];

	if (probe_read(root, "/sys/class/dmi/id/product_uuid", text,
		       sizeof text) == 36 &&
	    all_digits(text, 36, "-"))
		memcpy(p->product_uuid, text, 37);
}

static void read_kernel_release(const char *root, struct platform *p)
{
	char text[128];
	struct utsname u;

	if (probe_read(root, "/proc/sys/kernel/osrelease", text, sizeof text) > 0)
		probe_copy_printable(p->kernel_release,
				     sizeof p->kernel_release, text);
	else if (root[0] == '\0' && uname(&u) == 0)
		probe_copy_printable(p->kernel_release,
				     sizeof p->kernel_release, u.release);
}

/* A list such as "0-3,8"; 0 when it is not one. */
static unsigned count_cpus(const char *list)
{
	unsigned long count = 0;

	while (*list != '\0') {
		unsigned long first, last;
		char *end;

		if (!isdigit((unsigned char)*list))
			return 0;
		first = last = strtoul(list, &end, 10);
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (last < first || last > 1u << 20)
			return 0;
		count += last - first + 1;
		list = end + (*end == ',');
		if (*end != ',' && *end != '\0')
			return 0;
	}
	return count > 1u << 20 ? 0 : (unsigned)count;
}

static void read_cpus_online(const char *root, struct platform *p)
{
	char text[256];
	long n;

	p->cpus_online = 0;
	if (probe_read(root, "/sys/devices/system/cpu/online", text,
		       sizeof text) > 0)
		p->cpus_online = count_cpus(text);
	if (p->cpus_online == 0 && root[0] == '\0') {
		n = sysconf(_SC_NPROCESSORS_ONLN);
		p->cpus_online = n > 0 ? (unsigned)n : 0;
	}
	if (p->cpus_online == 0)
		p->cpus_online = 1;
}

int probe_platform_with(const char *root, probe_cpuid_fn *cpuid,
			struct platform *ret_platform)
{
	struct probe facts;
	struct platform p = { .confidential = CONFIDENTIAL_NO };

	if (strlen(root) > PATH_MAX - LONGEST_PATH_BYTES)
		return -EINVAL;
	/* Not by an initialiser: it would touch every page of cpuinfo. */
	facts.root = root;
	facts.cpuid = cpuid;
	facts.cpuinfo[0] = '\0';
	facts.hypervisor_bit = false;
	facts.cpu_known = false;
	memset(&facts.log, 0, sizeof facts.log);
	probe_cpu(&facts, &p);
	/* A read for each line: dear there, and it never is confidential. */
	if (!probe_is_user_mode_linux(&facts))
		probe_log_read(root, &facts.log);
	probe_hypervisor(&facts, &p);
	probe_confidential(&facts, &p);
	probe_vmclock(root, &p);
	read_machine_id(root, &p);
	read_product_uuid(root, &p);
	read_kernel_release(root, &p);
	read_cpus_online(root, &p);
	*ret_platform = p;
	return 0;
}

int probe_platform(const char *root, struct platform *ret_platform)
{
	return probe_platform_with(root, root[0] == '\0' ? NATIVE_CPUID : NULL,
				   ret_platform);
}
