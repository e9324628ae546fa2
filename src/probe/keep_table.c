/* SPDX-License-Identifier: ISC */
/* Which rule a path has. */
#include <fnmatch.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/keep.h"

#define KIB 1024u
#define MIB 1048576u

/* What a record keeps of a file that the table does not name. */
#define RECORD_BYTES_MAX (4 * MIB)

struct row {
	const char *pattern; /* fnmatch(3); "*" spans directories */
	enum keep_class class;
	size_t max_bytes;
};

/* The first that matches stands. "/usr/lib" is looked up as "/lib". */
/* clang-format off */
static const struct row rows[] = {
	/* Secrets, and the public half of them. */
	{ "/etc/ssh/*.pub", KEEP_EXACT, 16 * KIB },
	{ "/usr/local/etc/ssh/*.pub", KEEP_EXACT, 16 * KIB },
	{ "/root/.ssh/authorized_keys*", KEEP_EXACT, 256 * KIB },
	{ "/home/*/.ssh/authorized_keys*", KEEP_EXACT, 256 * KIB },
	{ "*/ssh_host_*", KEEP_SECRET, 0 },
	{ "*_host_key", KEEP_SECRET, 0 },
	{ "*/sshkeydir/*", KEEP_SECRET, 0 },
	{ "*secret*", KEEP_SECRET, 0 },
	{ "*private*", KEEP_SECRET, 0 },
	{ "*token*", KEEP_SECRET, 0 },
	{ "*/random-seed", KEEP_SECRET, 0 },
	{ "*/random_seed", KEEP_SECRET, 0 },
	{ "*/urandom.seed", KEEP_SECRET, 0 },
	{ "*/entropy.seed", KEEP_SECRET, 0 },
	{ "*/rng-seed", KEEP_SECRET, 0 },
	{ "*/kaslr-seed", KEEP_SECRET, 0 },
	{ "*/seed.credit", KEEP_SECRET, 0 },
	{ "*/seed.no-credit", KEEP_SECRET, 0 },
	{ "/var/lib/aquifer/seed*", KEEP_SECRET, 0 },
	{ "/sys/firmware/qemu_fw_cfg/*/raw", KEEP_SECRET, 0 },
	{ "/sys/kernel/boot_params/*data", KEEP_SECRET, 0 },
	{ "*/LoaderSystemToken-*", KEEP_SECRET, 0 },
	{ "*/LoaderRandomSeed-*", KEEP_SECRET, 0 },
	{ "/proc/*/environ", KEEP_SECRET, 0 },
	{ "/proc/*/mem", KEEP_SECRET, 0 },
	{ "/proc/*.gz", KEEP_EXACT, MIB },
	{ "/dev/*", KEEP_EXACT, 4 * KIB },
	{ "/etc/*shadow*", KEEP_SECRET, 0 },
	{ "/etc/NetworkManager/system-connections/*", KEEP_SECRET, 0 },
	{ "/etc/*.key", KEEP_SECRET, 0 },
	{ "/etc/*.keytab", KEEP_SECRET, 0 },
	{ "/etc/*.pem", KEEP_SECRET, 0 },
	{ "/etc/wireguard/*", KEEP_SECRET, 0 },
	{ "/etc/munge/*", KEEP_SECRET, 0 },
	{ "/var/lib/cloud/*user-data*", KEEP_MARKS, 16 * KIB },
	{ "/var/lib/cloud/*vendor-data*", KEEP_MARKS, 16 * KIB },
	{ "/var/lib/cloud/*vendor_data*", KEEP_MARKS, 16 * KIB },
	{ "/var/lib/cloud/*cloud-config*", KEEP_MARKS, 16 * KIB },
	{ "/var/lib/cloud/*.pkl", KEEP_SECRET, 0 },
	{ "/var/lib/cloud/*/scripts/*", KEEP_SECRET, 0 },
	{ "/var/lib/cloud/seed/*", KEEP_SECRET, 0 },
	{ "/var/lib/*.pem", KEEP_SECRET, 0 },
	{ "/var/lib/*.key", KEEP_SECRET, 0 },
	{ "/root/*", KEEP_SECRET, 0 },
	{ "/home/*", KEEP_SECRET, 0 },
	{ "/run/cloud-init/instance-data*", KEEP_SECRET, 0 },
	{ "/sys/*/id/*serial*", KEEP_SERIAL, 4 * KIB },
	{ "/sys/*/id/*_asset_tag", KEEP_SERIAL, 4 * KIB },
	{ "/sys/firmware/devicetree/base/serial-number", KEEP_SERIAL, 4 * KIB },

	/* Who this is. */
	{ "/etc/machine-id", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/dbus/machine-id", KEEP_TEXT, 4 * KIB },
	{ "/etc/hostid", KEEP_SERIAL, 4 * KIB },
	{ "/etc/hostname", KEEP_TEXT, 4 * KIB },
	{ "/etc/*-release", KEEP_TEXT, 16 * KIB },
	{ "/lib/os-release", KEEP_TEXT, 16 * KIB },
	{ "/lib/initrd-release", KEEP_TEXT, 16 * KIB },
	{ "/etc/debian_version", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/aquifer/*", KEEP_TEXT, 64 * KIB },
	{ "/var/cache/pollinate/*", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/cloud/data/*", KEEP_TEXT, 16 * KIB },
	{ "/var/lib/cloud/instances/*/datasource", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/cloud/instances/*/boot-finished", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/cloud/instances/*/sem/*", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/cloud/sem/*", KEEP_TEXT, 4 * KIB },
	{ "/var/lib/dhcp*", KEEP_TEXT, 64 * KIB },
	{ "/var/lib/dhclient/*", KEEP_TEXT, 64 * KIB },
	{ "/var/lib/NetworkManager/*", KEEP_TEXT, 64 * KIB },
	{ "/var/lib/systemd/network/*", KEEP_TEXT, 64 * KIB },
	{ "/var/lib/wicked/*", KEEP_TEXT, 64 * KIB },
	{ "/var/db/*duid*", KEEP_TEXT, 64 * KIB },

	/* How it is set up. */
	{ "/etc/ssh/*", KEEP_TEXT, 64 * KIB },
	{ "/usr/local/etc/ssh/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/aquifer/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/default/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/sysconfig/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/conf.d/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/modprobe.*", KEEP_TEXT, 64 * KIB },
	{ "/etc/modules*", KEEP_TEXT, 64 * KIB },
	{ "/etc/initramfs-tools/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/dracut.conf*", KEEP_TEXT, 64 * KIB },
	{ "/etc/mkinitcpio*", KEEP_TEXT, 64 * KIB },
	{ "/etc/mkinitfs/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/systemd/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/udev/rules.d/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/cloud/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/dhc*", KEEP_TEXT, 64 * KIB },
	{ "/etc/NetworkManager/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/network/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/rc*", KEEP_TEXT, 64 * KIB },
	{ "/etc/init.d/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/inittab", KEEP_TEXT, 64 * KIB },
	{ "/etc/local.d/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/rng*", KEEP_TEXT, 64 * KIB },
	{ "/etc/pollinate/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/crypto-policies/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/system-fips", KEEP_TEXT, 4 * KIB },
	{ "/etc/sysctl*", KEEP_TEXT, 64 * KIB },
	{ "/etc/fstab", KEEP_TEXT, 64 * KIB },
	{ "/etc/kernel/*", KEEP_TEXT, 64 * KIB },
	{ "/etc/libvirt/qemu/*.xml", KEEP_TEXT, 256 * KIB },
	{ "/etc/pve/*.conf", KEEP_TEXT, 64 * KIB },
	{ "/etc/passwd", KEEP_STAT, 0 },
	{ "/lib/systemd/system/*", KEEP_TEXT, 16 * KIB },
	{ "/lib/systemd/system-preset/*", KEEP_TEXT, 16 * KIB },
	{ "/lib/udev/rules.d/*rng*", KEEP_TEXT, 16 * KIB },
	{ "/lib/udev/rules.d/*random*", KEEP_TEXT, 16 * KIB },
	{ "/lib/modprobe.d/*", KEEP_TEXT, 64 * KIB },
	{ "/lib/modules-load.d/*", KEEP_TEXT, 16 * KIB },
	{ "/lib/sysctl.d/*", KEEP_TEXT, 16 * KIB },
	{ "/lib/dracut/dracut.conf.d/*", KEEP_TEXT, 16 * KIB },
	{ "/usr/share/initramfs-tools/modules*", KEEP_TEXT, 16 * KIB },
	{ "/usr/share/initramfs-tools/conf*", KEEP_TEXT, 16 * KIB },

	/* Kernels. */
	{ "/boot/config-*", KEEP_EXACT, MIB },
	{ "/lib/kernel/config-*", KEEP_EXACT, MIB },
	{ "/lib/modules/*/config", KEEP_EXACT, MIB },
	{ "/lib/modules/*/build/.config", KEEP_EXACT, MIB },
	{ "/usr/src/*/.config", KEEP_EXACT, MIB },
	{ "/lib/modules/*/modules.*.bin", KEEP_STAT, 0 },
	{ "/lib/modules/*/modules.*", KEEP_LINES, MIB },
	{ "/boot/grub*/grub.cfg", KEEP_TEXT, 256 * KIB },
	{ "/boot/grub*/grubenv", KEEP_TEXT, 16 * KIB },
	{ "/boot/loader/*.conf", KEEP_TEXT, 16 * KIB },
	{ "/boot/*/loader/*.conf", KEEP_TEXT, 16 * KIB },
	{ "/boot/*.conf", KEEP_TEXT, 64 * KIB },
	{ "/boot/cmdline.txt", KEEP_TEXT, 16 * KIB },
	{ "/boot/firmware/*.txt", KEEP_TEXT, 16 * KIB },

	/* Packages and logs. */
	{ "/var/lib/dpkg/status", KEEP_STANZAS, MIB },
	{ "/var/lib/dpkg/status.d/*", KEEP_STANZAS, 64 * KIB },
	{ "/lib/apk/db/installed", KEEP_STANZAS, MIB },
	{ "/var/lib/rpm/*", KEEP_STAT, 0 },
	{ "/lib/sysimage/rpm/*", KEEP_STAT, 0 },
	{ "/var/log/dmesg", KEEP_TEXT, 4 * MIB },
	{ "/var/log/kern.log", KEEP_TEXT, 4 * MIB },
	{ "/var/log/journal/*", KEEP_STAT, 0 },
	{ "/run/log/journal/*", KEEP_STAT, 0 },
	{ "/var/log/*", KEEP_LINES, MIB },
};
/* clang-format on */

struct keep_rule keep_rule(const char *path)
{
	struct keep_rule rule = { KEEP_TEXT, RECORD_BYTES_MAX, false };

	if (strncmp(path, "/usr/lib/", 9) == 0)
		path += 4;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *pattern = rows[i].pattern;
		size_t plain = strcspn(pattern, "*");

		/* Most paths differ early from most patterns. */
		if (strncmp(path, pattern, plain) != 0 ||
		    fnmatch(pattern + plain, path + plain, FNM_NOESCAPE) != 0)
			continue;
		rule = (struct keep_rule){ rows[i].class, rows[i].max_bytes,
					   true };
		break;
	}
	return rule;
}
