/* SPDX-License-Identifier: ISC */
/* virtio-rng and hwrng-current: each severity, and what stands at its border. */
#include "sources_machine.h"

static void without_facts_nothing_is_said(void **state)
{
	(void)state;
	bare("6.1.0");
	for (size_t i = 0; i < family_sources.n_checks; i++)
		assert_false(judge(family_sources.checks[i].id));
	m.sources = NULL;
	for (size_t i = 0; i < family_sources.n_checks; i++)
		assert_false(judge(family_sources.checks[i].id));
}

static void every_check_has_its_texts(void **state)
{
	(void)state;
	assert_int_equal(family_sources.n_checks, 6);
	for (size_t i = 0; i < family_sources.n_checks; i++) {
		const struct check *c = &family_sources.checks[i];

		assert_non_null(c->question);
		assert_non_null(c->reference);
		assert_true(strlen(c->page) > 200);
		assert_int_equal(c->applies, CHECK_MACHINE);
	}
}

static void virtio_bound_is_ok(void **state)
{
	(void)state;
	guest("6.1.0");
	virtio_device("virtio_rng");
	expect("virtio-rng", SEVERITY_OK, "driver virtio_rng bound");
	/* A recorded tree may have lost the link; the list knows better. */
	virtio_device("");
	hwrng("tpm-rng-0 virtio_rng.0 ", "tpm-rng-0", NULL);
	expect("virtio-rng", SEVERITY_OK, "driver virtio_rng bound");
	virtio_device("vfio");
	s.hwrng.available.text[0] = '\0';
	expect("virtio-rng", SEVERITY_INFO, "driven by vfio");
}

static void virtio_unbound_is_a_warning(void **state)
{
	struct sources_module *d = &s.module[SOURCES_VIRTIO_RNG];

	(void)state;
	guest("6.1.0");
	virtio_device("");
	SET(s.os_id, "debian");
	expect("virtio-rng", SEVERITY_WARN, "virtio_rng is not loaded");
	expect_command("modprobe virtio_rng");
	expect_command("update-initramfs -u");
	SET(s.os_id, "rocky");
	SET(s.os_like, "rhel centos fedora");
	expect("virtio-rng", SEVERITY_WARN, "virtio_rng is not loaded");
	expect_command("dracut -f");
	/* The tool that is there goes before the distribution's name. */
	s.initramfs.tool = SOURCES_MKINITFS;
	expect("virtio-rng", SEVERITY_WARN, "virtio_rng is not loaded");
	expect_command("mkinitfs");
	expect_command("/etc/modules");
	SET(d->barred_by, "/etc/modprobe.d/a.conf: blacklist virtio_rng");
	expect("virtio-rng", SEVERITY_WARN, "kept from loading");
	d->barred_by[0] = '\0';
	s.modules_dep_error = 0;
	expect("virtio-rng", SEVERITY_WARN, "not among this kernel's modules");
	d->on_disk = true;
	expect("virtio-rng", SEVERITY_WARN, "virtio_rng is not loaded");
	d->loaded = true;
	expect("virtio-rng", SEVERITY_WARN, "has not taken it");
	d->loaded = d->on_disk = false;
	s.config.value[SOURCES_HW_RANDOM_VIRTIO] = 'n';
	expect("virtio-rng", SEVERITY_WARN, "built without virtio_rng");
	/* Bare metal with such a device is no less without a driver. */
	m.platform.hypervisor = false;
	expect("virtio-rng", SEVERITY_WARN, "built without virtio_rng");
}

static void virtio_without_its_transport_is_a_warning(void **state)
{
	(void)state;
	guest("6.1.0");
	s.pci.error = 0;
	s.pci.count = 1;
	SET(s.pci.at[0].path, "/sys/bus/pci/devices/0000:00:05.0");
	expect("virtio-rng", SEVERITY_WARN, "virtio_pci does not drive it");
	expect_command("modprobe virtio_pci");
	SET(s.pci.at[0].driver, "vfio-pci");
	expect("virtio-rng", SEVERITY_INFO, "held by vfio-pci");
}

static void no_virtio_is_worth_knowing_where_one_could_be(void **state)
{
	static const char *const others[] = { "Hyper-V", "VMware", "Xen",
					      "user-mode-linux" };

	(void)state;
	guest("6.1.0");
	expect("virtio-rng", SEVERITY_INFO, "no virtio-rng device");
	expect_command("<rng model='virtio'>");
	expect_command("-device virtio-rng-pci");
	s.mmio_unbound_count = 1;
	expect("virtio-rng", SEVERITY_INFO, "no virtio-rng device");
	expect_evidence("virtio-mmio");
	s.virtio.error = -EACCES;
	expect("virtio-rng", SEVERITY_UNKNOWN, "could not be looked at");
	s.virtio.error = 0;
	SET(m.platform.hypervisor_name, "QEMU (KVM or TCG)");
	assert_true(judge("virtio-rng"));
	SET(s.sys_vendor, "Google");
	assert_true(judge("virtio-rng"));
	assert_true(holds(&found.fix, "your provider's"));
	SET(s.sys_vendor, "Amazon EC2");
	assert_false(judge("virtio-rng"));
	s.sys_vendor[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		SET(m.platform.hypervisor_name, others[i]);
		assert_false(judge("virtio-rng"));
	}
	bare("6.1.0");
	assert_false(judge("virtio-rng"));
}

static void hwrng_in_use_and_counted_is_ok(void **state)
{
	(void)state;
	guest("6.12.0");
	hwrng("virtio_rng.0 none", "virtio_rng.0", "1024");
	expect("hwrng-current", SEVERITY_OK, "virtio_rng.0 is in use");
	set_line(&s.hwrng.quality, "1");
	expect("hwrng-current", SEVERITY_OK, "virtio_rng.0 is in use");
	/* 5.10 shows no quality; virtio_rng brings its own. */
	guest("5.10.0");
	hwrng("virtio_rng.0", "virtio_rng.0", NULL);
	expect("hwrng-current", SEVERITY_OK, "virtio_rng.0 is in use");
	guest("3.17.0");
	hwrng("virtio_rng.0", "virtio_rng.0", NULL);
	expect("hwrng-current", SEVERITY_OK, "virtio_rng.0 is in use");
}

static void hwrng_there_and_not_in_use_is_a_warning(void **state)
{
	(void)state;
	guest("6.1.0");
	hwrng("virtio_rng.0 ", "none", NULL);
	expect("hwrng-current", SEVERITY_WARN, "virtio_rng.0 is there and not");
	expect_command("echo virtio_rng.0 > "
		       "/sys/class/misc/hw_random/rng_current");
	hwrng("virtio_rng.0 none", "", NULL);
	expect("hwrng-current", SEVERITY_WARN, "virtio_rng.0 is there and not");
	/* The word is no device. */
	hwrng("none", "none", NULL);
	s.hwrng.node_there = true;
	expect("hwrng-current", SEVERITY_INFO, "no hardware generator");
	assert_true(holds(&found.why, "/dev/hwrng"));
	hwrng("", "none", NULL);
	expect("hwrng-current", SEVERITY_INFO, "no hardware generator");
	s.hwrng.current.error = -EACCES;
	expect("hwrng-current", SEVERITY_UNKNOWN, "may not be seen");
	s.hwrng.class_there = false;
	assert_false(judge("hwrng-current"));
}

static void hwrng_that_counts_for_nothing_depends_on_the_rest(void **state)
{
	(void)state;
	guest("6.1.0");
	hwrng("tpm-rng-0", "tpm-rng-0", "0");
	expect("hwrng-current", SEVERITY_WARN, "counts for nothing");
	expect_command("rng_quality");
	expect_command("rng_core.default_quality=700");
	/* The CPU stands behind it, if it counts. */
	m.platform.kernel_has_rdrand = true;
	s.command_line.trust_cpu = 1;
	expect("hwrng-current", SEVERITY_INFO, "counts for nothing");
	s.command_line.trust_cpu = 0;
	expect("hwrng-current", SEVERITY_WARN, "counts for nothing");
	/* Or the boot loader's seed, if that counts. */
	s.bootloader.setup_data_seed = true;
	s.config.value[SOURCES_RANDOM_TRUST_BOOTLOADER] = 'y';
	expect("hwrng-current", SEVERITY_INFO, "counts for nothing");
	s.config.value[SOURCES_RANDOM_TRUST_BOOTLOADER] = 'n';
	expect("hwrng-current", SEVERITY_WARN, "counts for nothing");
	/* 5.10: no file, the driver's quality is 0 up to 6.1. */
	guest("5.10.0");
	hwrng("tpm-rng-0", "tpm-rng-0", NULL);
	expect("hwrng-current", SEVERITY_WARN, "counts for nothing");
	set_line(&s.hwrng.current_quality, "700");
	expect("hwrng-current", SEVERITY_OK, "in use and counts");
	guest("6.1.99");
	hwrng("tpm-rng-0", "tpm-rng-0", NULL);
	expect("hwrng-current", SEVERITY_WARN, "counts for nothing");
	guest("6.2.0");
	hwrng("tpm-rng-0", "tpm-rng-0", NULL);
	expect("hwrng-current", SEVERITY_OK, "in use and counts");
}

static void hwrng_on_other_kernels(void **state)
{
	(void)state;
	guest("3.16.0");
	hwrng("virtio_rng.0", "virtio_rng.0", NULL);
	expect("hwrng-current", SEVERITY_INFO, "does not draw from it");
	guest("3.10.0-1160.el7.x86_64");
	hwrng("virtio_rng.0", "virtio_rng.0", NULL);
	expect("hwrng-current", SEVERITY_INFO, "is not shown");
	b.tasks.hwrng_thread = true;
	expect("hwrng-current", SEVERITY_OK, "in use and counts");
	guest("5.10.0");
	hwrng("ccp-1-rng", "ccp-1-rng", NULL);
	expect("hwrng-current", SEVERITY_INFO, "is not shown");
	s.hwrng.current.error = -ENOENT;
	s.hwrng.current.text[0] = '\0';
	expect("hwrng-current", SEVERITY_INFO, "in use is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_facts_nothing_is_said),
		cmocka_unit_test(every_check_has_its_texts),
		cmocka_unit_test(virtio_bound_is_ok),
		cmocka_unit_test(virtio_unbound_is_a_warning),
		cmocka_unit_test(virtio_without_its_transport_is_a_warning),
		cmocka_unit_test(no_virtio_is_worth_knowing_where_one_could_be),
		cmocka_unit_test(hwrng_in_use_and_counted_is_ok),
		cmocka_unit_test(hwrng_there_and_not_in_use_is_a_warning),
		cmocka_unit_test(
			hwrng_that_counts_for_nothing_depends_on_the_rest),
		cmocka_unit_test(hwrng_on_other_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
