/* SPDX-License-Identifier: ISC */
/* What the kernel said about its sources since it started. */
#include <string.h>

#include "base/bytes.h"
#include "probe/log.h"
#include "probe/sources_parts.h"

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/*
 * Linux kernel/power/suspend.c and hibernate.c say that they are through,
 * drivers/acpi/sleep.c that the machine woke. A resume has one line or both.
 */
static void take_resume(const char *text, struct sources_cpu *cpu)
{
	if (has(text, "PM: suspend exit") || has(text, "PM: hibernation exit") ||
	    has(text, "PM: hibernation: hibernation exit"))
		cpu->exit_count++;
	if (has(text, "Waking up from system sleep state"))
		cpu->wake_count++;
	cpu->resume_count = cpu->exit_count > cpu->wake_count ? cpu->exit_count :
								cpu->wake_count;
}

static void take_cpu(const char *text, struct sources_cpu *cpu)
{
	/* Linux arch/x86/kernel/cpu/rdrand.c; the second is of 5.4 to 5.19. */
	if (has(text, "RDRAND is not reliable on this platform") ||
	    has(text, "RDRAND gives funky smelling output") ||
	    has(text, "rdrand: disabled"))
		cpu->rdrand_unreliable = true;
	/* Linux arch/x86/kernel/cpu/amd.c, as all that follow. */
	if (has(text, "RDSEED is not reliable on this platform"))
		cpu->rdseed_unreliable = true;
	if (has(text, "RDSEED32 is broken"))
		cpu->rdseed32_broken = true;
	if (has(text, "hypervisor does not support hiding RDRAND via CPUID"))
		cpu->rdrand_unhidable = true;
	else if (has(text, "hiding RDRAND via CPUID"))
		cpu->rdrand_hidden = true;
	if (has(text, "trusting CPU's manufacturer"))
		cpu->trust_seen = true;
	take_resume(text, cpu);
}

void sources_log_text(const char *text, struct sources_facts *f)
{
	const char *efi;

	/* The command line is whatever someone wrote. */
	if (has(text, "ommand line:"))
		return;
	take_cpu(text, &f->cpu);
	if (has(text, "Disabling hwrng"))
		f->tpm.rng_disabled = true;
	if (has(text, "causes system stutter; hwrng disabled")) {
		f->tpm.rng_disabled = true;
		sources_copy(f->tpm.stutter, sizeof f->tpm.stutter, text);
	}
	efi = strncmp(text, "efi: ", 5) == 0 ? text + 5 : NULL;
	if (efi == NULL)
		return;
	if (strncmp(efi, "RNG=0x", 6) == 0 || has(efi, " RNG=0x"))
		f->bootloader.efi_table = true;
	if (strncmp(efi, "seeding entropy pool", 20) == 0)
		f->bootloader.efi_seeded = true;
}

static bool on_line(void *context, const struct log_line *line)
{
	/* Whoever may write to /dev/kmsg may write anything. */
	if (line->kernel)
		sources_log_text(line->text, context);
	return true;
}

void probe_sources_log(const struct probe_root *root, struct sources_facts *f)
{
	struct log_state state;

	memset(&state, 0, sizeof state);
	f->log.error = probe_log_each(root, LOG_OF_KERNEL, &state, on_line, f);
	f->log.from_start = state.from_start;
	if (state.path != NULL)
		sources_copy(f->log.path, sizeof f->log.path, state.path);
}
