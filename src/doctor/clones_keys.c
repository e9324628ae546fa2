/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "doctor/clones_parts.h"

const char clones_page_host_keys[] =
	"An SSH host key is how clients know this machine. If an image holds "
	"one, every clone has it, and whoever has the image (or root on one "
	"clone) can pose as all of them.\n"
	"\n"
	"critical: a private host key in an image; a key older than the "
	"machine that uses it, so that it came with the image; a key whose "
	"private half is published; a key with the flaw of CVE-2017-15361 "
	"(ROCA); RSA below 1024 bits; a key of the list that was given with "
	"--known-keys. warn: DSA, RSA below 2048 bits, a key made before the "
	"kernel's generator was ready in this boot, a private half that others "
	"may read or write.\n"
	"\n"
	"A machine is as old as its cloud-init instance (the oldest mark below "
	"/var/lib/cloud/instances/ID/sem, or data/instance-id) or, without "
	"one, as its /etc/machine-id; a key may be an hour older than a "
	"machine-id, as installers make them in any order. A key brought along "
	"on purpose from an older machine looks like a cloned one. Public "
	"halves (.pub) are read; of private ones only owner, mode and time are "
	"looked at. Dropbear keeps no public half.";

static void fix_new_keys(struct finding *f)
{
	finding_why(f, "Who has a copy of a host key can pose as this machine, "
		       "and read or change what passes to a client that is "
		       "led to him.");
	finding_command(f, FIX_GUEST,
			"rm -f /etc/ssh/ssh_host_*_key /etc/ssh/"
			"ssh_host_*_key.pub && ssh-keygen -A && "
			"{ systemctl restart ssh || systemctl restart sshd; }");
	finding_fix(f, FIX_GUEST,
		    "Clients will be told that the key changed: publish the "
		    "new fingerprints (ssh-keygen -lf FILE).");
}

/* The weakness of a public key; SEVERITY_OK for none. */
static enum severity judge_key(const struct ssh_key *key, char ret_text[160])
{
	const char *text = NULL;
	enum severity severity = SEVERITY_CRITICAL;

	if (key->published != NULL) {
		(void)snprintf(ret_text, 160,
			       "is %s: its private half is public",
			       key->published);
		return SEVERITY_CRITICAL;
	}
	if (key->roca)
		text = "has the flaw of CVE-2017-15361 (ROCA): its private "
		       "half can be computed";
	else if (strcmp(key->type, "ssh-rsa") == 0 && key->bits < 1024)
		text = "is an RSA key below 1024 bits: its private half can "
		       "be computed";
	if (text == NULL) {
		severity = SEVERITY_WARN;
		if (strcmp(key->type, "ssh-rsa") == 0 && key->bits < 2048)
			text = "is an RSA key below 2048 bits";
		else if (strcmp(key->type, "ssh-dss") == 0)
			text = "is a DSA key, which OpenSSH has given up";
	}
	if (text == NULL)
		return SEVERITY_OK;
	(void)snprintf(ret_text, 160, "%s", text);
	return severity;
}

static void evidence_key(struct finding *f, const struct clones_host_key *k)
{
	if (k->parsed)
		finding_evidence(f, k->public_key.path, "%s %u SHA256:%s",
				 k->key.type, k->key.bits, k->key.fingerprint);
}

static void judge_public(const struct machine *m, struct finding *f,
			 const struct clones_host_key *k)
{
	enum severity severity;
	char text[160];

	if (!k->parsed) {
		if (k->public_key.error == 0 && !k->dropbear)
			finding_say(f, SEVERITY_UNKNOWN,
				    "%s is no public key that is understood",
				    k->public_key.path);
		return;
	}
	severity = judge_key(&k->key, text);
	if (severity != SEVERITY_OK) {
		finding_say(f, severity, "%s %s", k->public_key.path, text);
		evidence_key(f, k);
		fix_new_keys(f);
	}
	if (k->in_list) {
		finding_say(f, SEVERITY_CRITICAL,
			    "%s is a key that another machine has",
			    k->public_key.path);
		finding_evidence(f, m->clones->known.path, "SHA256:%s",
				 k->key.fingerprint);
		fix_new_keys(f);
	}
}

/* OpenSSH on Fedora and RHEL has 0640 root:ssh_keys. */
static void judge_mode(struct finding *f, const struct clones_host_key *k)
{
	unsigned mode = (unsigned)k->private_key.st.mode & 07777u;

	if (k->private_key.error != 0 || (mode & 0027) == 0)
		return;
	finding_say(f, SEVERITY_WARN, "%s can be %s by others",
		    k->private_key.path, mode & 0004 ? "read" : "changed");
	finding_evidence(f, k->private_key.path, "mode %04o", mode);
	if (clones_is_plain(k->private_key.path))
		finding_command(f, FIX_GUEST, "chmod 600 %s",
				k->private_key.path);
}

static void judge_age(const struct machine *m, struct finding *f,
		      const struct clones_host_key *k)
{
	const struct clones_file *file = k->private_key.error == 0 ?
						 &k->private_key :
						 &k->public_key;
	const struct clones_facts *c = m->clones;
	char date[CLONES_DATE_BYTES];

	if (file->error != 0)
		return;
	if (clones_older(m, file->st.mtime_s)) {
		finding_say(f, SEVERITY_CRITICAL,
			    "SSH host keys are older than this machine: all "
			    "clones of its image have them");
		clones_say_birth(m, f);
		finding_evidence(f, file->path, "made %s",
				 clones_date(file->st.mtime_s, date));
		fix_new_keys(f);
		return;
	}
	/* Both times are whole seconds, and the start's may be one off. */
	if (m->boot == NULL || !m->boot->log.ready_seen || c->boot_s == 0 ||
	    isnan(m->boot->log.ready_s) || file->st.mtime_s < c->boot_s ||
	    (double)(file->st.mtime_s + 2) >=
		    (double)c->boot_s + m->boot->log.ready_s)
		return;
	finding_say(f, SEVERITY_WARN,
		    "%s was made before the kernel's generator was ready",
		    file->path);
	finding_evidence(f, file->path, "made %s, %lld s after the start",
			 clones_date(file->st.mtime_s, date),
			 (long long)(file->st.mtime_s - c->boot_s));
	finding_evidence(f, "kernel log", "generator ready after %.1f s",
			 m->boot->log.ready_s);
	fix_new_keys(f);
}

static void judge_image(const struct machine *m, struct finding *f)
{
	const struct clones_keys *k = &m->clones->keys;
	bool private = false;

	for (size_t i = 0; i < k->count; i++) {
		const struct clones_file *file = &k->keys[i].private_key;

		if (file->error == 0) {
			private = true;
			finding_evidence(f, file->path, "private host key");
			clones_fix_remove(m, f, file->path, ".pub");
		} else {
			evidence_key(f, &k->keys[i]);
		}
	}
	if (private) {
		finding_say(f, SEVERITY_CRITICAL,
			    "the image holds SSH host keys: all its clones "
			    "have the same ones");
		finding_why(f, "Who has the image, or is root on one clone, "
			       "can pose as every other.");
		finding_fix(f, FIX_IMAGE,
			    "The first boot has to make new ones: cloud-init "
			    "does, or 'ssh-keygen -A' in a service that runs "
			    "before sshd.");
	}
	clones_say_unseen(&k->unseen, f, "a host key or where they are named");
	if (f->title == NULL)
		finding_say(f, k->count > 0 ? SEVERITY_INFO : SEVERITY_OK,
			    k->count > 0 ? "the image holds public halves of "
					   "host keys that are gone" :
					   "the image holds no SSH host key");
}

bool clones_judge_host_keys(const struct machine *m, struct finding *f)
{
	const struct clones_keys *k;

	if (m->clones == NULL)
		return false;
	k = &m->clones->keys;
	if (m->kind == PROBE_IMAGE) {
		judge_image(m, f);
		return true;
	}
	for (size_t i = 0; i < k->count; i++) {
		judge_public(m, f, &k->keys[i]);
		judge_mode(f, &k->keys[i]);
		judge_age(m, f, &k->keys[i]);
	}
	clones_say_unseen(&k->unseen, f, "a host key or where they are named");
	if (f->title != NULL)
		return true;
	if (k->count == 0)
		return false;
	for (size_t i = 0; i < k->count; i++)
		evidence_key(f, &k->keys[i]);
	clones_say_birth(m, f);
	if (!m->clones->instance.known)
		finding_say(f, SEVERITY_UNKNOWN,
			    "SSH host keys are sound; whether they are this "
			    "machine's own is not told by anything here");
	else
		finding_say(f, SEVERITY_OK,
			    "SSH host keys are sound and this machine's own");
	return true;
}

const char clones_page_login_keys[] =
	"authorized_keys of root and of the accounts below /home says whose "
	"private keys open this machine. Some private keys are public: "
	"Vagrant's 'insecure' keys, keys that were shipped in appliances. Some "
	"can be computed from the public half.\n"
	"\n"
	"critical: such a key may log in. warn: DSA, or RSA below 2048 bits. "
	"unknown: a file could not be read. The list of published keys is "
	"short (Vagrant, and appliances of the collection rapid7/ssh-badkeys).";

bool clones_judge_login_keys(const struct machine *m, struct finding *f)
{
	const struct clones_keys *k;
	char text[160];

	if (m->clones == NULL)
		return false;
	k = &m->clones->keys;
	for (size_t i = 0; i < k->n_logins; i++) {
		const struct clones_login_key *l = &k->logins[i];
		enum severity severity = judge_key(&l->key, text);

		if (severity == SEVERITY_OK)
			continue;
		finding_say(f, severity, "a key in %s %s", l->path, text);
		finding_evidence(f, l->path, "%s %u SHA256:%s", l->key.type,
				 l->key.bits, l->key.fingerprint);
		finding_why(f, "Whoever has the private half can log in.");
		finding_fix(f, m->kind == PROBE_IMAGE ? FIX_IMAGE : FIX_GUEST,
			    "Take that line out of %s and put a new Ed25519 "
			    "key in its place.",
			    l->path);
	}
	clones_say_unseen(&k->logins_unseen, f, "a user's authorized_keys");
	if (f->title != NULL)
		return true;
	if (k->n_login_keys == 0)
		return false;
	finding_say(f, SEVERITY_OK, "no login key is known to be weak");
	finding_evidence(f, "authorized_keys", "%zu keys in %zu files",
			 k->n_login_keys, k->n_login_files);
	return true;
}
