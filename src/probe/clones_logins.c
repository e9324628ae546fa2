/* SPDX-License-Identifier: ISC */
/* Who may log in by key: authorized_keys of root and of the homes. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_parts.h"

#define AUTHORIZED_KEYS_BYTES (256 << 10)

struct search {
	const struct probe_root *root;
	struct clones_keys *k;
};

static bool is_of_interest(const struct ssh_key *key)
{
	return key->published != NULL || key->roca ||
	       strcmp(key->type, "ssh-dss") == 0 ||
	       (strcmp(key->type, "ssh-rsa") == 0 && key->bits < 2048);
}

static void note_key(struct clones_keys *k, const char *path,
		     const struct ssh_key *key)
{
	k->n_login_keys++;
	if (!is_of_interest(key))
		return;
	if (k->n_logins == CLONES_LOGIN_KEYS_MAX) {
		k->more_logins = true;
		return;
	}
	clones_copy(k->logins[k->n_logins].path, CLONES_PATH_BYTES, path);
	k->logins[k->n_logins++].key = *key;
}

static void read_file(const struct search *s, const char *path)
{
	char *text, *next, *line;
	struct ssh_key key;
	ssize_t n = probe_root_load(s->root, path, AUTHORIZED_KEYS_BYTES, &text);

	if (n < 0) {
		clones_unseen(&s->k->logins_unseen, path, (int)n);
		return;
	}
	s->k->n_login_files++;
	next = text;
	while ((line = clones_line(&next)) != NULL)
		if (ssh_key_parse(line, &key) == 0)
			note_key(s->k, path, &key);
	free(text);
}

static void on_home(void *context, const char *path, const char *name)
{
	static const char *const files[] = {
		".ssh/authorized_keys",
		".ssh/authorized_keys2",
	};
	const struct search *s = context;
	char full[CLONES_PATH_BYTES];

	(void)name;
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (clones_join(full, path, files[i]))
			read_file(s, full);
}

void clones_probe_logins(const struct probe_root *root, struct clones_keys *k)
{
	struct search s = { root, k };

	on_home(&s, "/root", "root");
	clones_each(root, "/home", "", "", &k->logins_unseen, on_home, &s);
}
