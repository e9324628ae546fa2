/* SPDX-License-Identifier: ISC */
/* RDRAND, RDSEED, RNDR: there, counted, masked, cleared, leaking? */
#include <string.h>

#include "doctor/sources_parts.h"

#define CPUINFO "/proc/cpuinfo"

static const char *yes_no(bool there)
{
	return there ? "yes" : "no";
}

static void show(const struct machine *m, struct finding *f)
{
	const struct platform *p = &m->platform;
	const struct sources_facts *s = m->sources;

	if (s->cpu.model_name[0] != '\0')
		finding_evidence(f, CPUINFO, "%s", s->cpu.model_name);
	if (s->cpu.arch == SOURCES_ARM)
		finding_evidence(f, CPUINFO, "Features of the first CPU: rng %s",
				 yes_no(p->kernel_has_rdrand));
	else
		finding_evidence(f, CPUINFO,
				 "flags of the first CPU: rdrand %s, rdseed %s",
				 yes_no(p->kernel_has_rdrand),
				 yes_no(p->kernel_has_rdseed));
	if (p->cpu_has_rdrand != p->kernel_has_rdrand ||
	    p->cpu_has_rdseed != p->kernel_has_rdseed)
		finding_evidence(f, "CPUID", "rdrand %s, rdseed %s",
				 yes_no(p->cpu_has_rdrand),
				 yes_no(p->cpu_has_rdseed));
}

static const char *instructions(const struct machine *m)
{
	const struct platform *p = &m->platform;

	if (m->sources->cpu.arch == SOURCES_ARM)
		return "RNDR";
	if (p->kernel_has_rdrand && p->kernel_has_rdseed)
		return "RDRAND and RDSEED";
	return p->kernel_has_rdrand ? "RDRAND" : "RDSEED";
}

static void advise_trust(const struct machine *m, struct finding *f)
{
	if (m->sources->command_line.trust_cpu == 0)
		finding_fix(f, FIX_GUEST,
			    "If that is not meant, take random.trust_cpu=off "
			    "from the kernel's command line.");
	else
		finding_fix(f, FIX_GUEST,
			    "To let it count, put random.trust_cpu=on on the "
			    "kernel's command line.");
}

static void say_present(const struct machine *m, struct finding *f)
{
	const char *what = instructions(m);
	struct sources_trust t;

	sources_trust_cpu(m, &t);
	switch (t.counts) {
	case COUNTS_YES:
		finding_say(f, SEVERITY_OK, "%s there and counted as entropy",
			    what);
		finding_evidence(f, "counted because", "%s", t.why);
		break;
	case COUNTS_NO:
		finding_say(f, SEVERITY_INFO,
			    "%s there, mixed in and not counted", what);
		finding_evidence(f, "not counted because", "%s", t.why);
		finding_why(f, "The kernel mixes the CPU's numbers in, which "
			       "can only help, and waits for another source "
			       "before it calls itself ready. Whether to trust "
			       "the CPU's maker is a choice; this machine's is"
			       " made.");
		advise_trust(m, f);
		break;
	case COUNTS_NEVER:
		finding_say(f, SEVERITY_INFO,
			    "%s there, not counted by this kernel", what);
		finding_why(f, "Why: %s.", t.why);
		break;
	case COUNTS_UNKNOWN:
		if (m->sources->config.denied[0] != '\0') {
			finding_say(f, SEVERITY_UNKNOWN,
				    "%s there; whether it counts could not be "
				    "seen",
				    what);
			finding_fix(f, FIX_GUEST,
				    "Run as root: aquifer doctor "
				    "(it reads %s)",
				    m->sources->config.denied);
		} else {
			finding_say(f, SEVERITY_INFO,
				    "%s there; whether it counts is not known",
				    what);
		}
		finding_why(f, "Why: %s.", t.why);
		break;
	}
}

/* What an administrator may believe that is not so. */
static void say_misled(const struct machine *m, struct finding *f)
{
	if (m->sources->command_line.nordrand && sources_release(m) >= 6000) {
		finding_say(f, SEVERITY_INFO,
			    "nordrand on the command line does nothing since "
			    "Linux 6.0");
		finding_fix(f, FIX_GUEST,
			    "Not to count the CPU's generator, put "
			    "random.trust_cpu=off there instead.");
	}
	if (strcmp(m->platform.hypervisor_name, "TCG") == 0)
		finding_why(f, "This CPU is emulated: its random numbers are "
			       "made by the emulator, on the host.");
}

/* Family 6 from Ivy Bridge on; AMD from Excavator, Puma and Zen on. */
static bool surely_has_rdrand(const struct platform *p)
{
	if (strcmp(p->cpu_vendor, "GenuineIntel") == 0)
		return p->cpu_family == 6 && p->cpu_model >= 0x3a;
	if (strcmp(p->cpu_vendor, "AuthenticAMD") == 0)
		return p->cpu_family >= 0x17 ||
		       (p->cpu_family == 0x15 && p->cpu_model >= 0x60) ||
		       (p->cpu_family == 0x16 && p->cpu_model >= 0x30);
	return strcmp(p->cpu_vendor, "HygonGenuine") == 0;
}

/* What QEMU shows where nobody chose a model: qemu64, kvm64 and the like. */
static bool is_generic(const char *model)
{
	return strstr(model, "QEMU Virtual CPU") != NULL ||
	       strstr(model, "Common KVM processor") != NULL ||
	       strstr(model, "Common 32-bit KVM processor") != NULL;
}

/* Returns whether something was said. */
static bool say_cleared(const struct machine *m, struct finding *f)
{
	const struct sources_cpu *cpu = &m->sources->cpu;
	const struct sources_command_line *c = &m->sources->command_line;

	if (cpu->rdrand_unreliable) {
		finding_say(f, SEVERITY_WARN,
			    "the kernel has switched RDRAND off: it failed the "
			    "test at boot");
		finding_evidence(f, m->sources->log.path,
				 "RDRAND is not reliable on this platform");
		finding_why(f, "The CPU gave the same number again and again "
			       "while it reported success. The kernel is safe "
			       "from that now; programs that use the "
			       "instruction themselves may not be.");
		finding_fix(f, m->platform.hypervisor ? FIX_HOST : FIX_GUEST,
			    "Update the firmware (BIOS) and the CPU's "
			    "microcode.");
	} else if (cpu->rdrand_hidden) {
		finding_say(f, SEVERITY_INFO,
			    "the kernel hides RDRAND: on this CPU firmware may "
			    "break it over suspend and resume");
		finding_evidence(f, m->sources->log.path,
				 "BIOS may not properly restore RDRAND after "
				 "suspend, hiding RDRAND via CPUID");
	} else if (c->nordrand || c->clears_rdrand) {
		finding_say(f, SEVERITY_INFO,
			    "RDRAND is switched off on the kernel's command "
			    "line");
		finding_evidence(f, "/proc/cmdline", "%s",
				 c->nordrand ? "nordrand" : "clearcpuid=");
	} else if (m->platform.cpu_has_rdrand) {
		finding_say(f, SEVERITY_INFO,
			    "the CPU has RDRAND and the kernel has cleared it");
	} else {
		return false;
	}
	return true;
}

void sources_advise_model(const struct machine *m, struct finding *f)
{
	if (!sources_could_have_virtio(m)) {
		finding_fix(f, FIX_HOST,
			    "Let the hypervisor show the guest a CPU model "
			    "with RDRAND (VMware: a newer EVC mode and virtual "
			    "hardware version).");
		return;
	}
	finding_fix(f, FIX_HOST, "Show the guest the host's CPU. libvirt:");
	finding_command(f, FIX_HOST, "<cpu mode='host-passthrough'/>");
	finding_fix(f, FIX_HOST, "or, to keep the model and migrate freely:");
	finding_command(f, FIX_HOST,
			"<feature policy='require' name='rdrand'/>");
	finding_fix(f, FIX_HOST,
		    "QEMU: -cpu host, or -cpu MODEL,+rdrand,"
		    "+rdseed. Proxmox VE: qm set VMID --cpu host");
}

/* A guest sees of its CPU what the hypervisor lets through. */
static void say_masked(const struct machine *m, struct finding *f)
{
	enum severity severity = sources_strong(m) ? SEVERITY_INFO :
						     SEVERITY_WARN;
	const char *model = m->sources->cpu.model_name;

	if (is_generic(model))
		finding_say(f, severity,
			    "no RDRAND: the CPU model \"%s\" hides it from "
			    "this guest",
			    model);
	else if (surely_has_rdrand(&m->platform))
		finding_say(f, severity,
			    "no RDRAND: this CPU has it, the hypervisor masks "
			    "it");
	else
		finding_say(f, SEVERITY_INFO,
			    "the CPU that this guest sees has no RDRAND");
	finding_why(f, "With RDRAND a kernel of today is seeded before anything"
		       " else runs. Without it this guest depends on what the "
		       "host gives it otherwise, and on timing noise.");
	sources_advise_model(m, f);
}

static void say_absent(const struct machine *m, struct finding *f)
{
	if (say_cleared(m, f))
		return;
	if (m->platform.hypervisor)
		say_masked(m, f);
	else if (surely_has_rdrand(&m->platform))
		finding_say(f, SEVERITY_INFO,
			    "no RDRAND, though CPUs of this kind have it: "
			    "switched off by firmware, microcode or kernel");
	else
		finding_say(f, SEVERITY_INFO, "this CPU has no RDRAND");
}

static void say_arm(const struct machine *m, struct finding *f)
{
	if (m->platform.kernel_has_rdrand) {
		say_present(m, f);
		return;
	}
	finding_say(f, SEVERITY_INFO,
		    "this CPU has no random number instruction (RNDR)");
	finding_why(f, "RNDR is an option of Armv8.5; most CPUs in use are "
		       "without it. Firmware may offer a generator instead "
		       "(SMCCC TRNG), which the kernel takes by itself.");
}

bool sources_judge_cpu(const struct machine *m, struct finding *f)
{
	const struct platform *p = &m->platform;
	const struct sources_facts *s = m->sources;

	if (s == NULL || s->cpu.arch == SOURCES_OTHER)
		return false;
	/* A kernel that lists no flags: old user-mode Linux. */
	if (!p->cpuinfo_seen && !p->cpu_has_rdrand)
		return false;
	show(m, f);
	if (s->cpu.arch == SOURCES_ARM)
		say_arm(m, f);
	else if (p->kernel_has_rdrand || p->kernel_has_rdseed)
		say_present(m, f);
	else
		say_absent(m, f);
	if (s->cpu.arch == SOURCES_X86) {
		if (p->kernel_has_rdrand)
			say_misled(m, f);
		if (p->kernel_has_rdseed && !p->kernel_has_rdrand)
			say_absent(m, f);
		sources_judge_errata(m, f);
	}
	return true;
}
