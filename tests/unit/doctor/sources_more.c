/* SPDX-License-Identifier: ISC */
/* tpm-rng, bootloader-seed, kernel-config: each severity. */
#include "sources_machine.h"

static void tpm(const char *driver)
{
	s.tpm.error = 0;
	s.tpm.count = 1;
	SET(s.tpm.at[0].name, "tpm0");
	SET(s.tpm.at[0].driver, driver);
	s.tpm.at[0].version_major = 2;
	s.tpm.at[0].manager_there = true;
}

static void tpm_used_is_ok_unless_for_nothing(void **state)
{
	(void)state;
	guest("6.12.0");
	tpm("tpm_tis");
	hwrng("tpm-rng-0 none", "tpm-rng-0", "1024");
	expect("tpm-rng", SEVERITY_OK, "uses the TPM's generator and counts");
	expect_evidence("TPM 2.0, driver tpm_tis");
	hwrng("tpm-rng-0 virtio_rng.0", "virtio_rng.0", "1000");
	expect("tpm-rng", SEVERITY_OK, "uses another one");
	guest("6.1.0");
	tpm("tpm_tis");
	hwrng("tpm-rng-0", "tpm-rng-0", "0");
	expect("tpm-rng", SEVERITY_INFO, "counts it for nothing");
	expect_command("aquiferd");
	assert_true(holds(&found.why, "program of its host"));
	bare("");
	tpm("tpm_tis");
	hwrng("tpm-rng-0", "tpm-rng-0", NULL);
	expect("tpm-rng", SEVERITY_INFO, "is not shown");
}

static void tpm_unused_matters_where_nothing_else_is(void **state)
{
	(void)state;
	guest("6.12.0");
	tpm("tpm_crb");
	s.tpm.rng_disabled = true;
	SET(s.log.path, "/var/log/dmesg");
	expect("tpm-rng", SEVERITY_INFO, "no other source that counts");
	expect_evidence("Disabling hwrng");
	expect_command("aquiferd");
	m.platform.kernel_has_rdrand = true;
	expect("tpm-rng", SEVERITY_OK, "has another source");
	s.tpm.error = -EACCES;
	expect("tpm-rng", SEVERITY_UNKNOWN, "may not be looked at");
}

static void tpm_of_amd_may_stutter(void **state)
{
	(void)state;
	bare("6.2.0");
	tpm("tpm_crb");
	hwrng("tpm-rng-0", "tpm-rng-0", "1024");
	expect("tpm-rng", SEVERITY_OK, "counts");
	SET(m.platform.cpu_vendor, "AuthenticAMD");
	expect("tpm-rng", SEVERITY_INFO, "stutter");
	/* A TPM on a bus of its own, and one of quality 0, do not. */
	SET(s.tpm.at[0].driver, "tpm_tis");
	expect("tpm-rng", SEVERITY_OK, "counts");
	SET(s.tpm.at[0].driver, "tpm_crb");
	m.platform.hypervisor = true;
	expect("tpm-rng", SEVERITY_OK, "counts");
}

static void a_loaders_seed_counts_by_kernel(void **state)
{
	(void)state;
	guest("6.2.0");
	s.bootloader.setup_data_seed = true;
	expect("bootloader-seed", SEVERITY_OK, "and it counts");
	s.command_line.trust_bootloader = 0;
	expect("bootloader-seed", SEVERITY_INFO, "not counted");
	expect_evidence("random.trust_bootloader=off");
	guest("6.1.0");
	s.bootloader.efi_seeded = true;
	expect("bootloader-seed", SEVERITY_INFO, "is not known");
	s.config.value[SOURCES_RANDOM_TRUST_BOOTLOADER] = 'y';
	expect("bootloader-seed", SEVERITY_OK, "and it counts");
	s.config.value[SOURCES_RANDOM_TRUST_BOOTLOADER] = 'n';
	expect("bootloader-seed", SEVERITY_INFO, "not counted");
	s.command_line.trust_bootloader = 1;
	expect("bootloader-seed", SEVERITY_OK, "and it counts");
	/* 5.4 is the first that can. */
	guest("5.3.18");
	s.bootloader.device_tree_seed = true;
	expect("bootloader-seed", SEVERITY_INFO, "does not count");
	s.command_line.trust_bootloader = 1;
	expect("bootloader-seed", SEVERITY_INFO, "does not count");
	guest("5.4.0");
	s.bootloader.device_tree_seed = true;
	expect("bootloader-seed", SEVERITY_INFO, "is not known");
	/* The word came with 5.18 and the new random.c; the option decides. */
	s.command_line.trust_bootloader = 1;
	expect("bootloader-seed", SEVERITY_INFO, "is not known");
	s.config.value[SOURCES_RANDOM_TRUST_BOOTLOADER] = 'n';
	expect("bootloader-seed", SEVERITY_INFO, "not counted");
	b.kernel.semantics.new_random = true;
	expect("bootloader-seed", SEVERITY_OK, "and it counts");
	SET(m.platform.kernel_release, "4.14.300");
	expect("bootloader-seed", SEVERITY_OK, "and it counts");
	guest("5.18.0");
	s.bootloader.device_tree_seed = true;
	s.command_line.trust_bootloader = 1;
	expect("bootloader-seed", SEVERITY_OK, "and it counts");
}

static void a_seed_that_left_no_trace_may_show_in_time(void **state)
{
	(void)state;
	guest("6.1.0");
	s.bootloader.device_tree = true;
	b.log.ready_seen = true;
	b.log.ready_s = 0.0;
	expect("bootloader-seed", SEVERITY_OK, "the device tree brought");
	b.log.ready_s = 1.2;
	expect("bootloader-seed", SEVERITY_INFO, "no seed");
	b.log.ready_s = 0.0;
	m.platform.kernel_has_rdrand = true;
	expect("bootloader-seed", SEVERITY_INFO, "no seed");
	b.log.loader_credited = true;
	expect("bootloader-seed", SEVERITY_OK, "systemd has credited");
	bare("6.1.0");
	s.bootloader.efi = true;
	s.log.error = -EPERM;
	expect("bootloader-seed", SEVERITY_INFO, "no seed");
	assert_true(holds(&found.why, "could not be read"));
}

static void config(const char *release)
{
	guest(release);
	s.config.error = 0;
	SET(s.config.path, "/boot/config");
	s.config.value[SOURCES_HW_RANDOM] = 'y';
	s.config.value[SOURCES_HW_RANDOM_VIRTIO] = 'm';
	s.config.value[SOURCES_VMGENID] = 'y';
	s.config.value[SOURCES_RANDOM_TRUST_CPU] = 'y';
}

static void a_config_is_judged_by_what_could_help(void **state)
{
	(void)state;
	config("6.1.0");
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
	expect_evidence("CONFIG_HW_RANDOM_VIRTIO=m");
	s.config.value[SOURCES_HW_RANDOM_VIRTIO] = 'n';
	expect("kernel-config", SEVERITY_INFO, "without virtio_rng");
	virtio_device("");
	expect("kernel-config", SEVERITY_WARN, "without virtio_rng");
	m.platform.hypervisor = false;
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
	config("6.1.0");
	s.config.value[SOURCES_RANDOM_TRUST_CPU] = 'n';
	expect("kernel-config", SEVERITY_INFO, "unless told to");
	s.command_line.trust_cpu = 1;
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
	config("6.1.0");
	s.config.value[SOURCES_VMGENID] = 0;
	expect("kernel-config", SEVERITY_INFO, "without VMGENID");
	tpm("tpm_tis");
	s.config.value[SOURCES_VMGENID] = 'm';
	expect("kernel-config", SEVERITY_INFO, "CONFIG_HW_RANDOM_TPM");
	s.config.value[SOURCES_HW_RANDOM_TPM] = 'y';
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
}

/* What an excerpt does not name is not known to be left out. */
static void an_excerpt_of_a_config_says_what_it_says(void **state)
{
	(void)state;
	config("6.1.0");
	s.config.value[SOURCES_HW_RANDOM_VIRTIO] = 0;
	virtio_device("");
	expect("kernel-config", SEVERITY_WARN, "without virtio_rng");
	s.config.value[SOURCES_HW_RANDOM] = 0;
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
	s.config.value[SOURCES_VMGENID] = 0;
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
	/* A driver that is there was built, whatever the file says. */
	s.config.value[SOURCES_HW_RANDOM_VIRTIO] = 'n';
	expect("kernel-config", SEVERITY_WARN, "without virtio_rng");
	virtio_device("virtio_rng");
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
}

/* VMGENID came with 5.18: an older kernel's config cannot miss it. */
static void a_config_is_of_its_release(void **state)
{
	(void)state;
	config("5.17.0");
	s.config.value[SOURCES_VMGENID] = 0;
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
	config("5.18.0");
	s.config.value[SOURCES_VMGENID] = 0;
	expect("kernel-config", SEVERITY_INFO, "without VMGENID");
	config("5.19.0");
	s.cpu.arch = SOURCES_X86;
	s.config.value[SOURCES_ARCH_RANDOM] = 'n';
	expect("kernel-config", SEVERITY_INFO, "CONFIG_ARCH_RANDOM");
	SET(m.platform.kernel_release, "6.0.0");
	expect("kernel-config", SEVERITY_OK, "what seeding it needs");
}

static void a_config_that_may_not_be_read_is_unknown(void **state)
{
	(void)state;
	guest("6.1.0");
	assert_false(judge("kernel-config"));
	s.config.error = -EACCES;
	SET(s.config.denied, "/boot/config-6.1.0");
	expect("kernel-config", SEVERITY_UNKNOWN, "could not be read");
	expect_evidence("/boot/config-6.1.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tpm_used_is_ok_unless_for_nothing),
		cmocka_unit_test(tpm_unused_matters_where_nothing_else_is),
		cmocka_unit_test(tpm_of_amd_may_stutter),
		cmocka_unit_test(a_loaders_seed_counts_by_kernel),
		cmocka_unit_test(a_seed_that_left_no_trace_may_show_in_time),
		cmocka_unit_test(a_config_is_judged_by_what_could_help),
		cmocka_unit_test(an_excerpt_of_a_config_says_what_it_says),
		cmocka_unit_test(a_config_is_of_its_release),
		cmocka_unit_test(a_config_that_may_not_be_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
