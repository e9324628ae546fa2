/* SPDX-License-Identifier: ISC */
/* Looking up what a manifest says of a path. */
#include <stdlib.h>
#include <string.h>

#include "probe/manifest.h"
#include "probe/root_class.h"

void manifest_free(struct manifest *m)
{
	free(m->entries);
	free(m->text);
	memset(m, 0, sizeof *m);
}

/* The first entry that is not before path. */
static size_t lower_bound(const struct manifest *m, const char *path)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(m->entries[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct manifest_entry *manifest_find(const struct manifest *m,
					   const char *path)
{
	size_t i = lower_bound(m, path);

	if (i == m->count || strcmp(m->entries[i].path, path) != 0)
		return NULL;
	return &m->entries[i];
}

const struct manifest_entry *manifest_below(const struct manifest *m,
					    const char *path, size_t *ret_count)
{
	char bound[ROOT_PATH_BYTES + 1];
	size_t len = strlen(path), first, end;

	*ret_count = 0;
	if (len >= ROOT_PATH_BYTES)
		return NULL;
	memcpy(bound, path, len + 1);
	if (len == 1)
		len = 0;
	/* '0' follows '/': between the two stands all that is below. */
	memcpy(bound + len, "/", 2);
	first = lower_bound(m, bound);
	if (first < m->count && strcmp(m->entries[first].path, bound) == 0)
		first++; /* the root itself */
	memcpy(bound + len, "0", 2);
	end = lower_bound(m, bound);
	*ret_count = end - first;
	return m->entries + first;
}
