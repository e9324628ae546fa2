/* SPDX-License-Identifier: ISC */
/* The kernel's hardware generators: which one is in use, and does it count? */
#include <errno.h>
#include <string.h>

#include "doctor/sources_parts.h"

#define CLASS "/sys/class/misc/hw_random/"

static void show_line(struct finding *f, const char *path,
		      const struct sources_line *line)
{
	if (line->error == 0)
		finding_evidence(f, path, "%s",
				 line->text[0] ? line->text : "(empty)");
	else if (line->error == -EACCES || line->error == -EPERM)
		finding_evidence(f, path, "may not be read");
}

static void show(const struct sources_hwrng *h, struct finding *f)
{
	show_line(f, CLASS "rng_available", &h->available);
	show_line(f, CLASS "rng_current", &h->current);
	show_line(f, CLASS "rng_quality", &h->quality);
	show_line(f, "/sys/module/rng_core/parameters/default_quality",
		  &h->default_quality);
	show_line(f, "/sys/module/rng_core/parameters/current_quality",
		  &h->current_quality);
	if (h->selected.error == 0 && h->selected.text[0] == '1')
		finding_evidence(f, CLASS "rng_selected",
				 "1: somebody chose it by hand");
}

static void say_none_current(const char *name, struct finding *f)
{
	finding_say(f, SEVERITY_WARN,
		    "hardware generator %s is there and not in use", name);
	finding_why(f, "The kernel draws from one generator at a time, and has"
		       " none chosen: none was started, or somebody wrote "
		       "\"none\" to rng_current.");
	finding_fix(f, FIX_GUEST, "Choose it; an error tells why it cannot:");
	finding_command(f, FIX_GUEST,
			"echo %s > /sys/class/misc/hw_random/rng_current", name);
}

static void say_uncounted(const struct machine *m, const char *name,
			  const struct sources_trust *t, struct finding *f)
{
	bool strong = sources_strong(m);
	unsigned release = sources_release(m);

	finding_say(f, strong ? SEVERITY_INFO : SEVERITY_WARN,
		    "%s is in use and counts for nothing (%s)", name, t->why);
	finding_why(f,
		    "A generator of quality 0 is credited with no entropy: "
		    "before Linux 6.2 that is the quality of every driver "
		    "that names none, a TPM's among them; later it is what "
		    "somebody set.%s",
		    strong ? " Another source counts here, so nothing waits "
			     "for this one." :
			     "");
	finding_fix(f, FIX_GUEST,
		    "aquiferd reads it, tests it and credits what it can vouch"
		    " for. Or let the kernel count it (1024 is full trust, "
		    "700 leaves a margin):");
	if (release >= 6000 && m->sources->hwrng.quality.error == 0)
		finding_command(f, FIX_GUEST,
				"echo 700 > "
				"/sys/class/misc/hw_random/rng_quality");
	finding_fix(f, FIX_GUEST,
		    "At every start, on the kernel's command "
		    "line: rng_core.default_quality=700");
}

static void say_current(const struct machine *m, const char *name,
			struct finding *f)
{
	struct sources_trust t;

	sources_trust_hwrng(m, &t);
	switch (t.counts) {
	case COUNTS_YES:
		finding_say(f, SEVERITY_OK,
			    "hardware generator %s is in use and counts", name);
		finding_evidence(f, "counted because", "%s", t.why);
		finding_why(f, "That a generator is chosen does not show that "
			       "it answers: one whose host has gone silent "
			       "looks the same.");
		break;
	case COUNTS_NO:
		say_uncounted(m, name, &t, f);
		break;
	case COUNTS_NEVER:
		finding_say(f, SEVERITY_INFO,
			    "hardware generator %s is there; this kernel does "
			    "not draw from it by itself",
			    name);
		finding_why(f, "Why: %s.", t.why);
		finding_fix(f, FIX_GUEST,
			    "Run a daemon that does: aquiferd, or rngd.");
		break;
	case COUNTS_UNKNOWN:
		finding_say(f, SEVERITY_INFO,
			    "hardware generator %s is in use; whether it "
			    "counts is not shown",
			    name);
		finding_why(f, "Why: %s.", t.why);
		break;
	}
}

static void say_none(const struct machine *m, struct finding *f)
{
	finding_say(f, SEVERITY_INFO, "the kernel knows no hardware generator");
	finding_why(f, "%s",
		    m->platform.hypervisor ?
			    "In a guest that would be a virtio-rng, or a TPM "
			    "that the host made; see virtio-rng and tpm-rng." :
			    "That is usual on machines without a TPM or a "
			    "chipset generator with a driver.");
	if (m->sources->hwrng.node_there)
		finding_why(f, "/dev/hwrng is there all the same: kernels make "
			       "it without any hardware behind it.");
}

bool sources_judge_hwrng(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	char available[64], current[64];

	if (s == NULL || !s->hwrng.class_there)
		return false;
	show(&s->hwrng, f);
	if (s->hwrng.available.error == -EACCES ||
	    s->hwrng.available.error == -EPERM ||
	    s->hwrng.current.error == -EACCES ||
	    s->hwrng.current.error == -EPERM) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "the kernel's hardware generators may not be seen");
		finding_fix(f, FIX_GUEST, "Run as root: aquifer doctor");
		return true;
	}
	(void)sources_hwrng_name(s->hwrng.available.text, available,
				 sizeof available);
	if (sources_hwrng_name(s->hwrng.current.text, current, sizeof current))
		say_current(m, current, f);
	else if (available[0] != '\0' && s->hwrng.current.error == 0)
		say_none_current(available, f);
	else if (available[0] != '\0')
		finding_say(f, SEVERITY_INFO,
			    "hardware generator %s is there; which one is in "
			    "use is not known",
			    available);
	else
		say_none(m, f);
	return true;
}
