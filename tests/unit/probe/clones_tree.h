/* SPDX-License-Identifier: ISC */
#ifndef TEST_PROBE_CLONES_TREE_H
#define TEST_PROBE_CLONES_TREE_H

/* The facts of the family `clones`, from trees made by hand. */
#include "probe/tree.h"

#include <math.h>
#include <utime.h>

#include "base/seed_format.h"
#include "probe/clones.h"

#define KEY \
	"ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAIHTSjc9hsKx5QLjnUDb6FppTw7ns+Y0xjx23eBEX9Nn+"
#define FINGERPRINT "Hr1P11ejqRUb3VQCcXCbMC1IamttJGxqyAL4BM968Uc"

static struct clones_facts *f;

static inline void age(const char *path, time_t mtime_s)
{
	struct utimbuf t = { mtime_s, mtime_s };
	char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	assert_int_equal(utime(full, &t), 0);
}

static inline void link_to(const char *target, const char *path)
{
	char full[PATH_MAX];

	tree_text(path, "");
	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	assert_int_equal(unlink(full), 0);
	assert_int_equal(symlink(target, full), 0);
}

static void look(bool image)
{
	static const struct platform p;
	struct probe_root *root = NULL;

	if (f == NULL)
		f = clones_facts_new();
	assert_non_null(f);
	if (image)
		assert_int_equal(probe_root_open(tree_root, &root), 0);
	else
		root = tree_open();
	assert_int_equal(probe_root_kind(root),
			 image ? PROBE_IMAGE : PROBE_RECORD);
	assert_int_equal(probe_clones(root, &p, f), 0);
	probe_root_free(root);
}

static int teardown(void **state)
{
	clones_facts_free(f);
	f = NULL;
	return tree_teardown(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, teardown)

#endif
