/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "cmd/doctor.h"
#include "doctor/text.h"
#include "probe/platform.h"

/* Some thousand fingerprints. */
#define KNOWN_KEYS_MAX_BYTES (4u << 20)

/* A file that the options name, on this machine. NULL: the message is printed. */
static char *load(const struct doctor_options *o, const char *path,
		  size_t max_bytes, size_t *ret_len, int *ret_code)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text = malloc(max_bytes + 1);
	ssize_t n = fd < 0 ? -errno : -ENOMEM;

	if (fd >= 0 && text)
		n = fd_read_some(fd, text, max_bytes + 1);
	fd_close(&fd);
	if (n >= 0 && (size_t)n <= max_bytes) {
		text[n] = '\0';
		*ret_len = (size_t)n;
		return text;
	}
	free(text);
	n = n < 0 ? n : -EFBIG;
	*ret_code = doctor_fail(o,
				n == -EACCES || n == -EPERM || n == -EIO ?
					EXIT_MACHINE :
					EXIT_USAGE,
				"%s: %s", path, strerror((int)-n));
	return NULL;
}

static int read_known_keys(const struct doctor_options *o, struct machine *m)
{
	size_t len;
	int code, r;
	char *text = load(o, o->known_keys, KNOWN_KEYS_MAX_BYTES, &len, &code);

	if (!text)
		return code;
	r = clones_known_keys(m->clones, o->known_keys, text);
	free(text);
	if (r >= 0)
		return 0;
	return doctor_fail(o, r == -EBADMSG ? EXIT_USAGE : EXIT_MACHINE,
			   "%s: %s", o->known_keys,
			   r == -EBADMSG ?
				   "no line has a fingerprint (SHA256:...) or "
				   "a public key" :
				   strerror(-r));
}

static int read_domain(const struct doctor_options *o,
		       const struct probe_root *root, struct machine *m)
{
	size_t len;
	int code, r;
	char *xml = load(o, o->domain, HOSTS_DOMAIN_MAX_BYTES, &len, &code);

	if (!xml)
		return code;
	r = probe_hosts_domain(root, &m->platform, o->domain, xml, len,
			       m->hosts);
	free(xml);
	if (r == 0)
		return 0;
	return doctor_fail(o, r == -ENOMEM ? EXIT_MACHINE : EXIT_USAGE,
			   "%s: %s", o->domain,
			   r == -EBADMSG ?
				   "no libvirt domain (virsh dumpxml NAME "
				   "writes one)" :
				   strerror(-r));
}

/* Shell's quoting of os-release: quotes around, backslashes before some. */
static void read_system(const struct probe_root *root, char *ret_system,
			size_t cap_bytes)
{
	static const char key[] = "PRETTY_NAME=";
	char text[4096], value[256];
	const char *at = text;
	size_t n = 0;

	*ret_system = '\0';
	if (probe_root_read(root, "/etc/os-release", text, sizeof text) <= 0 &&
	    probe_root_read(root, "/usr/lib/os-release", text, sizeof text) <= 0)
		return;
	while (strncmp(at, key, sizeof key - 1) != 0) {
		at = strchr(at, '\n');
		if (!at++)
			return;
	}
	for (at += sizeof key - 1; *at && *at != '\n'; at++) {
		if (*at != '"' && *at != '\'' && *at != '\\' &&
		    n < sizeof value - 1)
			value[n++] = *at;
	}
	value[n] = '\0';
	(void)text_clean(value, 0, ret_system, cap_bytes);
}

static void describe(const struct doctor_options *o,
		     const struct probe_root *root, const struct machine *m,
		     struct doctor_subject *s)
{
	struct utsname u;

	*s = (struct doctor_subject){ .what = "this machine" };
	if (o->domain)
		s->what = o->domain;
	else if (o->root)
		s->what = o->root;
	else if (o->image)
		s->what = strcmp(o->image, "-") == 0 ? "standard input" :
						       o->image;
	if (o->domain)
		return;
	read_system(root, s->system, sizeof s->system);
	if (m->kind == PROBE_LIVE && uname(&u) == 0)
		(void)snprintf(s->architecture, sizeof s->architecture, "%s",
			       u.machine);
	else if (m->sources && m->sources->cpu.arch == SOURCES_X86)
		(void)strcpy(s->architecture, "x86_64");
	else if (m->sources && m->sources->cpu.arch == SOURCES_ARM)
		(void)strcpy(s->architecture, "aarch64");
}

static void read_time(const struct probe_root *root, struct machine *m)
{
	struct probe_live live;

	probe_root_live_answers(root, &live);
	m->privileged = live.known && live.privileged;
	if (live.known)
		m->now_s = live.realtime_s;
	else if (m->kind == PROBE_IMAGE)
		m->now_s = (int64_t)(clock_realtime_ns() / NS_PER_S);
	else
		m->now_s = boot_now_s(m->boot);
}

static int allocate(struct machine *m, bool hosts)
{
	m->boot = calloc(1, sizeof *m->boot);
	m->sources = calloc(1, sizeof *m->sources);
	m->clones = clones_facts_new();
	m->services = services_facts_new();
	if (hosts)
		m->hosts = hosts_facts_new();
	if (!m->boot || !m->sources || !m->clones || !m->services ||
	    (hosts && !m->hosts))
		return -ENOMEM;
	return 0;
}

/* Each family once, from the same root. */
static int probe_all(const struct doctor_options *o,
		     const struct probe_root *root, struct machine *m)
{
	int r = 0, code = 0;

	if (o->known_keys)
		code = read_known_keys(o, m);
	if (code != 0)
		return code;
	if (o->domain)
		return read_domain(o, root, m);
	if (m->kind != PROBE_IMAGE) {
		r = probe_boot(root, &m->platform, m->boot);
		if (r == 0)
			r = probe_sources(root, &m->platform, m->sources);
	}
	if (r == 0)
		r = probe_clones(root, &m->platform, m->clones);
	if (r == 0)
		r = probe_services(root, &m->platform, m->services);
	if (r == 0 && m->hosts)
		r = probe_hosts(root, &m->platform, m->hosts);
	return r == 0 ? 0 : doctor_fail(o, EXIT_MACHINE, "%s", strerror(-r));
}

int doctor_facts_read(const struct doctor_options *o,
		      const struct probe_root *root, struct machine *ret_machine,
		      struct doctor_subject *ret_subject)
{
	struct machine m = { .kind = probe_root_kind(root),
			     .host_wanted = o->host };
	/* A record can be judged as a host's later. */
	int code, r = allocate(&m, o->host || o->record);

	if (r < 0)
		code = doctor_fail(o, EXIT_MACHINE, "%s", strerror(-r));
	else
		code = 0;
	if (code == 0 && m.kind != PROBE_IMAGE)
		probe_platform(root, &m.platform);
	if (code == 0)
		code = probe_all(o, root, &m);
	if (code != 0) {
		doctor_facts_free(&m);
		return code;
	}
	read_time(root, &m);
	describe(o, root, &m, ret_subject);
	*ret_machine = m;
	return 0;
}

void doctor_facts_free(struct machine *m)
{
	free(m->boot);
	free(m->sources);
	clones_facts_free(m->clones);
	services_facts_free(m->services);
	hosts_facts_free(m->hosts);
	*m = (struct machine){ 0 };
}
