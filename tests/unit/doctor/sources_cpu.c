/* SPDX-License-Identifier: ISC */
/* cpu-rng: trust, masks, errata, leaks. */
#include "sources_machine.h"

static void cpu(const char *vendor, unsigned family, unsigned model,
		bool rdrand, bool rdseed)
{
	struct platform *p = &m.platform;

	s.cpu.arch = SOURCES_X86;
	SET(p->cpu_vendor, vendor);
	p->cpu_family = family;
	p->cpu_model = model;
	p->cpuinfo_seen = true;
	p->kernel_has_rdrand = p->cpu_has_rdrand = rdrand;
	p->kernel_has_rdseed = p->cpu_has_rdseed = rdseed;
}

static void intel(const char *release)
{
	bare(release);
	cpu("GenuineIntel", 6, 0x8f, true, true);
}

static void trust_follows_the_kernel(void **state)
{
	(void)state;
	intel("6.2.0");
	expect("cpu-rng", SEVERITY_OK, "RDRAND and RDSEED there and counted");
	s.command_line.trust_cpu = 0;
	expect("cpu-rng", SEVERITY_INFO, "not counted");
	intel("6.1.0");
	expect("cpu-rng", SEVERITY_INFO, "is not known");
	SET(s.config.denied, "/boot/config-6.1.0");
	s.config.error = -EACCES;
	expect("cpu-rng", SEVERITY_UNKNOWN, "could not be seen");
	s.config.value[SOURCES_RANDOM_TRUST_CPU] = 'y';
	expect("cpu-rng", SEVERITY_OK, "counted");
	s.config.value[SOURCES_RANDOM_TRUST_CPU] = 'n';
	expect("cpu-rng", SEVERITY_INFO, "not counted");
	expect_command("random.trust_cpu=on");
	s.command_line.trust_cpu = 1;
	expect("cpu-rng", SEVERITY_OK, "counted");
	/* 4.19 is the first that can; RHEL's 4.18 has it in its config. */
	intel("4.18.0");
	s.command_line.trust_cpu = 1;
	expect("cpu-rng", SEVERITY_INFO, "not counted by this kernel");
	s.config.value[SOURCES_RANDOM_TRUST_CPU] = 'y';
	expect("cpu-rng", SEVERITY_OK, "counted");
	intel("4.18.0-553.el8_10.x86_64");
	expect("cpu-rng", SEVERITY_INFO, "is not known");
	intel("4.19.0");
	s.command_line.trust_cpu = 1;
	expect("cpu-rng", SEVERITY_OK, "counted");
	intel("5.10.0");
	s.cpu.trust_seen = true;
	expect("cpu-rng", SEVERITY_OK, "counted");
	intel("5.10.0");
	s.config.value[SOURCES_ARCH_RANDOM] = 'n';
	expect("cpu-rng", SEVERITY_INFO, "not counted by this kernel");
}

static void a_mask_weighs_what_else_there_is(void **state)
{
	(void)state;
	guest("6.1.0");
	cpu("AuthenticAMD", 15, 107, false, false);
	SET(s.cpu.model_name, "QEMU Virtual CPU version 2.5+");
	expect("cpu-rng", SEVERITY_WARN, "QEMU Virtual CPU");
	expect_command("host-passthrough");
	hwrng("virtio_rng.0", "virtio_rng.0", "1000");
	expect("cpu-rng", SEVERITY_INFO, "QEMU Virtual CPU");
	guest("6.1.0");
	cpu("GenuineIntel", 6, 0x3d, false, false);
	SET(s.cpu.model_name, "Intel Core Processor (Broadwell)");
	expect("cpu-rng", SEVERITY_WARN, "the hypervisor masks it");
	/* Ivy Bridge, 3ah, is the first. */
	cpu("GenuineIntel", 6, 0x3a, false, false);
	expect("cpu-rng", SEVERITY_WARN, "the hypervisor masks it");
	cpu("GenuineIntel", 6, 0x2d, false, false);
	expect("cpu-rng", SEVERITY_INFO, "has no RDRAND");
	SET(m.platform.hypervisor_name, "VMware");
	cpu("AuthenticAMD", 0x17, 1, false, false);
	expect("cpu-rng", SEVERITY_WARN, "the hypervisor masks it");
	expect_command("EVC");
	bare("6.1.0");
	cpu("GenuineIntel", 6, 0x2d, false, false);
	expect("cpu-rng", SEVERITY_INFO, "this CPU has no RDRAND");
	cpu("GenuineIntel", 6, 0x8f, false, false);
	expect("cpu-rng", SEVERITY_INFO, "CPUs of this kind have it");
}

static void what_the_kernel_cleared_is_told(void **state)
{
	(void)state;
	intel("6.1.0");
	m.platform.kernel_has_rdrand = m.platform.kernel_has_rdseed = false;
	expect("cpu-rng", SEVERITY_INFO, "the kernel has cleared it");
	s.command_line.nordrand = true;
	expect("cpu-rng", SEVERITY_INFO, "on the kernel's command line");
	s.cpu.rdrand_hidden = true;
	expect("cpu-rng", SEVERITY_INFO, "hides RDRAND");
	s.cpu.rdrand_unreliable = true;
	expect("cpu-rng", SEVERITY_WARN, "failed the test at boot");
	/* 6.0 took the word away. */
	intel("5.19.0");
	s.cpu.trust_seen = s.command_line.nordrand = true;
	expect("cpu-rng", SEVERITY_OK, "counted");
	intel("6.2.0");
	s.command_line.nordrand = true;
	expect("cpu-rng", SEVERITY_INFO, "nordrand");
}

static void zen5(uint32_t microcode, bool rdseed)
{
	bare("6.12.0");
	cpu("AuthenticAMD", 0x1a, 0x44, true, rdseed);
	m.platform.cpu_stepping = 0;
	m.platform.microcode = microcode;
}

/* AMD-SB-7055: model 44h stepping 0 is repaired from 0b404035h on. */
static void zen_5_is_judged_by_its_microcode(void **state)
{
	(void)state;
	zen5(0x0b404034, true);
	expect("cpu-rng", SEVERITY_WARN, "still offered");
	expect_command("0xb404035");
	zen5(0x0b404035, true);
	expect("cpu-rng", SEVERITY_OK, "RDRAND and RDSEED there and counted");
	zen5(0x0b404034, false);
	s.cpu.rdseed32_broken = true;
	expect("cpu-rng", SEVERITY_WARN, "switched off");
	zen5(0, true);
	expect("cpu-rng", SEVERITY_UNKNOWN, "cannot be seen");
	/* In a guest the revision is the host's invention. */
	zen5(0x0b404034, true);
	m.platform.hypervisor = true;
	expect("cpu-rng", SEVERITY_UNKNOWN, "only the host knows");
	zen5(0x0b404034, false);
	m.platform.hypervisor = true;
	expect("cpu-rng", SEVERITY_OK, "RDRAND there and counted");
	s.cpu.rdseed32_broken = true;
	expect("cpu-rng", SEVERITY_INFO, "that the host shows it");
	/* A model without a repair that is known. */
	zen5(0x0b999999, true);
	m.platform.cpu_model = 0x10;
	expect("cpu-rng", SEVERITY_WARN, "still offered");
	assert_true(holds(&found.fix, "no microcode revision"));
}

static void old_amd_breaks_over_a_resume(void **state)
{
	(void)state;
	for (unsigned family = 0x15; family <= 0x16; family++) {
		bare("6.2.0");
		cpu("AuthenticAMD", family, 0x65, true, false);
		expect("cpu-rng", SEVERITY_INFO, "may not survive a suspend");
		s.cpu.resume_count = 1;
		expect("cpu-rng", SEVERITY_WARN, "one value for ever");
		m.platform.kernel_has_rdrand = false;
		s.cpu.rdrand_hidden = true;
		expect("cpu-rng", SEVERITY_INFO, "hides RDRAND");
	}
	bare("6.2.0");
	cpu("AuthenticAMD", 0x19, 0x11, true, true);
	s.cpu.resume_count = 1;
	expect("cpu-rng", SEVERITY_OK, "counted");
}

static void zen_2_is_tested_by_the_kernel(void **state)
{
	(void)state;
	bare("6.2.0");
	cpu("AuthenticAMD", 0x17, 0x71, true, true);
	expect("cpu-rng", SEVERITY_OK, "counted");
	s.cpu.resume_count = 1;
	expect("cpu-rng", SEVERITY_INFO, "until a firmware update");
	bare("5.3.0");
	cpu("AuthenticAMD", 0x17, 0x71, true, true);
	s.cpu.trust_seen = true;
	expect("cpu-rng", SEVERITY_INFO, "until a firmware update");
	bare("5.4.0");
	cpu("AuthenticAMD", 0x17, 0x71, true, true);
	s.cpu.trust_seen = true;
	expect("cpu-rng", SEVERITY_OK, "counted");
	/* Cyan Skillfish: no microcode helps. */
	bare("6.2.0");
	cpu("AuthenticAMD", 0x17, 0x47, true, true);
	expect("cpu-rng", SEVERITY_WARN, "broken and still offered");
	m.platform.kernel_has_rdseed = m.platform.cpu_has_rdseed = false;
	expect("cpu-rng", SEVERITY_INFO, "has switched it off");
	bare("6.2.0");
	cpu("AuthenticAMD", 0x19, 0x11, true, false);
	s.cpu.rdseed_unreliable = true;
	expect("cpu-rng", SEVERITY_INFO, "has switched RDSEED off");
}

static void srbds_is_the_kernels_word(void **state)
{
	(void)state;
	intel("6.2.0");
	set_line(&s.cpu.srbds, "Not affected");
	expect("cpu-rng", SEVERITY_OK, "counted");
	set_line(&s.cpu.srbds, "Mitigation: Microcode");
	expect("cpu-rng", SEVERITY_OK, "counted");
	set_line(&s.cpu.srbds, "Vulnerable: No microcode");
	expect("cpu-rng", SEVERITY_WARN, "SRBDS");
	set_line(&s.cpu.srbds, "Vulnerable");
	s.command_line.srbds_off = true;
	expect("cpu-rng", SEVERITY_WARN, "SRBDS");
	expect_command("srbds=off");
	set_line(&s.cpu.srbds, "Unknown: Dependent on hypervisor status");
	expect("cpu-rng", SEVERITY_INFO, "only the host knows");
}

static void arm_has_rndr_or_not(void **state)
{
	(void)state;
	bare("6.2.0");
	s.cpu.arch = SOURCES_ARM;
	m.platform.cpuinfo_seen = true;
	expect("cpu-rng", SEVERITY_INFO, "no random number instruction");
	m.platform.kernel_has_rdrand = m.platform.cpu_has_rdrand = true;
	expect("cpu-rng", SEVERITY_OK, "RNDR there and counted");
	/* Other kinds of CPU, and a kernel that lists no flags. */
	s.cpu.arch = SOURCES_OTHER;
	assert_false(judge("cpu-rng"));
	bare("6.2.0");
	s.cpu.arch = SOURCES_X86;
	assert_false(judge("cpu-rng"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust_follows_the_kernel),
		cmocka_unit_test(a_mask_weighs_what_else_there_is),
		cmocka_unit_test(what_the_kernel_cleared_is_told),
		cmocka_unit_test(zen_5_is_judged_by_its_microcode),
		cmocka_unit_test(old_amd_breaks_over_a_resume),
		cmocka_unit_test(zen_2_is_tested_by_the_kernel),
		cmocka_unit_test(srbds_is_the_kernels_word),
		cmocka_unit_test(arm_has_rndr_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
