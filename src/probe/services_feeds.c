/* SPDX-License-Identifier: ISC */
/* Configurations by which rngd would read the kernel's own generator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/services_parts.h"

#define CONFIG_BYTES 65536

static const char *const files[] = {
	"/etc/default/rng-tools",  "/etc/default/rng-tools-debian",
	"/etc/default/rng-tools5", "/etc/default/rngd",
	"/etc/sysconfig/rngd",     "/etc/sysconfig/rng-tools",
	"/etc/conf.d/rngd",        "/etc/conf.d/rng-tools",
	"/etc/rc.local",           "/etc/rc.d/rc.local",
	"/etc/init.d/rngd",        "/etc/local.d/rngd.start",
};

static const char *const unit_dirs[] = {
	"/etc/systemd/system",
	"/run/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
};

struct search {
	const struct probe_root *root;
	struct services_facts *f;
};

/* KEY=VALUE with a key that ends with DEVICE: HRNGDEVICE, RNG_DEVICE. */
static bool device_setting(const char *line, char *ret_device, size_t cap_bytes)
{
	const char *equals = strchr(line, '=');
	size_t len;

	if (equals == NULL || equals - line < 6 ||
	    memcmp(equals - 6, "DEVICE", 6) != 0)
		return false;
	equals += 1 + strspn(equals + 1, " \t");
	len = strcspn(equals, " \t\r#");
	if (len == 0 || len >= cap_bytes)
		return false;
	memcpy(ret_device, equals, len);
	ret_device[len] = '\0';
	return true;
}

static void note_feed(struct services_facts *f, const char *path,
		      const char *line, const char *device)
{
	struct services_feed *feed;

	for (size_t i = 0; i < f->n_feeds; i++)
		if (strcmp(f->feeds[i].path, path) == 0)
			return;
	if (f->n_feeds == SERVICES_FEEDS_MAX) {
		f->more_feeds = true;
		return;
	}
	feed = &f->feeds[f->n_feeds++];
	clones_copy(feed->path, sizeof feed->path, path);
	clones_copy(feed->line, sizeof feed->line, line);
	clones_copy(feed->device, sizeof feed->device, device);
}

static void read_file(const struct search *s, const char *path)
{
	char plain[512], device[64], *text, *next, *line;
	ssize_t n = probe_root_load(s->root, path, CONFIG_BYTES, &text);

	if (n < 0) {
		if (!clones_is_missing((int)n)) {
			s->f->feeds_error = (int)n;
			clones_copy(s->f->feeds_unseen,
				    sizeof s->f->feeds_unseen, path);
		}
		return;
	}
	s->f->feed_config_seen = true;
	next = text;
	while ((line = clones_line(&next)) != NULL) {
		line += strspn(line, " \t");
		if (*line == '#' || *line == ';')
			continue;
		clones_copy(plain, sizeof plain, line);
		for (char *at = plain; *at != '\0'; at++)
			if (*at == '"' || *at == '\'')
				*at = ' ';
		/* A script's other commands have options of their own. */
		if (strcasestr(plain, "rng") == NULL &&
		    strstr(plain, "OPTIONS") == NULL &&
		    strstr(plain, "DEVICE") == NULL)
			continue;
		if ((device_setting(plain, device, sizeof device) ||
		     services_feed_of(plain, device, sizeof device)) &&
		    services_is_random(s->root, device))
			note_feed(s->f, path, line, device);
	}
	free(text);
}

static bool is_rng_unit(const char *name)
{
	return strncmp(name, "rngd", 4) == 0 ||
	       strncmp(name, "rng-tools", 9) == 0;
}

static void on_drop_in(void *context, const char *path, const char *name)
{
	(void)name;
	read_file(context, path);
}

static void on_unit(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	size_t len = strlen(name);

	if (!is_rng_unit(name))
		return;
	if (len > 2 && strcmp(name + len - 2, ".d") == 0)
		clones_each(s->root, path, "", ".conf", NULL, on_drop_in,
			    context);
	else
		read_file(s, path);
}

void services_probe_feeds(const struct probe_root *root,
			  struct services_facts *f)
{
	struct search s = { root, f };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		read_file(&s, files[i]);
	for (size_t i = 0; i < ARRAY_LEN(unit_dirs); i++)
		clones_each(root, unit_dirs[i], "rng", "", NULL, on_unit, &s);
}
