/* SPDX-License-Identifier: ISC */
/* A directory as a machine; every test by openat2(2) and by hand. */
#include "tree.h"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "names.h"
#include "probe/root_class.h"

static bool without_openat2;

static struct probe_root *open_tree(void)
{
	struct probe_root *root = NULL;

	assert_int_equal(root_open_dir(tree_root, without_openat2, &root), 0);
	return root;
}

static const char *full_of(const char *path)
{
	static char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	return full;
}

static void make_link(const char *target, const char *path)
{
	assert_int_equal(symlink(target, full_of(path)), 0);
}

static void make_dir(const char *path)
{
	assert_int_equal(mkdir(full_of(path), 0755), 0);
}

static void assert_reads(const struct probe_root *root, const char *path,
			 const char *text)
{
	char got[64];

	assert_int_equal(probe_root_read(root, path, got, sizeof got),
			 strlen(text));
	assert_string_equal(got, text);
}

static void assert_refuses(const struct probe_root *root, const char *path,
			   int error)
{
	char got[16] = "untouched", *text = NULL;

	assert_int_equal(probe_root_read(root, path, got, sizeof got), error);
	assert_string_equal(got, "");
	assert_int_equal(probe_root_read_tail(root, path, got, sizeof got),
			 error);
	assert_int_equal(probe_root_load(root, path, 100, &text), error);
	assert_null(text);
}

static void the_kind_is_seen(void **state)
{
	struct probe_root *root = NULL;

	(void)state;
	assert_int_equal(root_open_dir(tree_root, without_openat2, &root),
			 -ENODATA);
	assert_null(root);
	tree_text("/etc/hostname", "a\n");
	make_dir("/proc");
	make_dir("/sys");
	root = open_tree();
	assert_int_equal(probe_root_kind(root), PROBE_IMAGE);
	probe_root_free(root);
	make_dir("/sys/class");
	root = open_tree();
	assert_int_equal(probe_root_kind(root), PROBE_RECORD);
	probe_root_free(root);
	assert_int_equal(rmdir(full_of("/sys/class")), 0);
	tree_text("/proc/uptime", "1 1\n");
	root = open_tree();
	assert_int_equal(probe_root_kind(root), PROBE_RECORD);
	probe_root_free(root);
	root = NULL;
	assert_int_equal(root_open_dir(full_of("/none"), without_openat2, &root),
			 -ENOENT);
	assert_int_equal(root_open_dir(full_of("/etc/hostname"),
				       without_openat2, &root),
			 -ENOTDIR);
	assert_null(root);
	probe_root_free(NULL);
}

static void links_stay_inside(void **state)
{
	struct probe_root *root;
	char target[64];
	struct probe_stat st;

	(void)state;
	tree_text("/etc/real", "inside");
	tree_text("/proc/1/comm", "init\n");
	make_link("/etc/real", "/etc/absolute");
	make_link("../../../../../../../etc/real", "/etc/above");
	make_link("/etc", "/link");
	make_link("..", "/etc/up");
	make_link("/../../etc/./real", "/etc/odd");
	make_link("/tmp", "/out");
	make_link("none", "/etc/dangling");
	make_link("socket:[1]", "/proc/1/fd3");
	root = open_tree();
	assert_reads(root, "/etc/real", "inside");
	assert_reads(root, "/etc/absolute", "inside");
	assert_reads(root, "/etc/above", "inside");
	assert_reads(root, "/link/real", "inside");
	assert_reads(root, "/link/up/etc/absolute", "inside");
	assert_reads(root, "/etc/odd", "inside");
	assert_reads(root, "/../../etc/real", "inside");
	assert_reads(root, "//etc//./real", "inside");
	assert_refuses(root, "/out/x", -ENOENT);
	assert_refuses(root, "/etc/dangling", -ENOENT);
	assert_false(probe_root_exists(root, "/etc/dangling"));
	assert_false(probe_root_exists(root, "/out"));
	assert_true(probe_root_exists(root, "/link/real"));
	assert_int_equal(probe_root_lstat(root, "/etc/dangling", &st), 0);
	assert_true(S_ISLNK(st.mode));
	assert_int_equal(probe_root_lstat(root, "/etc/up/", &st), 0);
	assert_true(S_ISDIR(st.mode));
	assert_int_equal(probe_root_readlink(root, "/proc/1/fd3", target,
					     sizeof target),
			 10);
	assert_string_equal(target, "socket:[1]");
	assert_refuses(root, "/proc/1/fd3", -ENOENT);
	/* A target that fills the buffer may have been cut. */
	assert_int_equal(probe_root_readlink(root, "/proc/1/fd3", target, 11),
			 10);
	assert_int_equal(probe_root_readlink(root, "/proc/1/fd3", target, 10),
			 -ENAMETOOLONG);
	assert_int_equal(probe_root_readlink(root, "/etc/real", target,
					     sizeof target),
			 -EINVAL);
	assert_int_equal(probe_root_readlink(root, "/none", target,
					     sizeof target),
			 -ENOENT);
	probe_root_free(root);
}

/* Linux follows 40 links in a path and says ELOOP at the next. */
/* A name of one or two letters, and one that begins with a dot after it. */
static void short_names_and_dots(void **state)
{
	static const char *const paths[] = {
		"/a/.b/c", "/aa/.b/c", "/a/..b/c", "/aa/..b/c",
		"/.a/.b",  "/..a/b",   "/a/b/.c",  "/aa/...",
	};
	struct probe_root *root;
	char text[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		tree_text(paths[i], paths[i]);
	tree_text("/proc/1/comm", "init\n");
	root = open_tree();
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		assert_int_equal(probe_root_read(root, paths[i], text,
						 sizeof text),
				 strlen(paths[i]));
		assert_string_equal(text, paths[i]);
	}
	assert_int_equal(probe_root_read(root, "/a/./.b/../.b/./c", text,
					 sizeof text),
			 strlen("/a/.b/c"));
	probe_root_free(root);
}

static void chains_of_links_end(void **state)
{
	struct probe_root *root;
	char target[16], path[32];

	(void)state;
	tree_text("/0", "end");
	for (int i = 1; i <= 41; i++) {
		(void)snprintf(target, sizeof target, "%d", i - 1);
		(void)snprintf(path, sizeof path, "/%d", i);
		make_link(target, path);
	}
	make_link("self", "/self");
	make_link("b", "/a");
	make_link("a", "/b");
	root = open_tree();
	assert_reads(root, "/40", "end");
	assert_refuses(root, "/41", -ELOOP);
	assert_refuses(root, "/self", -ELOOP);
	assert_refuses(root, "/a/x", -ELOOP);
	probe_root_free(root);
}

static void only_files_are_read(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct probe_root *root;
	struct probe_stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_true(fd >= 0);
	make_dir("/dir");
	assert_int_equal(mkfifo(full_of("/fifo"), 0600), 0);
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/socket",
		       tree_root);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address),
			 0);
	make_link("/fifo", "/to-fifo");
	tree_text("/file", "x");
	root = open_tree();
	assert_refuses(root, "/dir", -EISDIR);
	assert_refuses(root, "/", -EISDIR);
	assert_refuses(root, "/fifo", -ENOTSUP);
	assert_refuses(root, "/to-fifo", -ENOTSUP);
	assert_refuses(root, "/socket", -ENOTSUP);
	assert_refuses(root, "/file/x", -ENOTDIR);
	assert_refuses(root, "/file/..", -ENOTDIR);
	assert_refuses(root, "/file/", -ENOTDIR);
	assert_int_equal(probe_root_stat(root, "/fifo", &st), 0);
	assert_true(S_ISFIFO(st.mode));
	assert_int_equal(probe_root_list(root, "/fifo", 9, NULL, NULL),
			 -ENOTDIR);
	/* Needs the right to make one. */
	if (mknod(full_of("/null"), S_IFCHR | 0600, makedev(1, 3)) == 0) {
		assert_refuses(root, "/null", -ENOTSUP);
		assert_int_equal(probe_root_stat(root, "/null", &st), 0);
		assert_int_equal(st.rdev_major, 1);
		assert_int_equal(st.rdev_minor, 3);
	}
	probe_root_free(root);
	assert_int_equal(close(fd), 0);
}

static void the_borders_of_a_buffer(void **state)
{
	struct probe_root *root;
	char got[8], *text = NULL;

	(void)state;
	tree_write("/f", "12\0004567", 7);
	tree_text("/empty", "");
	root = open_tree();
	assert_int_equal(probe_root_read(root, "/f", got, 8), 7);
	assert_memory_equal(got, "12\0004567", 8);
	assert_int_equal(probe_root_read(root, "/f", got, 7), 6);
	assert_memory_equal(got, "12\000456", 7);
	assert_int_equal(probe_root_read_tail(root, "/f", got, 8), 7);
	assert_memory_equal(got, "12\0004567", 8);
	assert_int_equal(probe_root_read_tail(root, "/f", got, 4), 3);
	assert_string_equal(got, "567");
	assert_int_equal(probe_root_read_tail(root, "/f", got, 1), 0);
	assert_string_equal(got, "");
	assert_int_equal(probe_root_read(root, "/empty", got, 8), 0);
	assert_int_equal(probe_root_load(root, "/f", 6, &text), -EFBIG);
	assert_null(text);
	assert_int_equal(probe_root_load(root, "/f", 7, &text), 7);
	assert_memory_equal(text, "12\0004567", 8);
	free(text);
	assert_int_equal(probe_root_load(root, "/empty", 0, &text), 0);
	assert_string_equal(text, "");
	free(text);
	probe_root_free(root);
}

/* A sparse file of a terabyte takes no time and no memory. */
static void a_huge_file_is_not_loaded(void **state)
{
	struct probe_root *root;
	char got[16], *text = NULL;

	(void)state;
	tree_text("/huge", "head");
	assert_int_equal(truncate(full_of("/huge"), (off_t)1 << 40), 0);
	root = open_tree();
	assert_int_equal(probe_root_load(root, "/huge", 1 << 20, &text), -EFBIG);
	assert_null(text);
	assert_int_equal(probe_root_read(root, "/huge", got, 5), 4);
	assert_string_equal(got, "head");
	assert_int_equal(probe_root_read_tail(root, "/huge", got, 5), 4);
	probe_root_free(root);
}

static void names_come_in_order(void **state)
{
	struct names s = { "", 0 };
	struct probe_root *root;

	(void)state;
	tree_text("/d/b", "");
	tree_text("/d/a\nb", "");
	tree_text("/d/B", "");
	tree_text("/d/.c", "");
	tree_text("/d/\x1b[31m", "x");
	make_link("/d", "/link");
	root = open_tree();
	assert_int_equal(probe_root_list(root, "/link", 5, on_name, &s), 5);
	assert_string_equal(s.text, "\x1b[31m|.c|B|a\nb|b|");
	assert_reads(root, "/d/\x1b[31m", "x");
	s = (struct names){ "", 2 };
	assert_int_equal(probe_root_list(root, "/d", 5, on_name, &s), 2);
	assert_string_equal(s.text, "\x1b[31m|.c|");
	s = (struct names){ "", 0 };
	assert_int_equal(probe_root_list(root, "/d", 4, on_name, &s), -E2BIG);
	assert_int_not_equal(strlen(s.text), 0);
	assert_int_equal(probe_root_list(root, "/none", 4, on_name, &s),
			 -ENOENT);
	assert_int_equal(probe_root_list(root, "/d/b", 4, on_name, &s),
			 -ENOTDIR);
	probe_root_free(root);
}

static void long_names_are_refused(void **state)
{
	static char path[ROOT_PATH_BYTES + 2];
	struct probe_root *root;
	char got[8];

	(void)state;
	tree_text("/f", "x");
	root = open_tree();
	path[0] = '/';
	memset(path + 1, 'n', 256);
	assert_int_equal(probe_root_read(root, path, got, 8), -ENAMETOOLONG);
	path[256] = '\0';
	assert_int_equal(probe_root_read(root, path, got, 8), -ENOENT);
	for (size_t i = 0; i + 1 < sizeof path; i++)
		path[i] = i % 2 == 0 ? '/' : '.';
	assert_int_equal(probe_root_read(root, path, got, 8), -ENAMETOOLONG);
	path[ROOT_PATH_BYTES - 1] = '\0';
	assert_int_equal(probe_root_read(root, path, got, 8), -EISDIR);
	probe_root_free(root);
}

static void what_may_not_be_read_says_so(void **state)
{
	struct probe_root *root;
	struct probe_stat st;
	char got[8];
	bool was_root = geteuid() == 0;

	(void)state;
	tree_text("/secret", "x");
	tree_text("/closed/file", "x");
	assert_int_equal(chmod(full_of("/secret"), 0), 0);
	assert_int_equal(chmod(full_of("/closed"), 0), 0);
	assert_int_equal(chmod(tree_root, 0755), 0);
	if (was_root)
		assert_int_equal(seteuid(65534), 0);
	root = open_tree();
	assert_int_equal(probe_root_read(root, "/secret", got, 8), -EACCES);
	assert_int_equal(probe_root_stat(root, "/secret", &st), 0);
	assert_int_equal(probe_root_stat(root, "/closed/file", &st), -EACCES);
	assert_int_equal(probe_root_list(root, "/closed", 8, NULL, NULL),
			 -EACCES);
	probe_root_free(root);
	if (was_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(full_of("/closed"), 0700), 0);
}

static void a_records_log_is_a_file(void **state)
{
	struct probe_root *root;
	char *text = NULL;

	(void)state;
	tree_text("/etc/hostname", "a");
	root = open_tree();
	assert_int_equal(probe_root_load_log(root, 100, &text), -ENOTSUP);
	probe_root_free(root);
	tree_text("/proc/uptime", "1 1\n");
	root = open_tree();
	assert_int_equal(probe_root_load_log(root, 100, &text), -ENOENT);
	tree_text("/var/log/dmesg", "");
	tree_text("/var/log/kern.log", "kern\n");
	assert_int_equal(probe_root_load_log(root, 100, &text), 5);
	assert_string_equal(text, "kern\n");
	free(text);
	tree_text("/var/log/dmesg", "0123456789");
	assert_int_equal(probe_root_load_log(root, 10, &text), 10);
	free(text);
	assert_int_equal(probe_root_load_log(root, 9, &text), 9);
	assert_string_equal(text, "123456789");
	free(text);
	probe_root_free(root);
}

/* What a manifest that is none does to a record, and to an image. */
static void a_manifest_has_to_be_one(void **state)
{
	struct probe_root *root = NULL;

	(void)state;
	tree_text("/etc/hostname", "a");
	tree_text("/MANIFEST", "Manifest-Version: 1.0\n");
	root = open_tree();
	probe_root_free(root);
	root = NULL;
	tree_text("/proc/uptime", "1 1\n");
	assert_int_equal(root_open_dir(tree_root, without_openat2, &root),
			 -EBADMSG);
	tree_text("/MANIFEST", "aquifer-record 2\n");
	assert_int_equal(root_open_dir(tree_root, without_openat2, &root),
			 -EBADMSG);
	tree_text("/MANIFEST", "");
	assert_int_equal(root_open_dir(tree_root, without_openat2, &root),
			 -EBADMSG);
	assert_null(root);
	tree_text("/MANIFEST", "aquifer-record 1\n");
	root = open_tree();
	probe_root_free(root);
}

static void this_machine(void **state)
{
	const struct probe_root *live = probe_root_live();
	struct probe_live answers;
	struct probe_stat st;
	char got[256], *text;
	ssize_t n;

	(void)state;
	assert_int_equal(probe_root_kind(live), PROBE_LIVE);
	n = probe_root_read(live, "/proc/version", got, sizeof got);
	assert_true(n > 0 && strlen(got) == (size_t)n);
	n = probe_root_load(live, "/proc/self/maps", 1 << 24, &text);
	assert_true(n > 0 && text[n] == '\0');
	free(text);
	assert_refuses(live, "/dev/null", -ENOTSUP);
	assert_refuses(live, "/proc", -EISDIR);
	assert_int_equal(probe_root_lstat(live, "/proc/self", &st), 0);
	assert_true(S_ISLNK(st.mode));
	assert_true(probe_root_list(live, "/proc", 100000, NULL, NULL) >= 0);
	memset(&answers, 0xa5, sizeof answers);
	probe_root_live_answers(live, &answers);
	assert_true(answers.boottime_ns > 0);
	assert_int_equal(answers.privileged, geteuid() == 0);
	/* Whatever holds it; nothing is freed. */
	union {
		const struct probe_root *in;
		struct probe_root *out;
	} same = { live };
	probe_root_free(same.out);
	assert_int_equal(probe_root_kind(live), PROBE_LIVE);
}

static int by_hand(void **state)
{
	(void)state;
	without_openat2 = true;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(the_kind_is_seen),
		TREE_TEST(links_stay_inside),
		TREE_TEST(short_names_and_dots),
		TREE_TEST(chains_of_links_end),
		TREE_TEST(only_files_are_read),
		TREE_TEST(the_borders_of_a_buffer),
		TREE_TEST(a_huge_file_is_not_loaded),
		TREE_TEST(names_come_in_order),
		TREE_TEST(long_names_are_refused),
		TREE_TEST(what_may_not_be_read_says_so),
		TREE_TEST(a_records_log_is_a_file),
		TREE_TEST(a_manifest_has_to_be_one),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests_name("as the kernel has it", tests, NULL,
					   NULL) +
	       cmocka_run_group_tests_name("without openat2", tests, by_hand,
					   NULL);
}
