/* SPDX-License-Identifier: ISC */
#ifndef TEST_DOCTOR_CLONES_MACHINE_H
#define TEST_DOCTOR_CLONES_MACHINE_H

/* A machine made of values, and one check of the family run over it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doctor/check.h"

#define SET(field, text) ((void)snprintf((field), sizeof(field), "%s", (text)))
#define NONE ((enum severity) - 1)

static struct machine m;
static struct boot_facts boot;
static struct sources_facts sources;
static struct services_facts services;
static struct clones_facts *c;
static struct finding found;

static int setup(void **state)
{
	(void)state;
	memset(&m, 0, sizeof m);
	memset(&boot, 0, sizeof boot);
	memset(&sources, 0, sizeof sources);
	memset(&services, 0, sizeof services);
	c = clones_facts_new();
	assert_non_null(c);
	m.kind = PROBE_RECORD;
	m.boot = &boot;
	m.sources = &sources;
	m.services = &services;
	m.clones = c;
	c->fork.last_s = NAN;
	c->pollinate.flag.error = -ENOENT;
	boot.log.ready_s = NAN;
	SET(c->pollinate.flag.path, "/var/cache/pollinate/seeded");
	SET(c->machine_id.file.path, "/etc/machine-id");
	SET(c->dbus_id.file.path, "/var/lib/dbus/machine-id");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	finding_free(&found);
	memset(&found, 0, sizeof found);
	clones_facts_free(c);
	return 0;
}

static inline enum severity judge_by(const struct check *check)
{
	finding_free(&found);
	memset(&found, 0, sizeof found);
	found.id = check->id;
	if (!check->judge(&m, &found))
		return NONE;
	assert_non_null(found.title);
	assert_false(found.failed);
	return found.severity;
}

/* Its severity, NONE where it has nothing to say. */
static inline enum severity judge(const char *id)
{
	for (size_t i = 0; i < family_clones.n_checks; i++)
		if (strcmp(family_clones.checks[i].id, id) == 0)
			return judge_by(&family_clones.checks[i]);
	fail_msg("no check %s", id);
	return NONE;
}

static inline bool fix_has(const char *text)
{
	for (size_t i = 0; i < found.fix.count; i++)
		if (strstr(found.fix.lines[i].text, text) != NULL)
			return true;
	return false;
}

static inline struct clones_seed *seed_of(enum clones_seed_kind kind)
{
	struct clones_seed *s = &c->seeds.seeds[0];

	memset(s, 0, sizeof *s);
	c->seeds.count = 1;
	SET(s->file.path, "/var/lib/systemd/random-seed");
	s->kind = kind;
	s->file.st.mode = S_IFREG | 0600;
	s->file.st.size_bytes = 512;
	s->file.st.mtime_s = 100000;
	c->boot_s = 100000;
	return s;
}

static inline struct clones_host_key *host_key(void)
{
	struct clones_host_key *k = &c->keys.keys[0];

	memset(k, 0, sizeof *k);
	c->keys.count = 1;
	SET(k->private_key.path, "/etc/ssh/ssh_host_rsa_key");
	SET(k->public_key.path, "/etc/ssh/ssh_host_rsa_key.pub");
	k->private_key.st.mode = S_IFREG | 0600;
	k->private_key.st.mtime_s = k->public_key.st.mtime_s = 100000;
	k->parsed = true;
	SET(k->key.type, "ssh-rsa");
	k->key.bits = 3072;
	c->instance.known = c->instance.by_cloud_init = true;
	c->instance.born_s = 100000;
	return k;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
