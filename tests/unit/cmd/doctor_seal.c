/* SPDX-License-Identifier: ISC */
/* The changes of --fix: what they do, and that they stay inside. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "cmd/doctor_seal.h"

#include "../probe/tree.h"
#include "../skip.h"

static int root_fd;
static char outside[96];

/* The image is tree_root/image; tree_root/outside is not to be touched. */
static int setup(void **state)
{
	char image[96];
	int r;

	if (tree_setup(state) != 0)
		return -1;
	(void)snprintf(image, sizeof image, "%s/image", tree_root);
	(void)snprintf(outside, sizeof outside, "%s/outside", tree_root);
	tree_text("/outside/file", "keep");
	tree_text("/outside/directory/file", "keep");
	tree_text("/image/etc/file", "secret");
	tree_text("/image/etc/tree/a/b/file", "secret");
	r = seal_open(image, &root_fd);
	if (r == -ENOSYS)
		return 0;
	return r;
}

static int teardown(void **state)
{
	if (root_fd > 0)
		(void)close(root_fd);
	root_fd = 0;
	return tree_teardown(state);
}

static const char *in_image(const char *path)
{
	static char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s/image%s", tree_root, path);
	return full;
}

static void add_link(const char *target, const char *path)
{
	assert_int_equal(symlink(target, in_image(path)), 0);
}

static bool there(const char *path)
{
	struct stat st;

	return lstat(in_image(path), &st) == 0;
}

static void nothing_outside_changed(void)
{
	static const char *const files[] = { "file", "directory/file" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char full[PATH_MAX], text[16];
		int fd;

		(void)snprintf(full, sizeof full, "%s/%s", outside, files[i]);
		fd = open(full, O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		assert_int_equal(read(fd, text, sizeof text), 4);
		assert_memory_equal(text, "keep", 4);
		(void)close(fd);
	}
}

static void needs_openat2(void)
{
	if (root_fd <= 0)
		skip_because("no openat2(2)");
}

static void the_running_machine_is_refused(void **state)
{
	int fd = 77;

	(void)state;
	needs_openat2();
	assert_int_equal(seal_open("/", &fd), -EBUSY);
	assert_int_equal(seal_open("/etc/..", &fd), -EBUSY);
	assert_int_equal(seal_open("/proc/self/root", &fd), -EBUSY);
	assert_int_equal(seal_open(in_image("/nowhere"), &fd), -ENOENT);
	assert_int_equal(seal_open(in_image("/etc/file"), &fd), -ENOTDIR);
	assert_int_equal(fd, 77);
}

static void files_and_links_are_removed(void **state)
{
	(void)state;
	needs_openat2();
	add_link("/outside/file", "/etc/link");
	add_link(outside, "/etc/away");
	assert_int_equal(seal_remove(root_fd, "/etc/file"), 0);
	assert_int_equal(seal_remove(root_fd, "/etc/file"), -ENOENT);
	assert_int_equal(seal_remove(root_fd, "/etc/link"), 0);
	assert_int_equal(seal_remove(root_fd, "/etc/away"), 0);
	assert_int_equal(seal_remove(root_fd, "/etc/tree"), -EISDIR);
	assert_int_equal(seal_remove(root_fd, "/no/file"), -ENOENT);
	assert_false(there("/etc/file") || there("/etc/link"));
	assert_true(there("/etc/tree/a/b/file"));
	nothing_outside_changed();
}

static void links_lead_back_into_the_image(void **state)
{
	(void)state;
	needs_openat2();
	/* Where they point lies outside, or inside by another way. */
	add_link(outside, "/out");
	add_link("../../../../../../..", "/up");
	add_link("/etc", "/inside");
	add_link("/loop", "/loop");
	assert_int_equal(seal_remove(root_fd, "/out/file"), -ENOENT);
	assert_int_equal(seal_empty(root_fd, "/out/file"), -ENOENT);
	assert_int_equal(seal_remove_tree(root_fd, "/out/directory"), -ENOENT);
	assert_int_equal(seal_remove(root_fd, "/../outside/file"), -ENOENT);
	assert_int_equal(seal_remove(root_fd, "/loop/file"), -ELOOP);
	assert_int_equal(seal_remove(root_fd, "/up/etc/file"), 0);
	assert_false(there("/etc/file"));
	assert_int_equal(seal_remove_tree(root_fd, "/inside/tree"), 0);
	assert_false(there("/etc/tree"));
	nothing_outside_changed();
}

static void a_tree_is_removed_and_its_links_not_followed(void **state)
{
	(void)state;
	needs_openat2();
	add_link(outside, "/etc/tree/a/out");
	add_link(outside, "/etc/link");
	assert_int_equal(seal_remove_tree(root_fd, "/etc/tree"), 0);
	assert_false(there("/etc/tree"));
	assert_int_equal(seal_remove_tree(root_fd, "/etc/tree"), -ENOENT);
	/* A link in the place of a tree is removed itself. */
	assert_int_equal(seal_remove_tree(root_fd, "/etc/link"), 0);
	assert_false(there("/etc/link"));
	nothing_outside_changed();
}

static void no_path_names_the_root_itself(void **state)
{
	static const char *const paths[] = { "/",      "etc/file", "/etc/..",
					     "/etc/.", "",         "/etc/",
					     "/.." };

	(void)state;
	needs_openat2();
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		if (!paths[i][0])
			continue;
		assert_int_equal(seal_remove(root_fd, paths[i]), -EINVAL);
		assert_int_equal(seal_remove_tree(root_fd, paths[i]), -EINVAL);
		assert_int_equal(seal_empty(root_fd, paths[i]), -EINVAL);
	}
	assert_true(there("/etc/file") && there("/etc/tree/a/b/file"));
}

static void a_file_is_emptied_in_one_step(void **state)
{
	struct stat before, after;
	char full[PATH_MAX];

	(void)state;
	needs_openat2();
	(void)snprintf(full, sizeof full, "%s", in_image("/etc/file"));
	assert_int_equal(chmod(full, 0444), 0);
	assert_int_equal(stat(full, &before), 0);
	/* One that a crash left behind is no hindrance. */
	tree_text("/image/etc/.file.new", "left");
	assert_int_equal(seal_empty(root_fd, "/etc/file"), 0);
	assert_int_equal(stat(full, &after), 0);
	assert_int_equal(after.st_size, 0);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_false(there("/etc/.file.new"));
	add_link("file", "/etc/link");
	assert_int_equal(seal_empty(root_fd, "/etc/link"), -ELOOP);
	assert_int_equal(seal_empty(root_fd, "/etc/tree"), -EINVAL);
	assert_int_equal(mkfifo(in_image("/etc/fifo"), 0600), 0);
	assert_int_equal(seal_empty(root_fd, "/etc/fifo"), -EINVAL);
}

static void the_log_is_appended_to(void **state)
{
	struct stat st;
	int fd = 77;

	(void)state;
	needs_openat2();
	for (int i = 0; i < 2; i++) {
		assert_int_equal(seal_append(root_fd, "/etc/log", &fd), 0);
		assert_int_equal(write(fd, "line\n", 5), 5);
		(void)close(fd);
	}
	assert_int_equal(stat(in_image("/etc/log"), &st), 0);
	assert_int_equal(st.st_size, 10);
	assert_int_equal(st.st_mode & 0777, 0600);
	add_link(outside, "/etc/away");
	fd = 77;
	assert_int_equal(seal_append(root_fd, "/etc/away", &fd), -ELOOP);
	/* A directory that leads nowhere within the image is not made. */
	assert_int_equal(seal_append(root_fd, "/etc/away/log", &fd), -ENOENT);
	assert_int_equal(seal_append(root_fd, "/new/er/log", &fd), 0);
	(void)close(fd);
	fd = 77;
	assert_int_equal(stat(in_image("/new/er"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(mkfifo(in_image("/etc/fifo"), 0600), 0);
	assert_true(seal_append(root_fd, "/etc/fifo", &fd) < 0);
	assert_int_equal(fd, 77);
}

#define SEAL_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEAL_TEST(the_running_machine_is_refused),
		SEAL_TEST(files_and_links_are_removed),
		SEAL_TEST(links_lead_back_into_the_image),
		SEAL_TEST(a_tree_is_removed_and_its_links_not_followed),
		SEAL_TEST(no_path_names_the_root_itself),
		SEAL_TEST(a_file_is_emptied_in_one_step),
		SEAL_TEST(the_log_is_appended_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
