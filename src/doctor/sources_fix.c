/* SPDX-License-Identifier: ISC */
/* What to paste: a device for the guest, a driver for the device. */
#include <string.h>

#include "base/bytes.h"
#include "doctor/sources_parts.h"

void sources_advise_device(const struct machine *m, struct finding *f)
{
	const char *vendor = m->sources->sys_vendor;

	if (strncmp(vendor, "Google", 6) == 0 ||
	    strncmp(vendor, "Alibaba", 7) == 0 ||
	    strncmp(vendor, "DigitalOcean", 12) == 0 ||
	    strncmp(vendor, "Hetzner", 7) == 0) {
		finding_fix(f, FIX_HOST,
			    "The host is your provider's (%s): ask there for a"
			    " virtio-rng device.",
			    vendor);
		return;
	}
	finding_fix(f, FIX_HOST,
		    "Give the guest a virtio-rng. libvirt: virsh edit GUEST, "
		    "below <devices>:");
	finding_command(f, FIX_HOST,
			"<rng model='virtio'>\n"
			"  <backend model='random'>/dev/urandom</backend>\n"
			"</rng>");
	finding_fix(f, FIX_HOST, "QEMU's command line:");
	finding_command(f, FIX_HOST,
			"-object rng-random,id=rng0,filename=/dev/urandom "
			"-device virtio-rng-pci,rng=rng0");
	finding_fix(f, FIX_HOST,
		    "Proxmox VE: qm set VMID --rng0 source=/dev/urandom. "
		    "OpenStack: hw_rng_model=virtio on the image and "
		    "hw_rng:allowed=True on the flavor. Firecracker: PUT "
		    "/entropy {} before the start.");
}

static const struct initramfs_row {
	enum sources_initramfs_tool tool;
	const char *os; /* a word of ID or ID_LIKE that means it; or NULL */
	const char *commands;
} initramfs_rows[] = {
	{ SOURCES_INITRAMFS_TOOLS, "debian",
	  "echo virtio_rng >> /etc/initramfs-tools/modules\n"
	  "update-initramfs -u" },
	{ SOURCES_INITRAMFS_TOOLS, "ubuntu",
	  "echo virtio_rng >> /etc/initramfs-tools/modules\n"
	  "update-initramfs -u" },
	{ SOURCES_MKINITFS, "alpine",
	  "echo 'kernel/drivers/char/hw_random/virtio-rng.ko*' > "
	  "/etc/mkinitfs/features.d/virtio-rng.modules\n"
	  "sed -i 's/^features=\"/features=\"virtio-rng /' "
	  "/etc/mkinitfs/mkinitfs.conf\n"
	  "mkinitfs" },
	{ SOURCES_MKINITCPIO, "arch",
	  "sed -i 's/^MODULES=(/MODULES=(virtio_rng /' /etc/mkinitcpio.conf\n"
	  "mkinitcpio -P" },
	{ SOURCES_DRACUT, "rhel",
	  "echo 'add_drivers+=\" virtio_rng \"' > "
	  "/etc/dracut.conf.d/virtio-rng.conf\n"
	  "dracut -f" },
	{ SOURCES_DRACUT, "fedora",
	  "echo 'add_drivers+=\" virtio_rng \"' > "
	  "/etc/dracut.conf.d/virtio-rng.conf\n"
	  "dracut -f" },
	{ SOURCES_DRACUT, "suse",
	  "echo 'add_drivers+=\" virtio_rng \"' > "
	  "/etc/dracut.conf.d/virtio-rng.conf\n"
	  "dracut -f" },
};

static bool is_os(const struct sources_facts *s, const char *os)
{
	size_t len = strlen(os);

	if (strcmp(s->os_id, os) == 0)
		return true;
	for (const char *at = s->os_like; (at = strstr(at, os)) != NULL;
	     at += len)
		if ((at == s->os_like || at[-1] == ' ') &&
		    (at[len] == '\0' || at[len] == ' '))
			return true;
	return false;
}

/* By the tool whose files are there, else by the distribution's name. */
static const struct initramfs_row *find_row(const struct sources_facts *s)
{
	for (size_t i = 0; i < ARRAY_LEN(initramfs_rows); i++)
		if (s->initramfs.tool == initramfs_rows[i].tool)
			return &initramfs_rows[i];
	for (size_t i = 0; i < ARRAY_LEN(initramfs_rows); i++)
		if (is_os(s, initramfs_rows[i].os))
			return &initramfs_rows[i];
	return NULL;
}

void sources_advise_driver(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const struct initramfs_row *row = find_row(s);

	finding_command(f, FIX_GUEST, "modprobe virtio_rng");
	finding_command(f, FIX_GUEST, "%s",
			row && row->tool == SOURCES_MKINITFS ?
				"echo virtio_rng >> /etc/modules" :
				"echo virtio_rng > "
				"/etc/modules-load.d/virtio_rng.conf");
	if (s->initramfs.listed)
		finding_fix(f, FIX_GUEST,
			    "%s names it for the initramfs: make that anew.",
			    s->initramfs.where);
	else if (row != NULL)
		finding_command(f, FIX_GUEST, "%s", row->commands);
	else
		finding_fix(f, FIX_GUEST,
			    "Put virtio_rng into the initramfs, too, with the "
			    "tool that makes it on this system.");
}
