/* SPDX-License-Identifier: ISC */
#include "doctor/clones_parts.h"

const char clones_page_secrets[] =
	"Private keys and passwords that were made on the machine an image was "
	"taken of are the same on all its clones, and known to everybody who "
	"has the image.\n"
	"\n"
	"critical: files stand where private keys are kept: TLS, WireGuard, "
	"IPsec, Kerberos, Salt, Puppet, Chef, Kubernetes, users' SSH keys, "
	"agents of clouds. warn: keys that may log in (authorized_keys) are in "
	"the image. info: files that may hold a password. Files are known by "
	"their names and places; they are not opened. A key that is meant to "
	"be on every clone is named all the same.";

const char clones_page_identities[] =
	"Some software gives each machine a name and stores it: iSCSI, NVMe, "
	"ZFS, subscription services. Clones with one name are taken for one "
	"machine.\n"
	"\n"
	"warn: such names are in the image. info: traces of the machine the "
	"image was taken of: journals, shell histories. machine-id, DHCP and "
	"cloud-init have checks of their own.";

static void fix_item(const struct machine *m, struct finding *f,
		     const struct image_item *item)
{
	if (item->action == ITEM_REMOVE)
		clones_fix_remove(m, f, item->path, NULL);
	else
		finding_fix(f, FIX_IMAGE,
			    "Decide about %s: make it at each clone's first "
			    "boot, or hand it out by your configuration "
			    "management.",
			    item->path);
}

static void judge_item(const struct machine *m, struct finding *f,
		       const struct image_item *item, enum severity severity,
		       const char *title)
{
	finding_evidence(f, item->path, "%s", item->what);
	finding_say(f, item->harmless ? SEVERITY_INFO : severity, "%s", title);
	if (!item->harmless)
		fix_item(m, f, item);
}

bool clones_judge_secrets(const struct machine *m, struct finding *f)
{
	const struct clones_image *image;

	if (m->clones == NULL || m->kind != PROBE_IMAGE)
		return false;
	image = &m->clones->image;
	for (size_t i = 0; i < image->count; i++) {
		const struct image_item *item = &image->items[i];

		if (item->kind == ITEM_SECRET)
			judge_item(m, f, item, SEVERITY_CRITICAL,
				   item->harmless ?
					   "the image holds files that may "
					   "have passwords in them" :
					   "the image holds private keys or "
					   "passwords");
		else if (item->kind == ITEM_LOGIN)
			judge_item(m, f, item, SEVERITY_WARN,
				   "the image lets its builder's keys log in "
				   "to every clone");
	}
	if (f->severity >= SEVERITY_WARN)
		finding_why(f, "What is in an image is known to all who have "
			       "it, and the same on all its clones.");
	if (image->more)
		finding_say(f, SEVERITY_UNKNOWN,
			    "the image holds more than is listed here");
	clones_say_unseen(&image->unseen, f, "a place of private keys");
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    "no private key or password was found in the "
			    "known places");
	return true;
}

bool clones_judge_identities(const struct machine *m, struct finding *f)
{
	const struct clones_image *image;

	if (m->clones == NULL || m->kind != PROBE_IMAGE)
		return false;
	image = &m->clones->image;
	for (size_t i = 0; i < image->count; i++)
		if (image->items[i].kind == ITEM_IDENTITY)
			judge_item(m, f, &image->items[i], SEVERITY_WARN,
				   image->items[i].harmless ?
					   "the image holds traces of the "
					   "machine it was taken of" :
					   "the image holds names that tell "
					   "machines apart");
	if (f->severity >= SEVERITY_WARN)
		finding_why(f, "Clones with one name are taken for one "
			       "machine.");
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    "no stored name of a machine was found in the "
			    "known places");
	return true;
}
