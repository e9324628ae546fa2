/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_PROBE_NAMES_H
#define AQUIFER_TESTS_PROBE_NAMES_H

/* For probe_root_list(): the names of a directory, as they come. */
#include <stdio.h>
#include <string.h>

struct names {
	char text[1024]; /* "a|b|" */
	unsigned left;   /* the listing ends after so many; 0: at its end */
};

static bool on_name(void *context, const char *name)
{
	struct names *s = context;
	size_t len = strlen(s->text), room = sizeof s->text - len;
	int n = snprintf(s->text + len, room, "%s|", name);

	assert_true(n > 0 && (size_t)n < room);
	return s->left == 0 || --s->left > 0;
}

#endif
