/* SPDX-License-Identifier: ISC */
/* CPUs whose generators are known to fail, and what is left of that here. */
#include <string.h>

#include "base/cpu_errata.h"
#include "doctor/sources_parts.h"

#define SRBDS "/sys/devices/system/cpu/vulnerabilities/srbds"
/* Linux 5.4, 7879fc4bdc75: the kernel compares what RDRAND gives at boot. */
#define TESTED_SINCE 5004

static void show_row(const struct machine *m, const struct cpu_erratum *row,
		     struct finding *f)
{
	const struct platform *p = &m->platform;

	finding_evidence(f, "/proc/cpuinfo",
			 "%s, family %u, model 0x%x, stepping %u, microcode "
			 "0x%x",
			 p->cpu_vendor, p->cpu_family, p->cpu_model,
			 p->cpu_stepping, p->microcode);
	finding_why(f, "%s (%s).", row->what, row->reference);
}

static void advise_microcode(const struct machine *m,
			     const struct cpu_erratum *row, struct finding *f)
{
	enum fix_place place = m->platform.hypervisor ? FIX_HOST : FIX_GUEST;

	if (row->fixed_microcode == CPU_MICROCODE_NONE)
		finding_fix(f, place,
			    "Update the firmware; no microcode revision that "
			    "repairs this model is known to this program.");
	else
		finding_fix(f, place,
			    "Update the firmware or the microcode "
			    "(amd64-microcode, linux-firmware) to 0x%x or "
			    "later.",
			    row->fixed_microcode);
}

static void judge_rdseed(const struct machine *m, struct finding *f)
{
	const struct platform *p = &m->platform;
	const struct sources_cpu *cpu = &m->sources->cpu;
	const struct cpu_erratum *row;
	enum cpu_verdict verdict = cpu_errata_judge(p, CPU_RDSEED, &row);

	if (row == NULL || row->shows_itself)
		return;
	show_row(m, row, f);
	if (verdict == CPU_UNKNOWN) {
		if (!p->kernel_has_rdseed)
			return;
		finding_say(f, SEVERITY_UNKNOWN,
			    "whether RDSEED of this CPU is repaired cannot be "
			    "seen: %s",
			    p->hypervisor ? "only the host knows its microcode" :
					    "the microcode is not known");
		finding_fix(f, p->hypervisor ? FIX_HOST : FIX_GUEST,
			    "%s: grep -m1 microcode /proc/cpuinfo",
			    p->hypervisor ? "Look on the host" : "Look");
	} else if (row->fixed_microcode == 0) {
		/* Silicon: nothing but leaving it alone helps. */
		finding_say(f,
			    p->kernel_has_rdseed ? SEVERITY_WARN : SEVERITY_INFO,
			    p->kernel_has_rdseed ?
				    "RDSEED of this CPU is broken and still "
				    "offered to programs" :
				    "RDSEED of this CPU is broken; the kernel "
				    "has switched it off");
		if (p->kernel_has_rdseed)
			finding_fix(f, FIX_GUEST,
				    "Use a kernel that knows this CPU, or put "
				    "clearcpuid=rdseed on its command line.");
		return;
	} else if (p->kernel_has_rdseed) {
		finding_say(f, SEVERITY_WARN,
			    "RDSEED of this CPU is broken (%s), its microcode "
			    "is old, and it is still offered to programs",
			    row->reference);
	} else {
		finding_say(f, SEVERITY_WARN,
			    "RDSEED of this CPU is broken (%s) and switched "
			    "off: its microcode is old",
			    row->reference);
	}
	if (cpu->rdseed32_broken)
		finding_evidence(f, m->sources->log.path,
				 "RDSEED32 is broken. "
				 "Disabling the corresponding CPUID bit.");
	advise_microcode(m, row, f);
}

/* AMD 15h and 16h: one value for ever after a resume, with success. */
static void judge_resume(const struct machine *m, const struct cpu_erratum *row,
			 struct finding *f)
{
	const struct sources_cpu *cpu = &m->sources->cpu;

	if (!m->platform.kernel_has_rdrand)
		return;
	show_row(m, row, f);
	if (m->sources->command_line.rdrand_force)
		finding_evidence(f, "/proc/cmdline", "rdrand=force");
	if (cpu->resume_count > 0) {
		finding_evidence(f, m->sources->log.path,
				 "resumed from suspend %u time(s)",
				 cpu->resume_count);
		finding_say(f, SEVERITY_WARN,
			    "RDRAND of this CPU may return one value for ever: "
			    "the machine was resumed from suspend");
	} else {
		finding_say(f, SEVERITY_INFO,
			    "RDRAND of this CPU may not survive a suspend");
	}
	finding_fix(f, m->platform.hypervisor ? FIX_HOST : FIX_GUEST,
		    "Update the firmware. Linux 5.3 and later hide RDRAND on "
		    "such CPUs unless rdrand=force is given; remove that.");
}

/* Zen 2 before AGESA 1.0.0.3ABA: all ones; the kernel's test sees them. */
static void judge_suspect(const struct machine *m,
			  const struct cpu_erratum *row, struct finding *f)
{
	const struct sources_cpu *cpu = &m->sources->cpu;

	if (!m->platform.kernel_has_rdrand || m->platform.hypervisor)
		return;
	if (sources_release(m) >= TESTED_SINCE && cpu->resume_count == 0)
		return;
	show_row(m, row, f);
	if (cpu->resume_count > 0)
		finding_evidence(f, m->sources->log.path,
				 "resumed from suspend %u time(s), after the "
				 "kernel's test at boot",
				 cpu->resume_count);
	finding_say(f, SEVERITY_INFO,
		    "RDRAND of some CPUs of this kind failed until a firmware "
		    "update; aquifer sources tests this one");
	finding_command(f, FIX_GUEST, "aquifer sources");
}

/* Special register buffer data sampling, CVE-2020-0543: Intel alone. */
static void say_srbds(const struct machine *m, struct finding *f)
{
	const struct sources_line *line = &m->sources->cpu.srbds;

	if (line->error != 0 || line->text[0] == '\0')
		return;
	finding_evidence(f, SRBDS, "%s", line->text);
	if (strncmp(line->text, "Vulnerable", 10) == 0) {
		finding_say(f, SEVERITY_WARN,
			    "other cores can read what RDRAND and RDSEED "
			    "return (SRBDS, CVE-2020-0543)");
		finding_why(f, "On this CPU a program on another core can see "
			       "numbers that RDRAND, RDSEED or SGX just gave. "
			       "New microcode ends that.");
		if (m->sources->command_line.srbds_off)
			finding_fix(f, FIX_GUEST,
				    "Take srbds=off (or mitigations=off) from "
				    "the kernel's command line.");
		else
			finding_fix(f,
				    m->platform.hypervisor ? FIX_HOST :
							     FIX_GUEST,
				    "Update the CPU's microcode "
				    "(intel-microcode, microcode_ctl) or the "
				    "firmware.");
	} else if (strncmp(line->text, "Unknown", 7) == 0) {
		finding_say(f, SEVERITY_INFO,
			    "whether other cores can read what RDRAND returns "
			    "(SRBDS) only the host knows");
		finding_fix(f, FIX_HOST, "Look on the host: cat " SRBDS);
	}
}

void sources_judge_errata(const struct machine *m, struct finding *f)
{
	const struct cpu_erratum *row;

	(void)cpu_errata_judge(&m->platform, CPU_RDRAND, &row);
	if (row != NULL && row->shows_itself)
		judge_suspect(m, row, f);
	else if (row != NULL)
		judge_resume(m, row, f);
	judge_rdseed(m, f);
	/* Broken by a table this program does not have. */
	if (m->sources->cpu.rdseed_unreliable) {
		finding_evidence(f, m->sources->log.path,
				 "RDSEED is not reliable on this platform");
		finding_say(f, SEVERITY_INFO,
			    "the kernel has switched RDSEED off: not reliable "
			    "on this CPU");
	}
	/* The host makes up what a guest's kernel reads as the revision. */
	if (m->sources->cpu.rdseed32_broken && m->platform.hypervisor)
		finding_say(f, SEVERITY_INFO,
			    "the kernel has switched RDSEED off, by the "
			    "microcode revision that the host shows it");
	say_srbds(m, f);
}
