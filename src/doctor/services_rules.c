/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor/services_parts.h"
#include "doctor/sources_parts.h"

const char services_page_confidential[] =
	"In a confidential guest (SEV-SNP, TDX) the host is an enemy by "
	"assumption. What it hands over as random it may have kept: "
	"virtio-rng, fw_cfg, the boot loader's seed, a TPM of the hypervisor. "
	"It cannot see or steer RDRAND and RDSEED, which are executed by the "
	"CPU; it can starve them, since all guests share one unit.\n"
	"\n"
	"critical: the kernel has no RDRAND to use. warn: RDRAND is there and "
	"not trusted (random.trust_cpu=off), or the boot loader's seed is "
	"trusted by an explicit word on the command line. info: host sources are counted "
	"besides RDRAND: they add nothing to rely on, and take nothing away. "
	"ok: RDRAND is counted, nothing of the host is.\n"
	"\n"
	"Linux since 6.9, and stable series since April 2024, do not start a "
	"confidential guest whose RDRAND does not work. Plain SEV and SEV-ES "
	"guests are not judged here.";

static void say_host_counted(const struct machine *m, struct finding *f,
			     bool cpu_counted)
{
	const struct sources_facts *s = m->sources;
	/* RDRAND is mixed in all the same: the host's word is not alone. */
	enum severity severity = cpu_counted ? SEVERITY_INFO : SEVERITY_WARN;
	struct sources_trust t;

	sources_trust_bootloader(m, &t);
	if (t.counts == COUNTS_YES) {
		bool asked = s->command_line.trust_bootloader == 1;

		finding_say(f, asked && cpu_counted ? SEVERITY_WARN : severity,
			    "a seed from the boot loader, which is the host's, "
			    "would be counted");
		finding_evidence(f, "boot loader", "%s", t.why);
		finding_fix(f, FIX_GUEST,
			    "Add to the kernel command line: "
			    "random.trust_bootloader=off");
	}
	sources_trust_hwrng(m, &t);
	if (t.counts == COUNTS_YES &&
	    strncmp(s->hwrng.current.text, "virtio", 6) == 0) {
		finding_say(f, severity,
			    "the host's virtio-rng is counted as entropy");
		finding_evidence(f, "/sys/class/misc/hw_random/rng_current",
				 "%s", s->hwrng.current.text);
		finding_fix(f, FIX_GUEST,
			    "Keep it as an input and give it no "
			    "credit:");
		finding_command(f, FIX_GUEST,
				"echo 0 > /sys/class/misc/hw_random/"
				"rng_quality");
	}
}

static void judge_cpu(const struct machine *m, struct finding *f,
		      bool *ret_counted)
{
	const struct platform *p = &m->platform;
	struct sources_trust t = { COUNTS_UNKNOWN, "" };

	*ret_counted = false;
	if (!p->cpuinfo_seen) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "whether the kernel uses RDRAND could not be "
			    "seen");
		finding_evidence(f, "/proc/cpuinfo", "no flags");
		return;
	}
	finding_evidence(f, "/proc/cpuinfo", "%s, %s",
			 p->kernel_has_rdrand ? "rdrand" : "no rdrand",
			 p->kernel_has_rdseed ? "rdseed" : "no rdseed");
	if (!p->kernel_has_rdrand) {
		finding_say(f, SEVERITY_CRITICAL,
			    "a confidential guest without RDRAND: all its "
			    "randomness may be the host's");
		finding_why(f, "Everything else the guest could draw from, "
			       "devices and timing, passes through the host.");
		finding_fix(f, FIX_HOST,
			    "Give the guest a CPU model with "
			    "RDRAND and RDSEED (-cpu host).");
		return;
	}
	if (m->sources != NULL)
		sources_trust_cpu(m, &t);
	*ret_counted = t.counts == COUNTS_YES || t.counts == COUNTS_UNKNOWN;
	if (t.why[0] != '\0')
		finding_evidence(f, "RDRAND", "%s", t.why);
	if (t.counts == COUNTS_NO || t.counts == COUNTS_NEVER) {
		finding_say(f, SEVERITY_WARN,
			    "RDRAND is there and not trusted, in a guest that "
			    "must not trust its host");
		finding_why(f, "RDRAND is the one source the host cannot see "
			       "or steer.");
		finding_fix(f, FIX_GUEST,
			    "Add to the kernel command line: "
			    "random.trust_cpu=on");
	}
}

bool services_judge_confidential(const struct machine *m, struct finding *f)
{
	const struct platform *p = &m->platform;
	bool counted;

	if (!platform_is_confidential(p))
		return false;
	finding_evidence(f, "confidential guest", "%s", p->confidential_why);
	judge_cpu(m, f, &counted);
	if (m->sources != NULL && p->cpuinfo_seen)
		say_host_counted(m, f, counted);
	if (!p->tsc_secure)
		finding_evidence(f, "clock",
				 "the host can shape the time stamp counter: "
				 "timing noise proves nothing here");
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    "confidential guest: RDRAND is counted, nothing "
			    "of the host is");
	return true;
}

const char services_page_fips[] =
	"In FIPS mode the kernel's crypto API draws its seeds from the Jitter "
	"RNG, and the kernel panics when that fails its health test for good: "
	"'Jitter RNG permanent health test failure'. It measures how long "
	"code takes; where the clock is coarse or emulated it sees too little "
	"variation. Guests were seen to stop so in one boot of four.\n"
	"\n"
	"critical: the log says that it failed. warn: the clock is an "
	"emulator's, jiffies or acpi_pm, or arm64's counter runs below "
	"100 MHz: the panic is likely; or fips=1 is on the command line and "
	"FIPS mode is off. info: FIPS mode with one CPU, where there is less "
	"variation. ok: FIPS mode without such a sign, or no FIPS mode. That a "
	"guest with a slow or limited virtio-rng panics more often was "
	"reported and not proved.";

static void judge_clock(const struct machine *m, struct finding *f)
{
	const struct services_facts *s = m->services;
	bool coarse = strcmp(s->clocksource, "jiffies") == 0 ||
		      strcmp(s->clocksource, "acpi_pm") == 0 ||
		      strcmp(s->clocksource, "refined-jiffies") == 0;
	bool slow = s->arch_timer_mhz > 0 && s->arch_timer_mhz < 100;

	if (s->clocksource[0] != '\0')
		finding_evidence(f,
				 "/sys/devices/system/clocksource/"
				 "clocksource0/current_clocksource",
				 "%s", s->clocksource);
	if (slow)
		finding_evidence(f, "kernel log", "arch_timer at %.2f MHz",
				 s->arch_timer_mhz);
	if (m->platform.clock_emulated)
		finding_evidence(f, "hypervisor", "%s: its clock is software",
				 m->platform.hypervisor_name);
	if (!coarse && !slow && !m->platform.clock_emulated)
		return;
	finding_say(f, SEVERITY_WARN,
		    "FIPS mode on a clock that the Jitter RNG may reject: the "
		    "kernel would panic");
	finding_why(f, "In FIPS mode a kernel whose Jitter RNG fails its "
		       "health test stops.");
	finding_fix(f, FIX_HOST,
		    "Run the guest with hardware virtualisation (KVM), a "
		    "stable time stamp counter and more than one CPU.");
	finding_fix(f, FIX_GUEST,
		    "Keep a kernel at hand that starts without fips=1.");
}

bool services_judge_fips(const struct machine *m, struct finding *f)
{
	static const char path[] = "/proc/sys/crypto/fips_enabled";
	const struct services_facts *s = m->services;

	if (s == NULL || (s->fips_error == -ENOENT && s->fips_command_line != 1))
		return false;
	if (s->fips_error != 0 && s->fips_error != -ENOENT) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "whether FIPS mode is on could not be read");
		finding_evidence(f, path, "%s",
				 s->fips_error == -EBADMSG ?
					 "neither 0 nor 1" :
					 strerror(-s->fips_error));
		return true;
	}
	finding_evidence(f, path, "%s",
			 s->fips_error != 0 ? "not there" :
			 s->fips_enabled    ? "1" :
					      "0");
	if (s->fips_command_line >= 0)
		finding_evidence(f, "/proc/cmdline", "fips=%d",
				 s->fips_command_line);
	if (s->jitter_failed) {
		finding_say(f, SEVERITY_CRITICAL,
			    "the kernel's Jitter RNG has failed for good");
		finding_evidence(f, "kernel log", "%s", s->jitter_line);
	}
	if (!s->fips_enabled) {
		if (s->fips_command_line == 1)
			finding_say(f, SEVERITY_WARN,
				    "fips=1 is on the command line, and FIPS "
				    "mode is off");
		else if (f->title == NULL)
			finding_say(f, SEVERITY_OK, "FIPS mode is off");
		return true;
	}
	judge_clock(m, f);
	if (m->platform.cpus_online == 1)
		finding_say(f, SEVERITY_INFO,
			    "FIPS mode with one CPU: less variation for the "
			    "Jitter RNG");
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    "FIPS mode, and no sign that the Jitter RNG may "
			    "fail");
	return true;
}
