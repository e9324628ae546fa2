/* SPDX-License-Identifier: ISC */
/* Facts from words: sysfs, the command line, the kernel's log. */
#include "sources_tree.h"

static void hwrng_keeps_words_and_reasons(void **state)
{
	struct sources_facts f;

	(void)state;
	tree_text("/sys/class/misc/hw_random/rng_available",
		  "virtio_rng.0 none\n");
	tree_text("/sys/class/misc/hw_random/rng_current", "virtio_rng.0\n");
	tree_text("/sys/class/misc/hw_random/rng_quality", "1024\n");
	f = facts_of("6.12.0");
	assert_true(f.hwrng.class_there);
	assert_string_equal(f.hwrng.available.text, "virtio_rng.0 none");
	assert_string_equal(f.hwrng.current.text, "virtio_rng.0");
	assert_string_equal(f.hwrng.quality.text, "1024");
	assert_int_equal(f.hwrng.selected.error, -ENOENT);
}

static void tpms_are_listed_without_asking_them(void **state)
{
	struct sources_facts f;

	(void)state;
	tree_text("/sys/class/tpm/tpm0/tpm_version_major", "2\n");
	tree_text("/sys/class/tpm/tpm0/device/uevent", "DRIVER=tpm_crb\n");
	tree_text("/sys/class/tpm/tpm1/pcrs", "PCR-00:\n");
	tree_text("/sys/class/tpm/tpm2/device/description", "TPM 2.0 Device\n");
	tree_text("/sys/class/tpm/tpmrm0/dev", "10:1\n");
	tree_text("/sys/class/tpmrm/tpmrm0/dev", "10:1\n");
	f = facts_of("6.1.0");
	assert_int_equal(f.tpm.error, 0);
	assert_int_equal(f.tpm.count, 3);
	assert_string_equal(f.tpm.at[0].driver, "tpm_crb");
	assert_int_equal(f.tpm.at[0].version_major, 2);
	assert_true(f.tpm.at[0].manager_there);
	assert_int_equal(f.tpm.at[1].version_major, 1);
	assert_int_equal(f.tpm.at[2].version_major, 2);
	assert_false(f.tpm.at[2].manager_there);
}

static void boot_loader_seeds_are_seen(void **state)
{
	/* Attributes, then UTF-16LE: "sd". */
	static const char loader[] = "\6\0\0\0s\0d\0\0";
	struct sources_facts f;

	(void)state;
	tree_text("/sys/kernel/boot_params/setup_data/0/type", "0x1\n");
	f = facts_of("6.1.0");
	assert_false(f.bootloader.setup_data_seed);
	assert_int_equal(f.bootloader.setup_data_error, 0);
	assert_false(f.bootloader.efi);
	tree_text("/sys/kernel/boot_params/setup_data/1/type", "0x9\n");
	tree_text("/proc/device-tree/chosen/rng-seed", "secret");
	tree_write("/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-"
		   "b6c7-440b29bb8c4f",
		   loader, sizeof loader);
	tree_text("/boot/efi/loader/random-seed", "secret");
	tree_text("/sys/firmware/qemu_fw_cfg/by_name/opt/aquifer/seed/raw", "");
	f = facts_of("6.1.0");
	assert_true(f.bootloader.setup_data_seed);
	assert_true(f.bootloader.device_tree);
	assert_true(f.bootloader.device_tree_seed);
	assert_true(f.bootloader.efi);
	assert_string_equal(f.bootloader.loader, "sd");
	assert_string_equal(f.bootloader.seed_file,
			    "/boot/efi/loader/random-seed");
	assert_int_equal(f.bootloader.seed_file_error, 0);
	assert_string_equal(f.bootloader.fw_cfg,
			    "/sys/firmware/qemu_fw_cfg/by_name/opt/aquifer/"
			    "seed");
}

static struct sources_command_line parsed(const char *words)
{
	struct sources_command_line c = { .trust_cpu = 7 };
	char text[256];

	(void)snprintf(text, sizeof text, "%s", words);
	sources_command_line_parse(text, &c);
	return c;
}

static void the_command_line_is_taken_as_the_kernel_takes_it(void **state)
{
	(void)state;
	assert_int_equal(parsed("quiet").trust_cpu, -1);
	assert_int_equal(parsed("random.trust_cpu=on").trust_cpu, 1);
	assert_int_equal(
		parsed("random.trust_cpu=1 random.trust_cpu=off").trust_cpu, 0);
	assert_int_equal(parsed("random.trust_bootloader=N").trust_bootloader,
			 0);
	assert_int_equal(parsed("x -- random.trust_cpu=on").trust_cpu, -1);
	assert_true(parsed("a nordrand\n").nordrand);
	assert_false(parsed("-- nordrand").nordrand);
	assert_false(parsed("nordrandx").nordrand);
	assert_true(parsed("rdrand=force").rdrand_force);
	assert_true(parsed("clearcpuid=sgx,rdrand").clears_rdrand);
	assert_false(parsed("clearcpuid=sgx,rdrand").clears_rdseed);
	assert_true(parsed("clearcpuid=306").clears_rdseed);
	assert_true(parsed("mitigations=off").srbds_off);
	assert_false(parsed("mitigations=auto").srbds_off);
	assert_string_equal(
		parsed("module_blacklist=a,virtio_rng").modules_barred,
		"module_blacklist=a,virtio_rng");
	assert_string_equal(
		parsed("module_blacklist=virtio_rng2").modules_barred, "");
}

static void the_log_tells_what_the_kernel_found(void **state)
{
	struct sources_facts f;

	(void)state;
	memset(&f, 0, sizeof f);
	sources_log_text("Kernel command line: RDSEED32 is broken", &f);
	assert_false(f.cpu.rdseed32_broken);
	sources_log_text("RDSEED32 is broken. Disabling the corresponding "
			 "CPUID bit.",
			 &f);
	assert_true(f.cpu.rdseed32_broken);
	sources_log_text("BIOS may not properly restore RDRAND after suspend, "
			 "but hypervisor does not support hiding RDRAND via "
			 "CPUID.",
			 &f);
	assert_true(f.cpu.rdrand_unhidable && !f.cpu.rdrand_hidden);
	sources_log_text("BIOS may not properly restore RDRAND after suspend, "
			 "hiding RDRAND via CPUID. Use rdrand=force to "
			 "reenable.",
			 &f);
	assert_true(f.cpu.rdrand_hidden);
	sources_log_text("RDRAND is not reliable on this platform; disabling.",
			 &f);
	assert_true(f.cpu.rdrand_unreliable && !f.cpu.rdseed_unreliable);
	sources_log_text("PM: suspend entry (deep)", &f);
	assert_int_equal(f.cpu.resume_count, 0);
	sources_log_text("ACPI: PM: Waking up from system sleep state S3", &f);
	assert_int_equal(f.cpu.resume_count, 1);
	sources_log_text("PM: suspend exit", &f);
	assert_int_equal(f.cpu.resume_count, 1);
	sources_log_text("PM: suspend exit", &f);
	assert_int_equal(f.cpu.resume_count, 2);
	sources_log_text("efi: ACPI=0x1 RNG=0xace68f98 TPMEventLog=0x2", &f);
	assert_true(f.bootloader.efi_table && !f.bootloader.efi_seeded);
	sources_log_text("efi: seeding entropy pool", &f);
	assert_true(f.bootloader.efi_seeded);
	sources_log_text("tpm_crb MSFT0101:00: Disabling hwrng", &f);
	assert_true(f.tpm.rng_disabled);
	assert_string_equal(f.tpm.stutter, "");
}

static void a_recorded_log_is_read(void **state)
{
	struct sources_facts f;

	(void)state;
	tree_text("/proc/sys/kernel/osrelease", "6.18.4\n");
	tree_text("/proc/uptime", "100.0 90.0\n");
	tree_text("/var/log/dmesg",
		  "[    0.000000] Linux version 6.18.4 (x)\n"
		  "[    0.010000] RDSEED32 is broken. Disabling the "
		  "corresponding CPUID bit.\n");
	f = facts_of("6.18.4");
	assert_int_equal(f.log.error, 0);
	assert_string_equal(f.log.path, "/var/log/dmesg");
	assert_true(f.log.from_start);
	assert_true(f.cpu.rdseed32_broken);
}

static void cpus_are_told_apart(void **state)
{
	struct sources_facts f;

	(void)state;
	tree_text("/proc/cpuinfo",
		  "processor\t: 0\nvendor_id\t: GenuineIntel\n"
		  "model name\t: Intel \001CPU\nflags\t\t: rdrand\n"
		  "model name\t: another\n");
	tree_text("/sys/devices/system/cpu/vulnerabilities/srbds",
		  "Mitigation: Microcode\n");
	f = facts_of("6.1.0");
	assert_int_equal(f.cpu.arch, SOURCES_X86);
	assert_string_equal(f.cpu.model_name, "Intel ?CPU");
	assert_string_equal(f.cpu.srbds.text, "Mitigation: Microcode");
	tree_text("/proc/cpuinfo", "processor\t: 0\nFeatures\t: fp rng\n");
	assert_int_equal(facts_of("6.1.0").cpu.arch, SOURCES_ARM);
	tree_text("/proc/cpuinfo", "vendor_id       : IBM/S390\n");
	assert_int_equal(facts_of("6.1.0").cpu.arch, SOURCES_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(hwrng_keeps_words_and_reasons),
		TREE_TEST(tpms_are_listed_without_asking_them),
		TREE_TEST(boot_loader_seeds_are_seen),
		cmocka_unit_test(
			the_command_line_is_taken_as_the_kernel_takes_it),
		cmocka_unit_test(the_log_tells_what_the_kernel_found),
		TREE_TEST(a_recorded_log_is_read),
		TREE_TEST(cpus_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
