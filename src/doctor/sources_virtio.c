/* SPDX-License-Identifier: ISC */
/* virtio-rng: is there a device, and does a driver have it? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/sources_parts.h"

bool sources_could_have_virtio(const struct machine *m)
{
	static const char *const hosts[] = { "KVM",   "TCG",      "QEMU",
					     "Bochs", "HAXM",     "NVMM",
					     "bhyve", "Apple VZ", "unknown" };
	const struct platform *p = &m->platform;

	/* Amazon's Nitro is KVM, and has no such device for its guests. */
	if (!p->hypervisor || strncmp(m->sources->sys_vendor, "Amazon", 6) == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
		if (strncmp(p->hypervisor_name, hosts[i], strlen(hosts[i])) == 0)
			return true;
	return p->hypervisor_name[0] == '\0';
}

/* The device works, whatever of the bus was seen. */
static bool is_registered(const struct machine *m)
{
	const char *list = m->sources->hwrng.available.text;

	return strncmp(list, "virtio_rng", 10) == 0 ||
	       strstr(list, " virtio_rng") != NULL ||
	       strncmp(m->sources->hwrng.current.text, "virtio_rng", 10) == 0;
}

/* Shows each; returns whether one has a driver, and that driver. */
static const char *show_devices(const struct sources_devices *list,
				const char *what, struct finding *f)
{
	const char *driver = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct sources_device *d = &list->at[i];

		finding_evidence(f, d->path, "%s, %s%s", what,
				 d->driver[0] ? "driver " : "no driver",
				 d->driver);
		if (driver == NULL && d->driver[0] != '\0')
			driver = d->driver;
	}
	return driver;
}

static void show_module(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const struct sources_module *d = &s->module[SOURCES_VIRTIO_RNG];
	char option = s->config.value[SOURCES_HW_RANDOM_VIRTIO];

	if (option == 'y' || option == 'm')
		finding_evidence(f, s->config.path,
				 "CONFIG_HW_RANDOM_VIRTIO=%c", option);
	else if (option == 'n')
		finding_evidence(f, s->config.path,
				 "CONFIG_HW_RANDOM_VIRTIO is not set");
	if (s->modules_dep_error == 0)
		finding_evidence(f, "modules.dep", "virtio_rng is %s",
				 d->on_disk ? "on disk" : "not there");
	if (d->builtin)
		finding_evidence(f, "modules.builtin", "virtio_rng");
	if (s->modules_loaded_error == 0 || d->loaded)
		finding_evidence(f, "/proc/modules", "virtio_rng is %s",
				 d->loaded ? "loaded" : "not loaded");
}

static void show_initramfs(const struct machine *m, struct finding *f)
{
	static const char *const tools[] = {
		[SOURCES_INITRAMFS_UNKNOWN] = "initramfs",
		[SOURCES_INITRAMFS_TOOLS] = "initramfs-tools",
		[SOURCES_DRACUT] = "dracut",
		[SOURCES_MKINITCPIO] = "mkinitcpio",
		[SOURCES_MKINITFS] = "mkinitfs",
	};
	const struct sources_initramfs *i = &m->sources->initramfs;

	if (i->listed)
		finding_evidence(f, i->where,
				 "puts virtio_rng into the initramfs");
	else if (i->tool != SOURCES_INITRAMFS_UNKNOWN)
		finding_evidence(f, tools[i->tool],
				 "its configuration does not name virtio_rng;"
				 " whether the initramfs holds it all the same "
				 "was not looked at%s%s",
				 i->mode[0] ? "; MODULES=" : "", i->mode);
}

/* Built in, or loaded before the root file system is there? */
static bool comes_late(const struct machine *m)
{
	const struct sources_facts *s = m->sources;

	return !s->module[SOURCES_VIRTIO_RNG].builtin &&
	       s->config.value[SOURCES_HW_RANDOM_VIRTIO] != 'y' &&
	       s->initramfs.tool != SOURCES_INITRAMFS_UNKNOWN &&
	       !s->initramfs.listed;
}

static bool say_working(const struct machine *m, const char *driver,
			struct finding *f)
{
	if (driver != NULL && strcmp(driver, "virtio_rng") != 0 &&
	    strcmp(driver, "virtio-pci") != 0)
		finding_say(f, SEVERITY_INFO,
			    "the virtio-rng device is driven by %s, not by the"
			    " kernel's virtio_rng",
			    driver);
	else
		finding_say(f, SEVERITY_OK,
			    "virtio-rng device there, driver virtio_rng bound");
	finding_why(f, "The host hands this guest bytes of its own generator. "
		       "A host that has gone silent looks healthy from here: "
		       "nothing in /sys shows it.");
	if (comes_late(m))
		finding_why(f, "virtio_rng is a module here. Where it is not in"
			       " the initramfs, it comes after the root file "
			       "system, and what needs random numbers earlier "
			       "does without it.");
	return true;
}

static bool is_missing(const struct sources_facts *s)
{
	const struct sources_module *d = &s->module[SOURCES_VIRTIO_RNG];

	return s->modules_dep_error == 0 && !d->on_disk && !d->builtin &&
	       !d->loaded && s->config.value[SOURCES_HW_RANDOM_VIRTIO] != 'y';
}

static void advise_missing(const struct machine *m, struct finding *f)
{
	const char *release = m->platform.kernel_release;

	finding_fix(f, FIX_GUEST,
		    "Install the package that holds virtio_rng for this "
		    "kernel, or boot a kernel that has it. Then load it:");
	if (strcmp(m->sources->os_id, "ubuntu") == 0)
		finding_command(f, FIX_GUEST,
				"apt install linux-modules-extra-%s", release);
	else if (strstr(release, ".el") || strstr(release, ".fc"))
		finding_command(f, FIX_GUEST, "dnf install kernel-modules-%s",
				release);
	sources_advise_driver(m, f);
}

static void say_unbound(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const struct sources_module *d = &s->module[SOURCES_VIRTIO_RNG];
	const char *bar = d->barred_by[0] ? d->barred_by :
					    s->command_line.modules_barred;

#define DEVICE "virtio-rng device without a driver: "
	if (s->config.value[SOURCES_HW_RANDOM_VIRTIO] == 'n' && !d->on_disk &&
	    !d->builtin && !d->loaded) {
		finding_say(f, SEVERITY_WARN,
			    DEVICE "this kernel is built without virtio_rng");
		finding_fix(f, FIX_GUEST,
			    "Boot a kernel with CONFIG_HW_RANDOM_VIRTIO: the "
			    "standard kernels of Debian, Ubuntu, RHEL, SUSE and"
			    " Alpine (linux-virt) have it.");
	} else if (d->loaded || d->builtin ||
		   s->config.value[SOURCES_HW_RANDOM_VIRTIO] == 'y') {
		finding_say(f, SEVERITY_WARN,
			    DEVICE "virtio_rng is there and has not taken it");
		finding_fix(f, FIX_GUEST, "Look for why in the kernel's log:");
		finding_command(f, FIX_GUEST,
				"dmesg | grep -iE 'virtio|hw_random'");
	} else if (bar[0] != '\0') {
		finding_say(f, SEVERITY_WARN,
			    DEVICE "virtio_rng is kept from loading");
		finding_evidence(f, NULL, "%s", bar);
		finding_fix(f, FIX_GUEST, "Take out \"%s\". Then load it:", bar);
		sources_advise_driver(m, f);
	} else if (is_missing(s)) {
		finding_say(f, SEVERITY_WARN,
			    DEVICE "virtio_rng is not among this kernel's "
				   "modules");
		advise_missing(m, f);
	} else {
		finding_say(f, SEVERITY_WARN, DEVICE "virtio_rng is not loaded");
		finding_fix(f, FIX_GUEST,
			    "Load the driver now, at every start,"
			    " and in the initramfs:");
		sources_advise_driver(m, f);
	}
#undef DEVICE
	finding_why(f, "The host offers random numbers and nobody takes them: "
		       "the device does nothing until virtio_rng drives it. "
		       "Until then the kernel has to make do with what else "
		       "it finds.");
}

/* The PCI function is there, and no virtio bus above it. */
static void say_no_transport(const struct machine *m, const char *driver,
			     struct finding *f)
{
	if (driver != NULL && strcmp(driver, "virtio-pci") != 0) {
		finding_say(f, SEVERITY_INFO,
			    "the virtio-rng device is held by %s, not by this "
			    "kernel's virtio drivers",
			    driver);
		return;
	}
	finding_say(f, SEVERITY_WARN,
		    "virtio-rng device without a driver: virtio_pci does not "
		    "drive it");
	finding_why(f, "The device is on the PCI bus, the driver of that "
		       "transport has not taken it, so virtio_rng never sees "
		       "it.");
	finding_fix(f, FIX_GUEST, "Load both drivers:");
	finding_command(f, FIX_GUEST, "modprobe virtio_pci");
	sources_advise_driver(m, f);
}

static bool say_no_device(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;

	if (!sources_could_have_virtio(m))
		return false;
	if (s->virtio.error == -EACCES || s->virtio.error == -EPERM ||
	    s->pci.error == -EACCES || s->pci.error == -EPERM) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "/sys/bus could not be looked at: a virtio-rng "
			    "device may or may not be there");
		finding_fix(f, FIX_GUEST, "Run as root: aquifer doctor");
		return true;
	}
	finding_say(f, SEVERITY_INFO,
		    "this guest has no virtio-rng device that can be seen");
	finding_evidence(f, "/sys/bus/virtio/devices",
			 "no device of type 4 (entropy)");
	if (s->mmio_unbound_count > 0)
		finding_evidence(f, "/sys/bus/platform/devices",
				 "%zu virtio-mmio device(s) without a driver "
				 "(virtio_mmio); one may be a virtio-rng",
				 s->mmio_unbound_count);
	finding_why(f, "A virtio-rng lets the host hand its random numbers to "
		       "the guest. It is the one source that a guest can have "
		       "whatever its CPU offers.");
	sources_advise_device(m, f);
	return true;
}

bool sources_judge_virtio(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const char *driver, *function;

	if (s == NULL)
		return false;
	driver = show_devices(&s->virtio, "virtio device of type 4", f);
	function = show_devices(&s->pci, "virtio-rng on PCI", f);
	if (s->virtio.count == 0 && s->pci.count == 0 && !is_registered(m))
		return say_no_device(m, f);
	if (s->hwrng.available.error == 0)
		finding_evidence(f, "/sys/class/misc/hw_random/rng_available",
				 "%s",
				 s->hwrng.available.text[0] ?
					 s->hwrng.available.text :
					 "(empty)");
	show_module(m, f);
	show_initramfs(m, f);
	if (driver != NULL || is_registered(m))
		return say_working(m, driver, f);
	if (s->virtio.count == 0)
		say_no_transport(m, function, f);
	else
		say_unbound(m, f);
	return true;
}
