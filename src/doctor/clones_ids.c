/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "doctor/clones_parts.h"

const char clones_page_machine_id[] =
	"/etc/machine-id names this installation. systemd makes it at the "
	"first boot where the file is empty or says 'uninitialized'; DHCP, "
	"journals, D-Bus and others derive their own names from it. It is no "
	"secret of the generator, but two machines with one id are taken for "
	"one: they fight for one DHCP lease.\n"
	"\n"
	"critical: an image holds an id. warn: a running machine has none, one "
	"that was never set, one of zeroes, or D-Bus has another; or aquifer's "
	"seed file shows that this disk was copied. info: the file is missing "
	"where systemd runs, or is empty in a container, as its image has it.\n"
	"\n"
	"systemd takes the id of a KVM guest from its DMI UUID at first boot. "
	"That the two differ proves nothing: installers make ids of their own.";

/* 0123456789abcdef..., as DMI's UUID has it between dashes. */
static bool is_uuid(const char *id, const char *uuid)
{
	size_t n = 0;

	for (; *uuid != '\0'; uuid++) {
		if (*uuid == '-')
			continue;
		if (n >= 32 || strncasecmp(uuid, id + n, 1) != 0)
			return false;
		n++;
	}
	return n == 32;
}

static void judge_image_id(struct finding *f, const struct clones_id *id,
			   bool dbus)
{
	switch (id->state) {
	case ID_SET:
	case ID_NULL:
	case ID_BROKEN:
		finding_say(f, SEVERITY_CRITICAL,
			    "the image holds a machine-id: all its clones "
			    "have the same one");
		finding_why(f, "Clones with one machine-id get one DHCP lease "
			       "and are taken for one machine by journals and "
			       "management.");
		if (dbus)
			finding_command(f, FIX_IMAGE,
					"rm -f var/lib/dbus/machine-id");
		else
			finding_command(f, FIX_IMAGE,
					"truncate -s 0 etc/machine-id");
		finding_evidence(f, id->file.path, "%s",
				 id->state == ID_SET ? id->text : "not empty");
		break;
	case ID_UNSEEN:
		finding_say(f, SEVERITY_UNKNOWN, "%s could not be read",
			    id->file.path);
		finding_evidence(f, id->file.path, "%s",
				 strerror(-id->file.error));
		break;
	case ID_EMPTY:
	case ID_UNINITIALIZED:
		finding_evidence(f, id->file.path, "%s",
				 id->state == ID_EMPTY ? "empty" :
							 "uninitialized");
		break;
	case ID_MISSING:
		break;
	}
}

static void fix_setup(struct finding *f)
{
	finding_command(f, FIX_GUEST,
			"rm -f /etc/machine-id && systemd-machine-id-setup");
	finding_fix(f, FIX_GUEST, "Then restart the machine.");
}

static void judge_machine_id(const struct machine *m, struct finding *f)
{
	const struct clones_id *id = &m->clones->machine_id;

	switch (id->state) {
	case ID_EMPTY:
		finding_evidence(f, id->file.path, "empty");
		/* So their images should be; what runs there makes no use. */
		if (clones_in_container(m)) {
			finding_say(f, SEVERITY_INFO,
				    "this container has an empty machine-id, "
				    "as its image should");
			break;
		}
		finding_say(f, SEVERITY_WARN,
			    "this machine has an empty machine-id");
		fix_setup(f);
		break;
	case ID_UNINITIALIZED:
		finding_say(f, SEVERITY_WARN,
			    "the machine-id was never set on this machine");
		finding_evidence(f, id->file.path, "uninitialized");
		fix_setup(f);
		break;
	case ID_NULL:
	case ID_BROKEN:
		finding_say(f, SEVERITY_WARN, "the machine-id is not valid");
		finding_evidence(f, id->file.path,
				 "not 32 hexadecimal digits, or all zero");
		fix_setup(f);
		break;
	case ID_UNSEEN:
		finding_say(f, SEVERITY_UNKNOWN,
			    "the machine-id could not be read");
		finding_evidence(f, id->file.path, "%s",
				 strerror(-id->file.error));
		break;
	case ID_MISSING:
		if (!m->clones->systemd)
			break;
		finding_say(f, SEVERITY_INFO, "there is no /etc/machine-id");
		finding_command(f, FIX_GUEST, "systemd-machine-id-setup");
		break;
	case ID_SET:
		finding_evidence(f, id->file.path, "%s", id->text);
		break;
	}
}

/* Two machines cannot be told apart from here; one that was copied can. */
static void judge_copied(const struct machine *m, struct finding *f)
{
	const struct clones_seeds *s = &m->clones->seeds;

	for (size_t i = 0; i < s->count; i++) {
		if (s->seeds[i].kind != SEED_OF_AQUIFER ||
		    s->seeds[i].binding != BINDING_OTHER)
			continue;
		finding_say(f, SEVERITY_WARN,
			    "this disk has been another machine's: its seed "
			    "is bound to another machine-id, DMI UUID or VM "
			    "generation");
		finding_evidence(f, s->seeds[i].file.path,
				 "bound to another machine");
		finding_fix(f, FIX_GUEST,
			    "If this is a clone, give it a machine-id of its "
			    "own:");
		fix_setup(f);
	}
}

bool clones_judge_machine_id(const struct machine *m, struct finding *f)
{
	const struct clones_id *id, *dbus;

	if (m->clones == NULL)
		return false;
	id = &m->clones->machine_id;
	dbus = &m->clones->dbus_id;
	if (m->kind == PROBE_IMAGE) {
		judge_image_id(f, id, false);
		if (!dbus->is_link)
			judge_image_id(f, dbus, true);
		if (f->title == NULL)
			finding_say(f, SEVERITY_OK,
				    "the image holds no machine-id: each "
				    "clone makes its own");
		return true;
	}
	judge_machine_id(m, f);
	if (id->state == ID_SET && dbus->state == ID_SET &&
	    strcmp(id->text, dbus->text) != 0) {
		finding_say(f, SEVERITY_WARN, "D-Bus has another machine-id");
		finding_evidence(f, dbus->file.path, "%s", dbus->text);
		finding_command(f, FIX_GUEST,
				"ln -sf /etc/machine-id "
				"/var/lib/dbus/machine-id");
	}
	judge_copied(m, f);
	if (id->state == ID_SET && m->platform.product_uuid[0] != '\0')
		finding_evidence(f, "DMI product UUID", "%s%s",
				 m->platform.product_uuid,
				 is_uuid(id->text, m->platform.product_uuid) ?
					 " (the machine-id is made from it)" :
					 "");
	if (f->title == NULL && id->state == ID_SET)
		finding_say(f, SEVERITY_OK, "this machine has a machine-id");
	return f->title != NULL;
}

const char clones_page_duid[] =
	"A DHCP client names itself by a DUID. Where one is stored in an "
	"image, all clones ask for the same address.\n"
	"\n"
	"critical: an image holds a DUID or the secret a DHCP client makes "
	"addresses with. warn: this machine's DUID is older than the machine: "
	"it came with the image. info: an image holds an old lease. "
	"systemd-networkd stores no DUID, it derives one from the machine-id.";

bool clones_judge_duid(const struct machine *m, struct finding *f)
{
	const struct clones_duids *d;
	bool image = m->kind == PROBE_IMAGE;
	char date[CLONES_DATE_BYTES];

	if (m->clones == NULL)
		return false;
	d = &m->clones->duids;
	for (size_t i = 0; i < d->count; i++) {
		const struct clones_duid *duid = &d->files[i];
		const char *path = duid->file.path;

		finding_evidence(f, path, "%s, written %s",
				 duid->holds_duid ? "DUID" : "lease",
				 clones_date(duid->file.st.mtime_s, date));
		if (image) {
			finding_say(f,
				    duid->holds_duid ? SEVERITY_CRITICAL :
						       SEVERITY_INFO,
				    "the image holds a DHCP client's %s",
				    duid->holds_duid ? "identity" : "lease");
			clones_fix_remove(m, f, path, NULL);
		} else if (duid->holds_duid &&
			   clones_older(m, duid->file.st.mtime_s)) {
			finding_say(f, SEVERITY_WARN,
				    "the DHCP client's identity is older than "
				    "this machine: it came with the image");
			clones_say_birth(m, f);
			clones_fix_remove(m, f, path, NULL);
			finding_fix(f, FIX_GUEST, "Then restart the network.");
		}
		if (f->severity > SEVERITY_INFO)
			finding_why(f, "Two clients with one DUID are given "
				       "one address.");
	}
	clones_say_unseen(&d->unseen, f, "a DHCP client's file");
	if (f->title != NULL)
		return true;
	if (d->count == 0 && !image)
		return false;
	finding_say(f, SEVERITY_OK,
		    image ? "the image holds no DHCP client's identity" :
			    "the DHCP client's identity is this machine's own");
	return true;
}
