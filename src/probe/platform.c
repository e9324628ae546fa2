/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "probe/facts.h"

static bool all_digits(const char *text, size_t len, const char *also)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)text[i]) &&
		    (text[i] == '\0' || strchr(also, text[i]) == NULL))
			return false;
	return true;
}

/* "uninitialized" in a golden image is no id. */
static void read_machine_id(const struct probe_root *root, struct platform *p)
{
	char text[64];

	if (probe_read(root, "/etc/machine-id", text, sizeof text) == 32 &&
	    all_digits(text, 32, ""))
		memcpy(p->machine_id, text, 33);
}

static void read_product_uuid(const struct probe_root *root, struct platform *p)
{
	char text[64];

	if (probe_read(root, "/sys/class/dmi/id/product_uuid", text,
		       sizeof text) == 36 &&
	    all_digits(text, 36, "-"))
		memcpy(p->product_uuid, text, 37);
}

static void read_kernel_release(const struct probe_root *root,
				struct platform *p)
{
	char text[128];
	struct utsname u;

	if (probe_read(root, "/proc/sys/kernel/osrelease", text, sizeof text) > 0)
		probe_copy_printable(p->kernel_release,
				     sizeof p->kernel_release, text);
	else if (probe_root_kind(root) == PROBE_LIVE && uname(&u) == 0)
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

static void read_cpus_online(const struct probe_root *root, struct platform *p)
{
	char text[256];
	long n;

	p->cpus_online = 0;
	if (probe_read(root, "/sys/devices/system/cpu/online", text,
		       sizeof text) > 0)
		p->cpus_online = count_cpus(text);
	if (p->cpus_online == 0 && probe_root_kind(root) == PROBE_LIVE) {
		n = sysconf(_SC_NPROCESSORS_ONLN);
		p->cpus_online = n > 0 ? (unsigned)n : 0;
	}
	if (p->cpus_online == 0)
		p->cpus_online = 1;
}

static void fill(const struct probe_root *root, probe_cpuid_fn *cpuid,
		 bool cpuid_of_root, struct platform *ret_platform)
{
	struct probe facts;
	struct platform p = { .confidential = CONFIDENTIAL_NO };

	/* Not by an initialiser: it would touch every page of cpuinfo. */
	facts.root = root;
	facts.cpuid = cpuid;
	facts.cpuid_of_root = cpuid_of_root;
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
}

void probe_platform_with(const struct probe_root *root, probe_cpuid_fn *cpuid,
			 struct platform *ret_platform)
{
	fill(root, cpuid, false, ret_platform);
}

void probe_platform(const struct probe_root *root, struct platform *ret_platform)
{
	fill(root, NULL, true, ret_platform);
}
