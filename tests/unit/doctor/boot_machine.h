/* SPDX-License-Identifier: ISC */
#ifndef TEST_DOCTOR_BOOT_MACHINE_H
#define TEST_DOCTOR_BOOT_MACHINE_H

/* Facts of a boot, written by hand, and what a check says of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/boot_parts.h"

static struct boot_facts boot;
static struct sources_facts sources;
static struct machine m;
static struct finding f;

/* A guest of which nothing is known but its kernel. poolsize 0: not seen. */
static void machine(const char *release, unsigned poolsize, int avail)
{
	memset(&boot, 0, sizeof boot);
	memset(&sources, 0, sizeof sources);
	memset(&m, 0, sizeof m);
	m.kind = PROBE_RECORD;
	m.boot = &boot;
	m.sources = &sources;
	(void)snprintf(m.platform.kernel_release,
		       sizeof m.platform.kernel_release, "%s", release);
	(void)snprintf(boot.kernel.release, sizeof boot.kernel.release, "%s",
		       release);
	(void)snprintf(boot.kernel.level, sizeof boot.kernel.level, "%s",
		       release);
	boot.kernel.version_known = kernel_version_parse(release,
							 &boot.kernel.version);
	kernel_semantics(release, poolsize, &boot.kernel.semantics);
	boot.kernel.poolsize_bits.value = poolsize;
	boot.kernel.poolsize_bits.error = poolsize ? 0 : -ENOENT;
	boot.kernel.entropy_avail_bits.value = avail < 0 ? 0 : (unsigned)avail;
	boot.kernel.entropy_avail_bits.error = avail < 0 ? -ENOENT : 0;
	boot.uptime_s = NAN;
	boot.log.error = boot.services.error = -ENOENT;
	boot.log.ready_s = boot.log.user_s = boot.log.fast_s = NAN;
	sources.command_line.trust_cpu = -1;
	sources.command_line.trust_bootloader = -1;
	sources.hwrng.current.error = -ENOENT;
}

/* Its log, whole; ready_s below 0: no such line. */
static void log_says(double user_s, double ready_s)
{
	boot.log.error = 0;
	boot.log.state.path = "/var/log/dmesg";
	boot.log.state.from_start = boot.log.state.to_now = true;
	boot.log.state.n_lines = 500;
	boot.log.user_s = user_s;
	boot.log.ready_seen = ready_s >= 0;
	boot.log.ready_s = ready_s >= 0 ? ready_s : NAN;
	(void)snprintf(boot.log.ready_text, sizeof boot.log.ready_text,
		       "random: crng init done");
}

/* Everything that could be a source was looked at, and is not there. */
static inline void nothing_to_draw_from(void)
{
	m.platform.hypervisor = true;
	m.platform.cpuinfo_seen = true;
	sources.hwrng.class_there = true;
	sources.hwrng.current.error = 0;
	(void)snprintf(sources.hwrng.current.text,
		       sizeof sources.hwrng.current.text, "none");
}

static inline void hwrng_is(const char *name, const char *quality)
{
	sources.hwrng.class_there = true;
	sources.hwrng.current.error = sources.hwrng.quality.error = 0;
	(void)snprintf(sources.hwrng.current.text,
		       sizeof sources.hwrng.current.text, "%s", name);
	(void)snprintf(sources.hwrng.quality.text,
		       sizeof sources.hwrng.quality.text, "%s", quality);
}

static inline bool has(const struct finding_lines *lines, const char *text)
{
	for (size_t i = 0; i < lines->count; i++)
		if (strstr(lines->lines[i].text, text) != NULL)
			return true;
	return false;
}

typedef bool judge_fn(const struct machine *, struct finding *);

/* The severity; -1 where there is nothing to say. The finding stays in f. */
static int judge(judge_fn *check)
{
	bool said;

	finding_free(&f);
	memset(&f, 0, sizeof f);
	said = check(&m, &f);
	assert_false(f.failed);
	if (said)
		assert_non_null(f.title);
	return said ? (int)f.severity : -1;
}

static int teardown(void **state)
{
	(void)state;
	finding_free(&f);
	memset(&f, 0, sizeof f);
	return 0;
}

#endif
