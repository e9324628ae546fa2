/* SPDX-License-Identifier: ISC */
/* Signatures: leaf 40000000h as the hypervisors' own documents give it. */
#include "tree.h"
#include "cpuid_table.h"

#define CPUINFO_GUEST \
	"vendor_id : GenuineIntel\nflags : fpu hypervisor rdrand\n"
#define CPUINFO_METAL "vendor_id : GenuineIntel\nflags : fpu rdrand\n"

/* clang-format off */
#define LEAF1_GUEST { 1, { 0x000306a9, 0, BIT(31), 0 } }
#define LEAF1_METAL { 1, { 0x000306a9, 0, 0, 0 } }
/* clang-format on */

static void assert_under(const struct platform *p, const char *name,
			 bool emulated)
{
	assert_true(p->hypervisor);
	assert_string_equal(p->hypervisor_name, name);
	assert_int_equal(p->clock_emulated, emulated);
}

static void tcg_by_its_signature(void **state)
{
	static const struct cpuid_row rows[] = {
		LEAF0_AMD,
		LEAF1_GUEST,
		SIGNATURE_TCG(0x40000000),
	};
	struct platform p;

	(void)state;
	tree_text("/sys/class/dmi/id/sys_vendor", "QEMU\n");
	p = tree_probe(CPUID_USE(rows));
	assert_under(&p, "TCG", true);
}

static void hyperv_and_those_that_play_it(void **state)
{
	static const struct cpuid_row hyperv[] = {
		LEAF0_INTEL,
		LEAF1_GUEST,
		SIGNATURE_HYPERV(0x40000000),
		{ 0x40000100, { 0, 0, 0, 0 } },
		{ 0x40000200, { 0, 0, 0, 0 } },
		{ 0x40000300, { 0, 0, 0, 0 } },
	};
	static const struct cpuid_row kvm[] = {
		LEAF0_INTEL,
		LEAF1_GUEST,
		SIGNATURE_HYPERV(0x40000000),
		SIGNATURE_KVM(0x40000100),
	};
	struct platform p;

	(void)state;
	p = tree_probe(CPUID_USE(hyperv));
	assert_under(&p, "Hyper-V", false);
	p = tree_probe(CPUID_USE(kvm));
	assert_under(&p, "KVM", false);
}

static void a_signature_nobody_knows_is_the_name(void **state)
{
	static const struct cpuid_row rows[] = {
		LEAF0_INTEL,
		LEAF1_GUEST,
		{ 0x40000000,
		  { 0, REG4('A', 'B', 1, 'D'), REG4('E', 'F', 'G', 'H'), 0 } },
		{ 0x40000100, { 0, 0, 0, 0 } },
		{ 0x40000200, { 0, 0, 0, 0 } },
		{ 0x40000300, { 0, 0, 0, 0 } },
	};
	static const struct cpuid_row silent[] = { LEAF0_INTEL, LEAF1_GUEST };
	struct platform p;

	(void)state;
	p = tree_probe(CPUID_USE(rows));
	assert_under(&p, "AB?DEFGH", false);
	p = tree_probe(CPUID_USE(silent));
	assert_under(&p, "unknown", false);
}

/* Without the bit the leaf is another leaf's answer: it is not asked. */
static void no_signature_is_read_on_metal(void **state)
{
	static const struct cpuid_row rows[] = {
		LEAF0_INTEL,
		LEAF1_METAL,
		SIGNATURE_KVM(0x40000000),
	};

	(void)state;
	assert_false(tree_probe(CPUID_USE(rows)).hypervisor);
}

/* UML's instructions run on the machine below, which is a KVM guest here. */
static void uml_is_itself_above_kvm(void **state)
{
	static const struct cpuid_row rows[] = {
		LEAF0_AMD,
		LEAF1_GUEST,
		SIGNATURE_KVM(0x40000000),
	};
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", "processor\t: 0\n"
				   "vendor_id\t: User Mode Linux\n"
				   "flags\t\t: rdrand\n");
	p = tree_probe(CPUID_USE(rows));
	assert_under(&p, "user-mode-linux", false);
	assert_true(p.cpuinfo_seen);
}

/* QEMU that hides its signature may be KVM or TCG: taken for the worse. */
static void qemu_without_a_signature_may_be_tcg(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", CPUINFO_GUEST);
	tree_text("/sys/class/dmi/id/sys_vendor", "QEMU\n");
	tree_text("/sys/class/dmi/id/product_name",
		  "Standard PC (Q35 + ICH9, 2009)\n");
	p = tree_probe(NULL);
	assert_under(&p, "QEMU (KVM or TCG)", true);

	tree_text("/sys/devices/system/clocksource/clocksource0/"
		  "available_clocksource",
		  "kvm-clock tsc acpi_pm \n");
	p = tree_probe(NULL);
	assert_under(&p, "KVM", false);
}

static void the_log_can_tell_kvm(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", CPUINFO_GUEST);
	tree_text("/sys/class/dmi/id/sys_vendor", "QEMU\n");
	tree_text("/var/log/dmesg",
		  "[    0.000000] Command line: x=Hypervisor detected: KVM\n");
	p = tree_probe(NULL);
	assert_under(&p, "QEMU (KVM or TCG)", true);
	tree_text("/var/log/dmesg", "[    0.000000] DMI: QEMU\n"
				    "[    0.000000] Hypervisor detected: KVM\n");
	p = tree_probe(NULL);
	assert_under(&p, "KVM", false);
}

static void dmi_names(void **state)
{
	static const struct {
		const char *cpuinfo, *vendor, *product, *name;
		bool emulated;
	} cases[] = {
		{ CPUINFO_GUEST, "QEMU\n", "KVM Virtual Machine\n", "KVM",
		  false },
		{ CPUINFO_GUEST, "VMware, Inc.\n", "VMware Virtual Platform\n",
		  "VMware", false },
		{ CPUINFO_METAL, "VMware, Inc.\n", "VMware20,1\n", "VMware",
		  false },
		{ CPUINFO_GUEST, "innotek GmbH\n", "VirtualBox\n", "VirtualBox",
		  false },
		{ CPUINFO_GUEST, "Microsoft Corporation\n", "Virtual Machine\n",
		  "Hyper-V", false },
		{ CPUINFO_METAL, "Microsoft Corporation\n", "Surface Pro\n",
		  NULL, false },
		{ CPUINFO_GUEST, "Xen\n", "HVM domU\n", "Xen", false },
		{ CPUINFO_GUEST, "Amazon EC2\n", "m5.large\n", "Amazon EC2",
		  false },
		{ CPUINFO_METAL, "Amazon EC2\n", "m5.metal\n", NULL, false },
		{ "", "Amazon EC2\n", "c6g.large\n", "Amazon EC2", false },
		{ "", "Amazon EC2\n", "c6g.metal\n", NULL, false },
		{ CPUINFO_METAL, "Google\n", "Google Compute Engine\n", NULL,
		  false },
		{ CPUINFO_GUEST, "Google\n", "Google Compute Engine\n", "KVM",
		  false },
		{ CPUINFO_METAL, "LENOVO\n", "ThinkPad QEMU Edition\n", NULL,
		  false },
		{ "", "QEMU\n", "QEMU Virtual Machine\n", "QEMU (KVM or TCG)",
		  true },
		{ CPUINFO_GUEST, "Bochs\n", "Bochs\n", "Bochs", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct platform p;

		tree_text("/proc/cpuinfo", cases[i].cpuinfo);
		tree_text("/sys/class/dmi/id/sys_vendor", cases[i].vendor);
		tree_text("/sys/class/dmi/id/product_name", cases[i].product);
		p = tree_probe(NULL);
		if (cases[i].name == NULL)
			assert_false(p.hypervisor);
		else
			assert_under(&p, cases[i].name, cases[i].emulated);
	}
}

static void xen_by_sysfs(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/sys/hypervisor/type", "xen\n");
	p = tree_probe(NULL);
	assert_under(&p, "Xen", false);
}

#define DEVICE_TREE "/sys/firmware/devicetree/base"

/* arm64 has no CPUID; strings of the device tree end in a NUL. */
static void arm64_by_device_tree(void **state)
{
	static const char board[] = "linux,dummy-virt";
	static const char xen[] = "xen,xen-4.17\0xen,xen";
	struct platform p;

	(void)state;
	tree_write(DEVICE_TREE "/compatible", "raspberrypi,4-model-b", 22);
	assert_false(tree_probe(NULL).hypervisor);

	/* Firecracker, crosvm, kvmtool: no emulator has this board alone. */
	tree_write(DEVICE_TREE "/compatible", board, sizeof board);
	p = tree_probe(NULL);
	assert_under(&p, "KVM", false);

	tree_text(DEVICE_TREE "/fw-cfg@9020000/compatible", "qemu,fw-cfg-mmio");
	p = tree_probe(NULL);
	assert_under(&p, "QEMU (KVM or TCG)", true);

	tree_text("/var/log/dmesg",
		  "[    0.000000] KVM: hypervisor services detected "
		  "(0x00000000 0x00000000 0x00000000 0x00000003)\n");
	p = tree_probe(NULL);
	assert_under(&p, "KVM", false);

	tree_write(DEVICE_TREE "/hypervisor/compatible", xen, sizeof xen);
	p = tree_probe(NULL);
	assert_under(&p, "Xen", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(tcg_by_its_signature),
		TREE_TEST(hyperv_and_those_that_play_it),
		TREE_TEST(a_signature_nobody_knows_is_the_name),
		TREE_TEST(no_signature_is_read_on_metal),
		TREE_TEST(uml_is_itself_above_kvm),
		TREE_TEST(qemu_without_a_signature_may_be_tcg),
		TREE_TEST(the_log_can_tell_kvm),
		TREE_TEST(dmi_names),
		TREE_TEST(xen_by_sysfs),
		TREE_TEST(arm64_by_device_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
