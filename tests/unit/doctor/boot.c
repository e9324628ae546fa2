/* SPDX-License-Identifier: ISC */
/*
 * The family `boot` but crng-ready: severities that follow from what each
 * kernel does (docs/kernel-rng.md).
 */
#include "boot_machine.h"

static void waiters(void **state)
{
	(void)state;
	machine("5.4.100", 4096, 3000);
	assert_int_equal(judge(boot_judge_waiters), -1);
	boot.tasks.n_seen = boot.tasks.n_judged = 5;
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_OK);
	boot.tasks.n_withheld = 1;
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_UNKNOWN);
	boot.tasks.n_withheld = 0;
	boot.tasks.hidden = true;
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_UNKNOWN);
	boot.tasks.hidden = false;
	boot.tasks.n_judged = 0;
	assert_int_equal(judge(boot_judge_waiters), -1);
	boot.tasks.n_waiters = 2;
	boot.tasks.waiters[0].wait = BOOT_WAIT_RANDOM;
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_CRITICAL);
	assert_true(has(&f.why, "Before Linux 5.6"));

	/* Ready, and of 5.6 or later: nobody can wait, seen or not. */
	machine("5.6.0", 4096, 3000);
	boot.tasks.n_seen = boot.tasks.n_withheld = 5;
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_OK);
	machine("5.5.19", 4096, 3000);
	boot.tasks.n_seen = boot.tasks.n_withheld = 5;
	assert_int_equal(judge(boot_judge_waiters), SEVERITY_UNKNOWN);
}

static void reader(const char *name, bool kernel, unsigned bytes)
{
	struct boot_reader *r = &boot.readers.at[boot.readers.count++];

	(void)snprintf(r->name, sizeof r->name, "%s", name);
	r->kernel = kernel;
	r->bytes = bytes;
	r->count = 1;
	r->time_s = 1;
}

static int judge_one_reader(const char *name, bool kernel, unsigned bytes)
{
	boot.readers.count = 0;
	reader(name, kernel, bytes);
	return judge(boot_judge_readers);
}

static void early_readers(void **state)
{
	(void)state;
	machine("5.4.100", 4096, 3000);
	assert_int_equal(judge(boot_judge_readers), -1);
	boot.log.error = -EPERM;
	assert_int_equal(judge(boot_judge_readers), SEVERITY_UNKNOWN);
	boot.log.error = -ESTALE;
	assert_int_equal(judge(boot_judge_readers), SEVERITY_UNKNOWN);
	log_says(1, 5);
	assert_int_equal(judge(boot_judge_readers), SEVERITY_OK);
	boot.log.state.from_start = false;
	assert_int_equal(judge(boot_judge_readers), SEVERITY_UNKNOWN);
	log_says(1, 0.5);
	boot.log.state.from_start = false;
	assert_int_equal(judge(boot_judge_readers), SEVERITY_OK);

	log_says(1, 5);
	assert_int_equal(judge_one_reader("sshd", false, 32), SEVERITY_WARN);
	assert_int_equal(judge_one_reader("ssh-keygen", false, 0),
			 SEVERITY_WARN);
	assert_int_equal(judge_one_reader("openssl", false, 8), SEVERITY_WARN);
	assert_int_equal(judge_one_reader("systemd", false, 16), SEVERITY_INFO);
	assert_int_equal(judge_one_reader("systemd-random-", false, 512),
			 SEVERITY_INFO);
	assert_int_equal(judge_one_reader("swapper/0", false, 6), SEVERITY_INFO);
	assert_int_equal(judge_one_reader("start_kernel", true, 0),
			 SEVERITY_INFO);
	/* A name that tells nothing: by what it took. */
	assert_int_equal(judge_one_reader("frobd", false, 31), SEVERITY_INFO);
	assert_int_equal(judge_one_reader("frobd", false, 32), SEVERITY_WARN);
	boot.readers.count = 0;
	boot.readers.missed = 7;
	assert_int_equal(judge(boot_judge_readers), SEVERITY_INFO);
	assert_true(has(&f.evidence, "7 more"));
	/* The worst one decides, and is the one that is named. */
	reader("systemd", false, 16);
	reader("sshd", false, 32);
	assert_int_equal(judge(boot_judge_readers), SEVERITY_WARN);
	assert_non_null(strstr(f.title, "sshd"));
	assert_null(strstr(f.title, "systemd"));
}

static void holder(int pid, const char *comm, int access)
{
	struct boot_holder *h = &boot.tasks.holders[boot.tasks.n_holders++];

	h->pid = pid;
	h->access = access;
	(void)snprintf(h->comm, sizeof h->comm, "%s", comm);
}

static void dev_random_readers(void **state)
{
	(void)state;
	machine("5.5.19", 4096, 3000);
	assert_int_equal(judge(boot_judge_holders), -1);
	boot.tasks.n_fds_seen = 3;
	assert_int_equal(judge(boot_judge_holders), SEVERITY_OK);
	boot.tasks.n_fds_withheld = 2;
	assert_int_equal(judge(boot_judge_holders), SEVERITY_UNKNOWN);
	boot.tasks.n_fds_withheld = 0;
	/* Those that feed it do not draw. */
	holder(7, "rngd", O_RDWR);
	holder(8, "x", O_WRONLY);
	boot.tasks.n_feeders = 1;
	boot.tasks.feeders[0].pid = 7;
	assert_int_equal(judge(boot_judge_holders), SEVERITY_OK);
	holder(9, "java", -1);
	assert_int_equal(judge(boot_judge_holders), SEVERITY_WARN);
	assert_non_null(strstr(f.title, "java"));

	machine("5.6.0", 4096, 3000);
	boot.tasks.n_fds_seen = 3;
	boot.tasks.n_fds_withheld = 2;
	assert_int_equal(judge(boot_judge_holders), SEVERITY_OK);
	holder(9, "java", O_RDONLY);
	assert_int_equal(judge(boot_judge_holders), SEVERITY_INFO);
	/* A kernel that is not known is not accused. */
	machine("what", 0, -1);
	boot.tasks.n_fds_seen = 1;
	holder(9, "java", O_RDONLY);
	assert_int_equal(judge(boot_judge_holders), SEVERITY_INFO);
}

static void slow_services(void **state)
{
	(void)state;
	machine("4.19.0", 4096, 3000);
	assert_int_equal(judge(boot_judge_services), -1);
	boot.services.journal = true;
	assert_int_equal(judge(boot_judge_services), SEVERITY_UNKNOWN);
	assert_true(has(&f.fix, "journalctl -b"));
	boot.services.journal = false;
	boot.log.error = -EPERM;
	assert_int_equal(judge(boot_judge_services), SEVERITY_UNKNOWN);

	/* The kernel's log alone bounds the wait. */
	log_says(3, 2);
	assert_int_equal(judge(boot_judge_services), SEVERITY_OK);
	log_says(3, 3.9);
	assert_int_equal(judge(boot_judge_services), SEVERITY_OK);
	log_says(3, 4);
	assert_int_equal(judge(boot_judge_services), SEVERITY_INFO);
	log_says(3, 12.9);
	assert_int_equal(judge(boot_judge_services), SEVERITY_INFO);
	log_says(3, 13);
	assert_int_equal(judge(boot_judge_services), SEVERITY_UNKNOWN);

	/* A log of the system says who. */
	boot.services.error = 0;
	boot.services.state.path = "/var/log/syslog";
	boot.services.state.from_start = boot.services.times_usable = true;
	boot.services.n_units = 1;
	assert_int_equal(judge(boot_judge_services), SEVERITY_OK);
	boot.services.count = 1;
	(void)snprintf(boot.services.at[0].unit, 80, "ssh.service");
	boot.services.at[0].waited_s = 9.9;
	assert_int_equal(judge(boot_judge_services), SEVERITY_INFO);
	boot.services.at[0].waited_s = 10;
	assert_int_equal(judge(boot_judge_services), SEVERITY_WARN);
	assert_non_null(strstr(f.title, "ssh.service"));
	/* One that says it waited, not how long: at most the bound. */
	boot.services.at[0].said = true;
	boot.services.at[0].waited_s = NAN;
	assert_int_equal(judge(boot_judge_services), SEVERITY_WARN);
	log_says(3, 5);
	assert_int_equal(judge(boot_judge_services), SEVERITY_INFO);
}

static void no_facts_no_finding(void **state)
{
	(void)state;
	memset(&m, 0, sizeof m);
	for (size_t i = 0; i < family_boot.n_checks; i++)
		assert_int_equal(judge(family_boot.checks[i].judge), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiters),
		cmocka_unit_test(early_readers),
		cmocka_unit_test(dev_random_readers),
		cmocka_unit_test(slow_services),
		cmocka_unit_test(no_facts_no_finding),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
