/* SPDX-License-Identifier: ISC */
/* Seed files: where each system keeps its own, and what is made of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/seed_format.h"
#include "base/wipe.h"
#include "probe/clones_parts.h"

#define CONFIG_BYTES 16384
#define COMMAND_LINE_BYTES 8192
#define CREDIT_KEY "SYSTEMD_RANDOM_SEED_CREDIT="

static const struct {
	const char *path;
	enum clones_seed_kind kind;
	bool creditable;
} places[] = {
	{ "/var/lib/systemd/random-seed", SEED_OF_SYSTEMD, false },
	{ "/var/lib/urandom/random-seed", SEED_OF_SYSV, false },
	{ "/var/lib/misc/random-seed", SEED_OF_SYSV, false },
	{ "/var/lib/random-seed", SEED_OF_SYSV, false },
	{ "/var/lib/random_seed", SEED_OF_SYSV, false },
	{ "/var/random-seed", SEED_OF_SYSV, false },
	{ "/etc/random-seed", SEED_OF_SYSV, false },
	{ "/etc/urandom.seed", SEED_OF_SYSV, false },
	{ "/var/lib/seedrng/seed.credit", SEED_OF_SEEDRNG, true },
	{ "/var/lib/seedrng/seed.no-credit", SEED_OF_SEEDRNG, false },
	{ "/etc/seedrng/seed.credit", SEED_OF_SEEDRNG, true },
	{ "/etc/seedrng/seed.no-credit", SEED_OF_SEEDRNG, false },
	{ "/boot/loader/random-seed", SEED_OF_LOADER, false },
	{ "/boot/efi/loader/random-seed", SEED_OF_LOADER, false },
	{ "/efi/loader/random-seed", SEED_OF_LOADER, false },
	{ "/var/lib/aquifer/seed", SEED_OF_AQUIFER, false },
};

struct search {
	const struct probe_root *root;
	struct clones_seeds *s;
};

/* Its own machine reads it back; the bytes leave this function wiped. */
static enum clones_binding binding_of(const struct probe_root *root,
				      const struct platform *p, const char *path)
{
	uint8_t file[SEED_FILE_BYTES_MAX + 2];
	enum clones_binding binding = BINDING_BAD;
	struct seed_content content;
	const char *why;
	ssize_t n = probe_root_read(root, path, (char *)file, sizeof file);

	if (n < 0)
		binding = BINDING_UNSEEN;
	else if (seed_decode(file, (size_t)n, &content, &why) == 0)
		binding = seed_is_bound(&content, p) ? BINDING_FITS :
						       BINDING_OTHER;
	wipe(file, sizeof file);
	wipe(&content, sizeof content);
	return binding;
}

static void look_at(const struct probe_root *root, const struct platform *p,
		    size_t place, struct clones_seeds *s)
{
	struct clones_seed *seed = &s->seeds[s->count];

	clones_look(root, places[place].path, &seed->file);
	if (seed->file.error == -ENOENT)
		return;
	if (seed->file.error != 0) {
		clones_unseen(&s->unseen, places[place].path, seed->file.error);
		return;
	}
	seed->kind = places[place].kind;
	seed->creditable = places[place].creditable;
	seed->binding = BINDING_UNSEEN;
	if (seed->kind == SEED_OF_AQUIFER && probe_root_kind(root) == PROBE_LIVE)
		seed->binding = binding_of(root, p, places[place].path);
	s->count++;
}

/* Environment="SYSTEMD_RANDOM_SEED_CREDIT=force": the last one holds. */
static void read_unit(const struct probe_root *root, const char *path,
		      struct clones_seeds *s)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "t", "on" };
	char *text, *next, *line, *value;
	ssize_t n = probe_root_load(root, path, CONFIG_BYTES, &text);

	if (n < 0) {
		clones_unseen(&s->unseen, path, (int)n);
		return;
	}
	next = text;
	while ((line = clones_line(&next)) != NULL) {
		line += strspn(line, " \t");
		value = strstr(line, CREDIT_KEY);
		if (value == NULL || strncmp(line, "Environment", 11) != 0)
			continue;
		value += strlen(CREDIT_KEY);
		value[strcspn(value, " \t\r\"'")] = '\0';
		s->systemd_credit = CREDIT_NO;
		if (strcasecmp(value, "force") == 0)
			s->systemd_credit = CREDIT_FORCE;
		for (size_t i = 0; i < ARRAY_LEN(yes); i++)
			if (strcasecmp(value, yes[i]) == 0)
				s->systemd_credit = CREDIT_YES;
		clones_copy(s->systemd_credit_path,
			    sizeof s->systemd_credit_path, path);
	}
	free(text);
}

static void on_drop_in(void *context, const char *path, const char *name)
{
	const struct search *s = context;

	(void)name;
	read_unit(s->root, path, s->s);
}

static void read_systemd(struct search *s)
{
	static const char *const dirs[] = {
		"/lib/systemd/system",
		"/usr/lib/systemd/system",
		"/run/systemd/system",
		"/etc/systemd/system",
	};
	static const char unit[] = "systemd-random-seed.service";
	char path[CLONES_PATH_BYTES], drop_in[CLONES_PATH_BYTES + 8];

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		if (clones_join(path, dirs[i], unit))
			read_unit(s->root, path, s->s);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		if (!clones_join(path, dirs[i], unit))
			continue;
		(void)snprintf(drop_in, sizeof drop_in, "%s.d", path);
		clones_each(s->root, drop_in, "", ".conf", NULL, on_drop_in, s);
	}
}

static void read_command_line(const struct probe_root *root,
			      struct clones_seeds *s)
{
	char text[COMMAND_LINE_BYTES];

	if (probe_root_read(root, "/proc/cmdline", text, sizeof text) <= 0)
		return;
	for (const char *at = text; (at = strstr(at, "systemd.random")) != NULL;
	     at++)
		if ((at == text || at[-1] == ' ') &&
		    (strncmp(at + 14, "_seed=", 6) == 0 ||
		     strncmp(at + 14, "-seed=", 6) == 0))
			s->on_command_line = true;
	wipe(text, sizeof text);
}

static void read_seedrng(const struct probe_root *root, struct clones_seeds *s)
{
	char text[4096], *next = text, *line;

	if (probe_root_read(root, "/etc/conf.d/seedrng", text, sizeof text) < 0)
		return;
	while ((line = clones_line(&next)) != NULL) {
		line += strspn(line, " \t");
		if (strncmp(line, "skip_credit=", 12) == 0)
			s->seedrng_skips_credit = strcasestr(line, "yes") !=
							  NULL ||
						  strcasestr(line, "true") !=
							  NULL ||
						  strchr(line, '1') != NULL;
	}
}

void clones_probe_seeds(const struct probe_root *root, const struct platform *p,
			struct clones_seeds *s)
{
	struct search search = { root, s };

	_Static_assert(ARRAY_LEN(places) <= CLONES_SEEDS_MAX,
		       "every place has room");
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		look_at(root, p, i, s);
	read_systemd(&search);
	read_seedrng(root, s);
	if (probe_root_kind(root) != PROBE_IMAGE)
		read_command_line(root, s);
}
