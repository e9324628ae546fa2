/* SPDX-License-Identifier: ISC */
/* Entropy daemons that are installed, and their versions. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/services_parts.h"

/* A desktop's list of packages. */
#define DATABASE_BYTES (16u << 20)

static const struct {
	const char *package;
	enum services_daemon daemon;
} packages[] = {
	{ "haveged", DAEMON_HAVEGED },
	{ "rng-tools", DAEMON_RNGD },
	{ "rng-tools5", DAEMON_RNGD },
	{ "rng-tools-debian", DAEMON_RNGD },
	{ "rngd", DAEMON_RNGD },
	{ "jitterentropy-rngd", DAEMON_JITTER },
	{ "esdm", DAEMON_ESDM },
	{ "prngd", DAEMON_EGD },
	{ "pollinate", DAEMON_POLLINATE },
	{ "ekeyd", DAEMON_HARDWARE },
	{ "infnoise", DAEMON_HARDWARE },
	{ "aquifer", DAEMON_AQUIFER },
};

static const struct {
	const char *path;
	enum services_daemon daemon;
} programs[] = {
	{ "/usr/sbin/haveged", DAEMON_HAVEGED },
	{ "/usr/bin/haveged", DAEMON_HAVEGED },
	{ "/usr/local/sbin/haveged", DAEMON_HAVEGED },
	{ "/usr/sbin/rngd", DAEMON_RNGD },
	{ "/usr/bin/rngd", DAEMON_RNGD },
	{ "/sbin/rngd", DAEMON_RNGD },
	{ "/usr/sbin/jitterentropy-rngd", DAEMON_JITTER },
	{ "/usr/bin/jitterentropy-rngd", DAEMON_JITTER },
	{ "/usr/sbin/esdm-server", DAEMON_ESDM },
	{ "/usr/bin/esdm-server", DAEMON_ESDM },
	{ "/usr/sbin/prngd", DAEMON_EGD },
	{ "/usr/bin/pollinate", DAEMON_POLLINATE },
	{ "/usr/sbin/ekeyd", DAEMON_HARDWARE },
	{ "/usr/sbin/infnoise", DAEMON_HARDWARE },
	{ "/usr/sbin/aquiferd", DAEMON_AQUIFER },
	{ "/usr/local/sbin/aquiferd", DAEMON_AQUIFER },
};

static void note(struct services_facts *f, enum services_daemon daemon,
		 enum services_package_source from, const char *path,
		 const char *version)
{
	struct services_package *p = &f->packages[daemon];

	if (p->from != PACKAGE_NONE && p->version[0] != '\0')
		return;
	p->from = from;
	clones_copy(p->path, sizeof p->path, path);
	clones_copy(p->version, sizeof p->version, version);
}

static enum services_daemon find(const char *package)
{
	for (size_t i = 0; i < ARRAY_LEN(packages); i++)
		if (strcmp(packages[i].package, package) == 0)
			return packages[i].daemon;
	return DAEMON_COUNT;
}

/* One format for both: a record's fields, an empty line between records. */
struct format {
	const char *name, *version, *status;
	enum services_package_source from;
};

static const struct format dpkg = {
	"Package: ",
	"Version: ",
	"Status: ",
	PACKAGE_DPKG,
};
static const struct format apk = { "P:", "V:", NULL, PACKAGE_APK };

static void read_database(const struct probe_root *root, const char *path,
			  const struct format *format, struct services_facts *f)
{
	enum services_daemon daemon = DAEMON_COUNT;
	char version[64] = "", *text, *next, *line;
	bool installed = true;
	ssize_t n = probe_root_load(root, path, DATABASE_BYTES, &text);

	if (n < 0) {
		if (!clones_is_missing((int)n))
			f->packages_error = (int)n;
		return;
	}
	f->packages_seen = true;
	next = text;
	do {
		line = clones_line(&next);
		if (line != NULL && *line != '\0') {
			if (strncmp(line, format->name, strlen(format->name)) ==
			    0)
				daemon = find(line + strlen(format->name));
			else if (strncmp(line, format->version,
					 strlen(format->version)) == 0)
				clones_copy(version, sizeof version,
					    line + strlen(format->version));
			else if (format->status != NULL &&
				 strncmp(line, format->status,
					 strlen(format->status)) == 0)
				installed = strstr(line, " installed") != NULL;
			continue;
		}
		if (daemon != DAEMON_COUNT && installed)
			note(f, daemon, format->from, path, version);
		daemon = DAEMON_COUNT;
		version[0] = '\0';
		installed = true;
	} while (line != NULL);
	free(text);
}

struct search {
	const struct probe_root *root;
	struct services_facts *f;
	enum services_package_source from;
};

/* "haveged-1.9.18-1": the name ends where a dash precedes a digit. */
static void on_directory(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	char package[64];
	size_t len = 0;

	while (name[len] != '\0' &&
	       !(name[len] == '-' && isdigit((unsigned char)name[len + 1])))
		len++;
	if (name[len] == '\0' || len >= sizeof package)
		return;
	memcpy(package, name, len);
	package[len] = '\0';
	if (find(package) != DAEMON_COUNT)
		note(s->f, find(package), s->from, path, name + len + 1);
}

static void on_status(void *context, const char *path, const char *name)
{
	const struct search *s = context;

	if (find(name) != DAEMON_COUNT)
		read_database(s->root, path, &dpkg, s->f);
}

void services_probe_packages(const struct probe_root *root,
			     struct services_facts *f)
{
	struct search s = { root, f, PACKAGE_PACMAN };

	read_database(root, "/var/lib/dpkg/status", &dpkg, f);
	clones_each(root, "/var/lib/dpkg/status.d", "", "", NULL, on_status, &s);
	read_database(root, "/lib/apk/db/installed", &apk, f);
	read_database(root, "/usr/lib/apk/db/installed", &apk, f);
	clones_each(root, "/var/lib/pacman/local", "", "", NULL, on_directory,
		    &s);
	s.from = PACKAGE_PORTAGE;
	clones_each(root, "/var/db/pkg/sys-apps", "", "", NULL, on_directory,
		    &s);
	s.from = PACKAGE_DOC;
	clones_each(root, "/usr/share/doc", "haveged-", "", NULL, on_directory,
		    &s);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		if (f->packages[programs[i].daemon].from == PACKAGE_NONE &&
		    probe_root_exists(root, programs[i].path))
			note(f, programs[i].daemon, PACKAGE_PROGRAM,
			     programs[i].path, "");
}
