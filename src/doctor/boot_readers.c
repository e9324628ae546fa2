/* SPDX-License-Identifier: ISC */
/* early-readers: who drew before the generator was ready, and does it matter? */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/boot_parts.h"

/* What seeds a generator of user space; less is a name or a hash seed. */
#define SEED_BYTES 32

/*
 * Programs that make keys, hold TLS or cannot do without either. A name that
 * ends in '*' stands for all that begin so.
 */
static const char *const keys[] = {
	"sshd*",        "ssh-keygen", "dropbear*",
	"openssl",      "certtool",   "keytool",
	"java",         "node",       "gpg*",
	"keyboxd",      "age*",       "wg*",
	"openvpn",      "charon*",    "pluto",
	"racoon*",      "ipsec*",     "iked",
	"nginx",        "apache2",    "httpd",
	"haproxy",      "caddy",      "traefik",
	"lighttpd",     "envoy",      "stunnel*",
	"postfix*",     "master",     "exim*",
	"dovecot*",     "smtpd",      "sendmail",
	"named",        "unbound*",   "rndc-confgen",
	"tsig-keygen",  "dnssec-*",   "ddns-confgen",
	"krb5kdc",      "kadmin*",    "kdb5_util",
	"sssd*",        "slapd",      "mysqld",
	"mariadbd",     "postgres",   "mongod",
	"redis-server", "certbot",    "acme*",
	"step*",        "vault",      "consul",
	"etcd",         "kubelet",    "kubeadm",
	"kube-*",       "dockerd",    "containerd",
	"tor",          "cryptsetup", "systemd-cryptse",
	"clevis*",      "tang*",      "tpm2*",
	"stratisd",     "iwd",        "wpa_supplicant",
	"hostapd",      "vpnc",       "tincd",
	"snmpd",        "xrdp*",      "cockpit*",
	"luksmeta",     "puppet*",    "chef-client",
	"salt-*",
};

/*
 * Reads of which it is known that nothing secret hangs on them: hash seeds of
 * systemd (it says so itself and takes no offence), names of temporary files,
 * the seed file's saver, and daemons that feed the kernel.
 */
static const char *const harmless[] = {
	"systemd*",
	"(*",
	"init",
	"swapper*",
	"udevd",
	"udevadm",
	"modprobe",
	"kmod",
	"kworker*",
	"mktemp",
	"dd",
	"plymouth*",
	"lvm*",
	"dmsetup",
	"dmeventd",
	"multipath*",
	"dracut*",
	"fsck*",
	"e2fsck",
	"mdadm",
	"mount",
	"blkid",
	"sh",
	"bash",
	"dash",
	"busybox",
	"cat",
	"sed",
	"openrc*",
	"rc",
	"start-stop-daem",
	"runit*",
	"s6-*",
	"dbus-*",
	"dhclient*",
	"dhcpcd*",
	"udhcpc",
	"NetworkManager",
	"ifup*",
	"rngd",
	"haveged",
	"jitterentropy-r",
	"aquiferd*",
	"seedrng",
	"crng*",
	"hwclock",
	"keyboard-setup*",
	"cloud-init*",
	"cloud-id",
	"python*",
	"perl",
	"snapd*",
	"snap*",
	"apparmor_parser",
	"ureadahead",
	"resize2fs",
	"growpart",
	"sfdisk",
	"fdisk",
};

static bool is_one(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(names[i]);

		if (names[i][len - 1] == '*' ?
			    strncmp(name, names[i], len - 1) == 0 :
			    strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

enum boot_reader_kind boot_reader_kind(const struct boot_reader *r)
{
	/* What the kernel draws so early are hash keys and canaries. */
	if (r->kernel)
		return READER_HARMLESS;
	if (is_one(keys, ARRAY_LEN(keys), r->name))
		return READER_KEYS;
	if (is_one(harmless, ARRAY_LEN(harmless), r->name))
		return READER_HARMLESS;
	return r->bytes >= SEED_BYTES ? READER_KEYS : READER_OTHER;
}

static void show_reader(const struct boot_log *log, const struct boot_reader *r,
			struct finding *f)
{
	static const char *const kinds[] = {
		[READER_KEYS] = "may make keys",
		[READER_HARMLESS] = "harmless",
		[READER_OTHER] = "not known what for",
	};
	char at[40] = "", bytes[48] = "";

	if (!isnan(r->time_s))
		(void)snprintf(at, sizeof at, " at %.6f s", r->time_s);
	if (r->bytes > 0)
		(void)snprintf(bytes, sizeof bytes, ", up to %llu bytes",
			       (unsigned long long)r->bytes);
	finding_evidence(f, log->state.path, "%s%s drew%s%s, %u time%s: %s",
			 r->kernel ? "kernel, " : "", r->name, at, bytes,
			 r->count, r->count == 1 ? "" : "s",
			 kinds[boot_reader_kind(r)]);
}

static void say_keys(const struct boot_readers *rs, struct finding *f)
{
	char names[128] = "";
	size_t n = 0;

	for (size_t i = 0; i < rs->count; i++) {
		size_t at = strlen(names);

		if (boot_reader_kind(&rs->at[i]) != READER_KEYS)
			continue;
		if (++n <= 3)
			(void)snprintf(names + at, sizeof names - at, "%s%s",
				       n > 1 ? ", " : "", rs->at[i].name);
	}
	finding_say(f, SEVERITY_WARN,
		    "%s%s drew random bytes before the generator was ready",
		    names, n > 3 ? " and others" : "");
	finding_why(f, "Those bytes could be guessed. A key that was made from "
		       "them can be found by whoever knows how such a machine "
		       "starts; systems that start alike get the same key.");
	finding_fix(f, FIX_GUEST,
		    "Make anew what such a program made at that "
		    "start. SSH host keys:");
	finding_command(f, FIX_GUEST,
			"rm /etc/ssh/ssh_host_*_key* && ssh-keygen -A && "
			"(systemctl restart ssh || systemctl restart sshd)");
	finding_fix(f, FIX_GUEST,
		    "Have the generator ready before such programs start (see "
		    "crng-ready); on Linux 5.18 and later their first read "
		    "waits for it.");
}

static void say_none(const struct machine *m, struct finding *f)
{
	const struct boot_log *log = &m->boot->log;
	bool before_user = log->ready_seen && log->ready_s <= log->user_s;

	if (log->state.from_start || before_user) {
		finding_say(f, SEVERITY_OK,
			    "no early reader is named in the kernel's log");
		finding_evidence(f, log->state.path,
				 before_user ? "ready before user space began" :
					       "no line of an early reader");
		return;
	}
	finding_say(f, SEVERITY_UNKNOWN,
		    "the beginning of the kernel's log is gone: early readers "
		    "cannot be seen");
	boot_log_unseen(m, f);
}

bool boot_judge_readers(const struct machine *m, struct finding *f)
{
	const struct boot_facts *b = m->boot;
	const struct boot_readers *rs;
	bool keys_made = false, other = false;

	if (b == NULL || b->log.error == -ENOENT)
		return false;
	rs = &b->readers;
	if (b->log.error != 0) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "the kernel's log was not read: early readers "
			    "cannot be seen");
		boot_log_unseen(m, f);
		return true;
	}
	for (size_t i = 0; i < rs->count; i++) {
		enum boot_reader_kind kind = boot_reader_kind(&rs->at[i]);

		show_reader(&b->log, &rs->at[i], f);
		keys_made |= kind == READER_KEYS;
		other |= kind == READER_OTHER;
	}
	if (rs->missed > 0)
		finding_evidence(f, b->log.state.path,
				 "%llu more, which the kernel did not name",
				 (unsigned long long)rs->missed);
	if (keys_made)
		say_keys(rs, f);
	else if (other || (rs->count == 0 && rs->missed > 0))
		finding_say(f, SEVERITY_INFO,
			    "programs drew before the generator was ready; "
			    "none is known to make keys");
	else if (rs->count > 0)
		finding_say(f, SEVERITY_INFO,
			    "only readers that do no harm drew before the "
			    "generator was ready");
	else
		say_none(m, f);
	if (rs->count > 0 && !keys_made)
		finding_why(f, "The kernel and systemd need numbers for hash "
			       "tables and names before anything can have "
			       "seeded the generator; they know it and make no"
			       " key from them.");
	return true;
}
