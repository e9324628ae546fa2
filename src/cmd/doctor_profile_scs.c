/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Sovereign Cloud Stack's standard SCS-0101, entropy in virtual machines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "assess/fips140/fips140.h"
#include "base/bytes.h"
#include "base/wipe.h"
#include "cmd/doctor_profile.h"

#define SCS_BLOCKS 1000
/* The text says 3, its test script passes 5. */
#define SCS_FAILED_MAX 5

static struct outcome scs_rngd(const struct asked *a)
{
	const struct services_facts *s = a->m->services;

	for (size_t i = 0; i < s->n_running; i++) {
		if (s->running[i].daemon == DAEMON_RNGD)
			return outcome(RESULT_PASS, "/proc/%d/comm: %s",
				       s->running[i].pid, s->running[i].comm);
	}
	if (s->proc_error != 0 || !s->pids_seen)
		return outcome(RESULT_UNSEEN, "/proc: no process was seen");
	if (s->pids_partial || s->more_running)
		return outcome(RESULT_UNSEEN,
			       "/proc: not every process is shown; run as root");
	if (s->packages[DAEMON_RNGD].from != PACKAGE_NONE)
		return outcome(RESULT_FAIL,
			       "%s: installed, and no process is "
			       "rngd",
			       s->packages[DAEMON_RNGD].path);
	return outcome(RESULT_FAIL, "/proc: no process is rngd");
}

static struct outcome scs_entropy_avail(const struct asked *a)
{
	static const char path[] = "/proc/sys/kernel/random/entropy_avail";
	const struct boot_number *n = &a->m->boot->kernel.entropy_avail_bits;

	if (n->error != 0)
		return outcome(RESULT_UNSEEN, "%s: %s", path,
			       strerror(abs(n->error)));
	return outcome(n->value == 256 ? RESULT_PASS : RESULT_FAIL, "%s: %llu",
		       path, (unsigned long long)n->value);
}

/* As `rngtest -c 1000 < /dev/random` does, without a wait or another program. */
static struct outcome scs_fips(const struct asked *a)
{
	uint8_t bytes[FIPS140_BLOCK_BYTES];
	struct fips140 f;
	uint64_t failed;

	if (a->m->kind != PROBE_LIVE)
		return outcome(RESULT_NOT_JUDGED,
			       "a record has no random bytes; on the machine: "
			       "rngtest -c 1000 < /dev/random");
	fips140_begin(&f, FIPS140_AS_STANDARD);
	while (f.blocks < SCS_BLOCKS) {
		ssize_t n = getrandom(bytes, sizeof bytes, GRND_NONBLOCK);

		if (n < 0)
			return outcome(RESULT_FAIL,
				       "getrandom(GRND_NONBLOCK): %s",
				       strerror(errno));
		fips140_feed(&f, bytes, (size_t)n);
	}
	failed = f.failed_blocks;
	wipe(bytes, sizeof bytes);
	wipe(&f, sizeof f);
	return outcome(failed <= SCS_FAILED_MAX ? RESULT_PASS : RESULT_FAIL,
		       "getrandom(2): %llu of %d blocks failed",
		       (unsigned long long)failed, SCS_BLOCKS);
}

static struct outcome scs_cpu(const struct asked *a)
{
	const struct platform *p = &a->m->platform;

	if (p->cpu_has_rdrand || p->cpu_has_rdseed)
		return outcome(RESULT_PASS, "/proc/cpuinfo, CPUID:%s%s",
			       p->cpu_has_rdrand ? " rdrand" : "",
			       p->cpu_has_rdseed ? " rdseed" : "");
	if (!p->cpuinfo_seen)
		return outcome(RESULT_UNSEEN,
			       "/proc/cpuinfo: no flags were seen");
	return outcome(RESULT_FAIL, "/proc/cpuinfo: neither rdrand nor rdseed");
}

static struct outcome scs_virtio(const struct asked *a)
{
	const struct sources_facts *s = a->m->sources;
	const struct sources_line *available = &s->hwrng.available;

	if (s->virtio.count > 0)
		return outcome(RESULT_PASS, "%s", s->virtio.at[0].path);
	if (s->pci.count > 0)
		return outcome(RESULT_PASS, "%s", s->pci.at[0].path);
	if (available->error == 0 && strstr(available->text, "virtio"))
		return outcome(RESULT_PASS,
			       "/sys/class/misc/hw_random/rng_available: %s",
			       available->text);
	if (!a->m->platform.hypervisor)
		return outcome(RESULT_NOT_JUDGED, "no hypervisor was seen");
	if (!probe_root_exists(a->root, "/sys/bus"))
		return outcome(RESULT_UNSEEN, "/sys/bus: not there");
	return outcome(RESULT_FAIL, "no virtio entropy device on a bus");
}

static const struct requirement scs_0101[] = {
	{ "rngd", true, "The service rngd runs.",
	  "v1 'Images'; testing notes, errors, 1st", scs_rngd,
	  "The standard says that rngd must feed a hardware generator into the "
	  "kernel's pool. Kernels from 3.17 on do that themselves where the "
	  "driver has a quality, and from 5.6 on nothing waits for a pool that "
	  "has once been filled: rngd is asked for by the rule, not by the "
	  "kernel." },
	{ "entropy-avail", true, "entropy_avail is 256.",
	  "testing notes, errors, 2nd", scs_entropy_avail,
	  "256 shows a generator of 5.18 (or its back-port) that is ready, and "
	  "nothing about the quality of its seed." },
	{ "fips-140-2", true,
	  "At most 3 of 1000 blocks of /dev/random fail FIPS 140-2's tests.",
	  "testing notes, errors, 3rd", scs_fips,
	  "The output of ChaCha20 passes with any key, a known one too: the "
	  "standard means it as a stand-in for the next line. One good machine "
	  "in a hundred has 4 or 5 such blocks by chance, so up to 5 pass here "
	  "as they do in the standard's own test script." },
	{ "cpu", true, "The CPU offers RDRAND or RDSEED to the guest.",
	  "v1 'Compute nodes'", scs_cpu, NULL },
	{ "virtio-rng", false,
	  "The flavor has hw_rng:allowed=True and the image hw_rng_model=virtio: "
	  "the guest has a virtio-rng device.",
	  "v1 'Flavors', 'Images'; testing notes, warnings", scs_virtio,
	  "Seen from within. Whether an attribute is set on a flavor or an "
	  "image that this guest was not made from is for the cloud's API." },
};

const struct profile profile_scs_0101 = {
	.name = "scs-0101",
	.title = "Sovereign Cloud Stack, SCS-0101-v1 Entropy",
	.source = "https://docs.scs.community/standards/scs-0101-v1-entropy",
	.requirements = scs_0101,
	.n_requirements = ARRAY_LEN(scs_0101),
};
