/* SPDX-License-Identifier: ISC */
/* machine-id, D-Bus's copy of it, and what DHCP clients call themselves. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "probe/clones_parts.h"

#define LEASES_BYTES (1 << 20)

static enum clones_id_state judge_text(const char *text)
{
	if (text[0] == '\0')
		return ID_EMPTY;
	if (strcmp(text, "uninitialized") == 0)
		return ID_UNINITIALIZED;
	if (strlen(text) != 32 || strspn(text, "0123456789abcdefABCDEF") != 32)
		return ID_BROKEN;
	return strspn(text, "0") == 32 ? ID_NULL : ID_SET;
}

static void look_at_id(const struct probe_root *root, const char *path,
		       struct clones_id *id)
{
	char text[128];
	ssize_t n;

	clones_look_self(root, path, &id->file);
	id->is_link = id->file.error == 0 && S_ISLNK(id->file.st.mode);
	clones_look(root, path, &id->file);
	id->state = ID_MISSING;
	if (id->file.error == -ENOENT)
		return;
	n = clones_text(root, path, text, sizeof text);
	if (n < 0) {
		id->state = ID_UNSEEN;
		if (id->file.error == 0)
			id->file.error = (int)n;
		return;
	}
	id->state = judge_text(text);
	if (id->state == ID_SET)
		memcpy(id->text, text, sizeof id->text);
}

void clones_probe_ids(const struct probe_root *root, struct clones_facts *f)
{
	look_at_id(root, "/etc/machine-id", &f->machine_id);
	look_at_id(root, "/var/lib/dbus/machine-id", &f->dbus_id);
}

/* What holds a DUID (or the secret that addresses are made with) by its name. */
static const char *const duid_files[] = {
	"/var/lib/dhcpcd/duid",        "/var/lib/dhcpcd/secret",
	"/var/db/dhcpcd/duid",         "/var/db/dhcpcd/secret",
	"/var/db/dhcpcd.duid",         "/etc/dhcpcd.duid",
	"/etc/dhcpcd.secret",          "/var/lib/dhcpv6/dhcp6c_duid",
	"/var/lib/dhcp6c/dhcp6c_duid", "/var/db/dhcp6c_duid",
	"/var/lib/wicked/duid.xml",    "/var/lib/dhcp/dhcp6c_duid",
};

/* Leases, which may hold one: dhclient writes default-duid. */
static const struct {
	const char *dir, *prefix, *suffix;
} leases[] = {
	{ "/var/lib/dhcp", "dhclient", "leases" },
	{ "/var/lib/dhclient", "dhclient", "leases" },
	{ "/var/lib/dhclient", "dhclient", "lease" },
	{ "/var/lib/NetworkManager", "", ".lease" },
	{ "/var/lib/NetworkManager", "", "-lease" },
	{ "/var/lib/dhcpcd", "", ".lease" },
	{ "/var/lib/dhcpcd", "", ".lease6" },
	{ "/var/lib/wicked", "lease-", ".xml" },
};

struct search {
	const struct probe_root *root;
	struct clones_duids *d;
};

static struct clones_duid *add_file(const struct search *s, const char *path)
{
	struct clones_duids *d = s->d;
	struct clones_duid *duid;

	if (d->count == CLONES_DUIDS_MAX) {
		d->more = true;
		return NULL;
	}
	duid = &d->files[d->count];
	clones_look(s->root, path, &duid->file);
	if (duid->file.error != 0) {
		clones_unseen(&d->unseen, path, duid->file.error);
		return NULL;
	}
	/* Emptied is as good as removed. */
	if (duid->file.st.size_bytes == 0 || !S_ISREG(duid->file.st.mode))
		return NULL;
	d->count++;
	return duid;
}

static void on_lease(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	struct clones_duid *duid = add_file(s, path);
	char *text;
	ssize_t n;

	(void)name;
	if (duid == NULL)
		return;
	n = probe_root_load(s->root, path, LEASES_BYTES, &text);
	if (n < 0) {
		/* A lease file is readable or not for its mode alone. */
		clones_unseen(&s->d->unseen, path, (int)n);
		return;
	}
	duid->holds_duid = strstr(text, "default-duid") != NULL ||
			   strstr(text, "dhcp6.client-id") != NULL ||
			   strstr(text, "client-id") != NULL;
	wipe(text, (size_t)n);
	free(text);
}

void clones_probe_duids(const struct probe_root *root, struct clones_duids *d)
{
	struct search s = { root, d };

	for (size_t i = 0; i < ARRAY_LEN(duid_files); i++) {
		struct clones_duid *duid = add_file(&s, duid_files[i]);

		if (duid != NULL)
			duid->holds_duid = true;
	}
	for (size_t i = 0; i < ARRAY_LEN(leases); i++)
		clones_each(root, leases[i].dir, leases[i].prefix,
			    leases[i].suffix, NULL, on_lease, &s);
}
