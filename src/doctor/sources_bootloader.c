/* SPDX-License-Identifier: ISC */
/* A seed that was there before the kernel: given, and counted? */
#include <string.h>

#include "doctor/sources_parts.h"

#define EFIVARS "/sys/firmware/efi/efivars/"

static void show(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const struct sources_bootloader *b = &s->bootloader;

	if (b->device_tree_seed)
		finding_evidence(f, "/proc/device-tree/chosen/rng-seed",
				 "there");
	if (b->setup_data_seed)
		finding_evidence(f, "/sys/kernel/boot_params/setup_data",
				 "an entry of type 9 (RNG seed)");
	if (b->efi_table)
		finding_evidence(f, s->log.path, "efi: ... RNG=0x...");
	if (b->efi_seeded)
		finding_evidence(f, s->log.path, "efi: seeding entropy pool");
	if (b->loader[0] != '\0')
		finding_evidence(f, EFIVARS "LoaderInfo-*", "%s", b->loader);
	if (b->loader_token)
		finding_evidence(f, EFIVARS "LoaderSystemToken-*",
				 "there: systemd-boot can give a seed");
	if (b->loader_seed)
		finding_evidence(f, EFIVARS "LoaderRandomSeed-*",
				 "there: systemd takes it and may credit it");
	if (b->seed_file[0] != '\0')
		finding_evidence(f, b->seed_file, "%s",
				 b->seed_file_error ? "may not be looked at" :
						      "there");
	if (b->fw_cfg[0] != '\0')
		finding_evidence(f, b->fw_cfg,
				 "a seed of the host for aquiferd; the kernel "
				 "itself does not take it");
}

static void say_seeded(const struct machine *m, struct finding *f)
{
	struct sources_trust t;

	sources_trust_bootloader(m, &t);
	switch (t.counts) {
	case COUNTS_YES:
		finding_say(f, SEVERITY_OK,
			    "the boot loader left a seed, and it counts");
		break;
	case COUNTS_NO:
		finding_say(f, SEVERITY_INFO,
			    "the boot loader left a seed: mixed in, not "
			    "counted");
		finding_fix(f, FIX_GUEST,
			    "To let it count, put random.trust_bootloader=on "
			    "on the kernel's command line.");
		break;
	case COUNTS_NEVER:
		finding_say(f, SEVERITY_INFO,
			    "the boot loader left a seed that this kernel does "
			    "not count");
		break;
	case COUNTS_UNKNOWN:
		finding_say(f, SEVERITY_INFO,
			    "the boot loader left a seed; whether it counts is "
			    "not known");
		break;
	}
	finding_why(f, "Why: %s.", t.why);
	if (m->platform.hypervisor)
		finding_why(f, "The seed of a guest is made by its host, or "
			       "by firmware that the host gave it.");
}

static bool systemd_credited(const struct machine *m)
{
	return m->boot != NULL && m->boot->log.loader_credited;
}

/* Ready before user space, and nothing of the CPU that would explain it. */
static bool looks_seeded(const struct machine *m)
{
	const struct sources_bootloader *b = &m->sources->bootloader;
	const struct platform *p = &m->platform;

	return b->device_tree && !p->kernel_has_rdrand &&
	       !p->kernel_has_rdseed && m->boot != NULL &&
	       m->boot->log.ready_seen && m->boot->log.ready_s < 0.01;
}

static void say_unseen(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;

	if (looks_seeded(m)) {
		finding_say(f, SEVERITY_OK,
			    "the kernel was ready at %.6f s: the device tree "
			    "brought a seed",
			    m->boot->log.ready_s);
		finding_why(f, "The kernel takes rng-seed out of the tree as it"
			       " reads it, so the seed itself is not to be "
			       "seen; nothing else is there so early.");
		return;
	}
	finding_say(f, SEVERITY_INFO, "no seed of the boot loader was seen");
	if (s->bootloader.device_tree)
		finding_why(f, "From 5.4 on the kernel takes rng-seed out of "
			       "the device tree as it reads it: one that was "
			       "there does not show.");
	if (s->bootloader.efi && s->log.error != 0)
		finding_why(f, "Whether the firmware gave one stands in the "
			       "kernel's log, which could not be read.");
	else if (s->bootloader.efi && !s->log.from_start)
		finding_why(f, "The kernel's log has lost its beginning, where "
			       "a seed of the firmware would stand.");
}

bool sources_judge_bootloader(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const struct sources_bootloader *b;

	if (s == NULL)
		return false;
	b = &s->bootloader;
	if (!sources_bootloader_seeded(m) && !b->efi && !b->device_tree &&
	    !b->loader_seed && !b->loader_token && b->fw_cfg[0] == '\0' &&
	    !systemd_credited(m))
		return false;
	show(m, f);
	if (sources_bootloader_seeded(m))
		say_seeded(m, f);
	else if (systemd_credited(m))
		finding_say(f, SEVERITY_OK,
			    "systemd has credited the boot loader's seed");
	else
		say_unseen(m, f);
	if (s->command_line.trust_bootloader >= 0)
		finding_evidence(
			f, "/proc/cmdline", "random.trust_bootloader=%s",
			s->command_line.trust_bootloader ? "on" : "off");
	return true;
}
