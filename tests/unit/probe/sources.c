/* SPDX-License-Identifier: ISC */
/* Facts about virtio devices, and files that are not what they should be. */
#include "sources_tree.h"

static const char loader_info[] =
	"/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-"
	"440b29bb8c4f";

static void link_to(const char *path, const char *target)
{
	char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	assert_int_equal(symlink(target, full), 0);
}

static void nothing_is_seen_in_an_empty_tree(void **state)
{
	const struct sources_facts f = facts_of("6.1.0");

	(void)state;
	assert_int_equal(f.virtio.count, 0);
	assert_int_equal(f.virtio.error, -ENOENT);
	assert_int_equal(f.pci.error, -ENOENT);
	assert_int_equal(f.tpm.error, -ENOENT);
	assert_int_equal(f.modules_dep_error, -ENOENT);
	assert_int_equal(f.config.error, -ENOENT);
	assert_string_equal(f.config.path, "");
	assert_string_equal(f.config.denied, "");
	assert_false(f.hwrng.class_there);
	assert_int_equal(f.hwrng.current.error, -ENOENT);
	assert_int_equal(f.cpu.arch, SOURCES_OTHER);
	assert_int_equal(f.command_line.trust_cpu, -1);
	assert_int_equal(f.command_line.trust_bootloader, -1);
	assert_int_equal(f.log.error, -ENOENT);
	assert_int_equal(f.initramfs.tool, SOURCES_INITRAMFS_UNKNOWN);
	assert_false(f.sys_seen);
}

static void sys_is_seen_by_its_buses_or_classes(void **state)
{
	(void)state;
	tree_text("/sys/kernel/uevent_seqnum", "1\n");
	assert_false(facts_of("6.1.0").sys_seen);
	tree_text("/sys/class/dmi/id/sys_vendor", "QEMU\n");
	assert_true(facts_of("6.1.0").sys_seen);
}

/* By the number, the alias or the uevent; type 4 alone, not 1 or 41h. */
static void virtio_devices_are_told_by_their_type(void **state)
{
	struct sources_facts f;

	(void)state;
	tree_text("/sys/bus/virtio/devices/virtio0/device", "0x0001\n");
	tree_text("/sys/bus/virtio/devices/virtio1/device", "0x0004\n");
	tree_text("/sys/bus/virtio/devices/virtio2/modalias",
		  "virtio:d00000004v00001AF4\n");
	tree_text("/sys/bus/virtio/devices/virtio3/uevent",
		  "DRIVER=virtio_rng\nMODALIAS=virtio:d00000004v00001AF4\n");
	tree_text("/sys/bus/virtio/devices/virtio4/modalias",
		  "virtio:d00000041v00001AF4\n");
	tree_text("/sys/bus/virtio/devices/virtio5/device", "0x0004\n");
	link_to("/sys/bus/virtio/devices/virtio5/driver",
		"../../../../bus/virtio/drivers/virtio_rng");
	tree_text("/sys/bus/virtio/devices/virtio6/device", "0x0004\n");
	tree_text("/sys/bus/virtio/drivers/virtio_rng/virtio6/device",
		  "0x0004\n");
	f = facts_of("6.1.0");
	assert_int_equal(f.virtio.error, 0);
	assert_int_equal(f.virtio.count, 5);
	assert_false(f.virtio.more);
	assert_string_equal(f.virtio.at[0].path,
			    "/sys/bus/virtio/devices/virtio1");
	assert_string_equal(f.virtio.at[0].driver, "");
	assert_string_equal(f.virtio.at[1].driver, "");
	assert_string_equal(f.virtio.at[2].driver, "virtio_rng");
	assert_string_equal(f.virtio.at[3].driver, "virtio_rng");
	assert_string_equal(f.virtio.at[4].driver, "virtio_rng");
}

static void more_devices_than_fit_are_said_to_be_more(void **state)
{
	struct sources_facts f;
	char path[96];

	(void)state;
	for (int i = 0; i <= SOURCES_DEVICES_MAX; i++) {
		f = facts_of("");
		assert_int_equal(f.virtio.count, i);
		assert_false(f.virtio.more);
		(void)snprintf(path, sizeof path,
			       "/sys/bus/virtio/devices/virtio%d/device", i);
		tree_text(path, "0x0004");
	}
	f = facts_of("");
	assert_int_equal(f.virtio.count, SOURCES_DEVICES_MAX);
	assert_true(f.virtio.more);
}

static void pci_function(const char *slot, const char *vendor,
			 const char *device, const char *subsystem)
{
	char path[96];

	(void)snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/vendor",
		       slot);
	tree_text(path, vendor);
	(void)snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/device",
		       slot);
	tree_text(path, device);
	(void)snprintf(path, sizeof path,
		       "/sys/bus/pci/devices/%s/subsystem_device", slot);
	tree_text(path, subsystem);
}

/* VIRTIO 1.2, 4.1.2.1: 1044h, 1005h, or a transitional with subsystem 4. */
static void pci_functions_are_told_by_their_numbers(void **state)
{
	struct sources_facts f;

	(void)state;
	pci_function("0000:00:01.0", "0x1af4\n", "0x1044\n", "0x1100\n");
	pci_function("0000:00:02.0", "0x1af4\n", "0x1005\n", "0x0004\n");
	pci_function("0000:00:03.0", "0x1af4\n", "0x1000\n", "0x0001\n");
	pci_function("0000:00:04.0", "0x1af4\n", "0x103f\n", "0x0004\n");
	pci_function("0000:00:05.0", "0x1af4\n", "0x1041\n", "0x0004\n");
	pci_function("0000:00:06.0", "0x8086\n", "0x1044\n", "0x0004\n");
	link_to("/sys/bus/pci/devices/0000:00:01.0/driver",
		"../../../bus/pci/drivers/virtio-pci");
	f = facts_of("6.1.0");
	assert_int_equal(f.pci.count, 3);
	assert_string_equal(f.pci.at[0].driver, "virtio-pci");
	assert_string_equal(f.pci.at[1].path,
			    "/sys/bus/pci/devices/0000:00:02.0");
	assert_string_equal(f.pci.at[2].path,
			    "/sys/bus/pci/devices/0000:00:04.0");
}

static void mmio_transports_without_a_driver_are_counted(void **state)
{
	(void)state;
	tree_text("/sys/bus/platform/devices/LNRO0005:00/uevent", "");
	tree_text("/sys/bus/platform/devices/a003e00.virtio_mmio/uevent",
		  "DRIVER=virtio-mmio\n");
	tree_text("/sys/bus/platform/devices/serial8250/uevent", "");
	assert_int_equal(facts_of("6.1.0").mmio_unbound_count, 1);
}

/* Binary, endless lines, directories in the place of files. */
static void hostile_files_do_no_harm(void **state)
{
	static const char *const paths[] = {
		"/proc/cpuinfo",
		"/proc/cmdline",
		"/proc/modules",
		"/proc/config.gz",
		"/etc/os-release",
		"/boot/config-6.1.0",
		"/lib/modules/6.1.0/modules.dep",
		"/etc/modprobe.d/a.conf",
		"/etc/initramfs-tools/modules",
		"/var/log/dmesg",
		"/sys/bus/virtio/devices/virtio0/device",
		"/sys/class/tpm/tpm0/tpm_version_major",
		"/sys/class/misc/hw_random/rng_current",
		loader_info,
	};
	static unsigned char junk[100000];
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof junk; i++) {
		x = x * 1664525 + 1013904223;
		junk[i] = (unsigned char)(x >> 24);
	}
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		tree_write(paths[i], junk, sizeof junk);
	(void)facts_of("6.1.0");
	assert_int_equal(tree_teardown(NULL), 0);
	assert_int_equal(tree_setup(NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		char below[160];

		(void)snprintf(below, sizeof below, "%s/x", paths[i]);
		tree_text(below, "");
	}
	assert_int_equal(facts_of("6.1.0").hwrng.current.error, -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(nothing_is_seen_in_an_empty_tree),
		TREE_TEST(sys_is_seen_by_its_buses_or_classes),
		TREE_TEST(virtio_devices_are_told_by_their_type),
		TREE_TEST(more_devices_than_fit_are_said_to_be_more),
		TREE_TEST(pci_functions_are_told_by_their_numbers),
		TREE_TEST(mmio_transports_without_a_driver_are_counted),
		TREE_TEST(hostile_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
