/* SPDX-License-Identifier: ISC */
/* crng-waiters and dev-random-readers: processes, now. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/boot_parts.h"

static const char *wait_text(enum boot_wait wait)
{
	switch (wait) {
	case BOOT_WAIT_GETRANDOM:
		return "waits until the generator is ready";
	case BOOT_WAIT_RANDOM:
		return "waits in a read of /dev/random";
	case BOOT_WAIT_URANDOM:
		return "waits in a read of /dev/urandom";
	case BOOT_WAIT_NONE:
		break;
	}
	return "?";
}

static void show_waiter(const struct boot_waiter *w, struct finding *f)
{
	char path[64];

	if (w->tid == w->pid)
		(void)snprintf(path, sizeof path, "/proc/%d/%s", w->pid,
			       w->file);
	else
		(void)snprintf(path, sizeof path, "/proc/%d/task/%d/%s", w->pid,
			       w->tid, w->file);
	finding_evidence(f, path, "%s (%s %s)", w->value, w->comm,
			 wait_text(w->wait));
}

static bool waits_for_device(const struct boot_tasks *t)
{
	for (size_t i = 0; i < min_size(t->n_waiters, ARRAY_LEN(t->waiters));
	     i++)
		if (t->waiters[i].wait == BOOT_WAIT_RANDOM)
			return true;
	return false;
}

static void say_waiting(const struct machine *m, struct finding *f)
{
	const struct boot_tasks *t = &m->boot->tasks;
	size_t shown = min_size(t->n_waiters, ARRAY_LEN(t->waiters));
	const char *why;

	for (size_t i = 0; i < shown; i++)
		show_waiter(&t->waiters[i], f);
	if (t->n_waiters == 1)
		finding_say(f, SEVERITY_CRITICAL, "%s (process %d) %s",
			    t->waiters[0].comm, t->waiters[0].pid,
			    wait_text(t->waiters[0].wait));
	else
		finding_say(f, SEVERITY_CRITICAL,
			    "%zu tasks wait for the kernel's generator, %s "
			    "(process %d) first",
			    t->n_waiters, t->waiters[0].comm, t->waiters[0].pid);
	finding_why(f, "Until it answers, who waits does nothing else: a "
		       "service does not start, a connection is not made.");
	if (boot_readiness(m, &why) == BOOT_READY &&
	    m->boot->kernel.semantics.random_blocks_after_init)
		finding_why(f, "The generator is ready. Before Linux 5.6 "
			       "/dev/random blocks all the same whenever its "
			       "own count runs out; getrandom(2) and "
			       "/dev/urandom do not.");
	finding_fix(f, FIX_GUEST, "To end the wait now:");
	finding_command(f, FIX_GUEST, "sudo aquiferd --once");
	if (waits_for_device(t) &&
	    m->boot->kernel.semantics.random_blocks_after_init)
		finding_fix(f, FIX_GUEST,
			    "Have the program use getrandom(2) or "
			    "/dev/urandom in place of /dev/random (Java: "
			    "-Djava.security.egd=file:/dev/./urandom).");
	boot_advise(m, f);
}

static void show_unseen(const struct boot_tasks *t, struct finding *f)
{
	if (t->n_withheld > 0)
		finding_evidence(f, "/proc/PID/wchan",
				 "withheld for %zu of %zu tasks", t->n_withheld,
				 t->n_withheld + t->n_judged);
	if (t->hidden)
		finding_evidence(f, "/proc",
				 "hidepid: processes of other users "
				 "are not shown");
	if (t->cut)
		finding_evidence(f, "/proc",
				 "more processes than are looked at");
	finding_fix(f, FIX_GUEST,
		    "Run as root, which may see where every "
		    "process waits:");
	finding_command(f, FIX_GUEST, "sudo aquifer doctor");
}

bool boot_judge_waiters(const struct machine *m, struct finding *f)
{
	const struct boot_tasks *t;
	const char *why;

	if (m->boot == NULL)
		return false;
	t = &m->boot->tasks;
	if (t->n_waiters > 0) {
		say_waiting(m, f);
		return true;
	}
	if (t->n_seen == 0 && !t->hidden)
		return false;
	if (boot_readiness(m, &why) == BOOT_READY &&
	    !m->boot->kernel.semantics.random_blocks_after_init) {
		finding_say(f, SEVERITY_OK,
			    "nobody waits: on this kernel nothing blocks once "
			    "the generator is ready");
		finding_evidence(f, "ready", "%s", why);
		return true;
	}
	if (t->n_withheld > 0 || t->hidden || t->cut) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "no waiting process is seen, and %zu could not be "
			    "looked into",
			    t->n_withheld);
		show_unseen(t, f);
		return true;
	}
	if (t->n_judged == 0)
		return false;
	finding_say(f, SEVERITY_OK, "no process waits for the generator");
	finding_evidence(f, "/proc/PID/wchan", "%zu tasks looked at",
			 t->n_judged);
	return true;
}

static bool is_feeder(const struct boot_tasks *t, int pid)
{
	for (size_t i = 0; i < t->n_feeders; i++)
		if (t->feeders[i].pid == pid)
			return true;
	return false;
}

/* Shows a holder; returns whether it may draw. */
static bool show_holder(const struct boot_tasks *t, const struct boot_holder *h,
			struct finding *f)
{
	bool feeds = is_feeder(t, h->pid) || h->access == O_WRONLY;
	char path[64];

	(void)snprintf(path, sizeof path, "/proc/%d/fd/%d", h->pid, h->fd);
	finding_evidence(f, path, "/dev/random (%s%s)", h->comm,
			 feeds ? ", which feeds it" : "");
	return !feeds;
}

static void say_readers(const struct machine *m, size_t n, const char *comm,
			struct finding *f)
{
	const struct boot_kernel *k = &m->boot->kernel;
	bool blocks = k->semantics.random_blocks_after_init &&
		      (k->version_known || k->poolsize_bits.error == 0);

	finding_say(f, blocks ? SEVERITY_WARN : SEVERITY_INFO,
		    "%zu process%s hold%s /dev/random open, %s first", n,
		    n == 1 ? "" : "es", n == 1 ? "s" : "", comm);
	if (blocks) {
		finding_why(f, "On this kernel /dev/random counts its bytes "
			       "and blocks, at any time, when the count runs "
			       "out. Nothing needs that: /dev/urandom and "
			       "getrandom(2) are as strong once the generator "
			       "is ready.");
		finding_fix(f, FIX_GUEST,
			    "Have the program use getrandom(2) or "
			    "/dev/urandom (Java: -Djava.security.egd="
			    "file:/dev/./urandom), or run Linux 5.6 or later.");
	} else {
		finding_why(f, "Since Linux 5.6 /dev/random blocks only until "
			       "the generator is ready, like getrandom(2): "
			       "'never use /dev/random' is of the time "
			       "before.");
	}
}

bool boot_judge_holders(const struct machine *m, struct finding *f)
{
	const struct boot_tasks *t;
	const char *comm = "";
	size_t n = 0, shown;

	if (m->boot == NULL)
		return false;
	t = &m->boot->tasks;
	if (t->n_fds_seen == 0 && t->n_fds_withheld == 0)
		return false;
	shown = min_size(t->n_holders, ARRAY_LEN(t->holders));
	for (size_t i = 0; i < shown; i++)
		if (show_holder(t, &t->holders[i], f) && n++ == 0)
			comm = t->holders[i].comm;
	n += t->n_holders - shown;
	if (n > 0)
		say_readers(m, n, comm, f);
	if (t->n_fds_withheld > 0 || t->hidden) {
		finding_evidence(f, "/proc/PID/fd",
				 "%zu processes may not be looked into",
				 t->n_fds_withheld);
		if (m->boot->kernel.semantics.random_blocks_after_init) {
			finding_say(f, SEVERITY_UNKNOWN,
				    "who holds /dev/random open is not seen of "
				    "%zu processes",
				    t->n_fds_withheld);
			finding_command(f, FIX_GUEST, "sudo aquifer doctor");
		}
	}
	if (n == 0)
		finding_say(f, SEVERITY_OK,
			    "no process that was seen draws from /dev/random");
	return true;
}
