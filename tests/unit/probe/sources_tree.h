/* SPDX-License-Identifier: ISC */
#ifndef TEST_PROBE_SOURCES_TREE_H
#define TEST_PROBE_SOURCES_TREE_H

/* The facts about sources of a tree made by hand. */
#include "tree.h"

#include "probe/sources_parts.h"

static inline struct sources_facts facts_of(const char *release)
{
	struct probe_root *root = tree_open();
	struct platform p = { .cpus_online = 1 };
	struct sources_facts f;

	(void)snprintf(p.kernel_release, sizeof p.kernel_release, "%s", release);
	assert_int_equal(probe_sources(root, &p, &f), 0);
	probe_root_free(root);
	return f;
}

#endif
