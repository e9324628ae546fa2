/* SPDX-License-Identifier: ISC */
/* The names in a directory of a record. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/root_record.h"

struct added {
	const struct record *rec;
	const char *path;
	struct root_names *names;
	size_t max_names;
	int result;
};

/* What only the directory has. */
static bool add_on_disk(void *context, const char *name)
{
	struct added *a = context;
	bool top = a->path[1] == '\0';
	char full[ROOT_PATH_BYTES + 256];

	(void)snprintf(full, sizeof full, "%s/%s", top ? "" : a->path, name);
	if ((top && strcmp(name, MANIFEST_NAME) == 0) ||
	    manifest_find(&a->rec->manifest, full) != NULL)
		return true;
	a->result = root_names_add(a->names, name, a->max_names);
	return a->result == 0;
}

static int add_listed(const struct record *rec, const char *path,
		      size_t max_names, struct root_names *names)
{
	size_t count, skip = path[1] == '\0' ? 1 : strlen(path) + 1;
	const struct manifest_entry *e = manifest_below(&rec->manifest, path,
							&count);
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++) {
		const char *name = e[i].path + skip;

		if (strchr(name, '/') == NULL &&
		    (e[i].seen || e[i].error != -ENOENT))
			r = root_names_add(names, name, max_names);
	}
	return r;
}

int record_names(const struct record *rec, const char *path, bool known,
		 size_t max_names, struct root_names *names)
{
	struct added a = { rec, path, names, max_names, 0 };
	int r = add_listed(rec, path, max_names, names);

	if (r < 0)
		return r;
	r = probe_root_list(rec->dir, path, max_names + rec->manifest.count + 1,
			    add_on_disk, &a);
	return r >= 0 || (r == -ENOENT && known) ? a.result : r;
}
