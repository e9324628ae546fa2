/* SPDX-License-Identifier: ISC */
/* The facts of the family `services`, from trees made by hand. */
#include "probe/tree.h"

#include "probe/services.h"

static struct services_facts *f;

static void look(bool image)
{
	static const struct platform p;
	struct probe_root *root = NULL;

	if (f == NULL)
		f = services_facts_new();
	assert_non_null(f);
	if (image)
		assert_int_equal(probe_root_open(tree_root, &root), 0);
	else
		root = tree_open();
	assert_int_equal(probe_services(root, &p, f), 0);
	probe_root_free(root);
}

static int teardown(void **state)
{
	services_facts_free(f);
	f = NULL;
	return tree_teardown(state);
}

static void inputs_of_rngd(void **state)
{
	static const struct {
		const char *arguments, *device;
	} rows[] = {
		{ "rngd -r /dev/urandom", "/dev/urandom" },
		{ "rngd -f -r/dev/urandom -o /dev/random", "/dev/urandom" },
		{ "rngd --rng-device=/dev/hwrng", "/dev/hwrng" },
		{ "rngd --rng-device /dev/urandom -W 4096", "/dev/urandom" },
		{ "rngd -fr /dev/urandom", "/dev/urandom" },
		{ "rngd -r /dev/hwrng -r /dev/urandom", "/dev/urandom" },
		{ "rngd -f", NULL },
		{ "rngd -r", NULL },
		{ "rngd --rng-devices=/dev/urandom", NULL },
		{ "rngd --random-device /dev/urandom", NULL },
		{ "", NULL },
	};
	char device[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool found = services_feed_of(rows[i].arguments, device,
					      sizeof device);

		assert_int_equal(found, rows[i].device != NULL);
		if (found)
			assert_string_equal(device, rows[i].device);
	}
	assert_false(services_feed_of("-r /dev/urandom", device, 12));
	assert_true(services_feed_of("-r /dev/urandom", device, 13));
}

static void what_is_no_name_is_no_process(void **state)
{
	static const char nul[] = "rn\0gd\n";
	char name[64 + 1];

	(void)state;
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	tree_text("/proc/12/comm", name);
	tree_write("/proc/13/comm", nul, sizeof nul - 1);
	look(false);
	assert_false(f->pids_seen);
	/* A worker of the kernel has a long one. */
	name[62] = '\0';
	tree_text("/proc/12/comm", name);
	look(false);
	assert_true(f->pids_seen);
}

static void daemons_that_run(void **state)
{
	(void)state;
	tree_text("/proc/12/comm", "haveged\n");
	tree_text("/proc/13/comm", "rngd\n");
	tree_write("/proc/13/cmdline", "rngd\0-r\0/dev/urandom\0", 21);
	tree_text("/proc/14/comm", "jitterentropy-r\n");
	tree_text("/proc/15/comm", "rngdx\n");
	tree_text("/proc/self2/comm", "rngd\n");
	look(false);
	assert_true(f->pids_seen);
	assert_int_equal(f->n_running, 3);
	assert_int_equal(f->running[0].daemon, DAEMON_HAVEGED);
	assert_int_equal(f->running[0].cmdline_error, -ENOENT);
	assert_int_equal(f->running[1].daemon, DAEMON_RNGD);
	assert_int_equal(f->running[1].pid, 13);
	assert_string_equal(f->running[1].cmdline, "rngd -r /dev/urandom");
	assert_true(f->running[1].feed_is_random);
	assert_int_equal(f->running[2].daemon, DAEMON_JITTER);
}

static void packages_of_debian_and_alpine(void **state)
{
	(void)state;
	tree_text("/var/lib/dpkg/status",
		  "Package: rng-tools5\nStatus: deinstall ok config-files\n"
		  "Version: 5-4\n\nPackage: haveged\n"
		  "Status: install ok installed\nVersion: 1.9.14-1\n");
	look(false);
	assert_true(f->packages_seen);
	assert_int_equal(f->packages[DAEMON_HAVEGED].from, PACKAGE_DPKG);
	assert_string_equal(f->packages[DAEMON_HAVEGED].version, "1.9.14-1");
	assert_int_equal(f->packages[DAEMON_RNGD].from, PACKAGE_NONE);
	tree_text("/var/lib/dpkg/status", "");
	tree_text("/lib/apk/db/installed",
		  "C:Q1\nP:musl\nV:1.2.4\n\nC:Q2\nP:haveged\nV:1.9.18-r1\n\n");
	look(false);
	assert_int_equal(f->packages[DAEMON_HAVEGED].from, PACKAGE_APK);
	assert_string_equal(f->packages[DAEMON_HAVEGED].version, "1.9.18-r1");
}

static void packages_by_directory_and_program(void **state)
{
	(void)state;
	tree_text("/var/lib/pacman/local/haveged-1.9.18-1/desc", "");
	tree_text("/usr/sbin/rngd", "");
	look(true);
	assert_int_equal(f->packages[DAEMON_HAVEGED].from, PACKAGE_PACMAN);
	assert_string_equal(f->packages[DAEMON_HAVEGED].version, "1.9.18-1");
	assert_int_equal(f->packages[DAEMON_RNGD].from, PACKAGE_PROGRAM);
}

static void configurations_that_feed(void **state)
{
	static const struct {
		const char *path, *text;
		bool feeds;
	} rows[] = {
		{ "/etc/default/rng-tools", "HRNGDEVICE=/dev/urandom\n", true },
		{ "/etc/default/rng-tools", "#HRNGDEVICE=/dev/urandom\n", false },
		{ "/etc/default/rng-tools", "HRNGDEVICE=/dev/hwrng\n", false },
		{ "/etc/sysconfig/rngd",
		  "EXTRAOPTIONS=\"-i -o /dev/random -r /dev/urandom\"\n", true },
		{ "/etc/systemd/system/rngd.service.d/x.conf",
		  "[Service]\nExecStart=/sbin/rngd -f -r /dev/urandom\n", true },
		{ "/etc/systemd/system/rngd.service",
		  "[Service]\nExecStart=/sbin/rngd -f\n", false },
		{ "/etc/rc.local", "cp -r /dev/urandom /srv\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tree_text(rows[i].path, rows[i].text);
		look(false);
		assert_true(f->feed_config_seen);
		assert_int_equal(f->n_feeds, rows[i].feeds);
		tree_text(rows[i].path, "");
	}
}

static void fips_mode(void **state)
{
	(void)state;
	look(false);
	assert_int_equal(f->fips_error, -ENOENT);
	assert_int_equal(f->fips_command_line, -1);
	tree_text("/proc/sys/crypto/fips_enabled", "1\n");
	tree_text("/proc/cmdline", "ro fips=1\n");
	tree_text("/sys/devices/system/clocksource/clocksource0/"
		  "current_clocksource",
		  "acpi_pm\n");
	tree_text("/proc/sys/kernel/osrelease", "6.12.4\n");
	tree_text("/proc/uptime", "500.00 1.00\n");
	tree_text("/var/log/dmesg",
		  "[    0.000000] Linux version 6.12.4\n"
		  "[    0.000000] arch_timer: cp15 timer(s) running at "
		  "62.50MHz (virt).\n"
		  "[    3.000000] Jitter RNG permanent health test failure\n");
	look(false);
	assert_int_equal(f->fips_error, 0);
	assert_true(f->fips_enabled);
	assert_int_equal(f->fips_command_line, 1);
	assert_string_equal(f->clocksource, "acpi_pm");
	assert_true(f->jitter_failed);
	assert_true(f->arch_timer_mhz > 62.4 && f->arch_timer_mhz < 62.6);
	tree_text("/proc/sys/crypto/fips_enabled", "0\n");
	look(false);
	assert_int_equal(f->fips_error, 0);
	assert_false(f->fips_enabled);
	/* Neither: that is not 'off'. */
	tree_text("/proc/sys/crypto/fips_enabled", "off\n");
	look(false);
	assert_int_equal(f->fips_error, -EBADMSG);
}

static void files_in_the_place_of_devices(void **state)
{
	(void)state;
	tree_text("/dev/urandom", "not random");
	tree_text("/srv/chroot/a/dev/random", "");
	tree_text("/var/lib/lxc/b/rootfs/dev/urandom", "");
	look(true);
	assert_int_equal(f->n_nodes, 3);
	assert_int_equal(f->nodes[0].kind, NODE_FILE);
	assert_true(f->nodes[0].root_dev);
	assert_true(f->nodes[0].urandom);
	assert_false(f->nodes[1].urandom);
	assert_string_equal(f->nodes[2].path,
			    "/var/lib/lxc/b/rootfs/dev/urandom");
	assert_int_equal(f->n_chroots, 2);
}

static void the_machines_own_devices_are_good(void **state)
{
	(void)state;
	f = services_facts_new();
	assert_int_equal(probe_services(probe_root_live(),
					&(struct platform){ 0 }, f),
			 0);
	assert_true(f->n_nodes >= 2);
	assert_int_equal(f->nodes[0].kind, NODE_GOOD);
	assert_int_equal(f->nodes[1].kind, NODE_GOOD);
}

static void containers(void **state)
{
	(void)state;
	look(false);
	assert_false(f->container);
	tree_text("/proc/1/cgroup", "0::/init.scope\n");
	look(false);
	assert_false(f->container);
	tree_text("/proc/1/cgroup", "12:cpu:/docker/0123\n");
	look(false);
	assert_true(f->container);
	assert_string_equal(f->container_kind, "docker");
	tree_write("/proc/1/environ", "A=b\0container=lxc\0", 18);
	look(false);
	assert_string_equal(f->container_kind, "lxc");
	tree_text("/run/systemd/container", "podman\n");
	look(false);
	assert_string_equal(f->container_kind, "podman");
}

static void a_vm_from_a_containers_image_is_none(void **state)
{
	(void)state;
	tree_text("/.dockerenv", "");
	look(false);
	assert_true(f->container);
	tree_text("/proc/2/comm", "kthreadd\n");
	look(false);
	assert_false(f->container);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(inputs_of_rngd),
		TEST(what_is_no_name_is_no_process),
		TEST(daemons_that_run),
		TEST(packages_of_debian_and_alpine),
		TEST(packages_by_directory_and_program),
		TEST(configurations_that_feed),
		TEST(fips_mode),
		TEST(files_in_the_place_of_devices),
		TEST(the_machines_own_devices_are_good),
		TEST(containers),
		TEST(a_vm_from_a_containers_image_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
