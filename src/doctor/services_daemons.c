/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/boot_parts.h"
#include "doctor/services_parts.h"

const char services_page_daemons[] =
	"Before Linux 5.6, /dev/random blocked whenever the kernel thought "
	"itself out of entropy, and daemons were installed to fill it. Since "
	"5.6 it blocks only until the first seed; since 5.4 the kernel makes "
	"that from its own timing noise where nothing better is there. haveged "
	"and jitterentropy-rngd do the same thing a second time. haveged says "
	"so itself: its unit is skipped on 5.6 and later. rngd is of use where "
	"it has a source that the kernel does not read: a hardware device the "
	"kernel gives no credit for.\n"
	"\n"
	"In a virtual machine haveged's noise is what the host lets through; "
	"its credit is not checked there.\n"
	"\n"
	"warn: haveged before 1.9.21 has CVE-2026-41054: any local user can "
	"command it through its socket, which can lead to root. Debian's "
	"1.9.14-1+deb12u1 has the repair; other distributions may have put it "
	"into an older version too, and say so in the package's changelog. "
	"info: a daemon runs that this kernel does not need, or two at once. "
	"ok: none of this. Where a package's version cannot be read (RPM), the "
	"vulnerability is not judged.";

/*
 * The first numbers: "1:1.9.14-1+deb12u1" is 1.9.14; 0 where there are not two.
 * One too large for its three places stays in them.
 */
static unsigned long version_number(const char *version)
{
	const char *colon = strchr(version, ':');
	const char *p = colon != NULL ? colon + 1 : version;
	unsigned long number = 0;

	for (unsigned i = 0; i < 3; i++) {
		unsigned long part = 0;

		/* strtoul() alone would take a sign or a space too. */
		if (*p >= '0' && *p <= '9') {
			char *end;

			part = strtoul(p, &end, 10);
			p = *end == '.' ? end + 1 : "";
		} else if (i < 2) {
			return 0;
		}
		number = number * 1000 + min_size(part, 999);
	}
	return number;
}

enum haveged_fix services_haveged(const char *version)
{
	unsigned long n = version_number(version);

	if (n == 0)
		return HAVEGED_UNKNOWN;
	if (n >= 1009021)
		return HAVEGED_FIXED;
	/* The changelog of Debian 12's security update names the CVE. */
	if (strncmp(version, "1.9.14-1+deb12u", 15) == 0)
		return HAVEGED_FIXED;
	if (strstr(version, "+deb") != NULL || strstr(version, "ubuntu") ||
	    strstr(version, ".el") != NULL)
		return HAVEGED_MAYBE;
	return HAVEGED_BEFORE;
}

static bool runs(const struct services_facts *s, enum services_daemon daemon)
{
	for (size_t i = 0; i < s->n_running; i++)
		if (s->running[i].daemon == daemon)
			return true;
	return false;
}

static void judge_haveged(const struct services_facts *s, struct finding *f)
{
	const struct services_package *p = &s->packages[DAEMON_HAVEGED];
	enum haveged_fix fix;

	if (p->from == PACKAGE_NONE)
		return;
	fix = services_haveged(p->version);
	if (fix == HAVEGED_FIXED || fix == HAVEGED_UNKNOWN) {
		if (fix == HAVEGED_UNKNOWN)
			finding_evidence(f, p->path,
					 "version not told; before 1.9.21 it "
					 "has CVE-2026-41054");
		return;
	}
	finding_say(f, SEVERITY_WARN,
		    "haveged %s %s CVE-2026-41054 (local privilege "
		    "escalation)",
		    p->version, fix == HAVEGED_MAYBE ? "may have" : "has");
	finding_why(f, "haveged before 1.9.21 runs as root and obeys any local "
		       "user's commands on its socket.");
	if (fix == HAVEGED_MAYBE)
		finding_evidence(f, p->path,
				 "the distribution may have repaired this "
				 "version: see the package's changelog");
	finding_fix(f, FIX_GUEST,
		    "Remove haveged, or update it to 1.9.21 or to your "
		    "distribution's repaired version.");
}

/* 1: needed by no program of today; 0: may be of use; -1: not known. */
static int kernel_needs_none(const struct machine *m)
{
	struct kernel_version v;
	const char *why;

	/* It should not need one, and is not ready: nothing is promised. */
	if (m->boot != NULL && boot_readiness(m, &why) == BOOT_NOT_READY)
		return -1;
	if (m->boot != NULL && m->boot->kernel.semantics.new_random &&
	    m->boot->kernel.poolsize_bits.error == 0)
		return 1;
	if (!kernel_version_parse(m->platform.kernel_release, &v))
		return -1;
	return kernel_at_least(&v, 5, 6, 0);
}

static void judge_need(const struct machine *m, struct finding *f,
		       enum services_daemon daemon)
{
	const char *name = services_daemon_name(daemon);
	const char *package = daemon == DAEMON_HAVEGED ? "haveged" :
							 "jitterentropy-rngd";
	int needs_none = kernel_needs_none(m);

	if (daemon != DAEMON_HAVEGED && daemon != DAEMON_JITTER)
		return;
	if (needs_none == 1) {
		finding_say(f, SEVERITY_INFO,
			    "%s runs, and kernel %s does not need it", name,
			    m->platform.kernel_release);
		finding_why(f, "This kernel makes its first seed from timing "
			       "noise itself and never runs out afterwards.");
		finding_fix(f, FIX_GUEST, "It can be removed:");
		finding_command(f, FIX_GUEST, "systemctl disable --now %s",
				package);
	} else if (needs_none == 0) {
		finding_say(f, SEVERITY_INFO,
			    "%s runs; on kernel %s it keeps /dev/random from "
			    "blocking",
			    name, m->platform.kernel_release);
		if (m->platform.hypervisor)
			finding_why(f, "In a virtual machine its noise is what "
				       "the host lets through: its credit is "
				       "not checked there. A virtio-rng device "
				       "or RDRAND is better.");
	}
}

static void list(const struct services_facts *s, struct finding *f)
{
	char where[32];

	for (size_t i = 0; i < s->n_running; i++) {
		const struct services_process *p = &s->running[i];

		(void)snprintf(where, sizeof where, "/proc/%d", p->pid);
		finding_evidence(f, where, "%s runs%s%s", p->comm,
				 p->cmdline[0] != '\0' ? ": " : "", p->cmdline);
	}
	for (int d = 0; d < DAEMON_COUNT; d++)
		if (s->packages[d].from != PACKAGE_NONE)
			finding_evidence(
				f, s->packages[d].path, "%s%s%s is installed",
				services_daemon_name((enum services_daemon)d),
				s->packages[d].version[0] ? " " : "",
				s->packages[d].version);
}

static void say_well(const struct machine *m, struct finding *f,
		     unsigned n_kinds)
{
	if (n_kinds > 0)
		finding_say(f, SEVERITY_OK, "an entropy daemon runs");
	else if (m->kind == PROBE_IMAGE)
		finding_say(f, SEVERITY_OK,
			    "no entropy daemon of the image needs attention");
	else if (kernel_needs_none(m) == 1)
		finding_say(f, SEVERITY_OK,
			    "no entropy daemon runs, and kernel %s needs none",
			    m->platform.kernel_release);
	else
		finding_say(f, SEVERITY_INFO, "no entropy daemon runs");
}

bool services_judge_daemons(const struct machine *m, struct finding *f)
{
	const struct services_facts *s = m->services;
	unsigned n_kinds = 0;

	if (s == NULL)
		return false;
	for (int d = 0; d < DAEMON_COUNT; d++)
		if (d != DAEMON_POLLINATE && runs(s, (enum services_daemon)d))
			n_kinds++;
	list(s, f);
	if (f->evidence.count == 0 && !s->pids_seen && !s->packages_seen)
		return false;
	judge_haveged(s, f);
	for (int d = 0; d < DAEMON_COUNT; d++)
		if (runs(s, (enum services_daemon)d))
			judge_need(m, f, (enum services_daemon)d);
	if (n_kinds > 1)
		finding_say(f, SEVERITY_INFO,
			    "%u entropy daemons run at once: one is enough",
			    n_kinds);
	if (s->pids_partial) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "other users' processes are hidden: daemons "
			    "cannot be seen");
		finding_fix(f, FIX_GUEST, "Run aquifer doctor as root.");
	}
	if (s->packages_error != 0)
		finding_say(f, SEVERITY_UNKNOWN,
			    "the list of packages could not be read (%s)",
			    strerror(-s->packages_error));
	if (f->title == NULL)
		say_well(m, f, n_kinds);
	return true;
}
