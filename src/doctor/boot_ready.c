/* SPDX-License-Identifier: ISC */
/* crng-ready: is it, since when, and on what does it rest? */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/boot_parts.h"

#define RANDOM_DIR "/proc/sys/kernel/random/"
/* After user space began; longer is worth a word. */
#define LATE_S 30.0

static void show_kernel(const struct machine *m, struct finding *f)
{
	const struct boot_kernel *k = &m->boot->kernel;

	if (k->release[0] != '\0')
		finding_evidence(
			f, "/proc/sys/kernel/osrelease", "%s%s%s%s", k->release,
			strcmp(k->release, k->level) ? " (upstream " : "",
			strcmp(k->release, k->level) ? k->level : "",
			strcmp(k->release, k->level) ? ")" : "");
	if (k->poolsize_bits.error == 0)
		finding_evidence(f, RANDOM_DIR "poolsize", "%llu: %s",
				 (unsigned long long)k->poolsize_bits.value,
				 k->poolsize_bits.value == 256 ?
					 "the new random.c" :
				 k->poolsize_bits.value == 4096 ?
					 "the old random.c" :
					 "another generator than random.c");
	if (k->entropy_avail_bits.error == 0)
		finding_evidence(
			f, RANDOM_DIR "entropy_avail", "%llu%s",
			(unsigned long long)k->entropy_avail_bits.value,
			!k->semantics.new_random ?
				"" :
			k->entropy_avail_bits.value >= 256 ?
				" (ready; it says nothing more, and is no "
				"gauge)" :
				" of 256");
}

static void show_log(const struct machine *m, struct finding *f)
{
	const struct boot_log *log = &m->boot->log;

	if (log->error != 0 || !log->ready_seen)
		return;
	if (isnan(log->ready_s))
		finding_evidence(f, log->state.path, "%s", log->ready_text);
	else
		finding_evidence(f, log->state.path,
				 "%s, %.6f s after the kernel's start",
				 log->ready_text, log->ready_s);
	if (!isnan(log->user_s) && !isnan(log->ready_s))
		finding_evidence(f, log->state.path,
				 "user space began at %.6f s: %.1f s %s",
				 log->user_s, fabs(log->ready_s - log->user_s),
				 log->ready_s > log->user_s ?
					 "before it was ready" :
					 "after it was ready");
}

static void show_origin(const struct machine *m, const struct boot_origin *o,
			struct finding *f)
{
	bool sys_seen = m->sources == NULL || m->sources->sys_seen ||
			m->sources->hwrng.class_there;

	if (o->n_domains == 1)
		finding_evidence(f, "seeded from", "one domain: %s", o->names);
	else if (o->n_domains > 1)
		finding_evidence(f, "seeded from", "%s", o->names);
	else if (o->timing_alone)
		finding_evidence(f, "seeded from", "timing noise alone%s",
				 sys_seen ? "" :
					    ", as far as is told: nothing of "
					    "/sys is here");
	else
		finding_evidence(f, "seeded from", "source not known");
	if (o->hwrng[0] != '\0')
		finding_evidence(f, "/sys/class/misc/hw_random/rng_current",
				 "%s", o->hwrng);
}

static void show_feeders(const struct machine *m, struct finding *f)
{
	const struct boot_tasks *t = &m->boot->tasks;

	for (size_t i = 0; i < t->n_feeders; i++) {
		char path[64];

		(void)snprintf(path, sizeof path, "/proc/%d/comm",
			       t->feeders[i].pid);
		finding_evidence(f, path, "%s feeds the kernel",
				 t->feeders[i].comm);
	}
}

static void since(const struct boot_log *log, char *ret_text, size_t cap)
{
	if (log->error == 0 && log->ready_seen && !isnan(log->ready_s))
		(void)snprintf(ret_text, cap, " since %.1f s after its start",
			       log->ready_s);
	else
		ret_text[0] = '\0';
}

static void say_timing(const struct machine *m, const char *when,
		       struct finding *f)
{
	struct boot_better b;
	bool better = boot_better(m, &b);

	finding_say(f, better ? SEVERITY_WARN : SEVERITY_INFO,
		    "the kernel's generator is ready%s, by timing noise alone%s",
		    when,
		    better ? "" : ": nothing better is seen on this machine");
	finding_why(f, "Nothing that counts as a source was there, so the "
		       "kernel was left with the timing of interrupts and of "
		       "its own jitter loop (Linux 5.4 and later end the wait "
		       "with that after 1 or 2 s). Ready then means that the "
		       "kernel believes in this noise. In a guest nobody has "
		       "shown how much of it the host, or an identical guest "
		       "beside it, cannot know.");
	if (better)
		boot_advise(m, f);
}

static const struct {
	const char *domain, *why;
} alone[] = {
	{ "cpu", "Everything rests on the CPU's own generator (and on timing "
		 "noise, which is mixed in and not counted). That is enough as"
		 " long as the CPU is honest and works." },
	{ "host", "Everything rests on bytes that the host gave. The host of a"
		  " guest can read its memory anyway, so this costs nothing "
		  "unless the host is not to be trusted, or is out of order." },
	{ "user space", "A program fed the kernel; what it read decides. See "
			"rng-daemons." },
};

static void say_ready(const struct machine *m, struct finding *f)
{
	const struct boot_log *log = &m->boot->log;
	struct boot_origin o;
	char when[64];

	boot_origin(m, &o);
	since(log, when, sizeof when);
	show_origin(m, &o, f);
	if (o.timing_alone) {
		say_timing(m, when, f);
	} else if (o.n_domains == 1) {
		finding_say(f, SEVERITY_INFO,
			    "the kernel's generator is ready%s; one domain: %s",
			    when, o.names);
		for (size_t i = 0; i < ARRAY_LEN(alone); i++)
			if (strcmp(alone[i].domain, o.names) == 0)
				finding_why(f, "%s", alone[i].why);
	} else {
		finding_say(f, SEVERITY_OK,
			    "the kernel's generator is ready%s%s%s", when,
			    o.n_domains > 1 ? ", from " : "", o.names);
		if (o.n_domains == 0)
			finding_why(f, "What it was seeded from cannot be told"
				       " from what is seen here.");
	}
	if (log->error == 0 && log->ready_s - log->user_s >= LATE_S) {
		finding_say(f, SEVERITY_INFO,
			    "it became ready only %.0f s after user space began",
			    log->ready_s - log->user_s);
		boot_advise(m, f);
	}
}

static void say_not_ready(const struct machine *m, struct finding *f)
{
	const struct kernel_semantics *s = &m->boot->kernel.semantics;

	finding_say(f, SEVERITY_CRITICAL,
		    "the kernel's random number generator is not ready");
	finding_why(f, "Until it is, getrandom(2) and /dev/random make their "
		       "callers wait: services hang at their start, and keys "
		       "cannot be made.");
	if (s->urandom_unseeded)
		finding_why(f, "On this kernel /dev/urandom does not wait: it "
			       "hands out bytes that can be guessed. Do not "
			       "make keys from it now.");
	else
		finding_why(f, "On this kernel /dev/urandom first tries to make"
			       " timing noise, and hands out bytes that can be"
			       " guessed where the machine has no fine clock.");
	finding_fix(f, FIX_GUEST, "To end the wait now:");
	finding_command(f, FIX_GUEST, "sudo aquiferd --once");
	boot_advise(m, f);
}

static void say_unknown(const struct machine *m, struct finding *f)
{
	finding_say(f, SEVERITY_UNKNOWN,
		    "whether the kernel's generator is ready cannot be told");
	finding_why(f, "%s",
		    m->boot->kernel.poolsize_bits.error == 0 &&
				    !m->boot->kernel.semantics.new_random ?
			    "On the old random.c entropy_avail rises and falls"
			    " and says nothing of this; the kernel's log does." :
			    "Neither the log nor the counters of the kernel "
			    "were there to be read.");
	boot_log_unseen(m, f);
	/* A read of the old blocking pool tells nothing of readiness. */
	if (m->boot->kernel.semantics.random_blocks_after_init)
		return;
	finding_fix(f, FIX_GUEST,
		    "This answers at once where it is ready, and "
		    "after 2 s where it is not:");
	finding_command(f, FIX_GUEST,
			"timeout 2 head -c 1 /dev/random >/dev/null && echo "
			"ready");
}

bool boot_judge_ready(const struct machine *m, struct finding *f)
{
	const char *why;

	if (m->boot == NULL)
		return false;
	show_log(m, f);
	switch (boot_readiness(m, &why)) {
	case BOOT_READY:
		say_ready(m, f);
		finding_evidence(f, "concluded from", "%s", why);
		break;
	case BOOT_NOT_READY:
		finding_evidence(f, "concluded from", "%s", why);
		say_not_ready(m, f);
		break;
	case BOOT_UNKNOWN:
		say_unknown(m, f);
		break;
	}
	show_feeders(m, f);
	show_kernel(m, f);
	return true;
}
