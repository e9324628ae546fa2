/* SPDX-License-Identifier: ISC */
/*
 * Log lines as Linux 6.x prints them: x86/mm mem_encrypt.c, coco/sev,
 * coco/tdx. Bits of SEV_STATUS: AMD APM volume 2, 15.34.10.
 */
#include "tree.h"
#include "cpuid_table.h"

/* clang-format off */
#define LEAF1_GUEST { 1, { 0xa10f11, 0, BIT(31), 0 } }
/* clang-format on */
#define AMD_GUEST "vendor_id : AuthenticAMD\nflags : fpu hypervisor rdrand\n"
#define AMD_METAL "vendor_id : AuthenticAMD\nflags : sev sev_es sev_snp\n"

static void assert_kind(const struct platform *p, enum confidential kind,
			bool tsc_secure, const char *why)
{
	assert_int_equal(p->confidential, kind);
	assert_int_equal(p->tsc_secure, tsc_secure);
	assert_true(p->hypervisor);
	assert_non_null(strstr(p->confidential_why, why));
}

static void the_log_tells(void **state)
{
	static const struct {
		const char *log;
		enum confidential kind;
		bool tsc_secure;
	} cases[] = {
		{ "[    0.5] Memory Encryption Features active: AMD SEV SEV-ES "
		  "SEV-SNP\n",
		  CONFIDENTIAL_SEV_SNP, false },
		{ "[    0.5] Memory Encryption Features active: AMD SEV SEV-ES "
		  "SEV-SNP\n"
		  "[    0.6] SEV: Status: SEV SEV-ES SEV-SNP SecureTSC\n",
		  CONFIDENTIAL_SEV_SNP, true },
		{ "[    0.5] AMD Memory Encryption Features active: SEV "
		  "SEV-ES\n",
		  CONFIDENTIAL_SEV, false },
		{ "[    0.5] AMD Memory Encryption Features active: SEV\n",
		  CONFIDENTIAL_SEV, false },
		{ "[    0.0] tdx: Guest detected\n", CONFIDENTIAL_TDX, true },
		{ "[    0.4] Memory Encryption Features active: Intel TDX",
		  CONFIDENTIAL_TDX, true },
		/* A record of the kernel, then its dictionary. */
		{ "6,1,0,-;tdx: Guest detected\n SUBSYSTEM=x\n",
		  CONFIDENTIAL_TDX, true },
	};

	(void)state;
	tree_text("/proc/cpuinfo", AMD_GUEST);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct platform p;

		tree_text("/var/log/dmesg", cases[i].log);
		p = tree_probe(NULL);
		assert_kind(&p, cases[i].kind, cases[i].tsc_secure,
			    "kernel log");
	}
}

/* What is not the kernel's own word, or says something else. */
static void other_lines_tell_nothing(void **state)
{
	static const char *const logs[] = {
		"[    0.5] Memory Encryption Features active: AMD SME\n",
		"[    0.5] Kernel command line: a=\"tdx: Guest detected\"\n",
		"[    0.5] SEV: Status: vTom SecureTSC\n",
		/* Facility 1: root wrote it into /dev/kmsg. */
		"14,1,0,-;tdx: Guest detected\n",
		"6,1,0,-;text\n tdx: Guest detected\n",
		"",
	};

	(void)state;
	tree_text("/proc/cpuinfo", AMD_GUEST);
	for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
		struct platform p;

		tree_text("/var/log/dmesg", logs[i]);
		p = tree_probe(NULL);
		assert_int_equal(p.confidential, CONFIDENTIAL_NO);
		assert_false(p.tsc_secure);
	}
}

/* The line stands behind more than one buffer of others, and a huge one. */
static void a_long_log_is_read_to_its_end(void **state)
{
	static char log[200000];
	static const char last[] = "\n[ 1.0] tdx: Guest detected\n";

	(void)state;
	memset(log, 'x', sizeof log);
	for (size_t i = 60000; i < sizeof log; i += 100)
		log[i] = '\n';
	memcpy(log + sizeof log - sizeof last, last, sizeof last);
	tree_write("/var/log/dmesg", log, sizeof log - 1);
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_TDX);
}

/* A syslog daemon's file: an earlier boot, of another machine, is in it. */
static void the_last_boot_of_kern_log_counts(void **state)
{
	static const char earlier[] =
		"Nov 22 h kernel: [    0.0] Linux version 6.1.0-1\n"
		"Nov 22 h kernel: [    0.1] tdx: Guest detected\n";
	static const char later[] =
		"Nov 23 h kernel: [    0.0] Linux version 6.1.0-1\n"
		"Nov 23 h kernel: [    0.1] Hypervisor detected: KVM\n";
	char both[sizeof earlier + sizeof later];
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", AMD_GUEST);
	tree_text("/var/log/kern.log", earlier);
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_TDX);
	(void)snprintf(both, sizeof both, "%s%s", earlier, later);
	tree_text("/var/log/kern.log", both);
	p = tree_probe(NULL);
	assert_int_equal(p.confidential, CONFIDENTIAL_NO);
	assert_string_equal(p.hypervisor_name, "KVM");
	/* The kernel's own buffer, where there is one, is the better log. */
	tree_text("/var/log/dmesg", "[ 0.1] tdx: Guest detected\n");
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_TDX);
}

static void flags_of_metal_are_what_it_could_do(void **state)
{
	(void)state;
	tree_text("/proc/cpuinfo", AMD_METAL);
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_NO);
	tree_text("/proc/cpuinfo", "flags : hypervisor tdx_guest\n");
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_TDX);
	tree_text("/proc/cpuinfo", "flags : hypervisor sev_snp\n");
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_SEV_SNP);
}

static void devices_of_guest_drivers(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/dev/sev", "");
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_NO);
	tree_text("/dev/sev-guest", "");
	p = tree_probe(NULL);
	assert_kind(&p, CONFIDENTIAL_SEV_SNP, false, "/dev/sev-guest");
}

static void the_tdx_device(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/dev/tdx_guest", "");
	p = tree_probe(NULL);
	assert_kind(&p, CONFIDENTIAL_TDX, true, "/dev/tdx_guest");
}

static void cpuid_knows_tdx(void **state)
{
	static const struct cpuid_row rows[] = {
		LEAF0_INTEL,
		LEAF1_GUEST,
		SIGNATURE_KVM(0x40000000),
		{ 0x21,
		  { 0, REG4('I', 'n', 't', 'e'), REG4(' ', ' ', ' ', ' '),
		    REG4('l', 'T', 'D', 'X') } },
	};
	struct platform p;

	(void)state;
	p = tree_probe(CPUID_USE(rows));
	assert_kind(&p, CONFIDENTIAL_TDX, true, "CPUID leaf 21h");
	assert_string_equal(p.hypervisor_name, "KVM");
}

static void hyperv_says_of_what_kind_its_isolation_is(void **state)
{
	static const struct {
		uint32_t features, type;
		enum confidential kind;
	} cases[] = {
		{ BIT(22), 2, CONFIDENTIAL_SEV_SNP },
		{ BIT(22), 0xf2, CONFIDENTIAL_SEV_SNP },
		{ BIT(22), 3, CONFIDENTIAL_TDX },
		{ BIT(22), 1, CONFIDENTIAL_NO }, /* VBS: the host's own */
		{ 0, 2, CONFIDENTIAL_NO },
		{ BIT(22) | BIT(12), 2, CONFIDENTIAL_NO }, /* the root itself */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct cpuid_row rows[] = {
			LEAF0_AMD,
			LEAF1_GUEST,
			SIGNATURE_HYPERV(0x40000000),
			{ 0x40000003, { 0, cases[i].features, 0, 0 } },
			{ 0x4000000c, { 0, cases[i].type, 0, 0 } },
		};

		assert_int_equal(tree_probe(CPUID_USE(rows)).confidential,
				 cases[i].kind);
	}
}

/* The MSR device is read at the MSR's number: a sparse file does. */
static void write_sev_status(uint64_t value)
{
	char path[PATH_MAX];
	uint8_t raw[8];
	int fd;

	tree_text("/dev/cpu/0/msr", "");
	(void)snprintf(path, sizeof path, "%s/dev/cpu/0/msr", tree_root);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	store_le64(raw, value);
	assert_int_equal(pwrite(fd, raw, sizeof raw, 0xc0010131), sizeof raw);
	assert_int_equal(close(fd), 0);
}

static void the_msr_is_the_cpus_own_answer(void **state)
{
	struct platform p;

	(void)state;
	tree_text("/proc/cpuinfo", AMD_GUEST);
	write_sev_status(7 | 1 << 11);
	p = tree_probe(NULL);
	assert_kind(&p, CONFIDENTIAL_SEV_SNP, true, "SEV_STATUS");
	write_sev_status(7);
	p = tree_probe(NULL);
	assert_kind(&p, CONFIDENTIAL_SEV_SNP, false, "SEV_STATUS");
	write_sev_status(3);
	p = tree_probe(NULL);
	assert_kind(&p, CONFIDENTIAL_SEV, false, "SEV_STATUS");
	assert_false(platform_is_confidential(&p));
	write_sev_status(0);
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_NO);
	/* It is AMD's: on another maker's CPU the number means nothing. */
	write_sev_status(7);
	tree_text("/proc/cpuinfo", "vendor_id : GenuineIntel\n"
				   "flags : hypervisor\n");
	assert_int_equal(tree_probe(NULL).confidential, CONFIDENTIAL_NO);
}

static void configuration_can_force_it_but_not_hide_a_fact(void **state)
{
	struct platform p = tree_probe(NULL);

	(void)state;
	assert_false(platform_is_confidential(&p));
	probe_force_confidential(&p);
	assert_int_equal(p.confidential, CONFIDENTIAL_FORCED);
	assert_true(platform_is_confidential(&p));
	assert_string_equal(p.confidential_why, "configuration");
	assert_false(p.tsc_secure);

	tree_text("/dev/tdx_guest", "");
	p = tree_probe(NULL);
	probe_force_confidential(&p);
	assert_kind(&p, CONFIDENTIAL_TDX, true, "/dev/tdx_guest");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(the_log_tells),
		TREE_TEST(other_lines_tell_nothing),
		TREE_TEST(a_long_log_is_read_to_its_end),
		TREE_TEST(the_last_boot_of_kern_log_counts),
		TREE_TEST(flags_of_metal_are_what_it_could_do),
		TREE_TEST(devices_of_guest_drivers),
		TREE_TEST(the_tdx_device),
		TREE_TEST(cpuid_knows_tdx),
		TREE_TEST(hyperv_says_of_what_kind_its_isolation_is),
		TREE_TEST(the_msr_is_the_cpus_own_answer),
		TREE_TEST(configuration_can_force_it_but_not_hide_a_fact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
