/* SPDX-License-Identifier: ISC */
/* The family `clones`: devices, instances, seeds. */
#include "probe/clones_tree.h"

static void nothing_there_is_no_fact(void **state)
{
	(void)state;
	look(false);
	assert_false(f->instance.known);
	assert_int_equal(f->boot_s, 0);
	assert_false(f->generation.devices[GENERATION_VMGENID].present);
	assert_int_equal(f->fork.count, 0);
	assert_true(isnan(f->fork.last_s));
	assert_int_equal(f->seeds.count, 0);
	assert_int_equal(f->keys.count, 0);
	assert_int_equal(f->machine_id.state, ID_MISSING);
	assert_false(f->cloud.installed);
	assert_int_equal(f->pollinate.flag.error, -ENOENT);
	assert_int_equal(f->image.count, 0);
}

static void devices_are_known_by_their_ids(void **state)
{
	struct generation_device *d;

	(void)state;
	tree_text("/sys/bus/acpi/devices/QEMUVGID:00/hid", "QEMUVGID\n");
	tree_text("/sys/bus/acpi/devices/AMZNC10C:00/hid", "AMZNC10C\n");
	tree_text("/sys/bus/acpi/devices/PNP0A08:00/hid", "PNP0A08\n");
	look(false);
	d = &f->generation.devices[GENERATION_VMGENID];
	assert_true(f->generation.buses_seen);
	assert_true(d->present);
	assert_false(d->bound);
	assert_string_equal(d->hid, "QEMUVGID");
	d = &f->generation.devices[GENERATION_VMCLOCK];
	assert_true(d->present);
	assert_false(d->bound);
	/* A driver on the platform bus, as since 6.10. */
	tree_text("/sys/bus/platform/drivers/vmgenid/QEMUVGID:00/x", "");
	tree_text("/dev/vmclock0", "");
	look(false);
	assert_true(f->generation.devices[GENERATION_VMGENID].bound);
	assert_true(f->generation.devices[GENERATION_VMCLOCK].bound);
	assert_true(f->generation.vmclock_node);
}

static void a_compatible_id_or_a_device_tree_is_enough(void **state)
{
	(void)state;
	tree_text("/sys/bus/acpi/devices/XYZ:00/modalias",
		  "acpi:XYZ:VM_Gen_Counter:\n");
	tree_text("/sys/bus/acpi/devices/XYZ:00/driver/uevent", "");
	look(false);
	assert_true(f->generation.devices[GENERATION_VMGENID].present);
	assert_true(f->generation.devices[GENERATION_VMGENID].bound);
	clones_facts_free(f);
	f = NULL;
	assert_int_equal(tree_teardown(state), 0);
	assert_int_equal(tree_setup(state), 0);
	tree_write("/sys/firmware/devicetree/base/vmgenid/compatible",
		   "foo,bar\0microsoft,vmgenid", 26);
	look(false);
	assert_true(f->generation.devices[GENERATION_VMGENID].present);
}

static void stat_line(unsigned pid, const char *name, unsigned long flags,
		      unsigned ticks)
{
	char path[64], text[256];

	(void)snprintf(path, sizeof path, "/proc/%u/comm", pid);
	tree_text(path, name);
	(void)snprintf(path, sizeof path, "/proc/%u/stat", pid);
	(void)snprintf(text, sizeof text,
		       "%u (%s) S 1 1 1 0 -1 %lu 0 0 0 0 0 0 0 0 20 0 1 0 %u "
		       "0 0\n",
		       pid, name, flags, ticks);
	tree_text(path, text);
}

static void a_fork_and_what_is_older(void **state)
{
	(void)state;
	tree_text("/proc/sys/kernel/osrelease", "6.12.4\n");
	tree_text("/proc/uptime", "500.00 1.00\n");
	tree_text("/var/log/dmesg",
		  "[    0.000000] Linux version 6.12.4\n"
		  "[    2.000000] random: crng init done\n"
		  "[  100.000000] random: crng reseeded due to virtual machine "
		  "fork\n");
	stat_line(1, "systemd", 0, 10);
	stat_line(2, "kthreadd", 0x00200000, 0);
	stat_line(70, "sshd", 0, 9999);
	stat_line(71, "nginx", 0, 10000);
	stat_line(72, "a) b (c", 0, 50);
	look(false);
	assert_int_equal(f->fork.count, 1);
	assert_true(f->fork.last_s > 99.9 && f->fork.last_s < 100.1);
	assert_int_equal(f->fork.n_processes, 4);
	assert_int_equal(f->fork.n_older, 3);
	assert_int_equal(f->fork.n_stale, 1);
	assert_string_equal(f->fork.stale[0], "sshd");
	assert_int_equal(f->fork.stale_pids[0], 70);
}

static void an_instance_is_as_old_as_its_first_boot(void **state)
{
	(void)state;
	tree_text("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	age("/etc/machine-id", 5000);
	look(false);
	assert_true(f->instance.known);
	assert_false(f->instance.by_cloud_init);
	assert_int_equal(f->instance.born_s, 5000);
	/* An instance-id goes before, and is written at every boot. */
	tree_text("/var/lib/cloud/data/instance-id", "i-7\n");
	age("/var/lib/cloud/data/instance-id", 9000);
	look(false);
	assert_true(f->instance.by_cloud_init);
	assert_int_equal(f->instance.born_s, 9000);
	tree_text("/var/lib/cloud/instances/i-7/sem/config_ssh", "");
	age("/var/lib/cloud/instances/i-7/sem/config_ssh", 7000);
	/* Another instance's marks say nothing of this one. */
	tree_text("/var/lib/cloud/instances/i-6/sem/config_ssh", "");
	age("/var/lib/cloud/instances/i-6/sem/config_ssh", 100);
	look(false);
	assert_int_equal(f->instance.born_s, 7000);
	assert_int_equal(f->cloud.n_instances, 2);
}

static void an_empty_machine_id_tells_no_age(void **state)
{
	(void)state;
	tree_text("/etc/machine-id", "");
	look(false);
	assert_int_equal(f->machine_id.state, ID_EMPTY);
	assert_false(f->instance.known);
}

static void seeds_and_who_counts_them(void **state)
{
	(void)state;
	tree_text("/var/lib/systemd/random-seed", "seed");
	tree_text("/var/lib/seedrng/seed.credit", "seed");
	tree_text("/var/lib/aquifer/seed", "seed");
	tree_text("/etc/conf.d/seedrng", "# x\nskip_credit=\"yes\"\n");
	tree_text("/proc/cmdline", "ro systemd.random_seed=AAAA quiet\n");
	tree_text("/usr/lib/systemd/system/systemd-random-seed.service",
		  "[Service]\n#Environment=SYSTEMD_RANDOM_SEED_CREDIT=force\n");
	look(false);
	assert_int_equal(f->seeds.count, 3);
	assert_int_equal(f->seeds.seeds[0].kind, SEED_OF_SYSTEMD);
	assert_int_equal(f->seeds.seeds[0].file.st.size_bytes, 4);
	assert_int_equal(f->seeds.seeds[0].file.st.mode & 0777, 0600);
	assert_true(f->seeds.seeds[1].creditable);
	/* Nothing but the running machine's own is opened. */
	assert_int_equal(f->seeds.seeds[2].binding, BINDING_UNSEEN);
	assert_true(f->seeds.seedrng_skips_credit);
	assert_true(f->seeds.on_command_line);
	assert_int_equal(f->seeds.systemd_credit, CREDIT_NOT_SET);
	tree_text("/etc/systemd/system/systemd-random-seed.service.d/a.conf",
		  "[Service]\nEnvironment=\"SYSTEMD_RANDOM_SEED_CREDIT=force\"");
	look(false);
	assert_int_equal(f->seeds.systemd_credit, CREDIT_FORCE);
	tree_text("/etc/systemd/system/systemd-random-seed.service.d/b.conf",
		  "[Service]\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\n");
	look(false);
	assert_int_equal(f->seeds.systemd_credit, CREDIT_YES);
	tree_text("/etc/systemd/system/systemd-random-seed.service.d/c.conf",
		  "[Service]\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=0\n");
	look(false);
	assert_int_equal(f->seeds.systemd_credit, CREDIT_NO);
}

static void cloud_init(void **state)
{
	(void)state;
	tree_text("/etc/cloud/cloud.cfg", "ssh_deletekeys:  true # x\n");
	tree_text("/etc/cloud/cloud.cfg.d/a.cfg", "ssh_deletekeys: 'false'\n");
	tree_text("/etc/cloud/cloud.cfg.d/b.txt", "ssh_deletekeys: true\n");
	tree_text("/var/lib/cloud/data/previous-instance-id", "i-1\n");
	look(false);
	assert_true(f->cloud.installed);
	assert_true(f->cloud.keeps_host_keys);
	assert_string_equal(f->cloud.previous_id, "i-1");
	tree_text("/etc/cloud/cloud.cfg.d/c.cfg", "ssh_deletekeys: yes\n");
	look(false);
	assert_false(f->cloud.keeps_host_keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_there_is_no_fact),
		TEST(devices_are_known_by_their_ids),
		TEST(a_compatible_id_or_a_device_tree_is_enough),
		TEST(a_fork_and_what_is_older),
		TEST(an_instance_is_as_old_as_its_first_boot),
		TEST(an_empty_machine_id_tells_no_age),
		TEST(seeds_and_who_counts_them),
		TEST(cloud_init),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
