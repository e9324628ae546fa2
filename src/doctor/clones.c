/* SPDX-License-Identifier: ISC */
/*
 * Is this machine one of a kind? What it shares with its copies, and whether it
 * would notice that it is one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "doctor/clones_parts.h"

/* Between two steps of one first boot, or of one installation. */
#define SLACK_CLOUD_INIT_S 60
#define SLACK_MACHINE_ID_S 3600

bool clones_in_container(const struct machine *m)
{
	return m->services != NULL && m->services->container;
}

bool clones_older(const struct machine *m, int64_t mtime_s)
{
	const struct clones_instance *i = &m->clones->instance;
	int64_t slack_s = i->by_cloud_init ? SLACK_CLOUD_INIT_S :
					     SLACK_MACHINE_ID_S;

	return i->known && mtime_s < i->born_s - slack_s;
}

const char *clones_date(int64_t time_s, char ret_text[CLONES_DATE_BYTES])
{
	time_t t = (time_t)time_s;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(ret_text, CLONES_DATE_BYTES, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		(void)snprintf(ret_text, CLONES_DATE_BYTES, "at %lld",
			       (long long)time_s);
	return ret_text;
}

bool clones_is_plain(const char *path)
{
	return path[strspn(path, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789/._-+@:,=")] == '\0';
}

void clones_fix_remove(const struct machine *m, struct finding *f,
		       const char *path, const char *suffix)
{
	bool image = m->kind == PROBE_IMAGE;
	enum fix_place place = image ? FIX_IMAGE : FIX_GUEST;
	/* Relative in an image: to be run at its root, not the machine's. */
	const char *at = path + image;

	if (!clones_is_plain(path))
		finding_fix(f, place, "Remove the file %s%s%s.", path,
			    suffix != NULL ? " and the same with " : "",
			    suffix != NULL ? suffix : "");
	else if (suffix != NULL)
		finding_command(f, place, "rm -f %s %s%s", at, at, suffix);
	else
		finding_command(f, place, "rm -f %s", at);
}

void clones_say_birth(const struct machine *m, struct finding *f)
{
	const struct clones_instance *i = &m->clones->instance;
	char date[CLONES_DATE_BYTES];

	if (i->known)
		finding_evidence(f, i->path, "this instance since %s",
				 clones_date(i->born_s, date));
}

void clones_say_unseen(const struct clones_unseen *unseen, struct finding *f,
		       const char *what)
{
	for (size_t i = 0; i < unseen->count; i++) {
		const struct clones_file *file = &unseen->files[i];

		finding_say(f, SEVERITY_UNKNOWN, "%s could not be looked at",
			    what);
		finding_evidence(f, file->path, "%s", strerror(-file->error));
		if (file->error == -EACCES || file->error == -EPERM)
			finding_fix(f, FIX_GUEST,
				    "Run aquifer doctor as root to see it.");
	}
	if (unseen->more)
		finding_evidence(f, "and more", "not shown");
}

#define ON_BOTH (CHECK_MACHINE | CHECK_IMAGE)

static const struct check checks[] = {
	{ "vm-generation", CHECK_MACHINE,
	  "Would this VM learn that it was cloned or restored?",
	  clones_page_generation,
	  "Linux drivers/virt/vmgenid.c, drivers/ptp/ptp_vmclock.c",
	  clones_judge_generation },
	{ "restored", CHECK_MACHINE,
	  "Was this running system resumed from a snapshot?",
	  clones_page_restored, "Linux add_vmfork_randomness()",
	  clones_judge_restored },
	{ "seed-file", ON_BOTH,
	  "Are the seeds on disk private, fresh and this machine's own?",
	  clones_page_seed, "systemd-random-seed.service(8)", clones_judge_seed },
	{ "host-keys", ON_BOTH,
	  "Are the SSH host keys this machine's own, and sound?",
	  clones_page_host_keys, "ssh-keygen(1), cloud-init cc_ssh",
	  clones_judge_host_keys },
	{ "login-keys", ON_BOTH,
	  "May somebody log in with a key that is public or weak?",
	  clones_page_login_keys, "rapid7/ssh-badkeys; CVE-2017-15361",
	  clones_judge_login_keys },
	{ "machine-id", ON_BOTH, "Is the machine-id this machine's own?",
	  clones_page_machine_id, "machine-id(5)", clones_judge_machine_id },
	{ "dhcp-duid", ON_BOTH,
	  "Does the DHCP client use a name that clones share?",
	  clones_page_duid, "RFC 8415, section 11", clones_judge_duid },
	{ "cloud-init-state", ON_BOTH,
	  "Does cloud-init take a clone for a new machine?", clones_page_cloud,
	  "cloud-init: clean, ssh_deletekeys", clones_judge_cloud },
	{ "pollinate-flag", ON_BOTH, "Does a flag stop clones from seeding?",
	  clones_page_pollinate, "pollinate(1)", clones_judge_pollinate },
	{ "image-secrets", CHECK_IMAGE,
	  "Does the image hold secrets that every clone would share?",
	  clones_page_secrets, "virt-sysprep(1)", clones_judge_secrets },
	{ "image-identities", CHECK_IMAGE,
	  "Does the image hold names that every clone would share?",
	  clones_page_identities, "virt-sysprep(1)", clones_judge_identities },
};

const struct check_family family_clones = {
	.name = "clones",
	.checks = checks,
	.n_checks = ARRAY_LEN(checks),
};
