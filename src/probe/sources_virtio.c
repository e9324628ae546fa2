/* SPDX-License-Identifier: ISC */
/*
 * virtio entropy devices. The virtio bus knows them once the transport below
 * has a driver; without one only the PCI function (or an anonymous virtio-mmio
 * region) is there to be seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/sources_parts.h"

/* VIRTIO 1.2, 5: device type 4, entropy source. */
#define TYPE_ENTROPY 4
#define VIRTIO_BUS "/sys/bus/virtio"
#define PCI_BUS "/sys/bus/pci/devices"
#define NAMES_MAX 4096

struct walk {
	const struct probe_root *root;
	struct sources_facts *f;
};

static bool read_number(const struct probe_root *root, const char *dir,
			const char *file, unsigned long *ret_value)
{
	char path[SOURCES_PATH_BYTES], text[32], *end;

	(void)snprintf(path, sizeof path, "%s/%s", dir, file);
	sources_text(root, path, text, sizeof text);
	*ret_value = strtoul(text, &end, 16);
	return end != text;
}

/* "virtio:d00000004v00001AF4", in a file of its own or among uevent's lines. */
static bool type_by_alias(const struct probe_root *root, const char *dir,
			  const char *file, unsigned long *ret_type)
{
	char path[SOURCES_PATH_BYTES], text[1024], *at, *end;

	(void)snprintf(path, sizeof path, "%s/%s", dir, file);
	if (probe_root_read(root, path, text, sizeof text) <= 0)
		return false;
	at = strstr(text, "virtio:d");
	if (at == NULL)
		return false;
	*ret_type = strtoul(at + 8, &end, 16);
	return end != at + 8;
}

static bool is_entropy(const struct probe_root *root, const char *dir)
{
	unsigned long type;

	return (read_number(root, dir, "device", &type) ||
		type_by_alias(root, dir, "modalias", &type) ||
		type_by_alias(root, dir, "uevent", &type)) &&
	       type == TYPE_ENTROPY;
}

static struct sources_device *add(struct sources_devices *list, const char *path)
{
	struct sources_device *d = &list->at[list->count];

	if (list->count == SOURCES_DEVICES_MAX) {
		list->more = true;
		return NULL;
	}
	sources_copy(d->path, sizeof d->path, path);
	list->count++;
	return d;
}

static bool on_virtio(void *context, const char *name)
{
	const struct walk *w = context;
	char path[SOURCES_PATH_BYTES];
	struct sources_device *d;

	(void)snprintf(path, sizeof path, VIRTIO_BUS "/devices/%s", name);
	if (!is_entropy(w->root, path))
		return true;
	d = add(&w->f->virtio, path);
	if (d == NULL)
		return false;
	sources_driver(w->root, path, d->driver, sizeof d->driver);
	/* The driver's side of the same link. */
	(void)snprintf(path, sizeof path, VIRTIO_BUS "/drivers/virtio_rng/%s",
		       name);
	if (d->driver[0] == '\0' && probe_root_exists(w->root, path))
		sources_copy(d->driver, sizeof d->driver, "virtio_rng");
	return true;
}

/*
 * VIRTIO 1.2, 4.1.2: 1040h + type, and the transitional 1005h. A transitional
 * device of another number tells its type in the subsystem's.
 */
static bool is_entropy_function(const struct probe_root *root, const char *dir)
{
	unsigned long vendor, device, subsystem;

	if (!read_number(root, dir, "vendor", &vendor) || vendor != 0x1af4 ||
	    !read_number(root, dir, "device", &device))
		return false;
	if (device == 0x1005 || device == 0x1040 + TYPE_ENTROPY)
		return true;
	return device >= 0x1000 && device <= 0x103f &&
	       read_number(root, dir, "subsystem_device", &subsystem) &&
	       subsystem == TYPE_ENTROPY;
}

static bool on_pci(void *context, const char *name)
{
	const struct walk *w = context;
	char path[SOURCES_PATH_BYTES];
	struct sources_device *d;

	(void)snprintf(path, sizeof path, PCI_BUS "/%s", name);
	if (!is_entropy_function(w->root, path))
		return true;
	d = add(&w->f->pci, path);
	if (d == NULL)
		return false;
	sources_driver(w->root, path, d->driver, sizeof d->driver);
	return true;
}

/* ACPI's LNRO0005:00, the device tree's a000000.virtio_mmio, virtio-mmio.0 */
static bool on_platform(void *context, const char *name)
{
	const struct walk *w = context;
	char path[SOURCES_PATH_BYTES], driver[32];

	if (strncmp(name, "LNRO0005", 8) != 0 &&
	    strstr(name, "virtio_mmio") == NULL &&
	    strncmp(name, "virtio-mmio", 11) != 0)
		return true;
	(void)snprintf(path, sizeof path, "/sys/bus/platform/devices/%s", name);
	sources_driver(w->root, path, driver, sizeof driver);
	if (driver[0] == '\0')
		w->f->mmio_unbound_count++;
	return true;
}

void probe_sources_virtio(const struct probe_root *root, struct sources_facts *f)
{
	struct walk w = { root, f };
	int r;

	f->sys_seen = probe_root_exists(root, "/sys/bus") ||
		      probe_root_exists(root, "/sys/class");
	r = probe_root_list(root, VIRTIO_BUS "/devices", NAMES_MAX, on_virtio,
			    &w);
	f->virtio.error = r < 0 ? r : 0;
	r = probe_root_list(root, PCI_BUS, NAMES_MAX, on_pci, &w);
	f->pci.error = r < 0 ? r : 0;
	(void)probe_root_list(root, "/sys/bus/platform/devices", NAMES_MAX,
			      on_platform, &w);
}
