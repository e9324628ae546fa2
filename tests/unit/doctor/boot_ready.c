/* SPDX-License-Identifier: ISC */
/*
 * crng-ready: severities that follow from what each kernel does
 * (docs/kernel-rng.md).
 */
#include "boot_machine.h"

struct count_case {
	const char *release;
	unsigned poolsize;
	int avail;
	enum boot_readiness expect;
};

/* What entropy_avail tells, and on which kernels. */
static const struct count_case counts[] = {
	{ "6.1.170", 256, 256, BOOT_READY },
	{ "6.1.170", 256, 255, BOOT_NOT_READY },
	{ "6.1.170", 256, 0, BOOT_NOT_READY },
	{ "6.1.170", 0, 3, BOOT_NOT_READY },
	{ "5.10.218", 256, 3, BOOT_NOT_READY },
	{ "5.14.0-162.el9.x86_64", 256, 3, BOOT_NOT_READY },
	{ "5.14.0-162.el9.x86_64", 256, 256, BOOT_READY },
	/* The first new one counts down at each reseed. */
	{ "5.18.0", 256, 256, BOOT_READY },
	{ "5.18.0", 256, 100, BOOT_UNKNOWN },
	{ "5.18.1", 256, 100, BOOT_NOT_READY },
	/* The old code: much means ready, little means nothing. */
	{ "5.10.46", 4096, 256, BOOT_READY },
	{ "5.10.46", 4096, 255, BOOT_UNKNOWN },
	{ "4.8.0", 4096, 3000, BOOT_READY },
	{ "4.7.10", 4096, 3000, BOOT_UNKNOWN },
	{ "3.10.0-1160.el7.x86_64", 4096, 3000, BOOT_UNKNOWN },
	{ "5.10.46", 4096, -1, BOOT_UNKNOWN },
	{ "6.1.170", 256, -1, BOOT_UNKNOWN },
	{ "6.1.170", 1024, 1024, BOOT_UNKNOWN }, /* another generator */
	{ "what", 0, 4, BOOT_UNKNOWN },
};

static void the_count_is_believed_where_it_tells(void **state)
{
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		machine(counts[i].release, counts[i].poolsize, counts[i].avail);
		if (boot_readiness(&m, &why) != counts[i].expect)
			fail_msg("%s %u %d", counts[i].release,
				 counts[i].poolsize, counts[i].avail);
	}
}

static void the_running_kernels_answer_stands_above_all(void **state)
{
	const char *why;

	(void)state;
	machine("6.1.170", 256, 256);
	log_says(1, 2);
	boot.live.known = true;
	assert_int_equal(boot_readiness(&m, &why), BOOT_NOT_READY);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_CRITICAL);
	boot.live.crng_ready = true;
	boot.kernel.entropy_avail_bits.value = 0;
	assert_int_equal(boot_readiness(&m, &why), BOOT_READY);
}

static void the_log_tells_where_the_count_does_not(void **state)
{
	const char *why;

	(void)state;
	machine("4.19.0-21-amd64", 4096, 60);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_UNKNOWN);
	log_says(2, 90);
	assert_int_equal(boot_readiness(&m, &why), BOOT_READY);
	/* A whole log without the line. */
	log_says(2, -1);
	assert_int_equal(boot_readiness(&m, &why), BOOT_NOT_READY);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_CRITICAL);
	assert_true(has(&f.why, "/dev/urandom does not wait"));
	/* An excerpt without the line tells nothing... */
	boot.log.state.n_lines = 99;
	assert_int_equal(boot_readiness(&m, &why), BOOT_UNKNOWN);
	boot.log.state.n_lines = 100;
	assert_int_equal(boot_readiness(&m, &why), BOOT_NOT_READY);
	/* ... unless the generator speaks in it. */
	boot.log.state.n_lines = 3;
	boot.log.random_lines = 1;
	assert_int_equal(boot_readiness(&m, &why), BOOT_NOT_READY);
	/* Its beginning is gone, or it ends early. */
	boot.log.state.from_start = false;
	assert_int_equal(boot_readiness(&m, &why), BOOT_UNKNOWN);
	boot.log.state.from_start = true;
	boot.log.state.to_now = false;
	assert_int_equal(boot_readiness(&m, &why), BOOT_UNKNOWN);
	/* Kernels that did not say it. */
	machine("3.10.0-1160.el7.x86_64", 4096, 60);
	log_says(2, -1);
	assert_int_equal(boot_readiness(&m, &why), BOOT_UNKNOWN);
	/* A stale "done" does not outweigh the count of the new code. */
	machine("6.1.170", 256, 4);
	log_says(1, 2);
	assert_int_equal(boot_readiness(&m, &why), BOOT_NOT_READY);
	/* On a copy of an early state of it, it does. */
	machine("5.14.0-162.el9.x86_64", 256, 4);
	log_says(1, 2);
	assert_int_equal(boot_readiness(&m, &why), BOOT_READY);
}

static void a_waiter_shows_that_it_is_not_ready(void **state)
{
	const char *why;

	(void)state;
	machine("4.19.0-21-amd64", 4096, 60);
	boot.tasks.n_waiters = boot.tasks.n_seen = 1;
	boot.tasks.waiters[0].wait = BOOT_WAIT_RANDOM;
	assert_int_equal(boot_readiness(&m, &why), BOOT_UNKNOWN);
	boot.tasks.waiters[0].wait = BOOT_WAIT_GETRANDOM;
	assert_int_equal(boot_readiness(&m, &why), BOOT_NOT_READY);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_CRITICAL);
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_CRITICAL);
}

static void one_domain_is_said(void **state)
{
	(void)state;
	/* Trusted by default from 6.2 on, RDRAND in sight of the kernel. */
	machine("6.12.4", 256, 256);
	nothing_to_draw_from();
	m.platform.kernel_has_rdrand = true;
	log_says(0.9, 0.04);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: cpu"));
	assert_non_null(strstr(f.title, "one domain: cpu"));

	/* virtio-rng alone. */
	machine("6.12.4", 256, 256);
	nothing_to_draw_from();
	log_says(1.9, 2.1);
	hwrng_is("virtio_rng.0", "1024");
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: host"));

	/* Both. */
	m.platform.kernel_has_rdrand = true;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	assert_true(has(&f.evidence, "cpu, host"));

	/* The old code says it when it trusts the CPU; silence is a no. */
	machine("5.10.46", 4096, 3000);
	nothing_to_draw_from();
	m.platform.kernel_has_rdrand = true;
	sources.config.value[SOURCES_RANDOM_TRUST_CPU] = 'y';
	log_says(1, 0.03);
	boot.log.trusting_cpu = true;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: cpu"));
	log_says(1, 30);
	boot.log.trusting_cpu = false;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
}

static void a_tpm_is_whose_it_is(void **state)
{
	(void)state;
	machine("6.12.4", 256, 256);
	hwrng_is("tpm-rng-0", "1024");
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: tpm"));
	m.platform.hypervisor = true;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: host"));
	hwrng_is("bcm2835-rng", "1000");
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: device"));
}

static void timing_noise_alone_is_a_warning_in_a_guest(void **state)
{
	(void)state;
	machine("6.1.192", 256, 256);
	nothing_to_draw_from();
	log_says(1.568, 2.618);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	assert_true(has(&f.evidence, "timing noise alone"));
	assert_true(has(&f.fix, "virtio"));

	/* A TPM that this kernel gives no credit is no source. */
	hwrng_is("tpm-rng-0", "0");
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);

	/* A machine of metal with nothing better. */
	nothing_to_draw_from();
	m.platform.hypervisor = false;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "timing noise alone"));
	/* The same with a TPM, or a CPU that is not trusted. */
	sources.tpm.count = 1;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	sources.tpm.count = 0;
	m.platform.kernel_has_rdrand = true;
	sources.command_line.trust_cpu = 0;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	assert_true(has(&f.fix, "random.trust_cpu=on"));

	/* Xen has no virtio-rng: another word for its host. */
	machine("6.1.192", 256, 256);
	nothing_to_draw_from();
	(void)snprintf(m.platform.hypervisor_name,
		       sizeof m.platform.hypervisor_name, "Xen");
	log_says(1.4, 2.5);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	assert_false(has(&f.fix, "<rng"));
	assert_true(has(&f.fix, "RDRAND"));
	assert_true(has(&f.fix, "virtual TPM"));

	/* User-mode Linux has no virtio bus for it. */
	machine("6.1.176", 256, 256);
	nothing_to_draw_from();
	(void)snprintf(m.platform.hypervisor_name,
		       sizeof m.platform.hypervisor_name, "user-mode-linux");
	log_says(0.1, 5);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
}

static void a_source_that_is_not_seen_is_not_made_up(void **state)
{
	(void)state;
	/* Ready, and that is all. */
	machine("6.1.192", 256, 256);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	assert_true(has(&f.evidence, "source not known"));
	/* Ready before anybody could have made timing noise. */
	nothing_to_draw_from();
	log_says(NAN, 0.5);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	log_says(NAN, 0.9);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	/* Nothing of /sys: of a machine no word, of a guest a careful one. */
	sources.hwrng.class_there = false;
	log_says(1, 13);
	m.platform.hypervisor = false;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	assert_true(has(&f.evidence, "source not known"));
	m.platform.hypervisor = true;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	assert_true(has(&f.evidence, "nothing of /sys is here"));
	m.kind = PROBE_LIVE;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	sources.sys_seen = true;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	assert_false(has(&f.evidence, "nothing of /sys"));
	/* Before the kernel's clock ran: the boot loader's. */
	log_says(1, 0);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: host"));
	/* An option that is not known could have counted the CPU. */
	machine("6.1.192", 256, 256);
	nothing_to_draw_from();
	m.platform.kernel_has_rdrand = true;
	log_says(1, 2);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	assert_true(has(&f.evidence, "source not known"));
	/* No facts of the sources at all. */
	machine("6.1.192", 256, 256);
	m.sources = NULL;
	log_says(1, 2);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
}

static void a_daemon_of_user_space_is_a_domain_or_timing(void **state)
{
	static struct services_facts services;

	(void)state;
	machine("6.1.192", 256, 256);
	nothing_to_draw_from();
	log_says(1, 1.2);
	boot.tasks.n_feeders = 1;
	(void)snprintf(boot.tasks.feeders[0].comm, 20, "rngd");
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	assert_true(has(&f.evidence, "one domain: user space"));
	/* It gives back what the kernel made: no source at all. */
	boot.tasks.feeders[0].pid = services.running[0].pid = 77;
	services.n_running = 1;
	services.running[0].feed_is_random = true;
	m.services = &services;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	services.running[0].pid = 78;
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
	(void)snprintf(boot.tasks.feeders[0].comm, 20, "haveged");
	assert_int_equal(judge(boot_judge_ready), SEVERITY_WARN);
	assert_true(has(&f.evidence, "haveged feeds"));
}

static void late_is_worth_a_word(void **state)
{
	(void)state;
	machine("6.12.4", 256, 256);
	nothing_to_draw_from();
	hwrng_is("virtio_rng.0", "1024");
	m.platform.kernel_has_rdseed = true;
	log_says(1, 30.5);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_OK);
	log_says(1, 31);
	assert_int_equal(judge(boot_judge_ready), SEVERITY_INFO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_count_is_believed_where_it_tells),
		cmocka_unit_test(the_running_kernels_answer_stands_above_all),
		cmocka_unit_test(the_log_tells_where_the_count_does_not),
		cmocka_unit_test(a_waiter_shows_that_it_is_not_ready),
		cmocka_unit_test(one_domain_is_said),
		cmocka_unit_test(a_tpm_is_whose_it_is),
		cmocka_unit_test(timing_noise_alone_is_a_warning_in_a_guest),
		cmocka_unit_test(a_source_that_is_not_seen_is_not_made_up),
		cmocka_unit_test(a_daemon_of_user_space_is_a_domain_or_timing),
		cmocka_unit_test(late_is_worth_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
