/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "doctor/services_parts.h"

const char services_page_feeding[] =
	"rngd -r /dev/urandom reads the kernel's own output, gives it back and "
	"has it counted as new entropy. Nothing is gained, and the kernel "
	"believes to have what it has not: on a machine without a source it "
	"declares itself ready on nothing. The setting is copied from old "
	"guides for machines that were slow to start.\n"
	"\n"
	"critical: such a daemon runs. warn: a configuration would start one, "
	"or a running rngd holds /dev/urandom open for reading (its libraries "
	"may have a use for it). unknown: the arguments of a running rngd "
	"cannot be seen. A script that copies /dev/urandom to /dev/random "
	"without a count does no harm and is not looked for.";

static void judge_running(const struct services_process *p, struct finding *f)
{
	char where[40];

	(void)snprintf(where, sizeof where, "/proc/%d/cmdline", p->pid);
	if (p->feed_is_random) {
		finding_say(f, SEVERITY_CRITICAL,
			    "%s feeds the kernel its own output and has it "
			    "counted as entropy",
			    p->comm);
		finding_evidence(f, where, "%s", p->cmdline);
		finding_why(f,
			    "What comes out of %s is made from what the "
			    "kernel already has. Counting it as new makes a "
			    "starved kernel declare itself ready.",
			    p->feed);
		finding_command(f, FIX_GUEST,
				"systemctl disable --now rngd rng-tools "
				"rng-tools-debian");
		finding_fix(f, FIX_GUEST,
			    "Take the setting out of its configuration. Give "
			    "the machine a source instead: a virtio-rng device "
			    "(see virtio-rng), RDRAND, a TPM; or run "
			    "aquiferd.");
		return;
	}
	if (p->feed[0] != '\0')
		finding_evidence(f, where, "%s", p->cmdline);
	if (p->daemon == DAEMON_RNGD && p->cmdline_error != 0)
		finding_say(f, SEVERITY_UNKNOWN,
			    "rngd runs, and its arguments could not be read");
	if (p->has_random_open) {
		(void)snprintf(where, sizeof where, "/proc/%d/fd", p->pid);
		finding_say(f, SEVERITY_WARN,
			    "%s holds /dev/urandom open for reading: it may "
			    "feed the kernel its own output",
			    p->comm);
		finding_evidence(f, where, "/dev/urandom, for reading");
		finding_fix(f, FIX_GUEST,
			    "Look at its configuration; "
			    "rngd -l lists its sources.");
	}
}

bool services_judge_feeding(const struct machine *m, struct finding *f)
{
	const struct services_facts *s = m->services;

	if (s == NULL)
		return false;
	for (size_t i = 0; i < s->n_running; i++)
		judge_running(&s->running[i], f);
	for (size_t i = 0; i < s->n_feeds; i++) {
		finding_say(f, SEVERITY_WARN,
			    "rngd is configured to feed the kernel its own "
			    "output");
		finding_evidence(f, s->feeds[i].path, "%s", s->feeds[i].line);
		finding_why(f,
			    "What comes out of %s is made from what the "
			    "kernel already has: nothing is gained by "
			    "giving it back.",
			    s->feeds[i].device);
		finding_fix(f, m->kind == PROBE_IMAGE ? FIX_IMAGE : FIX_GUEST,
			    "Take that setting out of %s.", s->feeds[i].path);
	}
	if (s->feeds_error != 0) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "a configuration of rngd could not be read");
		finding_evidence(f, s->feeds_unseen, "%s",
				 strerror(-s->feeds_error));
	}
	if (s->pids_partial)
		finding_say(f, SEVERITY_UNKNOWN,
			    "other users' processes are hidden");
	if (f->title != NULL)
		return true;
	if (!s->pids_seen && !s->feed_config_seen && m->kind != PROBE_IMAGE)
		return false;
	finding_say(f, SEVERITY_OK,
		    m->kind == PROBE_IMAGE || !s->pids_seen ?
			    "no configuration feeds the kernel its own "
			    "output" :
			    "no daemon feeds the kernel its own output");
	return true;
}
