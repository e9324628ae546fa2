/* SPDX-License-Identifier: ISC */
/* What libvirt says of a domain (formatdomain) and of its snapshots. */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"
#include "probe/hosts_xml.h"

#define QEMU_NS "http://libvirt.org/schemas/domain/qemu/1.0"

/* <source mode='connect' host= service=/>, two of them for UDP. */
static void read_egd(xmlNode *backend, struct guest_rng *r)
{
	char type[24] = "";

	r->backend = BACKEND_EGD;
	r->channel = CHANNEL_OTHER;
	(void)XML_TEXT(backend, "type", type);
	if (strcmp(type, "tcp") == 0)
		r->channel = CHANNEL_TCP;
	else if (strcmp(type, "udp") == 0)
		r->channel = CHANNEL_UDP;
	else if (strcmp(type, "unix") == 0)
		r->channel = CHANNEL_UNIX;
	for (xmlNode *s = xml_child(backend, "source"); s;
	     s = xml_next(s->next, "source")) {
		bool binds = xml_is(s, "mode", "bind");

		/* Of UDP's two the far end is the one that counts. */
		if (binds && r->channel == CHANNEL_UDP)
			continue;
		r->listens = binds;
		(void)XML_TEXT(s, "path", r->path);
		(void)XML_TEXT(s, "host", r->host);
		(void)XML_TEXT(s, "service", r->port);
		r->tls = xml_is(s, "tls", "yes");
	}
	r->loopback = (r->channel == CHANNEL_TCP || r->channel == CHANNEL_UDP) &&
		      hosts_is_loopback(r->host, r->listens);
}

static void read_rng(xmlNode *n, struct host_guest *g)
{
	struct guest_rng *r = guest_add_rng(g);
	xmlNode *backend = xml_child(n, "backend"), *rate = xml_child(n, "rate");

	if (!r)
		return;
	(void)XML_TEXT(n, "model", r->device);
	r->max_bytes = xml_number(rate, "bytes");
	r->period_ms = xml_number(rate, "period");
	/* libvirt: without a period it is a second. */
	if (r->max_bytes > 0 && r->period_ms == 0)
		r->period_ms = 1000;
	(void)XML_TEXT(backend, "model", r->kind);
	if (strcmp(r->kind, "random") == 0) {
		r->backend = BACKEND_FILE;
		XML_CONTENT(backend, r->path);
		r->is_default = r->path[0] == '\0';
		if (r->is_default)
			hosts_copy(r->path, sizeof r->path, "/dev/urandom");
	} else if (strcmp(r->kind, "builtin") == 0) {
		r->backend = BACKEND_BUILTIN;
	} else if (strcmp(r->kind, "egd") == 0) {
		read_egd(backend, r);
	}
}

static void read_cpu(xmlNode *cpu, struct host_guest *g)
{
	char mode[24] = "";

	if (!cpu)
		return;
	XML_CONTENT(xml_child(cpu, "model"), g->cpu_model);
	if (XML_TEXT(cpu, "mode", mode) && strcmp(mode, "custom") != 0) {
		g->cpu_host = true;
		hosts_copy(g->cpu_model, sizeof g->cpu_model, mode);
	}
	for (xmlNode *f = xml_child(cpu, "feature"); f;
	     f = xml_next(f->next, "feature")) {
		bool off = xml_is(f, "policy", "disable") ||
			   xml_is(f, "policy", "forbid");
		enum hosts_answer said = off ? HOSTS_NO : HOSTS_YES;

		if (xml_is(f, "name", "rdrand"))
			g->rdrand_set = said;
		else if (xml_is(f, "name", "rdseed"))
			g->rdseed_set = said;
	}
}

static void read_devices(xmlNode *devices, struct host_guest *g)
{
	xmlNode *tpm = xml_child(devices, "tpm");

	for (xmlNode *n = xml_child(devices, "rng"); n;
	     n = xml_next(n->next, "rng"))
		read_rng(n, g);
	if (tpm) {
		g->tpm = HOSTS_YES;
		(void)XML_TEXT(tpm, "model", g->tpm_model);
		(void)XML_TEXT(xml_child(tpm, "backend"), "type", g->tpm_kind);
	}
}

/* <qemu:commandline>: options that libvirt passes on as they stand. */
static int read_passed_on(xmlNode *domain, struct host_guest *g)
{
	const char *argv[66] = { "" };
	xmlChar *values[64];
	struct vm_args args = { .argv = argv, .argc = 1 };
	size_t n = 0;

	for (xmlNode *c = xml_child(domain, "commandline"); c;
	     c = xml_next(c->next, "commandline")) {
		if (!c->ns || strcmp((const char *)c->ns->href, QEMU_NS) != 0)
			continue;
		for (xmlNode *a = xml_child(c, "arg");
		     a && n < ARRAY_LEN(values); a = xml_next(a->next, "arg"))
			if ((values[n] = xmlGetNoNsProp(
				     a, (const xmlChar *)"value")) != NULL)
				argv[args.argc++] = (const char *)values[n++];
	}
	if (n > 0)
		hosts_read_qemu(NULL, &args, g);
	for (size_t i = 0; i < n; i++)
		xmlFree(values[i]);
	return 0;
}

/* How a running domain came to run, as its status file says. */
static void read_status(xmlNode *status, struct host_guest *g)
{
	static const struct {
		const char *reason;
		enum guest_start start;
	} reasons[] = {
		{ "booted", START_BOOT },
		{ "restored", START_FILE },
		{ "from snapshot", START_FILE },
		{ "migrated", START_MIGRATED },
	};

	g->is_running = !xml_is(status, "state", "shutoff");
	g->pid = (pid_t)xml_number(status, "pid");
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (xml_is(status, "reason", reasons[i].reason))
			g->start = reasons[i].start;
}

static void read_domain(xmlNode *domain, struct host_guest *g)
{
	static const struct {
		const char *type, *accel;
	} accels[] = { { "kvm", "kvm" },
		       { "qemu", "tcg" },
		       { "xen", "xen" },
		       { "hvf", "hvf" } };
	xmlNode *type = xml_child(xml_child(domain, "os"), "type");
	xmlNode *genid = xml_child(domain, "genid");

	XML_CONTENT(xml_child(domain, "name"), g->name);
	XML_CONTENT(xml_child(domain, "uuid"), g->uuid);
	(void)XML_TEXT(type, "arch", g->arch);
	(void)XML_TEXT(type, "machine", g->machine);
	for (size_t i = 0; i < ARRAY_LEN(accels); i++)
		if (xml_is(domain, "type", accels[i].type))
			hosts_copy(g->accel, sizeof g->accel, accels[i].accel);
	read_cpu(xml_child(domain, "cpu"), g);
	read_devices(xml_child(domain, "devices"), g);
	if (genid) {
		g->generation = HOSTS_YES;
		XML_CONTENT(genid, g->generation_id);
		if (g->generation_id[0] == '\0')
			hosts_copy(g->generation_id, sizeof g->generation_id,
				   "auto");
	}
	(void)XML_TEXT(xml_child(domain, "launchSecurity"), "type",
		       g->confidential);
	(void)read_passed_on(domain, g);
	if (g->rng == HOSTS_UNKNOWN && !g->readconfig)
		g->rng = g->n_rngs > 0 ? HOSTS_YES : HOSTS_NO;
	if (g->generation == HOSTS_UNKNOWN && !g->readconfig)
		g->generation = HOSTS_NO;
	if (g->tpm == HOSTS_UNKNOWN && !g->readconfig)
		g->tpm = HOSTS_NO;
}

int hosts_read_domain(const char *xml, size_t len_bytes, struct host_guest *g)
{
	xmlDoc *doc;
	xmlNode *root, *domain;
	int r = xml_open(xml, len_bytes, &doc);

	if (r < 0)
		return r;
	root = xmlDocGetRootElement(doc);
	domain = root;
	if (xml_is_named(root, "domstatus"))
		domain = xml_child(root, "domain");
	if (domain && xml_is_named(domain, "domain")) {
		if (domain != root)
			read_status(root, g);
		read_domain(domain, g);
	} else {
		r = -EBADMSG;
	}
	xmlFreeDoc(doc);
	return r;
}

int hosts_read_snapshot(const char *xml, size_t len_bytes, char *ret_file,
			size_t cap_bytes)
{
	char state[24] = "";
	xmlDoc *doc;
	xmlNode *root, *memory;
	int r = xml_open(xml, len_bytes, &doc);

	if (r < 0)
		return r;
	root = xmlDocGetRootElement(doc);
	memory = xml_child(root, "memory");
	ret_file[0] = '\0';
	if (!xml_is_named(root, "domainsnapshot")) {
		r = -EBADMSG;
	} else if (memory) {
		r = !xml_is(memory, "snapshot", "no");
		(void)xml_text(memory, "file", ret_file, cap_bytes);
	} else {
		/* Before <memory> was written, the state told it. */
		XML_CONTENT(xml_child(root, "state"), state);
		r = strcmp(state, "running") == 0 ||
		    strcmp(state, "paused") == 0;
	}
	xmlFreeDoc(doc);
	return r;
}
