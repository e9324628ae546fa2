/* SPDX-License-Identifier: ISC */
/* Generation devices: what the firmware describes, and who drives it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_parts.h"

#define DEVICE_TREE "/sys/firmware/devicetree/base"

/*
 * VMGenID is told by its compatible id (_CID), whoever made the device: QEMU
 * calls it QEMUVGID, Hyper-V Hyper_V_Gen_Counter_V1, Firecracker FCVMGID. The
 * modalias lists both ids.
 */
static const struct {
	const char *id;
	enum generation_kind kind;
} ids[] = {
	{ "VM_GEN_COUNTER", GENERATION_VMGENID },
	{ "VMGENCTR", GENERATION_VMGENID },
	{ "QEMUVGID", GENERATION_VMGENID },
	{ "FCVMGID", GENERATION_VMGENID },
	{ "Hyper_V_Gen_Counter", GENERATION_VMGENID },
	{ "AMZNC10C", GENERATION_VMCLOCK },
	{ "VMCLOCK", GENERATION_VMCLOCK },
	{ "microsoft,vmgenid", GENERATION_VMGENID },
	{ "amazon,vmclock", GENERATION_VMCLOCK },
};

static const char *const drivers[GENERATION_COUNT][2] = {
	[GENERATION_VMGENID] = { "vmgenid", "vmgenid" },
	[GENERATION_VMCLOCK] = { "vmclock", "ptp_vmclock" },
};

struct search {
	const struct probe_root *root;
	struct clones_generation *g;
};

/* Firmware writes ids in any case. */
static struct generation_device *match(struct clones_generation *g,
				       const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (strcasestr(text, ids[i].id) != NULL)
			return &g->devices[ids[i].kind];
	return NULL;
}

static void note_bound(const struct search *s, struct generation_device *d,
		       const char *path)
{
	if (d->bound || !probe_root_exists(s->root, path))
		return;
	d->bound = true;
	clones_copy(d->bound_path, sizeof d->bound_path, path);
}

/* An ACPI driver binds the node itself, a platform driver its companion. */
static void look_bound(const struct search *s, struct generation_device *d,
		       const char *path, const char *name)
{
	size_t kind = (size_t)(d - s->g->devices);
	char dir[CLONES_PATH_BYTES], full[CLONES_PATH_BYTES];

	if (clones_join(full, path, "driver"))
		note_bound(s, d, full);
	if (clones_join(full, path, "physical_node/driver"))
		note_bound(s, d, full);
	for (size_t i = 0; i < ARRAY_LEN(drivers[kind]); i++) {
		if (clones_join(dir, "/sys/bus/acpi/drivers", drivers[kind][i]) &&
		    clones_join(full, dir, name))
			note_bound(s, d, full);
		if (clones_join(dir, "/sys/bus/platform/drivers",
				drivers[kind][i]) &&
		    clones_join(full, dir, name))
			note_bound(s, d, full);
	}
}

static void note_device(const struct search *s, const char *path,
			const char *name, const char *text, const char *hid)
{
	struct generation_device *d = match(s->g, text);

	if (d == NULL)
		return;
	if (!d->present) {
		d->present = true;
		clones_copy(d->path, sizeof d->path, path);
		clones_copy(d->hid, sizeof d->hid, hid);
	}
	look_bound(s, d, path, name);
}

static void look_at_device(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	char text[256], hid[64], full[CLONES_PATH_BYTES];

	s->g->buses_seen = true;
	(void)snprintf(text, sizeof text, "%s", name);
	if (!clones_join(full, path, "hid") ||
	    clones_text(s->root, full, hid, sizeof hid) <= 0)
		clones_copy(hid, sizeof hid, name);
	note_device(s, path, name, hid, hid);
	note_device(s, path, name, text, hid);
	if (clones_join(full, path, "modalias") &&
	    clones_text(s->root, full, text, sizeof text) > 0)
		note_device(s, path, name, text, hid);
}

static void look_at_node(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	char text[256], full[CLONES_PATH_BYTES];
	ssize_t n;

	s->g->buses_seen = true;
	if (!clones_join(full, path, "compatible"))
		return;
	n = probe_root_read(s->root, full, text, sizeof text);
	/* A list of strings, each with its NUL. */
	for (ssize_t i = 0; i + 1 < n; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	if (n > 0)
		note_device(s, path, name, text, "device tree");
}

static void look_at_dev(void *context, const char *path, const char *name)
{
	const struct search *s = context;

	(void)path;
	(void)name;
	s->g->vmclock_node = true;
}

void clones_probe_generation(const struct probe_root *root,
			     struct clones_generation *g)
{
	struct search s = { root, g };

	clones_each(root, "/sys/bus/acpi/devices", "", "", NULL, look_at_device,
		    &s);
	clones_each(root, "/sys/bus/platform/devices", "", "", NULL,
		    look_at_device, &s);
	clones_each(root, DEVICE_TREE, "", "", NULL, look_at_node, &s);
	clones_each(root, "/dev", "vmclock", "", NULL, look_at_dev, &s);
	/* Its node in /dev is made by the driver alone. */
	if (g->vmclock_node) {
		struct generation_device *d = &g->devices[GENERATION_VMCLOCK];

		d->present = true;
		if (d->path[0] == '\0')
			clones_copy(d->path, sizeof d->path, "/dev/vmclock0");
		note_bound(&s, d, "/dev/vmclock0");
	}
}
