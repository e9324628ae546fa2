/* SPDX-License-Identifier: ISC */
/* The drivers as modules: built in, on disk, loaded, kept from loading. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/sources_parts.h"

/* A distribution's modules.dep has half a megabyte. */
#define LIST_MAX_BYTES (8u << 20)
#define CONF_MAX_BYTES (64u << 10)
#define CONF_NAMES_MAX 256

static const char *const names[SOURCES_MODULE_COUNT] = {
	[SOURCES_VIRTIO_RNG] = "virtio_rng",
	[SOURCES_VIRTIO_PCI] = "virtio_pci",
	[SOURCES_VIRTIO_MMIO] = "virtio_mmio",
};

const char *sources_module_name(enum sources_module_id module)
{
	return (size_t)module < ARRAY_LEN(names) ? names[module] : "?";
}

/* kmod takes '-' and '_' for the same. */
static bool same_name(const char *text, size_t len, const char *name)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i] == '-' ? '_' : text[i];

		if (name[i] == '\0' || c != name[i])
			return false;
	}
	return name[len] == '\0';
}

/* Of "kernel/drivers/char/hw_random/virtio-rng.ko.xz: ...". */
static int module_of_path(char *line)
{
	char *base, *dot;

	line[strcspn(line, ":")] = '\0';
	base = strrchr(line, '/');
	base = base ? base + 1 : line;
	dot = strstr(base, ".ko");
	if (dot == NULL)
		return -1;
	for (size_t i = 0; i < SOURCES_MODULE_COUNT; i++)
		if (same_name(base, (size_t)(dot - base), names[i]))
			return (int)i;
	return -1;
}

/* Returns 0 or why the list was not read. */
static int read_list(const struct probe_root *root, const char *release,
		     const char *file, bool *const ret_flags[])
{
	static const char *const dirs[] = { "/lib/modules", "/usr/lib/modules" };
	char path[SOURCES_PATH_BYTES], *text = NULL, *rest, *line;
	ssize_t n = -ENOENT;

	for (size_t i = 0; i < ARRAY_LEN(dirs) && n == -ENOENT; i++) {
		(void)snprintf(path, sizeof path, "%s/%s/%s", dirs[i], release,
			       file);
		n = probe_root_load(root, path, LIST_MAX_BYTES, &text);
	}
	if (n < 0)
		return (int)n;
	rest = text;
	while ((line = sources_next_line(&rest)) != NULL) {
		int i = module_of_path(line);

		if (i >= 0)
			*ret_flags[i] = true;
	}
	free(text);
	return 0;
}

/* "virtio_rng 16384 0 - Live 0x0000000000000000" */
static int read_loaded(const struct probe_root *root, struct sources_facts *f)
{
	char *text = NULL, *rest, *line, path[SOURCES_PATH_BYTES];
	ssize_t n = probe_root_load(root, "/proc/modules", LIST_MAX_BYTES,
				    &text);

	rest = text;
	while (n >= 0 && (line = sources_next_line(&rest)) != NULL)
		for (size_t i = 0; i < SOURCES_MODULE_COUNT; i++)
			if (same_name(line, strcspn(line, " "), names[i]))
				f->module[i].loaded = true;
	free(text);
	for (size_t i = 0; i < SOURCES_MODULE_COUNT; i++) {
		(void)snprintf(path, sizeof path, "/sys/module/%s", names[i]);
		/* One that is built in may have a directory there, too. */
		if (!f->module[i].builtin && probe_root_exists(root, path))
			f->module[i].loaded = true;
	}
	return n < 0 ? (int)n : 0;
}

struct bar {
	const struct probe_root *root;
	struct sources_facts *f;
	const char *dir;
};

/* modprobe.d(5): "blacklist NAME", "install NAME /bin/false". */
static void bar_line(const struct bar *b, const char *file, char *line)
{
	char *save = NULL, *verb = strtok_r(line, " \t\r", &save);
	char *name = verb ? strtok_r(NULL, " \t\r", &save) : NULL;

	if (name == NULL ||
	    (strcmp(verb, "blacklist") != 0 && strcmp(verb, "install") != 0))
		return;
	for (size_t i = 0; i < SOURCES_MODULE_COUNT; i++) {
		struct sources_module *m = &b->f->module[i];
		char text[SOURCES_PATH_BYTES * 2];

		if (!same_name(name, strlen(name), names[i]))
			continue;
		(void)snprintf(text, sizeof text, "%s/%s: %s %s", b->dir, file,
			       verb, name);
		sources_copy(m->barred_by, sizeof m->barred_by, text);
	}
}

static bool on_conf(void *context, const char *name)
{
	const struct bar *b = context;
	size_t len = strlen(name);
	char path[SOURCES_PATH_BYTES], *text = NULL, *rest, *line;

	if (len < 5 || strcmp(name + len - 5, ".conf") != 0)
		return true;
	(void)snprintf(path, sizeof path, "%s/%s", b->dir, name);
	if (probe_root_load(b->root, path, CONF_MAX_BYTES, &text) < 0)
		return true;
	rest = text;
	while ((line = sources_next_line(&rest)) != NULL)
		bar_line(b, name, line);
	free(text);
	return true;
}

int probe_sources_modules(const struct probe_root *root, const char *release,
			  struct sources_facts *f)
{
	static const char *const dirs[] = { "/lib/modprobe.d",
					    "/usr/lib/modprobe.d",
					    "/run/modprobe.d",
					    "/etc/modprobe.d" };
	bool *on_disk[SOURCES_MODULE_COUNT], *builtin[SOURCES_MODULE_COUNT];

	for (size_t i = 0; i < SOURCES_MODULE_COUNT; i++) {
		on_disk[i] = &f->module[i].on_disk;
		builtin[i] = &f->module[i].builtin;
	}
	f->modules_dep_error = f->modules_builtin_error = -ENOENT;
	if (release[0] != '\0') {
		f->modules_dep_error = read_list(root, release, "modules.dep",
						 on_disk);
		f->modules_builtin_error = read_list(root, release,
						     "modules.builtin", builtin);
	}
	if (f->modules_dep_error == -ENOMEM ||
	    f->modules_builtin_error == -ENOMEM)
		return -ENOMEM;
	f->modules_loaded_error = read_loaded(root, f);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		struct bar b = { root, f, dirs[i] };

		(void)probe_root_list(root, dirs[i], CONF_NAMES_MAX, on_conf,
				      &b);
	}
	return f->modules_loaded_error == -ENOMEM ? -ENOMEM : 0;
}
