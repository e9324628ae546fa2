/* SPDX-License-Identifier: ISC */
/*
 * On what does the generator rest? Each conclusion and the kernels it holds
 * for: docs/kernel-rng.md.
 */
#include <stdio.h>
#include <string.h>

#include "doctor/boot_parts.h"
#include "doctor/sources_parts.h"

/* Only a seed that was there before the kernel's clock is as early. */
#define BEFORE_CLOCK_S 0.01
/* No kernel makes enough timing noise in less; CPU and loader need less. */
#define TIMING_MIN_S 0.9

bool boot_sees_cpu_rng(const struct platform *p)
{
	return p->cpuinfo_seen ? p->kernel_has_rdrand || p->kernel_has_rdseed :
				 p->cpu_has_rdrand || p->cpu_has_rdseed;
}

/* The old code always says that it trusted the CPU. */
static bool log_denies_cpu(const struct boot_facts *b)
{
	return !b->kernel.semantics.new_random && b->log.error == 0 &&
	       b->log.state.from_start && b->log.ready_seen &&
	       !b->log.trusting_cpu;
}

static void cpu_origin(const struct machine *m, struct boot_origin *o)
{
	struct sources_trust t = { .counts = COUNTS_UNKNOWN };

	if (m->boot->log.trusting_cpu) {
		o->cpu = true;
		return;
	}
	if (!boot_sees_cpu_rng(&m->platform) || log_denies_cpu(m->boot))
		return;
	if (m->sources != NULL)
		sources_trust_cpu(m, &t);
	o->cpu = t.counts == COUNTS_YES;
	o->maybe |= t.counts == COUNTS_UNKNOWN;
}

static void loader_origin(const struct machine *m, struct boot_origin *o)
{
	const struct boot_log *log = &m->boot->log;
	struct sources_trust t = { .counts = COUNTS_NO };
	bool seeded = log->loader_credited;

	if (m->sources != NULL && sources_bootloader_seeded(m)) {
		sources_trust_bootloader(m, &t);
		seeded |= t.counts == COUNTS_YES;
		o->maybe |= t.counts == COUNTS_UNKNOWN;
	}
	/* A device tree's seed is cleared once it was used. */
	if (!o->cpu && log->error == 0 && log->ready_s <= BEFORE_CLOCK_S)
		seeded = true;
	if (!seeded)
		return;
	if (m->platform.hypervisor)
		o->host = true;
	else
		o->firmware = true;
}

static void hwrng_origin(const struct machine *m, struct boot_origin *o)
{
	struct sources_trust t;
	bool tpm;

	if (m->sources == NULL) {
		o->maybe = true;
		return;
	}
	sources_trust_hwrng(m, &t);
	o->maybe |= t.counts == COUNTS_UNKNOWN &&
		    m->sources->hwrng.current.error == 0;
	if (t.counts != COUNTS_YES ||
	    !sources_hwrng_name(m->sources->hwrng.current.text, o->hwrng,
				sizeof o->hwrng))
		return;
	tpm = strncmp(o->hwrng, "tpm-rng", 7) == 0;
	/* A TPM in a guest is the host's. */
	if (strncmp(o->hwrng, "virtio", 6) == 0 ||
	    (tpm && m->platform.hypervisor))
		o->host = true;
	else if (tpm)
		o->tpm = true;
	else
		o->device = true;
}

/* rngd -r /dev/urandom gives back what it was given. */
static bool feeds_itself(const struct machine *m, int pid)
{
	const struct services_facts *s = m->services;

	for (size_t i = 0; s != NULL && i < s->n_running; i++)
		if (s->running[i].pid == pid && s->running[i].feed_is_random)
			return true;
	return false;
}

static void feeder_origin(const struct machine *m, struct boot_origin *o)
{
	const struct boot_tasks *t = &m->boot->tasks;

	for (size_t i = 0; i < t->n_feeders; i++) {
		const char *comm = t->feeders[i].comm;

		if (strcmp(comm, "haveged") == 0 ||
		    strncmp(comm, "jitterentropy", 13) == 0)
			o->timing_feeder = true;
		else if (!feeds_itself(m, t->feeders[i].pid))
			o->user = true;
	}
}

/* Were the places looked at where another source would show? */
static bool sources_were_seen(const struct machine *m)
{
	const struct sources_facts *s = m->sources;
	const struct boot_log *log = &m->boot->log;
	double waited_s = log->ready_s - log->user_s;

	/* The jitter loop's own time: one round of 1 s, or two. */
	if (waited_s >= TIMING_MIN_S && waited_s <= 3)
		return true;
	if (s == NULL ||
	    (!m->platform.cpuinfo_seen && s->command_line.trust_cpu != 0))
		return false;
	/* A record of a guest without /sys: what it shows is no source. */
	return s->hwrng.class_there || s->sys_seen ||
	       (m->kind == PROBE_RECORD && m->platform.hypervisor);
}

static void name(struct boot_origin *o, bool is, const char *domain)
{
	size_t n = strlen(o->names);

	if (!is)
		return;
	(void)snprintf(o->names + n, sizeof o->names - n, "%s%s",
		       n > 0 ? ", " : "", domain);
	o->n_domains++;
}

void boot_origin(const struct machine *m, struct boot_origin *ret)
{
	const struct boot_log *log = &m->boot->log;

	memset(ret, 0, sizeof *ret);
	cpu_origin(m, ret);
	hwrng_origin(m, ret);
	loader_origin(m, ret);
	feeder_origin(m, ret);
	name(ret, ret->cpu, "cpu");
	name(ret, ret->host, "host");
	name(ret, ret->firmware, "firmware");
	name(ret, ret->tpm, "tpm");
	name(ret, ret->device, "device");
	name(ret, ret->user, "user space");
	ret->timing_alone = ret->n_domains == 0 && !ret->maybe &&
			    log->error == 0 && log->ready_seen &&
			    (log->ready_s >= TIMING_MIN_S ||
			     log->ready_s >= log->user_s) &&
			    sources_were_seen(m);
}
