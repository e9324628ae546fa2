/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "doctor/clones_parts.h"

const char clones_page_seed[] =
	"A seed file carries randomness from one boot to the next. It is a "
	"secret: who reads it knows part of what the next boot starts with. "
	"Two machines with one file (a golden image, a copied disk) start "
	"alike.\n"
	"\n"
	"critical: an image holds a seed that is not empty, since all its "
	"clones share it; a seed that came with the image, or that everybody "
	"may read, is counted as entropy; a seed stands on the kernel's "
	"command line, where everybody can read it. warn: a seed can be read "
	"by others, is empty, came with the image, belongs to another machine, "
	"or is counted although it was not renewed. info: worth knowing: the "
	"seed is counted, or is older than this boot and not counted.\n"
	"\n"
	"systemd-random-seed mixes its file in and does not count it, unless "
	"SYSTEMD_RANDOM_SEED_CREDIT is set; 'yes' counts only a file that this "
	"machine itself has written, 'force' any. seedrng counts the file "
	"named seed.credit. aquiferd counts its file only where it is bound to "
	"this machine and VM generation. systemd-boot's file on the boot "
	"partition is made into a new one at each boot.";

static void say_why(struct finding *f)
{
	finding_why(f, "A seed that others know or share gives them part of "
		       "what a machine's random numbers start with.");
}

static bool is_credited(const struct clones_seeds *s,
			const struct clones_seed *seed)
{
	switch (seed->kind) {
	case SEED_OF_SYSTEMD:
		return s->systemd_credit == CREDIT_YES ||
		       s->systemd_credit == CREDIT_FORCE;
	case SEED_OF_SEEDRNG:
		return seed->creditable && !s->seedrng_skips_credit;
	default:
		return false;
	}
}

static void judge_mode(struct finding *f, const struct clones_seed *seed,
		       bool credited)
{
	const struct probe_stat *st = &seed->file.st;
	bool others = (st->mode & 0004) != 0;
	bool group = (st->mode & 0040) != 0 && st->gid != 0;

	if (!others && !group)
		return;
	finding_say(f, credited && others ? SEVERITY_CRITICAL : SEVERITY_WARN,
		    "%s can be read by %s", seed->file.path,
		    others ? "everybody" : "its group");
	finding_evidence(f, seed->file.path, "mode %04o, group %u",
			 (unsigned)st->mode & 07777u, (unsigned)st->gid);
	say_why(f);
	if (seed->kind == SEED_OF_LOADER)
		finding_fix(f, FIX_GUEST,
			    "The boot partition has no modes of its own: mount "
			    "it with umask=0077 (fourth field of its line in "
			    "/etc/fstab).");
	else
		finding_command(f, FIX_GUEST, "chmod 600 %s", seed->file.path);
}

static void judge_age(const struct machine *m, struct finding *f,
		      const struct clones_seed *seed, bool credited)
{
	const struct clones_facts *c = m->clones;
	int64_t mtime_s = seed->file.st.mtime_s;
	char date[CLONES_DATE_BYTES];
	/* A clock that is set late in the boot dates early files too old. */
	const int64_t slack_s = 600;

	if (clones_older(m, mtime_s)) {
		finding_say(f, credited ? SEVERITY_CRITICAL : SEVERITY_WARN,
			    "%s is older than this machine: its image's "
			    "clones have the same one%s",
			    seed->file.path,
			    credited ? ", and it is counted as entropy" : "");
		clones_say_birth(m, f);
		say_why(f);
	} else if (c->boot_s != 0 && mtime_s < c->boot_s - slack_s) {
		finding_say(f, credited ? SEVERITY_WARN : SEVERITY_INFO,
			    "%s was not renewed since this boot%s",
			    seed->file.path,
			    credited ? ", and is counted as entropy" : "");
	} else {
		return;
	}
	finding_evidence(f, seed->file.path, "written %s",
			 clones_date(mtime_s, date));
	if (seed->kind == SEED_OF_SYSTEMD)
		finding_command(f, FIX_GUEST,
				"systemctl restart systemd-random-seed");
	else
		finding_fix(f, FIX_GUEST,
			    "Have the service that owns %s write it anew, or "
			    "remove it.",
			    seed->file.path);
}

static void judge_binding(struct finding *f, const struct clones_seed *seed)
{
	if (seed->binding == BINDING_OTHER) {
		finding_say(f, SEVERITY_WARN,
			    "%s belongs to another machine or to this one "
			    "before it was copied",
			    seed->file.path);
		finding_why(f, "aquifer binds its seed to machine-id, DMI UUID "
			       "and VM generation. Here they differ: this disk "
			       "is a copy, or the VM was restored.");
		finding_command(f, FIX_GUEST, "systemctl restart aquiferd");
	} else if (seed->binding == BINDING_BAD) {
		finding_say(f, SEVERITY_WARN, "%s is damaged", seed->file.path);
		finding_command(f, FIX_GUEST, "systemctl restart aquiferd");
	}
}

static void judge_one(const struct machine *m, struct finding *f,
		      const struct clones_seed *seed)
{
	const struct clones_seeds *s = &m->clones->seeds;
	bool credited = is_credited(s, seed);

	if (!S_ISREG(seed->file.st.mode)) {
		finding_say(f, SEVERITY_WARN, "%s is no file", seed->file.path);
		finding_evidence(f, seed->file.path, "type %06o",
				 (unsigned)seed->file.st.mode & S_IFMT);
		finding_fix(f, FIX_GUEST,
			    "Remove %s; its service makes a file at shutdown.",
			    seed->file.path);
		return;
	}
	finding_evidence(f, seed->file.path, "%llu bytes, mode %04o%s",
			 (unsigned long long)seed->file.st.size_bytes,
			 (unsigned)seed->file.st.mode & 07777u,
			 credited ? ", counted as entropy" : "");
	if (seed->file.st.size_bytes == 0) {
		finding_say(f, SEVERITY_WARN, "%s is empty: it seeds nothing",
			    seed->file.path);
		finding_fix(f, FIX_GUEST,
			    "Remove it; its service makes a new "
			    "one at shutdown.");
		return;
	}
	judge_mode(f, seed, credited);
	judge_age(m, f, seed, credited);
	judge_binding(f, seed);
	if (seed->kind == SEED_OF_SEEDRNG && credited)
		finding_say(f, SEVERITY_INFO,
			    "%s is counted as entropy: a copy of this disk "
			    "counts the same bytes",
			    seed->file.path);
}

static void judge_image(const struct clones_seeds *s, struct finding *f)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct clones_file *file = &s->seeds[i].file;

		if (file->st.size_bytes == 0)
			continue;
		finding_say(f, SEVERITY_CRITICAL,
			    "the image holds a seed: all its clones start "
			    "with the same one");
		finding_evidence(f, file->path, "%llu bytes",
				 (unsigned long long)file->st.size_bytes);
		say_why(f);
		finding_command(f, FIX_IMAGE, "rm -f %s", file->path + 1);
	}
	clones_say_unseen(&s->unseen, f, "a seed file or its unit");
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK, "the image holds no seed");
}

static void judge_settings(const struct machine *m, struct finding *f)
{
	const struct clones_seeds *s = &m->clones->seeds;

	if (s->on_command_line) {
		finding_say(f, SEVERITY_CRITICAL,
			    "a seed stands on the kernel's command line: "
			    "everybody can read it, and it is counted in full");
		finding_evidence(f, "/proc/cmdline", "systemd.random_seed=...");
		say_why(f);
		finding_fix(f, FIX_GUEST,
			    "Take systemd.random_seed= off the command line in "
			    "the boot loader's configuration.");
	}
	if (s->systemd_credit != CREDIT_YES && s->systemd_credit != CREDIT_FORCE)
		return;
	finding_say(f,
		    s->systemd_credit == CREDIT_FORCE ? SEVERITY_WARN :
							SEVERITY_INFO,
		    s->systemd_credit == CREDIT_FORCE ?
			    "systemd counts its seed file as entropy, whoever "
			    "wrote it" :
			    "systemd counts its seed file as entropy");
	finding_evidence(f, s->systemd_credit_path,
			 "SYSTEMD_RANDOM_SEED_CREDIT=%s",
			 s->systemd_credit == CREDIT_FORCE ? "force" : "yes");
	finding_why(f, "A copy of this disk counts the same bytes as entropy "
		       "that only it has.");
	if (s->systemd_credit == CREDIT_FORCE)
		finding_fix(f, FIX_GUEST,
			    "Take the setting out of %s, or write 'yes' in the "
			    "place of 'force'.",
			    s->systemd_credit_path);
}

bool clones_judge_seed(const struct machine *m, struct finding *f)
{
	const struct clones_seeds *s;

	if (m->clones == NULL)
		return false;
	s = &m->clones->seeds;
	if (m->kind == PROBE_IMAGE) {
		judge_image(s, f);
		return true;
	}
	for (size_t i = 0; i < s->count; i++)
		judge_one(m, f, &s->seeds[i]);
	judge_settings(m, f);
	clones_say_unseen(&s->unseen, f, "a seed file or its unit");
	if (f->title != NULL)
		return true;
	if (s->count == 0)
		return false;
	finding_say(f, SEVERITY_OK, "seed files are private%s",
		    m->clones->boot_s != 0 ? " and this boot's" : "");
	return true;
}
