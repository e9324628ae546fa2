/* SPDX-License-Identifier: ISC */
/* Facts about modules, kernel configurations and initramfs tools. */
#include "sources_tree.h"

static void modules_are_found_where_they_are(void **state)
{
	const struct sources_module *rng, *pci, *mmio;
	struct sources_facts f;

	(void)state;
	tree_text("/lib/modules/6.1.0/modules.dep",
		  "kernel/drivers/char/hw_random/virtio-rng.ko.xz: x.ko\n"
		  "kernel/drivers/char/virtio-rng-not.ko:\n"
		  "kernel/drivers/virtio/virtio_mmio.ko:\n");
	tree_text("/lib/modules/6.1.0/modules.builtin",
		  "kernel/drivers/virtio/virtio_pci.ko\n");
	tree_text("/proc/modules", "virtio_rng_other 1 0 - Live 0x0\n"
				   "virtio_mmio 16384 0 - Live 0x0\n");
	tree_text("/etc/modprobe.d/no.conf",
		  "# blacklist virtio_mmio\nblacklist virtio-rng\n");
	tree_text("/etc/modprobe.d/no.bak", "install virtio_pci /bin/false\n");
	f = facts_of("6.1.0");
	rng = &f.module[SOURCES_VIRTIO_RNG];
	pci = &f.module[SOURCES_VIRTIO_PCI];
	mmio = &f.module[SOURCES_VIRTIO_MMIO];
	assert_int_equal(f.modules_dep_error, 0);
	assert_int_equal(f.modules_loaded_error, 0);
	assert_true(rng->on_disk && !rng->builtin && !rng->loaded);
	assert_string_equal(rng->barred_by,
			    "/etc/modprobe.d/no.conf: blacklist virtio-rng");
	assert_true(!pci->on_disk && pci->builtin && !pci->loaded);
	assert_string_equal(pci->barred_by, "");
	assert_true(mmio->on_disk && mmio->loaded);
	assert_string_equal(mmio->barred_by, "");
	/* Another release's modules are none of this kernel's. */
	f = facts_of("6.1.1");
	assert_int_equal(f.modules_dep_error, -ENOENT);
	assert_false(f.module[SOURCES_VIRTIO_RNG].on_disk);
	tree_text("/sys/module/virtio_rng/uevent", "");
	assert_true(facts_of("6.1.0").module[SOURCES_VIRTIO_RNG].loaded);
}

static void the_config_is_read_where_it_is_kept(void **state)
{
	static const char *const paths[] = { "/usr/lib/modules/6.1.0/config",
					     "/lib/modules/6.1.0/config",
					     "/boot/config-6.1.0",
					     "/proc/config" };
	struct sources_facts f;

	(void)state;
	/* Each is preferred to the one before. */
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		tree_text(paths[i], "CONFIG_HW_RANDOM=y\n"
				    "CONFIG_HW_RANDOM_VIRTIO=m\n"
				    "# CONFIG_VMGENID is not set\n"
				    "# CONFIG_HW_RANDOM_TPM is set\n"
				    "CONFIG_HW_RANDOM_TPMX=y\n"
				    "CONFIG_RANDOM_TRUST_CPU\n");
		f = facts_of("6.1.0");
		assert_int_equal(f.config.error, 0);
		assert_string_equal(f.config.path, paths[i]);
		assert_int_equal(f.config.value[SOURCES_HW_RANDOM], 'y');
		assert_int_equal(f.config.value[SOURCES_HW_RANDOM_VIRTIO], 'm');
		assert_int_equal(f.config.value[SOURCES_VMGENID], 'n');
		assert_int_equal(f.config.value[SOURCES_HW_RANDOM_TPM], 0);
		assert_int_equal(f.config.value[SOURCES_RANDOM_TRUST_CPU], 0);
	}
}

/* RFC 1952, made with Python's gzip: "CONFIG_VMGENID=y\n". */
static const unsigned char packed_config[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
	0x73, 0xf6, 0xf7, 0x73, 0xf3, 0x74, 0x8f, 0x0f, 0xf3, 0x75,
	0x77, 0xf5, 0xf3, 0x74, 0xb1, 0xad, 0xe4, 0x02, 0x00, 0xc5,
	0x2d, 0x11, 0x84, 0x11, 0x00, 0x00, 0x00,
};

static void a_packed_config_is_read(void **state)
{
	struct sources_facts f;

	(void)state;
	tree_write("/proc/config.gz", packed_config, sizeof packed_config);
	f = facts_of("6.1.0");
	assert_string_equal(f.config.path, "/proc/config.gz");
	assert_int_equal(f.config.value[SOURCES_VMGENID], 'y');
	/* Cut: an error that is kept, and the next place is looked at. */
	tree_write("/proc/config.gz", packed_config, 20);
	f = facts_of("6.1.0");
	assert_string_equal(f.config.path, "");
	assert_string_equal(f.config.denied, "/proc/config.gz");
	assert_int_equal(f.config.error, -EBADMSG);
	tree_text("/boot/config-6.1.0", "CONFIG_VMGENID=m\n");
	f = facts_of("6.1.0");
	assert_string_equal(f.config.path, "/boot/config-6.1.0");
	assert_int_equal(f.config.value[SOURCES_VMGENID], 'm');
}

static void unpacking_is_bounded(void **state)
{
	char *text = NULL;
	const char *packed = (const char *)packed_config;

	(void)state;
	assert_int_equal(sources_unpack(packed, sizeof packed_config, 17, &text),
			 17);
	assert_string_equal(text, "CONFIG_VMGENID=y\n");
	free(text);
	text = NULL;
	assert_int_equal(sources_unpack(packed, sizeof packed_config, 16, &text),
			 -EFBIG);
	assert_null(text);
	assert_int_equal(sources_unpack("", 0, 16, &text), -EBADMSG);
	assert_null(text);
}

struct initramfs_row {
	const char *path, *text;
	enum sources_initramfs_tool tool;
	bool listed;
};

static void initramfs_configurations_are_understood(void **state)
{
	static const struct initramfs_row rows[] = {
		{ "/etc/initramfs-tools/modules", "# virtio_rng\n",
		  SOURCES_INITRAMFS_TOOLS, false },
		{ "/etc/initramfs-tools/modules", "virtio-rng\n",
		  SOURCES_INITRAMFS_TOOLS, true },
		{ "/etc/initramfs-tools/initramfs.conf", "MODULES=dep\n",
		  SOURCES_INITRAMFS_TOOLS, false },
		{ "/etc/dracut.conf.d/a.conf", "add_drivers+=\" virtio_rng \"",
		  SOURCES_DRACUT, true },
		{ "/etc/dracut.conf.d/a.conf", "omit_drivers+=\" virtio_rng \"",
		  SOURCES_DRACUT, false },
		{ "/etc/dracut.conf.d/a.conf", "add_drivers+=\" xvirtio_rng \"",
		  SOURCES_DRACUT, false },
		{ "/etc/mkinitcpio.conf", "MODULES=(virtio_rng ext4)\n",
		  SOURCES_MKINITCPIO, true },
		{ "/etc/mkinitfs/features.d/v.modules",
		  "kernel/drivers/char/hw_random/virtio-rng.ko*\n",
		  SOURCES_MKINITFS, true },
	};
	struct sources_facts f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(tree_teardown(NULL), 0);
		assert_int_equal(tree_setup(NULL), 0);
		tree_text(rows[i].path, rows[i].text);
		f = facts_of("6.1.0");
		assert_int_equal(f.initramfs.tool, rows[i].tool);
		assert_int_equal(f.initramfs.listed, rows[i].listed);
		assert_string_equal(f.initramfs.where,
				    rows[i].listed ? rows[i].path : "");
		assert_string_equal(f.initramfs.mode, i == 2 ? "dep" : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(modules_are_found_where_they_are),
		TREE_TEST(the_config_is_read_where_it_is_kept),
		TREE_TEST(a_packed_config_is_read),
		cmocka_unit_test(unpacking_is_bounded),
		TREE_TEST(initramfs_configurations_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
