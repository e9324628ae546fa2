/* SPDX-License-Identifier: ISC */
/* TPMs, by what sysfs says of them. None is opened: that would talk to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/sources_parts.h"

#define CLASS "/sys/class/tpm"

struct walk {
	const struct probe_root *root;
	struct sources_tpms *ret;
};

static unsigned version_of(const struct probe_root *root, const char *dir,
			   const struct sources_tpm *tpm)
{
	char path[SOURCES_PATH_BYTES], text[16];

	(void)snprintf(path, sizeof path, "%s/tpm_version_major", dir);
	sources_text(root, path, text, sizeof text);
	if (text[0] == '1' || text[0] == '2')
		return (unsigned)(text[0] - '0');
	/* Before 5.6 there is no such file; only a 2.0 has a manager. */
	if (tpm->manager_there || strstr(tpm->description, "2.0") != NULL)
		return 2;
	(void)snprintf(path, sizeof path, "%s/pcrs", dir);
	if (probe_root_exists(root, path))
		return 1;
	(void)snprintf(path, sizeof path, "%s/device/pcrs", dir);
	return probe_root_exists(root, path) ? 1 : 0;
}

static bool on_tpm(void *context, const char *name)
{
	const struct walk *w = context;
	char dir[40], path[SOURCES_PATH_BYTES];
	struct sources_tpm *tpm = &w->ret->at[w->ret->count];
	struct probe_stat st;

	if (strncmp(name, "tpm", 3) != 0 || name[3] < '0' || name[3] > '9' ||
	    strlen(name) >= sizeof tpm->name)
		return true;
	if (w->ret->count == SOURCES_TPMS_MAX) {
		w->ret->more = true;
		return false;
	}
	sources_copy(tpm->name, sizeof tpm->name, name);
	(void)snprintf(dir, sizeof dir, CLASS "/%s", tpm->name);
	(void)snprintf(path, sizeof path, "%s/device", dir);
	sources_driver(w->root, path, tpm->driver, sizeof tpm->driver);
	(void)snprintf(path, sizeof path, "%s/device/description", dir);
	sources_text(w->root, path, tpm->description, sizeof tpm->description);
	(void)snprintf(path, sizeof path, "/dev/%s", tpm->name);
	tpm->node_there = probe_root_stat(w->root, path, &st) == 0;
	(void)snprintf(path, sizeof path, "/dev/tpmrm%s", tpm->name + 3);
	tpm->manager_there = probe_root_stat(w->root, path, &st) == 0;
	/* A record has no device nodes; the class says the same. */
	(void)snprintf(path, sizeof path, "/sys/class/tpmrm/tpmrm%s",
		       tpm->name + 3);
	if (probe_root_exists(w->root, path))
		tpm->manager_there = true;
	tpm->version_major = version_of(w->root, dir, tpm);
	w->ret->count++;
	return true;
}

void probe_sources_tpm(const struct probe_root *root, struct sources_facts *f)
{
	struct walk w = { root, &f->tpm };
	int r = probe_root_list(root, CLASS, 64, on_tpm, &w);

	f->tpm.error = r < 0 ? r : 0;
}
