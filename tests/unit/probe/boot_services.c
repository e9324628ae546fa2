/* SPDX-License-Identifier: ISC */
/* Who waited when the machine started, by a text log of the system. */
#include "tree.h"

#include <math.h>

#include "probe/boot.h"

static struct boot_facts facts;

static const struct boot_facts *probe(void)
{
	struct probe_root *root;
	struct platform p;

	memset(&p, 0, sizeof p);
	memset(&facts, 0xa5, sizeof facts);
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	assert_int_equal(probe_boot(root, &p, &facts), 0);
	probe_root_free(root);
	return &facts;
}

/* A boot that waited 90 s, as rsyslog writes it with full times. */
static const char starved[] =
	"2026-11-22T17:00:00.000000+00:00 h kernel: [    0.000000] Linux "
	"version 4.19.0 (x)\n"
	"2026-11-22T17:00:03.000000+00:00 h systemd[1]: Starting ssh.service "
	"- OpenBSD Secure Shell server...\n"
	"2026-11-22T17:00:03.500000+00:00 h systemd[1]: Starting Fine.\n"
	"2026-11-22T17:00:05.500000+00:00 h systemd[1]: Started Fine.\n"
	"2026-11-22T17:00:04.000000+00:00 h systemd-random-seed[9]: Kernel "
	"entropy pool is not initialized yet, waiting until it is.\n"
	"2026-11-22T17:01:10.000000+00:00 h dockerd[77]: crypto/rand: blocked "
	"for 60 seconds waiting to read random data from the kernel\n"
	"2026-11-22T17:01:30.000000+00:00 h kernel: [   %s] random: crng init "
	"done\n"
	"2026-11-22T17:01:30.400000+00:00 h systemd[1]: Started ssh.service - "
	"OpenBSD Secure Shell server.\n"
	"2026-11-22T17:01:31.000000+00:00 h systemd[1]: Startup finished in "
	"3s (kernel) + 1min 28s (userspace) = 1min 31s.\n";

static void services_that_waited_are_found(void **state)
{
	char log[sizeof starved + 32];
	const struct boot_services *s;

	(void)state;
	tree_text("/proc/uptime", "1000.00 1.00\n");
	(void)snprintf(log, sizeof log, starved, "90.000000");
	tree_text("/var/log/syslog", log);
	s = &probe()->services;
	assert_int_equal(s->error, 0);
	assert_true(s->times_usable);
	assert_int_equal(s->n_units, 2);
	assert_int_equal(s->count, 3);
	assert_string_equal(s->at[0].unit, "systemd-random-seed");
	assert_true(s->at[0].said && isnan(s->at[0].waited_s));
	assert_string_equal(s->at[1].unit, "dockerd");
	assert_true(s->at[1].waited_s == 60);
	assert_string_equal(s->at[2].unit, "ssh.service");
	assert_false(s->at[2].said);
	assert_true(fabs(s->at[2].waited_s - 87) < 1e-3);
	assert_true(strncmp(s->startup, "Startup finished", 16) == 0);
}

static void times_of_a_late_syslog_daemon_are_not_used(void **state)
{
	char log[sizeof starved + 32];
	const struct boot_services *s;

	(void)state;
	tree_text("/proc/uptime", "1000.00 1.00\n");
	/* The line was printed at 80 s and stamped at 90. */
	(void)snprintf(log, sizeof log, starved, "80.000000");
	tree_text("/var/log/syslog", log);
	s = &probe()->services;
	assert_false(s->times_usable);
	assert_int_equal(s->count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(services_that_waited_are_found),
		TREE_TEST(times_of_a_late_syslog_daemon_are_not_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
