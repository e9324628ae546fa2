/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "doctor/clones_parts.h"

const char clones_page_restored[] =
	"Was this system resumed from a snapshot, so that others may run with "
	"the same memory? The kernel says so when its VMGenID driver sees the "
	"number change: 'random: crng reseeded due to virtual machine fork'. "
	"From then on the kernel's own random numbers are apart again. "
	"Programs that keep a generator in their own memory are not: they must "
	"be restarted, or learn of it.\n"
	"\n"
	"ok: the log of this boot is whole and holds no such line, and the "
	"driver is at work. info: the VM was forked, and no program that is "
	"known to keep a generator is older than that. warn: some are, or "
	"nothing shows whether they are. unknown: the log cannot be read, or "
	"the kernel has no way to notice.\n"
	"\n"
	"The list of programs is a list of names (sshd, nginx, java ...). A "
	"program that always asks the kernel is safe, and one that is not on "
	"the list may be unsafe.";

static void judge_forked(const struct clones_fork *k, struct finding *f)
{
	char when[48] = "at a time the log does not tell";

	if (!isnan(k->last_s))
		(void)snprintf(when, sizeof when,
			       "%.1f s after its kernel's start", k->last_s);
	finding_evidence(f, k->log_path,
			 "crng reseeded due to virtual machine fork (%u "
			 "time%s, last %s)",
			 k->count, k->count == 1 ? "" : "s", when);
	finding_why(f, "The kernel has made itself a new key. Programs that "
		       "keep a generator in their own memory have not: they go "
		       "on as their twins do.");
	for (size_t i = 0; i < k->n_stale; i++)
		finding_evidence(f, "/proc", "%s (pid %u) is older than that",
				 k->stale[i], k->stale_pids[i]);
	if (k->n_stale > 0) {
		finding_say(f, SEVERITY_WARN,
			    "this VM was restored from a snapshot %s, and "
			    "programs with a generator of their own were not "
			    "restarted since",
			    when);
		finding_fix(f, FIX_GUEST,
			    "Restart the programs listed, or the machine.");
	} else if (!k->processes_seen || isnan(k->last_s)) {
		finding_say(f, SEVERITY_WARN,
			    "this VM was restored from a snapshot %s, and "
			    "nothing shows that programs took notice",
			    when);
		finding_fix(f, FIX_GUEST,
			    "Restart programs that keep keys or a generator in "
			    "memory, or the machine.");
	} else {
		finding_say(f, SEVERITY_INFO,
			    "this VM was restored from a snapshot %s; no "
			    "program known to keep a generator is older",
			    when);
		finding_evidence(f, "/proc", "%u of %u programs are older",
				 k->n_older, k->n_processes);
	}
	if (k->aquiferd_runs)
		finding_evidence(f, "/proc",
				 "aquiferd runs: it feeds the kernel afresh "
				 "when a fork is logged");
}

bool clones_judge_restored(const struct machine *m, struct finding *f)
{
	const struct clones_fork *k;

	if (m->clones == NULL || clones_in_container(m))
		return false;
	k = &m->clones->fork;
	if (k->count > 0) {
		judge_forked(k, f);
		return true;
	}
	if (!m->platform.hypervisor)
		return false;
	if (!m->clones->generation.devices[GENERATION_VMGENID].bound) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "this kernel has no way to notice that it was "
			    "restored from a snapshot");
		finding_evidence(f, "VMGenID",
				 "no device with a driver: see vm-generation");
		finding_fix(f, FIX_HOST,
			    "A VMGenID device with its driver would show it.");
		return true;
	}
	if (k->log_error == -EPERM || k->log_error == -EACCES) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "the kernel's log could not be read");
		finding_fix(f, FIX_GUEST, "Run aquifer doctor as root.");
	} else if (k->log_error != 0 || !k->log_from_start || !k->log_to_now) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "no restore is seen, but the kernel's log is not "
			    "whole");
		finding_evidence(
			f, k->log_path[0] != '\0' ? k->log_path : "kernel log",
			k->log_error != 0 ? "none of this boot" :
			k->log_from_start ? "ends before now" :
					    "its beginning is gone");
		finding_fix(f, FIX_GUEST,
			    "journalctl -k -b would show older lines.");
	} else {
		finding_say(f, SEVERITY_OK,
			    "not restored from a snapshot since its kernel "
			    "started");
		finding_evidence(f, k->log_path,
				 "no line 'virtual machine fork'");
	}
	return true;
}
