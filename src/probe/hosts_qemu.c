/* SPDX-License-Identifier: ISC */
/*
 * A QEMU command line (qemu-options.hx; system/qemu-qmp docs for the JSON
 * forms). What another option refers to is looked up by its id, in any order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"

struct qemu {
	struct guest_sink *sink;
	const struct vm_args *args;
	struct host_guest *g;
	/* x86's "+f" and "-f" act after every "f=on", "-f" last. */
	enum hosts_answer rdrand, rdrand_sign, rdseed, rdseed_sign;
};

struct qemu_option {
	const char *name;
	void (*take)(struct qemu *q, const char *value);
};

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void copy_opt(char *ret_text, size_t cap_bytes,
		     const struct opt_list *list, const char *key)
{
	const char *value = opt_get(list, key);

	if (value)
		hosts_copy(ret_text, cap_bytes, value);
}

#define COPY_OPT(field, list, key) copy_opt(field, sizeof(field), list, key)

static void take_name(struct qemu *q, const char *value)
{
	struct opt_list o;

	if (opt_parse(&o, value, "guest") == 0)
		COPY_OPT(q->g->name, &o, "guest");
}

static void take_uuid(struct qemu *q, const char *value)
{
	hosts_copy(q->g->uuid, sizeof q->g->uuid, value);
}

/* "kvm:tcg" is tried from the left: the first is what was asked for. */
static void set_accel(struct host_guest *g, const char *value)
{
	if (value && g->accel[0] == '\0') {
		hosts_copy(g->accel, sizeof g->accel, value);
		g->accel[strcspn(g->accel, ":")] = '\0';
	}
}

static void take_machine(struct qemu *q, const char *value)
{
	struct opt_list o;

	if (opt_parse(&o, value, "type") < 0)
		return;
	COPY_OPT(q->g->machine, &o, "type");
	set_accel(q->g, opt_get(&o, "accel"));
	opt_wipe(&o);
}

static void take_accel(struct qemu *q, const char *value)
{
	struct opt_list o;

	if (opt_parse(&o, value, "accel") == 0)
		set_accel(q->g, opt_get(&o, "accel"));
}

static void take_enable_kvm(struct qemu *q, const char *value)
{
	(void)value;
	set_accel(q->g, "kvm");
}

static void take_cpu(struct qemu *q, const char *value)
{
	struct opt_list o;

	if (opt_parse(&o, value, "\1model") < 0)
		return;
	COPY_OPT(q->g->cpu_model, &o, "\1model");
	for (size_t i = 0; i < o.count; i++) {
		const char *key = o.pair[i].key;
		bool on = opt_is_on(&o, key);

		if (strcmp(key, "rdrand") == 0)
			q->rdrand = on ? HOSTS_YES : HOSTS_NO;
		else if (strcmp(key, "rdseed") == 0)
			q->rdseed = on ? HOSTS_YES : HOSTS_NO;
		else if (strcmp(key, "+rdrand") == 0)
			q->rdrand_sign = q->rdrand_sign == HOSTS_NO ? HOSTS_NO :
								      HOSTS_YES;
		else if (strcmp(key, "+rdseed") == 0)
			q->rdseed_sign = q->rdseed_sign == HOSTS_NO ? HOSTS_NO :
								      HOSTS_YES;
		else if (strcmp(key, "-rdrand") == 0)
			q->rdrand_sign = HOSTS_NO;
		else if (strcmp(key, "-rdseed") == 0)
			q->rdseed_sign = HOSTS_NO;
	}
}

static void take_object(struct qemu *q, const char *value)
{
	static const char *const guards[] = { "sev-guest", "sev-snp-guest",
					      "tdx-guest", "s390-pv-guest",
					      "pef-guest" };
	struct opt_list o;
	const char *type, *path;

	if (opt_parse(&o, value, "qom-type") < 0)
		return;
	type = opt_get(&o, "qom-type");
	path = opt_get(&o, "mem-path");
	for (size_t i = 0; type && i < ARRAY_LEN(guards); i++)
		if (strcmp(type, guards[i]) == 0)
			hosts_copy(q->g->confidential,
				   sizeof q->g->confidential, type);
	if (type && strcmp(type, "memory-backend-file") == 0 && path && q->sink)
		(void)hosts_note_image(q->sink->root, q->sink->facts,
				       IMAGE_MEMORY, path, q->g->name);
	opt_wipe(&o);
}

static void take_mem_path(struct qemu *q, const char *value)
{
	if (q->sink)
		(void)hosts_note_image(q->sink->root, q->sink->facts,
				       IMAGE_MEMORY, value, q->g->name);
}

static void take_device(struct qemu *q, const char *value)
{
	struct opt_list o;
	const char *driver;

	if (opt_parse(&o, value, "driver") < 0)
		return;
	driver = opt_get(&o, "driver");
	if (!driver)
		return;
	if (starts(driver, "virtio-rng") || starts(driver, "vhost-user-rng")) {
		qemu_read_rng(q->args, &o, driver, q->g);
	} else if (strcmp(driver, "vmgenid") == 0) {
		q->g->generation = HOSTS_YES;
		COPY_OPT(q->g->generation_id, &o, "guid");
	} else if (strcmp(driver, "vmclock") == 0) {
		q->g->vmclock = true;
	} else if (starts(driver, "tpm-")) {
		q->g->tpm = HOSTS_YES;
		hosts_copy(q->g->tpm_model, sizeof q->g->tpm_model, driver);
	}
	opt_wipe(&o);
}

static void take_tpmdev(struct qemu *q, const char *value)
{
	struct opt_list o;

	if (opt_parse(&o, value, "type") < 0)
		return;
	COPY_OPT(q->g->tpm_kind, &o, "type");
	opt_wipe(&o);
}

static void take_readconfig(struct qemu *q, const char *value)
{
	q->g->readconfig = true;
	(void)snprintf(q->g->why, sizeof q->g->why,
		       "-readconfig: a part of it is in a file of its own");
	(void)value;
}

static void take_loadvm(struct qemu *q, const char *value)
{
	q->g->start = START_LOADVM;
	hosts_copy(q->g->start_from, sizeof q->g->start_from, value);
}

static void take_incoming(struct qemu *q, const char *value)
{
	qemu_read_incoming(value, q->g);
}

static const struct qemu_option options[] = {
	{ "name", take_name },         { "uuid", take_uuid },
	{ "machine", take_machine },   { "M", take_machine },
	{ "accel", take_accel },       { "enable-kvm", take_enable_kvm },
	{ "cpu", take_cpu },           { "object", take_object },
	{ "mem-path", take_mem_path }, { "device", take_device },
	{ "tpmdev", take_tpmdev },     { "readconfig", take_readconfig },
	{ "loadvm", take_loadvm },     { "incoming", take_incoming },
};

static const struct qemu_option *find_option(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* A QEMU that was called "kvm" or "qemu-kvm" tries KVM first. */
static const char *default_accel(const char *argv0)
{
	size_t len = strlen(argv0);

	return len >= 3 && strcmp(argv0 + len - 3, "kvm") == 0 ? "kvm" : "tcg";
}

static enum hosts_answer settle(enum hosts_answer seen, bool all_seen)
{
	return seen != HOSTS_UNKNOWN ? seen :
	       all_seen              ? HOSTS_NO :
				       HOSTS_UNKNOWN;
}

void hosts_read_qemu(struct guest_sink *sink, const struct vm_args *args,
		     struct host_guest *g)
{
	struct qemu q = { .sink = sink, .args = args, .g = g };
	const char *name, *value;
	bool all_seen;

	/* The name comes first: other files are noted under it. */
	for (size_t i = 0; qemu_next_option(args, &i, &name, &value);)
		if (strcmp(name, "name") == 0)
			take_name(&q, value);
	for (size_t i = 0; qemu_next_option(args, &i, &name, &value);) {
		const struct qemu_option *row = find_option(name);

		if (row)
			row->take(&q, value);
	}
	if (args->argc > 0)
		set_accel(g, default_accel(hosts_base(args->argv[0])));
	if (strcmp(g->cpu_model, "host") == 0 ||
	    strcmp(g->cpu_model, "max") == 0)
		g->cpu_host = true;
	if (q.rdrand != HOSTS_UNKNOWN || q.rdrand_sign != HOSTS_UNKNOWN)
		g->rdrand_set = q.rdrand_sign ? q.rdrand_sign : q.rdrand;
	if (q.rdseed != HOSTS_UNKNOWN || q.rdseed_sign != HOSTS_UNKNOWN)
		g->rdseed_set = q.rdseed_sign ? q.rdseed_sign : q.rdseed;
	all_seen = !g->readconfig && !g->partial;
	g->rng = settle(g->n_rngs > 0 ? HOSTS_YES : g->rng, all_seen);
	g->generation = settle(g->generation, all_seen);
	g->tpm = settle(g->tpm, all_seen);
	if (g->start == START_UNKNOWN && all_seen)
		g->start = START_BOOT;
}
