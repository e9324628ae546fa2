/* SPDX-License-Identifier: ISC */
#ifndef TEST_DOCTOR_SOURCES_MACHINE_H
#define TEST_DOCTOR_SOURCES_MACHINE_H

/* A machine made of values, and one check of the family run over it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/check.h"

#define SET(field, text) ((void)snprintf((field), sizeof(field), "%s", (text)))

static struct machine m;
static struct sources_facts s;
static struct boot_facts b;
static struct finding found;

static inline void set_line(struct sources_line *line, const char *text)
{
	line->error = 0;
	SET(line->text, text);
}

/* Nothing but a kernel: all that could be seen is not there. */
static inline void bare(const char *release)
{
	finding_free(&found);
	memset(&m, 0, sizeof m);
	memset(&s, 0, sizeof s);
	memset(&b, 0, sizeof b);
	m.kind = PROBE_RECORD;
	m.sources = &s;
	m.boot = &b;
	SET(m.platform.kernel_release, release);
	s.virtio.error = s.pci.error = s.tpm.error = -ENOENT;
	s.modules_dep_error = s.modules_builtin_error = -ENOENT;
	s.modules_loaded_error = s.config.error = -ENOENT;
	s.hwrng.available.error = s.hwrng.current.error = -ENOENT;
	s.hwrng.selected.error = s.hwrng.quality.error = -ENOENT;
	s.hwrng.default_quality.error = -ENOENT;
	s.hwrng.current_quality.error = -ENOENT;
	s.cpu.srbds.error = -ENOENT;
	s.bootloader.setup_data_error = -ENOENT;
	s.command_line.trust_cpu = s.command_line.trust_bootloader = -1;
}

static inline void guest(const char *release)
{
	bare(release);
	m.platform.hypervisor = true;
	SET(m.platform.hypervisor_name, "KVM");
}

static inline void hwrng(const char *available, const char *current,
			 const char *quality)
{
	s.hwrng.class_there = true;
	set_line(&s.hwrng.available, available);
	set_line(&s.hwrng.current, current);
	if (quality != NULL)
		set_line(&s.hwrng.quality, quality);
}

static inline void virtio_device(const char *driver)
{
	s.virtio.error = 0;
	s.virtio.count = 1;
	SET(s.virtio.at[0].path, "/sys/bus/virtio/devices/virtio0");
	SET(s.virtio.at[0].driver, driver);
}

/* Returns false where the check had nothing to say. */
static inline bool judge(const char *id)
{
	for (size_t i = 0; i < family_sources.n_checks; i++) {
		const struct check *c = &family_sources.checks[i];
		bool said;

		if (strcmp(c->id, id) != 0)
			continue;
		finding_free(&found);
		memset(&found, 0, sizeof found);
		found.id = c->id;
		said = c->judge(&m, &found);
		assert_false(found.failed);
		assert_true(!said || found.title != NULL);
		return said;
	}
	fail_msg("no check %s", id);
	return false;
}

static inline bool holds(const struct finding_lines *lines, const char *part)
{
	for (size_t i = 0; i < lines->count; i++)
		if (strstr(lines->lines[i].text, part) != NULL)
			return true;
	return false;
}

static inline void expect(const char *id, enum severity severity,
			  const char *title_part)
{
	assert_true(judge(id));
	if (found.severity != severity ||
	    strstr(found.title, title_part) == NULL)
		fail_msg("%s: %s: %s (not %s: %s)", id,
			 severity_name(found.severity), found.title,
			 severity_name(severity), title_part);
	/* What asks for an act says which. */
	if (severity >= SEVERITY_UNKNOWN)
		assert_true(found.fix.count > 0);
}

#define expect_command(part) assert_true(holds(&found.fix, part))
#define expect_evidence(part) assert_true(holds(&found.evidence, part))

static inline int forget(void **state)
{
	(void)state;
	finding_free(&found);
	memset(&found, 0, sizeof found);
	return 0;
}

#endif
