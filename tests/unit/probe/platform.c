/* SPDX-License-Identifier: ISC */
#include "tree.h"
#include "cpuid_table.h"

/* As Linux 6.x prints them, shortened. */
static const char intel_cpuinfo[] =
	"processor\t: 0\n"
	"vendor_id\t: GenuineIntel\n"
	"cpu family\t: 6\n"
	"model\t\t: 143\n"
	"model name\t: Intel(R) Xeon(R) Platinum 8480+\n"
	"stepping\t: 8\n"
	"microcode\t: 0x2b000603\n"
	"flags\t\t: fpu vme rdrand lahf_lm rdseed sev_snp\n"
	"\n"
	"processor\t: 1\n"
	"vendor_id\t: GenuineIntel\n"
	"microcode\t: 0x1\n";
static const char arm64_cpuinfo[] =
	"processor\t: 0\n"
	"BogoMIPS\t: 2100.00\n"
	"Features\t: fp asimd aes sha2 crc32 dcpop rng bti\n"
	"CPU implementer\t: 0x41\n"
	"CPU part\t: 0xd4f\n";

static void an_empty_root_leaves_everything_empty(void **state)
{
	struct platform p = tree_probe(NULL);

	(void)state;
	assert_string_equal(p.cpu_vendor, "");
	assert_int_equal(p.cpu_family, 0);
	assert_int_equal(p.microcode, 0);
	assert_false(p.cpu_has_rdrand || p.cpu_has_rdseed);
	assert_false(p.cpuinfo_seen || p.kernel_has_rdrand);
	assert_int_equal(p.cpus_online, 1);
	assert_false(p.hypervisor || p.clock_emulated || p.tsc_secure);
	assert_string_equal(p.hypervisor_name, "");
	assert_int_equal(p.confidential, CONFIDENTIAL_NO);
	assert_string_equal(p.kernel_release, "");
	assert_string_equal(p.machine_id, "");
	assert_string_equal(p.product_uuid, "");
	assert_false(p.generation_known);
}

static void bare_metal_intel(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", intel_cpuinfo);
	tree_text("/sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
	tree_text("/sys/class/dmi/id/product_name", "PowerEdge R760\n");
	tree_text("/sys/class/dmi/id/product_uuid",
		  "4c4c4544-0042-3510-8058-b3c04f4e3533\n");
	tree_text("/etc/machine-id", "3d1219c7c4c5404aaa1f6d2a48adfda4\n");
	tree_text("/proc/sys/kernel/osrelease", "6.1.0-47-amd64\n");
	tree_text("/sys/devices/system/cpu/online", "0-3,8,10-11\n");
	p = tree_probe(NULL);
	assert_string_equal(p.cpu_vendor, "GenuineIntel");
	assert_int_equal(p.cpu_family, 6);
	assert_int_equal(p.cpu_model, 143);
	assert_int_equal(p.cpu_stepping, 8);
	assert_int_equal(p.microcode, 0x2b000603);
	assert_true(p.cpuinfo_seen && p.kernel_has_rdrand);
	assert_true(p.cpu_has_rdrand && p.cpu_has_rdseed);
	assert_int_equal(p.cpus_online, 7);
	assert_false(p.hypervisor);
	/* What the CPU could give its guests makes it none. */
	assert_int_equal(p.confidential, CONFIDENTIAL_NO);
	assert_string_equal(p.machine_id, "3d1219c7c4c5404aaa1f6d2a48adfda4");
	assert_string_equal(p.product_uuid,
			    "4c4c4544-0042-3510-8058-b3c04f4e3533");
	assert_string_equal(p.kernel_release, "6.1.0-47-amd64");
}

/* Family 25, model 17 is 0xa10f11: extended family 0ah, model 1h:1h. */
static void cpuid_is_asked_before_cpuinfo(void **state)
{
	static const struct cpuid_row zen4[] = {
		LEAF0_AMD,
		{ 1, { 0xa10f11, 0, BIT(30) | BIT(31), 0 } },
		{ 7, { 0, BIT(18), 0, 0 } },
		SIGNATURE_KVM(0x40000000),
	};
	struct platform p;

	(void)state;
	/* The kernel has cleared RDSEED. */
	tree_text("/proc/cpuinfo", "vendor_id\t: AuthenticAMD\n"
				   "microcode\t: 0x1000065\n"
				   "flags\t\t: fpu rdrand\n");
	p = tree_probe(CPUID_USE(zen4));
	assert_string_equal(p.cpu_vendor, "AuthenticAMD");
	assert_int_equal(p.cpu_family, 25);
	assert_int_equal(p.cpu_model, 17);
	assert_int_equal(p.cpu_stepping, 1);
	assert_int_equal(p.microcode, 0x1000065);
	assert_true(p.cpu_has_rdrand && p.cpu_has_rdseed);
	assert_true(p.kernel_has_rdrand);
	assert_false(p.kernel_has_rdseed);
	assert_true(p.hypervisor);
	assert_string_equal(p.hypervisor_name, "KVM");
	assert_false(p.clock_emulated);
}

/* The extended fields count on family 15, and the model's on 6. */
static void family_and_model_are_put_together_as_the_manuals_say(void **state)
{
	static const struct {
		uint32_t eax;
		unsigned family, model, stepping;
	} cases[] = {
		{ 0x000306a9, 6, 0x3a, 9 }, /* Ivy Bridge */
		{ 0x00b10f21 | 1, 0x1a, 0x12, 1 },
		{ 0x00730f01, 0x16, 0x30, 1 },
		{ 0x0ff00513, 5, 1, 3 }, /* extended fields of no effect */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct cpuid_row rows[] = {
			LEAF0_AMD,
			{ 1, { cases[i].eax, 0, 0, 0 } },
		};
		struct platform p = tree_probe(CPUID_USE(rows));

		assert_int_equal(p.cpu_family, cases[i].family);
		assert_int_equal(p.cpu_model, cases[i].model);
		assert_int_equal(p.cpu_stepping, cases[i].stepping);
		assert_false(p.cpu_has_rdrand || p.cpu_has_rdseed);
	}
}

static void arm64_has_one_flag_for_both(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", arm64_cpuinfo);
	p = tree_probe(NULL);
	assert_true(p.cpuinfo_seen);
	assert_true(p.cpu_has_rdrand && p.cpu_has_rdseed);
	assert_true(p.kernel_has_rdrand && p.kernel_has_rdseed);
	assert_string_equal(p.cpu_vendor, "");
	assert_false(p.hypervisor);
}

/* "rdrand" inside another word is not it, nor a line that is not whole. */
static void flags_are_whole_words_of_whole_lines(void **state)
{
	static const char line[15] = "flags : rdrand ";
	static char big[40000];
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", "flags\t\t: fpu rdrandx nordseed rdseed\n");
	p = tree_probe(NULL);
	assert_true(p.cpuinfo_seen);
	assert_false(p.kernel_has_rdrand);
	assert_true(p.kernel_has_rdseed);

	memset(big, 'x', sizeof big);
	memcpy(big, line, sizeof line);
	tree_write("/proc/cpuinfo", big, sizeof big);
	p = tree_probe(NULL);
	assert_false(p.cpuinfo_seen || p.kernel_has_rdrand);
}

/* Old user-mode-linux: a cpuinfo without flags is no verdict. */
static void a_cpuinfo_without_flags_is_not_seen(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", "processor\t: 0\n"
				   "vendor_id\t: User Mode Linux\n"
				   "model name\t: UML\n");
	p = tree_probe(NULL);
	assert_false(p.cpuinfo_seen);
	assert_true(p.hypervisor);
	assert_string_equal(p.hypervisor_name, "user-mode-linux");
}

static void ids_that_are_none_are_left_out(void **state)
{
	static const char *const bad[] = {
		"uninitialized\n",
		"",
		"3d1219c7c4c5404aaa1f6d2a48adfda\n",
		"3d1219c7c4c5404aaa1f6d2a48adfda45\n",
		"3d1219c7c4c5404aaa1f6d2a48adfdag\n",
		"3d1219c7-c4c5404aaa1f6d2a48adfda\n",
	};

	(void)state;
	tree_text("/sys/class/dmi/id/product_uuid", "Not Settable\n");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct platform p;

		tree_text("/etc/machine-id", bad[i]);
		p = tree_probe(NULL);
		assert_string_equal(p.machine_id, "");
		assert_string_equal(p.product_uuid, "");
	}
}

static void a_list_of_cpus_that_is_none_counts_one(void **state)
{
	static const struct {
		const char *list;
		unsigned count;
	} cases[] = {
		/* clang-format off */
		{ "0\n", 1 }, { "0-1\n", 2 }, { "0,2-3\n", 3 }, { "3-1\n", 1 },
		{ "x\n", 1 }, { "0-\n", 1 }, { "0-4294967295\n", 1 },
		{ "-1\n", 1 }, { "0 1\n", 1 },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		tree_text("/sys/devices/system/cpu/online", cases[i].list);
		assert_int_equal(tree_probe(NULL).cpus_online, cases[i].count);
	}
}

/* The running machine answers, whatever it is. */
static void this_machine_can_be_probed(void **state)
{
	struct platform p;

	(void)state;
	probe_platform(probe_root_live(), &p);
	assert_true(p.cpus_online >= 1);
	assert_string_not_equal(p.kernel_release, "");
#if defined(__x86_64__)
	assert_int_equal(strlen(p.cpu_vendor), 12);
	assert_true(p.cpu_family >= 6);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(an_empty_root_leaves_everything_empty),
		TREE_TEST(bare_metal_intel),
		TREE_TEST(cpuid_is_asked_before_cpuinfo),
		TREE_TEST(family_and_model_are_put_together_as_the_manuals_say),
		TREE_TEST(arm64_has_one_flag_for_both),
		TREE_TEST(flags_are_whole_words_of_whole_lines),
		TREE_TEST(a_cpuinfo_without_flags_is_not_seen),
		TREE_TEST(ids_that_are_none_are_left_out),
		TREE_TEST(a_list_of_cpus_that_is_none_counts_one),
		TREE_TEST(this_machine_can_be_probed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
