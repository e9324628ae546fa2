/* SPDX-License-Identifier: ISC */
/* The family `services`: facts made of values, one check at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor/check.h"

#define SET(field, text) ((void)snprintf((field), sizeof(field), "%s", (text)))
#define NONE ((enum severity) - 1)

static struct machine m;
static struct boot_facts boot;
static struct sources_facts sources;
static struct services_facts s;
static struct finding found;

static int setup(void **state)
{
	(void)state;
	memset(&m, 0, sizeof m);
	memset(&boot, 0, sizeof boot);
	memset(&sources, 0, sizeof sources);
	memset(&s, 0, sizeof s);
	m.kind = PROBE_RECORD;
	m.boot = &boot;
	m.sources = &sources;
	m.services = &s;
	boot.kernel.poolsize_bits.error = -ENOENT;
	sources.hwrng.current.error = -ENOENT;
	sources.hwrng.quality.error = -ENOENT;
	sources.hwrng.current_quality.error = -ENOENT;
	sources.hwrng.default_quality.error = -ENOENT;
	sources.command_line.trust_cpu = -1;
	sources.command_line.trust_bootloader = -1;
	s.fips_error = -ENOENT;
	s.fips_command_line = -1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	finding_free(&found);
	memset(&found, 0, sizeof found);
	return 0;
}

static enum severity judge_by(const struct check *check)
{
	finding_free(&found);
	memset(&found, 0, sizeof found);
	found.id = check->id;
	if (!check->judge(&m, &found))
		return NONE;
	assert_non_null(found.title);
	assert_false(found.failed);
	return found.severity;
}

static enum severity judge(const char *id)
{
	for (size_t i = 0; i < family_services.n_checks; i++)
		if (strcmp(family_services.checks[i].id, id) == 0)
			return judge_by(&family_services.checks[i]);
	fail_msg("no check %s", id);
	return NONE;
}

static void every_check_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < family_services.n_checks; i++)
		assert_true(strlen(family_services.checks[i].page) > 200);
}

static void nothing_known_is_nothing_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < family_services.n_checks; i++)
		assert_int_equal(judge(family_services.checks[i].id), NONE);
	m.services = NULL;
	for (size_t i = 0; i < family_services.n_checks; i++)
		assert_int_equal(judge(family_services.checks[i].id), NONE);
}

static void run(enum services_daemon daemon, const char *comm)
{
	struct services_process *p = &s.running[s.n_running++];

	memset(p, 0, sizeof *p);
	p->pid = 100 + (int)s.n_running;
	p->daemon = daemon;
	SET(p->comm, comm);
	s.pids_seen = true;
}

static void daemons(void **state)
{
	(void)state;
	SET(m.platform.kernel_release, "5.6.0");
	s.pids_seen = true;
	assert_int_equal(judge("rng-daemons"), SEVERITY_OK);
	SET(m.platform.kernel_release, "5.5.19");
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	run(DAEMON_HAVEGED, "haveged");
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	assert_non_null(strstr(found.title, "keeps /dev/random"));
	SET(m.platform.kernel_release, "5.6.0");
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	assert_non_null(strstr(found.title, "does not need it"));
	s.packages[DAEMON_HAVEGED].from = PACKAGE_DPKG;
	SET(s.packages[DAEMON_HAVEGED].version, "1.9.14-1");
	assert_int_equal(judge("rng-daemons"), SEVERITY_WARN);
	SET(s.packages[DAEMON_HAVEGED].version, "1.9.14-1+deb12u1");
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	s.n_running = 0;
	run(DAEMON_RNGD, "rngd");
	assert_int_equal(judge("rng-daemons"), SEVERITY_OK);
	run(DAEMON_AQUIFER, "aquiferd");
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	s.n_running = 0;
	s.pids_partial = true;
	assert_int_equal(judge("rng-daemons"), SEVERITY_UNKNOWN);
	s.pids_partial = false;
	s.packages_error = -EACCES;
	assert_int_equal(judge("rng-daemons"), SEVERITY_UNKNOWN);
}

static void new_random_is_seen_rather_than_inferred(void **state)
{
	(void)state;
	/* A stable kernel that took the new code: poolsize 256. */
	SET(m.platform.kernel_release, "5.4.200");
	run(DAEMON_HAVEGED, "haveged");
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	assert_null(strstr(found.title, "does not need it"));
	boot.kernel.poolsize_bits.error = 0;
	boot.kernel.semantics.new_random = true;
	boot.kernel.entropy_avail_bits.value = 256;
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	assert_non_null(strstr(found.title, "does not need it"));
	/* Not ready: whatever should not need a daemon gets no such word. */
	boot.kernel.entropy_avail_bits.value = 255;
	assert_int_equal(judge("rng-daemons"), SEVERITY_OK);
	assert_null(strstr(found.title, "need"));
	s.n_running = 0;
	assert_int_equal(judge("rng-daemons"), SEVERITY_INFO);
	assert_null(strstr(found.title, "needs none"));
}

static void self_feeding(void **state)
{
	(void)state;
	s.pids_seen = true;
	assert_int_equal(judge("self-feeding"), SEVERITY_OK);
	run(DAEMON_RNGD, "rngd");
	SET(s.running[0].cmdline, "rngd -r /dev/hwrng");
	SET(s.running[0].feed, "/dev/hwrng");
	assert_int_equal(judge("self-feeding"), SEVERITY_OK);
	s.running[0].has_random_open = true;
	assert_int_equal(judge("self-feeding"), SEVERITY_WARN);
	s.running[0].has_random_open = false;
	s.running[0].cmdline_error = -EACCES;
	assert_int_equal(judge("self-feeding"), SEVERITY_UNKNOWN);
	s.running[0].cmdline_error = 0;
	s.n_feeds = 1;
	SET(s.feeds[0].path, "/etc/default/rng-tools");
	assert_int_equal(judge("self-feeding"), SEVERITY_WARN);
	s.running[0].feed_is_random = true;
	assert_int_equal(judge("self-feeding"), SEVERITY_CRITICAL);
	s.n_running = s.n_feeds = 0;
	s.feeds_error = -EACCES;
	assert_int_equal(judge("self-feeding"), SEVERITY_UNKNOWN);
	s.feeds_error = 0;
	s.pids_seen = false;
	assert_int_equal(judge("self-feeding"), NONE);
	m.kind = PROBE_IMAGE;
	assert_int_equal(judge("self-feeding"), SEVERITY_OK);
}

static void confidential_guests(void **state)
{
	(void)state;
	m.platform.confidential = CONFIDENTIAL_SEV;
	assert_int_equal(judge("confidential"), NONE);
	m.platform.confidential = CONFIDENTIAL_TDX;
	assert_int_equal(judge("confidential"), SEVERITY_UNKNOWN);
	m.platform.cpuinfo_seen = true;
	assert_int_equal(judge("confidential"), SEVERITY_CRITICAL);
	m.platform.kernel_has_rdrand = true;
	SET(m.platform.kernel_release, "6.12.4");
	sources.command_line.trust_bootloader = 0;
	assert_int_equal(judge("confidential"), SEVERITY_OK);
	sources.command_line.trust_bootloader = -1;
	assert_int_equal(judge("confidential"), SEVERITY_INFO);
	sources.command_line.trust_bootloader = 1;
	assert_int_equal(judge("confidential"), SEVERITY_WARN);
	sources.command_line.trust_bootloader = 0;
	sources.command_line.trust_cpu = 0;
	assert_int_equal(judge("confidential"), SEVERITY_WARN);
}

static void fips_mode(void **state)
{
	(void)state;
	s.fips_error = 0;
	m.platform.cpus_online = 2;
	assert_int_equal(judge("fips"), SEVERITY_OK);
	s.fips_command_line = 1;
	assert_int_equal(judge("fips"), SEVERITY_WARN);
	s.fips_enabled = true;
	assert_int_equal(judge("fips"), SEVERITY_OK);
	m.platform.cpus_online = 1;
	assert_int_equal(judge("fips"), SEVERITY_INFO);
	s.arch_timer_mhz = 100;
	assert_int_equal(judge("fips"), SEVERITY_INFO);
	s.arch_timer_mhz = 99.9;
	assert_int_equal(judge("fips"), SEVERITY_WARN);
	s.arch_timer_mhz = 0;
	SET(s.clocksource, "tsc");
	assert_int_equal(judge("fips"), SEVERITY_INFO);
	SET(s.clocksource, "acpi_pm");
	assert_int_equal(judge("fips"), SEVERITY_WARN);
	SET(s.clocksource, "kvm-clock");
	m.platform.clock_emulated = true;
	assert_int_equal(judge("fips"), SEVERITY_WARN);
	s.jitter_failed = true;
	assert_int_equal(judge("fips"), SEVERITY_CRITICAL);
	s.fips_error = -EACCES;
	assert_int_equal(judge("fips"), SEVERITY_UNKNOWN);
	s.fips_error = -ENOENT;
	s.jitter_failed = s.fips_enabled = false;
	assert_int_equal(judge("fips"), SEVERITY_WARN);
}

static void device_nodes(void **state)
{
	static const struct {
		enum services_node_kind kind;
		bool urandom;
		enum severity is;
	} rows[] = {
		{ NODE_GOOD, true, SEVERITY_OK },
		{ NODE_GOOD, false, SEVERITY_OK },
		{ NODE_SWAPPED, true, SEVERITY_WARN },
		{ NODE_SWAPPED, false, SEVERITY_INFO },
		{ NODE_FILE, true, SEVERITY_CRITICAL },
		{ NODE_FILE, false, SEVERITY_CRITICAL },
		{ NODE_WRONG, true, SEVERITY_CRITICAL },
		{ NODE_OTHER, true, SEVERITY_CRITICAL },
	};

	(void)state;
	s.n_nodes = 1;
	SET(s.nodes[0].path, "/srv/chroot/a/dev/urandom");
	s.nodes[0].readable_by_all = true;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		s.nodes[0].kind = rows[i].kind;
		s.nodes[0].urandom = rows[i].urandom;
		assert_int_equal(judge("chroot-devices"), rows[i].is);
	}
	s.nodes[0].kind = NODE_GOOD;
	s.nodes[0].readable_by_all = false;
	assert_int_equal(judge("chroot-devices"), SEVERITY_WARN);
}

static void containers(void **state)
{
	(void)state;
	s.container = true;
	SET(s.container_kind, "docker");
	assert_int_equal(judge("container"), SEVERITY_INFO);
	assert_non_null(strstr(found.title, "docker"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_check_is_explained),
		TEST(nothing_known_is_nothing_said),
		TEST(daemons),
		TEST(new_random_is_seen_rather_than_inferred),
		TEST(self_feeding),
		TEST(confidential_guests),
		TEST(fips_mode),
		TEST(device_nodes),
		TEST(containers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
