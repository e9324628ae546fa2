/* SPDX-License-Identifier: ISC */
/* Under what does this run, and is its clock software? */
#include <string.h>

#include "base/bytes.h"
#include "probe/facts.h"

/* QEMU is seen, and nothing says what executes its instructions. */
#define QEMU_UNSURE "QEMU (KVM or TCG)"
#define QEMU_USER "qemu-user"

struct name_row {
	const char *text;
	const char *name;
};

/* CPUID leaf 40000000h, EBX ECX EDX. */
/* clang-format off */
static const struct name_row signatures[] = {
	{ "KVMKVMKVM", "KVM" },
	{ "Linux KVM Hv", "KVM" },
	{ "TCGTCGTCGTCG", "TCG" },
	{ "Microsoft Hv", "Hyper-V" },
	{ "VMwareVMware", "VMware" },
	{ "XenVMMXenVMM", "Xen" },
	{ "bhyve bhyve ", "bhyve" },
	{ "ACRNACRNACRN", "ACRN" },
	{ "QNXQVMBSQG", "QNX" },
	{ "Jailhouse", "Jailhouse" },
	{ "EVMMEVMMEVMM", "Intel EVMM" },
	{ " lrpepyh  vr", "Parallels" },
	{ "VBoxVBoxVBox", "VirtualBox" },
	{ "NVMMNVMMNVMM", "NVMM" },
	{ "HAXMHAXMHAXM", "HAXM" },
	{ "OpenBSDVMM58", "OpenBSD vmm" },
	{ "SRESRESRESRE", "SRE" },
	{ "Apple VZ", "Apple VZ" },
	{ "UnisysSpar64", "s-Par" },
};
/* clang-format on */

struct dmi_row {
	const char *text; /* the field begins with it */
	const char *name;
	/* The maker sells whole machines under the same name, too. */
	bool may_be_metal;
};

/* Product before vendor: "KVM" says more than "QEMU". */
static const struct dmi_row dmi_rows[] = {
	{ "KVM", "KVM", false },
	{ "OpenStack", "KVM", false },
	{ "KubeVirt", "KVM", false },
	{ "Google Compute Engine", "KVM", true },
	{ "Amazon EC2", "Amazon EC2", true },
	{ "QEMU", QEMU_UNSURE, false },
	{ "VMware", "VMware", false },
	{ "VMW", "VMware", false },
	{ "VirtualBox", "VirtualBox", false },
	{ "innotek GmbH", "VirtualBox", false },
	{ "HVM domU", "Xen", false },
	{ "Xen", "Xen", false },
	{ "Bochs", "Bochs", false },
	{ "Parallels", "Parallels", false },
	{ "BHYVE", "bhyve", false },
	{ "Hyper-V", "Hyper-V", false },
	{ "Virtual Machine", "Hyper-V", false },
	{ "Apple Virtualization", "Apple VZ", false },
};

static void set_name(struct platform *p, const char *name)
{
	p->hypervisor = true;
	probe_copy_printable(p->hypervisor_name, sizeof p->hypervisor_name,
			     name);
}

static bool cpuid_signature(const struct probe *f, uint32_t leaf,
			    char ret_text[13])
{
	uint32_t r[4];

	if (!f->hypervisor_bit || !probe_cpuid(f, leaf, 0, r))
		return false;
	store_le32((uint8_t *)ret_text, r[1]);
	store_le32((uint8_t *)ret_text + 4, r[2]);
	store_le32((uint8_t *)ret_text + 8, r[3]);
	ret_text[12] = '\0';
	return true;
}

/*
 * KVM and Xen can show themselves as Hyper-V at the first leaf, for Windows'
 * sake; their own name then stands 100h further on.
 */
static const char *name_by_cpuid(const struct probe *f, char ret_text[13])
{
	const char *found = NULL;
	char text[13];

	ret_text[0] = '\0';
	for (uint32_t leaf = 0x40000000; leaf <= 0x40000300; leaf += 0x100) {
		if (!cpuid_signature(f, leaf, text))
			return NULL;
		if (leaf == 0x40000000)
			memcpy(ret_text, text, sizeof text);
		for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
			if (strcmp(text, signatures[i].text) != 0)
				continue;
			if (strcmp(signatures[i].name, "Hyper-V") != 0)
				return signatures[i].name;
			found = signatures[i].name;
		}
	}
	return found;
}

static const struct dmi_row *dmi_match(const struct probe *f, const char *path)
{
	char text[128];

	if (probe_read(f->root, path, text, sizeof text) <= 0)
		return NULL;
	/* So Amazon names its whole machines: "c6g.metal-48xl". */
	if (strstr(text, ".metal") != NULL)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(dmi_rows); i++)
		if (strncmp(text, dmi_rows[i].text, strlen(dmi_rows[i].text)) ==
		    0)
			return &dmi_rows[i];
	return NULL;
}

static const char *name_by_dmi(const struct probe *f)
{
	static const char *const paths[] = {
		"/sys/class/dmi/id/product_name",
		"/sys/class/dmi/id/sys_vendor",
		"/sys/class/dmi/id/board_vendor",
		"/sys/class/dmi/id/bios_vendor",
	};
	char product[128];

	(void)probe_read(f->root, paths[0], product, sizeof product);
	if (strstr(product, ".metal") != NULL)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct dmi_row *row = dmi_match(f, paths[i]);

		if (row == NULL)
			continue;
		if (row->may_be_metal && f->cpu_known && !f->hypervisor_bit)
			continue;
		return row->name;
	}
	return NULL;
}

/* More nodes at the top than any board has. */
#define NODES_MAX 1024

static bool is_fw_cfg(void *context, const char *name)
{
	bool *found = context;

	*found = strstr(name, "fw-cfg") != NULL;
	return !*found;
}

static bool has_fw_cfg(const struct probe_root *root)
{
	bool found = false;

	(void)probe_root_list(root, "/sys/firmware/devicetree/base", NODES_MAX,
			      is_fw_cfg, &found);
	return found;
}

/*
 * "linux,dummy-virt" is the board of QEMU, Firecracker, crosvm and kvmtool;
 * QEMU's alone has a fw-cfg node, and QEMU alone of them can be an emulator.
 */
static const char *name_by_device_tree(const struct probe *f)
{
	char text[128];

	if (probe_read(f->root,
		       "/sys/firmware/devicetree/base/hypervisor/compatible",
		       text, sizeof text) > 0) {
		if (strstr(text, "kvm") != NULL)
			return "KVM";
		if (strstr(text, "xen") != NULL)
			return "Xen";
		return "unknown";
	}
	if (has_fw_cfg(f->root))
		return QEMU_UNSURE;
	if (probe_read(f->root, "/sys/firmware/devicetree/base/compatible",
		       text, sizeof text) > 0 &&
	    strcmp(text, "linux,dummy-virt") == 0)
		return "KVM";
	return NULL;
}

/* Facts that only KVM leaves, for a name that could be KVM or TCG. */
static bool kvm_is_seen(const struct probe *f)
{
	char text[128];

	if (f->log.kvm_services || strcmp(f->log.hypervisor, "KVM") == 0)
		return true;
	(void)probe_read(f->root,
			 "/sys/devices/system/clocksource/clocksource0/"
			 "available_clocksource",
			 text, sizeof text);
	return probe_has_word(text, strlen(text), "kvm-clock");
}

bool probe_is_user_mode_linux(const struct probe *f)
{
	char vendor[32];

	return probe_cpuinfo_text(f, "vendor_id", vendor, sizeof vendor) &&
	       strcmp(vendor, "User Mode Linux") == 0;
}

/* An aarch64 program that sees the cpuinfo of an x86: qemu-aarch64 runs it. */
static bool is_qemu_user(const struct probe *f)
{
#if defined(__aarch64__)
	size_t len;

	return probe_root_kind(f->root) == PROBE_LIVE &&
	       probe_cpuinfo(f, "vendor_id", &len) != NULL;
#else
	(void)f;
	return false;
#endif
}

static const char *find_name(const struct probe *f, char signature[13],
			     char sys_type[32])
{
	const char *name;

	/* Its time stamp counter and instructions are the machine's below. */
	if (probe_is_user_mode_linux(f))
		return "user-mode-linux";
	if (is_qemu_user(f))
		return QEMU_USER;
	name = name_by_cpuid(f, signature);
	if (name != NULL)
		return name;
	if (probe_read(f->root, "/sys/hypervisor/type", sys_type, 32) > 0)
		return strcmp(sys_type, "xen") == 0 ? "Xen" : sys_type;
	name = name_by_dmi(f);
	if (name == NULL)
		name = name_by_device_tree(f);
	if (name != NULL && strcmp(name, QEMU_UNSURE) != 0)
		return name;
	if ((name != NULL || f->hypervisor_bit) && kvm_is_seen(f))
		return "KVM";
	if (name != NULL)
		return name;
	if (f->log.hypervisor[0] != '\0')
		return f->log.hypervisor;
	if (!f->hypervisor_bit)
		return NULL;
	return signature[0] != '\0' ? signature : "unknown";
}

void probe_hypervisor(const struct probe *f, struct platform *p)
{
	static const char *const emulators[] = {
		"TCG",
		"Bochs",
		QEMU_UNSURE,
		QEMU_USER,
	};
	char signature[13] = "";
	char sys_type[32] = "";
	const char *name = find_name(f, signature, sys_type);

	if (name == NULL)
		return;
	set_name(p, name);
	for (size_t i = 0; i < ARRAY_LEN(emulators); i++)
		if (strcmp(name, emulators[i]) == 0)
			p->clock_emulated = true;
}
