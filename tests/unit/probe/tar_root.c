/* SPDX-License-Identifier: ISC */
/* Images in tars, as libarchive writes them and as nobody should. */
#include "tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>

#include "names.h"
#include "probe/root_class.h"
#include "probe/tar_root.h"

#define STATUS "/var/lib/dpkg/status"

static char buffer[4 << 20];
static size_t used;
static struct archive *out;

static void begin(int (*filter)(struct archive *))
{
	out = archive_write_new();
	assert_int_equal(archive_write_set_format_pax_restricted(out),
			 ARCHIVE_OK);
	if (filter != NULL)
		assert_int_equal(filter(out), ARCHIVE_OK);
	/* No padding: a cut at any byte cuts something. */
	assert_int_equal(archive_write_set_bytes_per_block(out, 0), ARCHIVE_OK);
	used = 0;
	assert_int_equal(archive_write_open_memory(out, buffer, sizeof buffer,
						   &used),
			 ARCHIVE_OK);
}

static struct archive_entry *entry(const char *path, mode_t mode)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, path);
	archive_entry_set_mode(e, mode);
	archive_entry_set_uid(e, 7);
	archive_entry_set_gid(e, 8);
	archive_entry_set_mtime(e, 1700000000, 0);
	archive_entry_set_size(e, 0);
	return e;
}

static void put(struct archive_entry *e, const char *text, size_t len)
{
	if (len > 0)
		archive_entry_set_size(e, (la_int64_t)len);
	assert_int_equal(archive_write_header(out, e), ARCHIVE_OK);
	if (len > 0)
		assert_int_equal(archive_write_data(out, text, len), len);
	archive_entry_free(e);
}

static void put_text(const char *path, const char *text)
{
	put(entry(path, S_IFREG | 0640), text, strlen(text));
}

static void put_link(const char *path, const char *target)
{
	struct archive_entry *e = entry(path, S_IFLNK | 0777);

	archive_entry_set_symlink(e, target);
	put(e, NULL, 0);
}

static void put_hardlink(const char *path, const char *target)
{
	struct archive_entry *e = entry(path, S_IFREG | 0640);

	archive_entry_set_hardlink(e, target);
	put(e, NULL, 0);
}

static void end(void)
{
	assert_int_equal(archive_write_close(out), ARCHIVE_OK);
	assert_int_equal(archive_write_free(out), ARCHIVE_OK);
}

static int open_bytes(const void *bytes, size_t len, struct probe_root **root,
		      char error[256])
{
	int fd = memfd_create("tar", MFD_CLOEXEC);
	int r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	error[0] = '\0';
	r = probe_root_open_tar(fd, root, error, 256);
	assert_int_equal(close(fd), 0);
	assert_true(r == 0 || error[0] != '\0');
	return r;
}

static struct probe_root *open_image(void)
{
	struct probe_root *root = NULL;
	char error[256];

	assert_int_equal(open_bytes(buffer, used, &root, error), 0);
	assert_int_equal(probe_root_kind(root), PROBE_IMAGE);
	return root;
}

static void assert_reads(const struct probe_root *root, const char *path,
			 const char *text)
{
	char got[256], *load;

	assert_int_equal(probe_root_read(root, path, got, sizeof got),
			 strlen(text));
	assert_string_equal(got, text);
	assert_int_equal(probe_root_read_tail(root, path, got, 3),
			 min_size(2, strlen(text)));
	assert_string_equal(got, text + strlen(text) - strlen(got));
	assert_int_equal(probe_root_load(root, path, strlen(text), &load),
			 strlen(text));
	assert_string_equal(load, text);
	free(load);
}

static int read_error(const struct probe_root *root, const char *path)
{
	char got[16];

	return (int)probe_root_read(root, path, got, sizeof got);
}

static struct probe_tar_counts counts(const struct probe_root *root)
{
	struct probe_tar_counts c;

	probe_tar_counts(root, &c);
	return c;
}

static void names_are_the_same_however_written(void **state)
{
	struct probe_root *root;
	struct probe_stat st;

	(void)state;
	begin(NULL);
	put(entry("./", S_IFDIR | 0700), NULL, 0);
	put_text("./etc/machine-id", "a\n");
	put_text("etc/hostname", "b\n");
	put_text("/etc//os-release", "c\n");
	put(entry("etc/", S_IFDIR | 0711), NULL, 0);
	end();
	root = open_image();
	assert_reads(root, "/etc/machine-id", "a\n");
	assert_reads(root, "/etc/hostname", "b\n");
	assert_reads(root, "/etc/os-release", "c\n");
	assert_int_equal(counts(root).entries, 4);
	assert_int_equal(probe_root_stat(root, "/", &st), 0);
	assert_int_equal(st.mode, S_IFDIR | 0700);
	assert_int_equal(probe_root_stat(root, "/etc", &st), 0);
	assert_int_equal(st.mode, S_IFDIR | 0711);
	assert_int_equal(probe_root_stat(root, "/etc/hostname", &st), 0);
	assert_int_equal(st.mode, S_IFREG | 0640);
	assert_int_equal(st.uid, 7);
	assert_int_equal(st.gid, 8);
	assert_int_equal(st.size_bytes, 2);
	assert_int_equal(st.mtime_s, 1700000000);
	probe_root_free(root);
}

static void links_are_followed_inside(void **state)
{
	struct probe_root *root;
	char text[64], *log = NULL;
	struct names names = { 0 };
	struct probe_stat st;

	(void)state;
	begin(NULL);
	put_link("lib", "usr/lib");
	put_text("usr/lib/os-release", "ID=x\n");
	put_link("etc/os-release", "../../../usr/lib/os-release");
	put_link("etc/absolute", "/etc/os-release");
	put_link("etc/loop", "loop");
	put_link("etc/none", "/none");
	/* As tar(1) would write it through the link. */
	put_text("lib/modprobe.d/a.conf", "a\n");
	put_text("etc/b", "");
	put_hardlink("etc/hostname", "./usr/lib/os-release");
	put_hardlink("etc/lost", "not/there");
	end();
	root = open_image();
	assert_reads(root, "/etc/os-release", "ID=x\n");
	assert_reads(root, "/etc/absolute", "ID=x\n");
	assert_reads(root, "/lib/os-release", "ID=x\n");
	assert_reads(root, "/usr/lib/modprobe.d/a.conf", "a\n");
	assert_reads(root, "/lib/modprobe.d/a.conf", "a\n");
	assert_reads(root, "/etc/b", "");
	assert_reads(root, "/etc/hostname", "ID=x\n");
	assert_int_equal(read_error(root, "/etc/loop"), -ELOOP);
	assert_int_equal(read_error(root, "/etc/none"), -ENOENT);
	assert_int_equal(read_error(root, "/etc"), -EISDIR);
	assert_int_equal(read_error(root, "/etc/b/x"), -ENOTDIR);
	assert_int_equal(probe_root_lstat(root, "/etc/loop", &st), 0);
	assert_true(S_ISLNK(st.mode));
	assert_int_equal(probe_root_readlink(root, "/lib", text, sizeof text),
			 7);
	assert_string_equal(text, "usr/lib");
	assert_int_equal(probe_root_readlink(root, "/lib", text, 7),
			 -ENAMETOOLONG);
	assert_int_equal(probe_root_readlink(root, "/etc", text, 7), -EINVAL);
	assert_int_equal(probe_root_list(root, "/lib", 2, on_name, &names), 2);
	assert_string_equal(names.text, "modprobe.d|os-release|");
	assert_int_equal(probe_root_list(root, "/lib", 1, on_name, &names),
			 -E2BIG);
	assert_int_equal(probe_root_list(root, "/etc/b", 1, on_name, &names),
			 -ENOTDIR);
	assert_int_equal(probe_root_load_log(root, 9, &log), -ENOTSUP);
	assert_int_equal(counts(root).refused, 1);
	probe_root_free(root);
}

static void contents_are_kept_by_their_rules(void **state)
{
	static char big[70000];
	struct probe_root *root;
	struct probe_stat st;

	(void)state;
	begin(NULL);
	memset(big, 'x', sizeof big);
	put_text("etc/ssh/ssh_host_rsa_key", "PRIVATE");
	put_text("etc/ssh/ssh_host_rsa_key.pub", "ssh-rsa A\n");
	put_text("var/lib/systemd/random-seed", "seed");
	put_text("usr/share/doc/x", "text");
	put(entry("etc/default/a", S_IFREG | 0644), big, 65536);
	put(entry("etc/default/b", S_IFREG | 0644), big, 65537);
	put_text("var/lib/dpkg/status",
		 "Package: a\nVersion: 1\n\nPackage: haveged\nVersion: 2\n");
	put_text("usr/share/empty", "");
	put_text("var/lib/cloud/instances/i/user-data.txt",
		 "a: b\npassword: hunter2\n");
	end();
	root = open_image();
	assert_int_equal(read_error(root, "/etc/ssh/ssh_host_rsa_key"),
			 -ENODATA);
	assert_reads(root, "/etc/ssh/ssh_host_rsa_key.pub", "ssh-rsa A\n");
	assert_int_equal(read_error(root, "/var/lib/systemd/random-seed"),
			 -ENODATA);
	assert_int_equal(
		probe_root_stat(root, "/var/lib/systemd/random-seed", &st), 0);
	assert_int_equal(st.size_bytes, 4);
	assert_int_equal(read_error(root, "/usr/share/doc/x"), -ENODATA);
	assert_int_equal(read_error(root, "/etc/default/a"), 15);
	assert_int_equal(read_error(root, "/etc/default/b"), -ENODATA);
	assert_reads(root, STATUS, "Package: haveged\nVersion: 2\n");
	assert_reads(root, "/usr/share/empty", "");
	assert_reads(root, "/var/lib/cloud/instances/i/user-data.txt",
		     "password\n");
	probe_root_free(root);
}

static void the_last_of_a_name_stands(void **state)
{
	struct archive_entry *e;
	struct probe_root *root;
	struct probe_stat st;

	(void)state;
	begin(NULL);
	put_text("etc/machine-id", "old\n");
	put_text("etc/machine-id", "new\n");
	put_text("etc/hostname", "file");
	put_link("etc/hostname", "machine-id");
	put_link("etc/fstab", "machine-id");
	put_text("etc/fstab", "fstab");
	put_text("etc/default/x", "x");
	put(entry("etc/default/x", S_IFIFO | 0600), NULL, 0);
	e = entry("dev/urandom", S_IFCHR | 0666);
	archive_entry_set_rdevmajor(e, 1);
	archive_entry_set_rdevminor(e, 9);
	put(e, NULL, 0);
	end();
	root = open_image();
	assert_reads(root, "/etc/machine-id", "new\n");
	assert_reads(root, "/etc/hostname", "new\n");
	assert_reads(root, "/etc/fstab", "fstab");
	assert_int_equal(read_error(root, "/etc/default/x"), -ENOTSUP);
	assert_int_equal(read_error(root, "/dev/urandom"), -ENOTSUP);
	assert_int_equal(probe_root_stat(root, "/dev/urandom", &st), 0);
	assert_int_equal(st.rdev_major, 1);
	assert_int_equal(st.rdev_minor, 9);
	assert_int_equal(st.size_bytes, 0);
	probe_root_free(root);
}

static void names_that_leave_are_refused(void **state)
{
	struct probe_root *root;

	(void)state;
	begin(NULL);
	put_text("../etc/machine-id", "x");
	put_text("etc/../../hostname", "x");
	put_text("etc/file", "x");
	put_text("etc/file/below", "x");
	put_link("out", "/tmp");
	put_text("out/etc", "x");
	put_link("self", "self");
	put_text("self/etc", "x");
	end();
	root = open_image();
	assert_int_equal(counts(root).refused, 5);
	assert_false(probe_root_exists(root, "/hostname"));
	assert_false(probe_root_exists(root, "/etc/machine-id"));
	assert_true(probe_root_exists(root, "/etc/file"));
	probe_root_free(root);
}

static void every_compression_is_read(void **state)
{
	static int (*const filters[])(struct archive *) = {
		archive_write_add_filter_gzip,
		archive_write_add_filter_bzip2,
		archive_write_add_filter_xz,
		archive_write_add_filter_zstd,
		archive_write_add_filter_lzip,
		archive_write_add_filter_lz4,
		archive_write_add_filter_lzma,
		archive_write_add_filter_compress,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		struct probe_root *root;

		begin(filters[i]);
		put_text("etc/machine-id", "x");
		end();
		root = open_image();
		assert_reads(root, "/etc/machine-id", "x");
		probe_root_free(root);
	}
}

/* Cut at every byte: all of it is there, or it is refused. */
static void what_is_cut_off_is_refused(void **state)
{
	char error[256];
	size_t whole;

	(void)state;
	begin(NULL);
	put_text("etc/machine-id", "x");
	put_text("etc/hostname", "y");
	end();
	/* Two headers, two blocks, two blocks of zeros. */
	assert_true(used >= 6 * 512);
	whole = 5 * 512;
	for (size_t len = 0; len < whole; len++) {
		struct probe_root *root = NULL;
		int r = open_bytes(buffer, len, &root, error);

		if (r != -EBADMSG)
			fail_msg("%zu bytes: %d", len, r);
		assert_null(root);
	}
	for (size_t len = whole; len <= used; len += 512) {
		struct probe_root *root = NULL;

		assert_int_equal(open_bytes(buffer, len, &root, error), 0);
		probe_root_free(root);
	}
}

static void what_is_no_tar_is_refused(void **state)
{
	struct probe_root *root = NULL;
	char error[256] = "";
	int fd;

	(void)state;
	memset(buffer, 'x', 4096);
	assert_int_equal(open_bytes(buffer, 4096, &root, error), -EBADMSG);
	memset(buffer, 0, 4096);
	assert_int_equal(open_bytes(buffer, 4096, &root, error), -ENODATA);
	/* A header whose checksum is wrong, behind a good one. */
	begin(NULL);
	put_text("etc/machine-id", "x");
	put_text("etc/hostname", "y");
	end();
	buffer[2 * 512 + 100] ^= 1;
	assert_int_equal(open_bytes(buffer, used, &root, error), -EBADMSG);
	begin(archive_write_add_filter_gzip);
	put_text("etc/machine-id", "x");
	end();
	assert_int_equal(open_bytes(buffer, used / 2, &root, error), -EBADMSG);
	fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(probe_root_open_tar(fd, &root, error, sizeof error),
			 -EISDIR);
	assert_int_equal(close(fd), 0);
	assert_int_equal(probe_root_open_tar(-1, &root, error, sizeof error),
			 -EBADF);
	assert_null(root);
}

static void names_too_long_are_refused(void **state)
{
	static char path[ROOT_PATH_BYTES + 8];
	struct probe_root *root = NULL;
	char error[256];

	(void)state;
	memset(path, 'n', 256);
	begin(NULL);
	put_text(path, "x");
	end();
	assert_int_equal(open_bytes(buffer, used, &root, error), -ENAMETOOLONG);
	assert_non_null(strstr(error, "256"));
	path[255] = '\0';
	begin(NULL);
	put_text(path, "x");
	end();
	probe_root_free(open_image());
	for (size_t i = 0; i < ROOT_PATH_BYTES; i++)
		path[i] = i % 100 == 0 ? '/' : 'n';
	begin(NULL);
	put_text(path, "x");
	end();
	assert_int_equal(open_bytes(buffer, used, &root, error), -ENAMETOOLONG);
	assert_null(root);
	path[ROOT_PATH_BYTES - 1] = '\0';
	begin(NULL);
	put_text(path, "x");
	end();
	root = open_image();
	assert_true(probe_root_exists(root, path));
	probe_root_free(root);
}

/* More than a chunk, a piece of text and a hash table hold at first. */
static void many_names_are_found(void **state)
{
	struct probe_root *root;
	char path[64];

	(void)state;
	begin(archive_write_add_filter_gzip);
	for (unsigned i = 0; i < 30000; i++) {
		(void)snprintf(path, sizeof path, "usr/%u/name-%u", i % 100, i);
		put(entry(path, S_IFREG | 0644), NULL, 0);
	}
	end();
	root = open_image();
	assert_int_equal(counts(root).entries, 30101);
	for (unsigned i = 0; i < 30000; i++) {
		(void)snprintf(path, sizeof path, "/usr/%u/name-%u", i % 100, i);
		assert_true(probe_root_exists(root, path));
	}
	assert_int_equal(probe_root_list(root, "/usr/7", 300, NULL, NULL), 0);
	assert_false(probe_root_exists(root, "/usr/7/name-8"));
	probe_root_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_same_however_written),
		cmocka_unit_test(links_are_followed_inside),
		cmocka_unit_test(contents_are_kept_by_their_rules),
		cmocka_unit_test(the_last_of_a_name_stands),
		cmocka_unit_test(names_that_leave_are_refused),
		cmocka_unit_test(every_compression_is_read),
		cmocka_unit_test(what_is_cut_off_is_refused),
		cmocka_unit_test(what_is_no_tar_is_refused),
		cmocka_unit_test(names_too_long_are_refused),
		cmocka_unit_test(many_names_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
