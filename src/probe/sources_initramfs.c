/* SPDX-License-Identifier: ISC */
/*
 * Is virtio_rng in the initramfs? The image itself is compressed and may be
 * hundreds of megabytes, so only the tools' configuration is looked at: what it
 * names is in the next image made, what it does not name may be there as well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/sources_parts.h"

#define CONF_MAX_BYTES (64u << 10)
#define CONF_NAMES_MAX 256

enum form {
	FORM_LIST,  /* a module a line */
	FORM_WORDS, /* shell: add_drivers+=" virtio_rng ", MODULES=(...) */
};

struct place {
	enum sources_initramfs_tool tool;
	enum form form;
	const char *file; /* NULL: the files of dir that end so */
	const char *dir, *suffix;
};

/* clang-format off */
static const struct place places[] = {
	{ SOURCES_INITRAMFS_TOOLS, FORM_WORDS,
	  "/etc/initramfs-tools/initramfs.conf", NULL, NULL },
	{ SOURCES_INITRAMFS_TOOLS, FORM_WORDS, NULL,
	  "/etc/initramfs-tools/conf.d", "" },
	{ SOURCES_INITRAMFS_TOOLS, FORM_LIST, "/etc/initramfs-tools/modules",
	  NULL, NULL },
	{ SOURCES_INITRAMFS_TOOLS, FORM_LIST, NULL,
	  "/usr/share/initramfs-tools/modules.d", "" },
	{ SOURCES_DRACUT, FORM_WORDS, "/etc/dracut.conf", NULL, NULL },
	{ SOURCES_DRACUT, FORM_WORDS, NULL, "/etc/dracut.conf.d", ".conf" },
	{ SOURCES_DRACUT, FORM_WORDS, NULL, "/usr/lib/dracut/dracut.conf.d",
	  ".conf" },
	{ SOURCES_MKINITCPIO, FORM_WORDS, "/etc/mkinitcpio.conf", NULL, NULL },
	{ SOURCES_MKINITCPIO, FORM_WORDS, NULL, "/etc/mkinitcpio.conf.d",
	  ".conf" },
	{ SOURCES_MKINITFS, FORM_WORDS, "/etc/mkinitfs/mkinitfs.conf", NULL,
	  NULL },
	{ SOURCES_MKINITFS, FORM_LIST, NULL, "/etc/mkinitfs/features.d",
	  ".modules" },
};
/* clang-format on */

/* A shell word's borders, and a path's: ".../hw_random/virtio-rng.ko". */
static bool is_border(char c)
{
	return c == '\0' || strchr(" \t\r\"'()=/.", c) != NULL;
}

static bool names_module(const char *line)
{
	static const char *const spellings[] = { "virtio_rng", "virtio-rng" };

	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		size_t len = strlen(spellings[i]);

		for (const char *at = line; (at = strstr(at, spellings[i]));
		     at += len)
			if ((at == line || is_border(at[-1])) &&
			    is_border(at[len]))
				return true;
	}
	return false;
}

/* Of a shell assignment, only those that put a module in. */
static bool adds_modules(const char *line)
{
	static const char *const keys[] = { "add_drivers", "force_drivers",
					    "drivers", "MODULES" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		size_t len = strlen(keys[i]);

		if (strncmp(line, keys[i], len) == 0 &&
		    (line[len] == '=' || line[len] == '+'))
			return true;
	}
	return false;
}

static void take_line(const struct place *place, const char *path, char *line,
		      struct sources_initramfs *ret)
{
	line += strspn(line, " \t");
	line[strcspn(line, "#")] = '\0';
	if (place->tool == SOURCES_INITRAMFS_TOOLS &&
	    place->form == FORM_WORDS && strncmp(line, "MODULES=", 8) == 0) {
		line[8 + strcspn(line + 8, " \t\r")] = '\0';
		sources_copy(ret->mode, sizeof ret->mode, line + 8);
		return;
	}
	if (!names_module(line) ||
	    (place->form == FORM_WORDS && !adds_modules(line)))
		return;
	ret->listed = true;
	sources_copy(ret->where, sizeof ret->where, path);
}

static void take_file(const struct probe_root *root, const struct place *place,
		      const char *path, struct sources_initramfs *ret)
{
	char *text = NULL, *rest, *line;

	if (probe_root_load(root, path, CONF_MAX_BYTES, &text) < 0)
		return;
	/* The first tool that is there; Debian can have dracut's files, too. */
	if (ret->tool == SOURCES_INITRAMFS_UNKNOWN)
		ret->tool = place->tool;
	rest = text;
	while (ret->tool == place->tool &&
	       (line = sources_next_line(&rest)) != NULL)
		take_line(place, path, line, ret);
	free(text);
}

struct walk {
	const struct probe_root *root;
	const struct place *place;
	struct sources_initramfs *ret;
};

static bool on_name(void *context, const char *name)
{
	const struct walk *w = context;
	size_t len = strlen(name), tail = strlen(w->place->suffix);
	char path[SOURCES_PATH_BYTES];

	if (len < tail || strcmp(name + len - tail, w->place->suffix) != 0)
		return true;
	(void)snprintf(path, sizeof path, "%s/%s", w->place->dir, name);
	take_file(w->root, w->place, path, w->ret);
	return true;
}

void probe_sources_initramfs(const struct probe_root *root,
			     struct sources_facts *f)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct walk w = { root, &places[i], &f->initramfs };

		if (places[i].file != NULL)
			take_file(root, &places[i], places[i].file,
				  &f->initramfs);
		else
			(void)probe_root_list(root, places[i].dir,
					      CONF_NAMES_MAX, on_name, &w);
	}
}
