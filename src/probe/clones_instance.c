/* SPDX-License-Identifier: ISC */
/*
 * Since when is this an instance of its own, and what cloud-init left. An
 * instance is as old as its cloud-init instance-id or, without one, its
 * machine-id; never as its kernel's boot.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "probe/clones_parts.h"

#define CLOUD "/var/lib/cloud"
#define USER_DATA_BYTES 65536
#define CONFIG_BYTES 65536

struct search {
	const struct probe_root *root;
	struct clones_facts *f;
};

static void note_birth(struct clones_instance *i, const struct clones_file *file)
{
	if (file->error != 0 || (i->known && i->born_s <= file->st.mtime_s))
		return;
	i->known = true;
	i->born_s = file->st.mtime_s;
	memcpy(i->path, file->path, sizeof i->path);
}

static void look_birth(const struct probe_root *root, const char *path,
		       struct clones_instance *i)
{
	struct clones_file file;

	clones_look(root, path, &file);
	note_birth(i, &file);
}

static void on_semaphore(void *context, const char *path, const char *name)
{
	const struct search *s = context;

	(void)name;
	look_birth(s->root, path, &s->f->instance);
}

/*
 * cloud-init writes data/instance-id anew at every boot, and the link too. What
 * it did once for this instance is marked below instances/ID/sem: the oldest
 * mark is the instance's first boot.
 */
void clones_probe_instance(const struct probe_root *root, struct clones_facts *f)
{
	struct clones_instance *i = &f->instance;
	struct search s = { root, f };
	char id[CLONES_ID_BYTES], dir[CLONES_PATH_BYTES];
	char sem[CLONES_PATH_BYTES];
	struct clones_file link;

	look_birth(root, CLOUD "/data/instance-id", i);
	if (!i->known) {
		clones_look_self(root, CLOUD "/instance", &link);
		note_birth(i, &link);
	}
	i->by_cloud_init = i->known;
	if (!i->known) {
		/* An empty one was not made yet. */
		clones_look(root, "/etc/machine-id", &link);
		if (link.error == 0 && link.st.size_bytes >= 32)
			note_birth(i, &link);
		return;
	}
	if (clones_text(root, CLOUD "/data/instance-id", id, sizeof id) > 0 &&
	    strchr(id, '/') == NULL && clones_join(dir, CLOUD "/instances", id))
		;
	else
		clones_copy(dir, sizeof dir, CLOUD "/instance");
	if (clones_join(sem, dir, "sem"))
		clones_each(root, sem, "", "", NULL, on_semaphore, &s);
}

/* "KEY: VALUE" of the outermost level; later files overrule earlier ones. */
static void read_config(const struct probe_root *root, const char *path,
			struct clones_cloud *c)
{
	static const char *const no[] = { "false", "no", "off", "0" };
	static const char key[] = "ssh_deletekeys:";
	char *text, *next, *line, *value;
	ssize_t n = probe_root_load(root, path, CONFIG_BYTES, &text);

	if (n < 0) {
		clones_unseen(&c->config_unseen, path, (int)n);
		return;
	}
	next = text;
	while ((line = clones_line(&next)) != NULL) {
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		value = line + strlen(key);
		value += strspn(value, " \t\"'");
		value[strcspn(value, " \t\r\"'#")] = '\0';
		c->keeps_host_keys = false;
		for (size_t i = 0; i < ARRAY_LEN(no); i++)
			if (strcasecmp(value, no[i]) == 0)
				c->keeps_host_keys = true;
		clones_copy(c->keeps_host_keys_path,
			    sizeof c->keeps_host_keys_path, path);
	}
	free(text);
}

static void on_config(void *context, const char *path, const char *name)
{
	const struct search *s = context;

	(void)name;
	read_config(s->root, path, &s->f->cloud);
}

/* Only which kind of word stands in it is kept, none of its text. */
static void scan_user_data(const struct probe_root *root, const char *path,
			   struct clones_cloud *c)
{
	static const char *const words[] = {
		"PRIVATE KEY", "_private:", "chpasswd", "passwd:",
		"password",    "secret",    "token",
	};
	char *text;
	ssize_t n = probe_root_load(root, path, USER_DATA_BYTES, &text);

	if (n < 0) {
		/* Too long to be searched is long enough to hold a secret. */
		c->user_data_unseen = true;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(words) && !c->user_data_secrets; i++) {
		if (strcasestr(text, words[i]) == NULL)
			continue;
		c->user_data_secrets = true;
		clones_copy(c->secrets_word, sizeof c->secrets_word, words[i]);
	}
	wipe(text, (size_t)n);
	free(text);
}

static void on_instance(void *context, const char *path, const char *name)
{
	static const char *const files[] = {
		"user-data.txt",
		"vendor-data.txt",
		"cloud-config.txt",
	};
	const struct search *s = context;
	struct clones_cloud *c = &s->f->cloud;
	char full[CLONES_PATH_BYTES];
	struct clones_file file;

	(void)name;
	c->has_state = true;
	c->n_instances++;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (!clones_join(full, path, files[i]))
			continue;
		clones_look(s->root, full, &file);
		if (file.error != 0 || file.st.size_bytes == 0)
			continue;
		if (c->user_data_path[0] == '\0')
			clones_copy(c->user_data_path, sizeof c->user_data_path,
				    full);
		if (probe_root_kind(s->root) == PROBE_IMAGE)
			scan_user_data(s->root, full, c);
	}
}

static void on_seed(void *context, const char *path, const char *name)
{
	const struct search *s = context;

	(void)path;
	(void)name;
	s->f->cloud.seed_dir = true;
}

void clones_probe_cloud(const struct probe_root *root, struct clones_facts *f)
{
	struct clones_cloud *c = &f->cloud;
	struct search s = { root, f };
	struct clones_unseen unseen = { 0 };
	char id[CLONES_ID_BYTES];

	c->installed = probe_root_exists(root, "/etc/cloud/cloud.cfg") ||
		       probe_root_exists(root, "/etc/cloud/cloud.cfg.d") ||
		       probe_root_exists(root, "/usr/bin/cloud-init");
	if (clones_text(root, CLOUD "/data/instance-id", id, sizeof id) > 0)
		clones_copy(c->instance_id, sizeof c->instance_id, id);
	if (clones_text(root, CLOUD "/data/previous-instance-id", id,
			sizeof id) > 0)
		clones_copy(c->previous_id, sizeof c->previous_id, id);
	c->has_state = c->instance_id[0] != '\0' ||
		       probe_root_exists(root, CLOUD "/instance");
	clones_each(root, CLOUD "/instances", "", "", &unseen, on_instance, &s);
	clones_each(root, CLOUD "/seed", "", "", &unseen, on_seed, &s);
	if (unseen.count > 0)
		c->state_error = unseen.files[0].error;
	read_config(root, "/etc/cloud/cloud.cfg", c);
	clones_each(root, "/etc/cloud/cloud.cfg.d", "", ".cfg",
		    &c->config_unseen, on_config, &s);
	f->pollinate.installed = probe_root_exists(root, "/usr/bin/pollinate");
	clones_look(root, "/var/cache/pollinate/seeded", &f->pollinate.flag);
}
