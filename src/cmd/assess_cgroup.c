/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the control groups that we are in leave to us: of each up to the root of
 * what we see, the limit less what is used, caches of files left out, which the
 * kernel gives back before it ends anybody.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "cmd/assess_memory.h"

struct version {
	const char *mount, *limit, *used, *cache[2];
};

static const struct version second = {
	"/sys/fs/cgroup",
	"memory.max",
	"memory.current",
	{ "inactive_file ", "active_file " },
};

static const struct version first = {
	"/sys/fs/cgroup/memory",
	"memory.limit_in_bytes",
	"memory.usage_in_bytes",
	{ "total_inactive_file ", "total_active_file " },
};

static bool read_of(const struct version *v, const char *group,
		    const char *file, char *ret, size_t cap_bytes)
{
	char path[PATH_MAX];

	return (size_t)snprintf(path, sizeof path, "%s%s/%s", v->mount, group,
				file) < sizeof path &&
	       fd_read_file("", path, ret, cap_bytes) >= 0;
}

/* "NAME 123" at the start of a line; 0 where it is not there. */
static uint64_t line_value(const char *text, const char *name)
{
	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, name, strlen(name)) == 0)
			return strtoull(text + strlen(name), NULL, 10);
	}
	return 0;
}

static uint64_t left_in(const struct version *v, const char *group)
{
	char text[8192];
	uint64_t limit, used, cache = 0;

	if (!read_of(v, group, v->limit, text, sizeof text) || *text < '0' ||
	    *text > '9')
		return UINT64_MAX; /* "max", or no such file */
	limit = strtoull(text, NULL, 10);
	if (!read_of(v, group, v->used, text, sizeof text))
		return UINT64_MAX;
	used = strtoull(text, NULL, 10);
	if (read_of(v, group, "memory.stat", text, sizeof text)) {
		for (size_t i = 0; i < ARRAY_LEN(v->cache); i++)
			cache += line_value(text, v->cache[i]);
	}
	used -= min_u64(used, cache);
	return used < limit ? limit - used : 0;
}

/* group is cut at each slash until nothing is left: the mount itself. */
static uint64_t left_above(const struct version *v, char *group)
{
	uint64_t left = UINT64_MAX;
	char *slash;

	group[strcspn(group, "\n")] = '\0';
	while ((slash = strrchr(group, '/')) != NULL) {
		if (slash[1] != '\0')
			left = min_u64(left, left_in(v, group));
		*slash = '\0';
	}
	return min_u64(left, left_in(v, ""));
}

uint64_t assess_cgroup_free_bytes(void)
{
	static const struct {
		const char *line;
		const struct version *version;
	} rows[] = { { "0::", &second }, { ":memory:", &first } };
	uint64_t left = UINT64_MAX;
	char text[8192];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *at;

		if (fd_read_file("", "/proc/self/cgroup", text, sizeof text) < 0)
			return left;
		at = strstr(text, rows[i].line);
		if (at)
			left = min_u64(left,
				       left_above(rows[i].version,
						  at + strlen(rows[i].line)));
	}
	return left;
}
