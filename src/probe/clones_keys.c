/* SPDX-License-Identifier: ISC */
/*
 * SSH host keys: the public halves are read, the private ones are looked at
 * from outside.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_parts.h"

#define PUBLIC_KEY_BYTES 16384
#define CONFIG_BYTES 65536

/* Keys of an initramfs's own server stand apart and are keys all the same. */
static const struct {
	const char *dir;
	const char *prefix, *suffix;
	bool dropbear;
} places[] = {
	{ "/etc/ssh", "ssh_host_", "_key", false },
	{ "/etc/ssh/initramfs", "ssh_host_", "_key", false },
	{ "/usr/local/etc/ssh", "ssh_host_", "_key", false },
	{ "/var/lib/ssh", "ssh_host_", "_key", false },
	{ "/etc/tinyssh/sshkeydir", ".", "sk", false },
	{ "/etc/dropbear", "dropbear_", "_host_key", true },
	{ "/etc/dropbear/initramfs", "dropbear_", "_host_key", true },
	{ "/etc/dropbear-initramfs", "dropbear_", "_host_key", true },
	{ "/etc/initramfs-tools/etc/dropbear", "dropbear_", "_host_key", true },
	{ "/var/lib/dropbear", "dropbear_", "_host_key", true },
};

struct search {
	const struct probe_root *root;
	struct clones_keys *k;
	const struct clones_known *known;
	bool dropbear;
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, SSH_KEY_SHA256_BYTES);
}

static void read_public(const struct search *s, struct clones_host_key *key)
{
	char text[PUBLIC_KEY_BYTES], *next = text, *line;
	const struct clones_known *known = s->known;

	if (key->public_key.error != 0 ||
	    probe_root_read(s->root, key->public_key.path, text, sizeof text) <=
		    0)
		return;
	while (!key->parsed && (line = clones_line(&next)) != NULL)
		key->parsed = ssh_key_parse(line, &key->key) == 0;
	if (key->parsed && known->count > 0)
		key->in_list = bsearch(key->key.sha256, known->sha256,
				       known->count, sizeof *known->sha256,
				       compare) != NULL;
}

static bool is_listed(const struct clones_keys *k, const char *path)
{
	for (size_t i = 0; i < k->count; i++)
		if (strcmp(k->keys[i].private_key.path, path) == 0)
			return true;
	return false;
}

static void add_key(struct search *s, const char *path)
{
	char public[CLONES_PATH_BYTES + 4];
	struct clones_host_key *key;

	if (is_listed(s->k, path))
		return;
	if (s->k->count == CLONES_HOST_KEYS_MAX) {
		s->k->more = true;
		return;
	}
	key = &s->k->keys[s->k->count];
	memset(key, 0, sizeof *key);
	key->dropbear = s->dropbear;
	clones_look(s->root, path, &key->private_key);
	(void)snprintf(public, sizeof public, "%s.pub", path);
	clones_look(s->root, public, &key->public_key);
	if (key->private_key.error == -ENOENT && key->public_key.error == -ENOENT)
		return;
	if (key->private_key.error != 0)
		clones_unseen(&s->k->unseen, path, key->private_key.error);
	read_public(s, key);
	s->k->count++;
}

static void on_private(void *context, const char *path, const char *name)
{
	(void)name;
	add_key(context, path);
}

/* Its private half may be gone, or out of reach. */
static void on_public(void *context, const char *path, const char *name)
{
	char private[CLONES_PATH_BYTES];

	(void)name;
	clones_copy(private, sizeof private, path);
	private[strlen(private) - 4] = '\0';
	add_key(context, private);
}

/* sshd_config(5): HostKey names a key that stands anywhere. */
static void read_config(struct search *s, const char *path)
{
	char *text, *next, *line, *value;
	ssize_t n = probe_root_load(s->root, path, CONFIG_BYTES, &text);

	if (n < 0) {
		clones_unseen(&s->k->unseen, path, (int)n);
		return;
	}
	next = text;
	while ((line = clones_line(&next)) != NULL) {
		line += strspn(line, " \t");
		if (strncasecmp(line, "HostKey", 7) != 0 ||
		    strchr(" \t=", line[7]) == NULL || line[7] == '\0')
			continue;
		value = line + 7 + strspn(line + 7, " \t=\"");
		value[strcspn(value, " \t\r\"#")] = '\0';
		if (value[0] == '/')
			add_key(s, value);
	}
	free(text);
}

static void on_config(void *context, const char *path, const char *name)
{
	(void)name;
	read_config(context, path);
}

void clones_probe_keys(const struct probe_root *root, struct clones_keys *k,
		       const struct clones_known *known)
{
	struct search s = { root, k, known, false };
	char suffix[24];

	k->sshd_seen = probe_root_exists(root, "/etc/ssh") ||
		       probe_root_exists(root, "/etc/dropbear");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		s.dropbear = places[i].dropbear;
		clones_each(root, places[i].dir, places[i].prefix,
			    places[i].suffix, &k->unseen, on_private, &s);
		(void)snprintf(suffix, sizeof suffix, "%s.pub",
			       places[i].suffix);
		clones_each(root, places[i].dir, places[i].prefix, suffix, NULL,
			    on_public, &s);
	}
	s.dropbear = false;
	read_config(&s, "/etc/ssh/sshd_config");
	clones_each(root, "/etc/ssh/sshd_config.d", "", ".conf", &k->unseen,
		    on_config, &s);
}
