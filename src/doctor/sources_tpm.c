/* SPDX-License-Identifier: ISC */
/* A TPM has a generator: does the kernel use it, and should something? */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/sources_parts.h"

/* "tpm-rng-0", and "tpm-rng" before 4.16. */
static bool names_tpm(const char *list)
{
	return strstr(list, "tpm-rng") != NULL;
}

static bool is_built_without(const struct sources_facts *s)
{
	char value = s->config.value[SOURCES_HW_RANDOM_TPM];

	/* A whole configuration names HW_RANDOM; an excerpt may leave it out. */
	return value == 'n' ||
	       (value == 0 && s->config.value[SOURCES_HW_RANDOM] != 0);
}

static void show(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;

	for (size_t i = 0; i < s->tpm.count; i++) {
		const struct sources_tpm *t = &s->tpm.at[i];
		char path[40] = "/sys/class/tpm/";

		(void)strncat(path, t->name, sizeof path - strlen(path) - 1);
		finding_evidence(f, path, "TPM%s%s%s%s%s",
				 t->version_major == 2 ? " 2.0" :
				 t->version_major == 1 ? " 1.2" :
							 "",
				 t->driver[0] ? ", driver " : "", t->driver,
				 t->description[0] ? ", " : "", t->description);
		if (t->manager_there)
			finding_evidence(f, "/dev/tpmrm0", "there");
	}
	if (s->hwrng.available.error == 0)
		finding_evidence(f, "/sys/class/misc/hw_random/rng_available",
				 "%s", s->hwrng.available.text);
	if (s->tpm.rng_disabled)
		finding_evidence(f, s->log.path, "%s",
				 s->tpm.stutter[0] ? s->tpm.stutter :
						     "Disabling hwrng");
	if (is_built_without(s))
		finding_evidence(f, s->config.path,
				 "CONFIG_HW_RANDOM_TPM is not set");
}

static void advise(const struct machine *m, struct finding *f)
{
	finding_fix(f, FIX_GUEST,
		    "aquiferd asks the TPM for 32 bytes at its start (section "
		    "[tpm2] of /etc/aquifer/aquiferd.conf), tests and credits "
		    "them:");
	finding_command(f, FIX_GUEST, "systemctl enable --now aquiferd");
	if (m->platform.hypervisor)
		finding_why(f, "The TPM of a guest is a program of its host: "
			       "its numbers are the host's, like those of a "
			       "virtio-rng.");
}

/* The kernel draws from it: for good, or for nothing. */
static void say_used(const struct machine *m, struct finding *f)
{
	bool current = names_tpm(m->sources->hwrng.current.text);
	struct sources_trust t;

	sources_trust_hwrng(m, &t);
	if (!current) {
		finding_say(f, SEVERITY_OK,
			    "the TPM's generator is there, the kernel uses "
			    "another one");
	} else if (t.counts == COUNTS_YES) {
		finding_say(f, SEVERITY_OK,
			    "the kernel uses the TPM's generator and counts "
			    "it");
	} else if (t.counts == COUNTS_UNKNOWN) {
		finding_say(f, SEVERITY_INFO,
			    "the kernel uses the TPM's generator; whether it "
			    "counts is not shown");
	} else {
		finding_say(f, SEVERITY_INFO,
			    "the kernel reads the TPM and counts it for "
			    "nothing (%s)",
			    t.why);
		finding_why(f, "Before Linux 6.2 a TPM has quality 0: what it "
			       "gives is mixed in and does not make the kernel "
			       "ready.");
		advise(m, f);
	}
}

static void say_unused(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	bool strong = sources_strong(m);

	if (s->tpm.rng_disabled)
		finding_why(f, "On AMD processors the kernel does not draw from"
			       " the firmware's TPM by itself: reading it in a "
			       "steady stream made machines stutter. One "
			       "request at start does not.");
	else if (is_built_without(s))
		finding_why(f, "This kernel is built without "
			       "CONFIG_HW_RANDOM_TPM, as Debian's cloud kernels"
			       " are.");
	if (strong) {
		finding_say(f, SEVERITY_OK,
			    "there is a TPM; the kernel does not draw from it "
			    "and has another source");
		return;
	}
	finding_say(f, SEVERITY_INFO,
		    "there is a TPM, the kernel does not draw from it and has "
		    "no other source that counts");
	advise(m, f);
}

/* An AMD firmware TPM that the kernel still polls. */
static void say_stutter(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	struct sources_trust t;

	sources_trust_hwrng(m, &t);
	if (m->platform.hypervisor || t.counts != COUNTS_YES ||
	    strcmp(m->platform.cpu_vendor, "AuthenticAMD") != 0 ||
	    !names_tpm(s->hwrng.current.text) || s->tpm.count == 0 ||
	    strcmp(s->tpm.at[0].driver, "tpm_crb") != 0)
		return;
	finding_say(f, SEVERITY_INFO,
		    "the kernel keeps reading this AMD processor's firmware "
		    "TPM, which made some machines stutter");
	finding_fix(f, FIX_GUEST,
		    "Only if the machine stutters: update its firmware and "
		    "kernel (6.5 and stable kernels since leave such TPMs "
		    "alone), or until the next start:");
	finding_command(f, FIX_GUEST,
			"echo 0 > /sys/class/misc/hw_random/rng_quality");
}

bool sources_judge_tpm(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;

	if (s == NULL)
		return false;
	if (s->tpm.error == -EACCES || s->tpm.error == -EPERM) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "/sys/class/tpm may not be looked at");
		finding_fix(f, FIX_GUEST, "Run as root: aquifer doctor");
		return true;
	}
	if (s->tpm.count == 0 && !names_tpm(s->hwrng.available.text))
		return false;
	show(m, f);
	if (names_tpm(s->hwrng.available.text) ||
	    names_tpm(s->hwrng.current.text))
		say_used(m, f);
	else
		say_unused(m, f);
	say_stutter(m, f);
	return true;
}
