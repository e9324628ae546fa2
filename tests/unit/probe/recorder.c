/* SPDX-License-Identifier: ISC */
/*
 * What is asked of a machine through the recorder and of its record after gives
 * the same answers. The machine is a tree, or a class that answers as told.
 */
#include "tree.h"

#include "names.h"
#include "probe/recorder.h"
#include "probe/root_class.h"

#define ID "3d1219c7c4c5404aaa1f6d2a48adfda4"
#define UUID "3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4"

/* Beside the tree, and gone with it. */
static char out_dir[128];

static int setup(void **state)
{
	int r = tree_setup(state);

	(void)snprintf(out_dir, sizeof out_dir, "%s/../%s.record", tree_root,
		       strrchr(tree_root, '/') + 1);
	return r;
}

static int teardown(void **state)
{
	(void)nftw(out_dir, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
	return tree_teardown(state);
}

#define RECORD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static struct probe_root *open_out(void)
{
	struct probe_root *root = NULL;

	assert_int_equal(probe_root_open(out_dir, &root), 0);
	return root;
}

static void make_link(const char *target, const char *path)
{
	char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	assert_int_equal(symlink(target, full), 0);
}

/* Everything that can be asked about a path, as text. */
static void ask(const struct probe_root *root, const char *path, char *ret_text,
		size_t cap_bytes)
{
	char head[8], tail[8], target[256], *text = NULL;
	struct names names = { 0 };
	struct probe_stat st = { 0 }, lst = { 0 };
	long n[6];

	n[0] = probe_root_stat(root, path, &st);
	n[1] = probe_root_lstat(root, path, &lst);
	n[2] = probe_root_readlink(root, path, target, sizeof target);
	n[3] = probe_root_list(root, path, 50, on_name, &names);
	n[4] = probe_root_read(root, path, head, sizeof head);
	n[5] = probe_root_read_tail(root, path, tail, sizeof tail);
	(void)snprintf(ret_text, cap_bytes,
		       "%s: %ld %o %u %lu %ld, %ld %o, %ld %s, %ld %s, "
		       "%ld %s, %ld %s",
		       path, n[0], st.mode, st.uid,
		       (unsigned long)st.size_bytes, (long)st.mtime_s, n[1],
		       lst.mode, n[2], n[2] >= 0 ? target : "", n[3],
		       names.text, n[4], head, n[5], tail);
	n[0] = probe_root_load(root, path, 100, &text);
	(void)snprintf(ret_text + strlen(ret_text), cap_bytes - strlen(ret_text),
		       ", %ld %s", n[0], n[0] >= 0 ? text : "");
	if (n[0] >= 0)
		free(text);
}

static void the_record_answers_as_the_machine(void **state)
{
	static const char *const paths[] = {
		"/",
		"/proc",
		"/proc/uptime",
		"/proc/self/comm",
		"/proc/7/fd",
		"/proc/7/fd/0",
		"/proc/7/fd/1",
		"/sys/class/misc/hw_random/rng_current",
		"/sys/class/misc",
		"/sys/empty",
		"/etc/long",
		"/etc/odd\n\\ name",
		"/etc/none",
		"/etc/fifo",
		"/etc/loop",
		"/proc/uptime/x",
	};
	struct probe_root *inner, *recorder, *record;
	char full[PATH_MAX], live[4096], again[4096];

	(void)state;
	tree_text("/proc/uptime", "1.0 1.0\n");
	tree_text("/proc/7/comm", "init\n");
	tree_text("/proc/7/fd/x", "");
	tree_text("/sys/devices/virtual/misc/hw_random/rng_current", "none\n");
	tree_text("/sys/empty/x", "");
	tree_text("/etc/long", "0123456789012345678901234567890");
	tree_text("/etc/odd\n\\ name", "odd");
	tree_text("/sys/class/misc/x", "");
	make_link("7", "/proc/self");
	make_link("socket:[1]", "/proc/7/fd/0");
	make_link("/etc/long", "/proc/7/fd/1");
	make_link("../../../devices/virtual/misc/hw_random",
		  "/sys/class/misc/hw_random");
	make_link("loop", "/etc/loop");
	(void)snprintf(full, sizeof full, "%s/etc/fifo", tree_root);
	assert_int_equal(mkfifo(full, 0640), 0);
	(void)snprintf(full, sizeof full, "%s/sys/empty/x", tree_root);
	assert_int_equal(unlink(full), 0);
	assert_int_equal(probe_root_open(tree_root, &inner), 0);
	assert_int_equal(probe_recorder_new(inner, out_dir, &recorder), 0);
	assert_int_equal(probe_root_kind(recorder), PROBE_RECORD);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(inner, paths[i], live, sizeof live);
		ask(recorder, paths[i], again, sizeof again);
		assert_string_equal(again, live);
	}
	assert_int_equal(probe_recorder_finish(recorder), 0);
	assert_true(probe_recorder_files(recorder) >= 4);
	probe_root_free(recorder);
	/* What git and tar lose. */
	(void)snprintf(full, sizeof full, "%s/sys/empty", out_dir);
	assert_int_equal(rmdir(full), 0);
	(void)snprintf(full, sizeof full, "%s/proc/self", out_dir);
	assert_int_equal(unlink(full), 0);
	record = open_out();
	assert_int_equal(probe_root_kind(record), PROBE_RECORD);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(inner, paths[i], live, sizeof live);
		ask(record, paths[i], again, sizeof again);
		assert_string_equal(again, live);
	}
	probe_root_free(record);
	probe_root_free(inner);
}

static void assert_modes_are_private(void)
{
	struct stat st;
	char full[256];

	assert_int_equal(stat(out_dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	(void)snprintf(full, sizeof full, "%s/etc", out_dir);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	(void)snprintf(full, sizeof full, "%s/etc/machine-id", out_dir);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	(void)snprintf(full, sizeof full, "%s/MANIFEST", out_dir);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static const char *const needles[] = {
	"PRIVATE", "SEEDSEED", "hunter2", ID, UUID, "SERIAL9",
};

static int look_for_secrets(const char *path, const struct stat *st, int type,
			    struct FTW *ftw)
{
	char text[4096];
	FILE *f;
	size_t n;

	(void)st;
	(void)ftw;
	if (type != FTW_F)
		return 0;
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	assert_int_equal(fclose(f), 0);
	for (size_t i = 0; i < ARRAY_LEN(needles); i++)
		if (memmem(text, n, needles[i], strlen(needles[i])) != NULL)
			fail_msg("%s holds %s", path, needles[i]);
	return 0;
}

static void no_secret_gets_in(void **state)
{
	static const char *const left_out[] = {
		"/etc/ssh/ssh_host_rsa_key",
		"/var/lib/systemd/random-seed",
		"/proc/7/environ",
	};
	struct probe_root *inner, *recorder, *record;
	char text[256], id[64], uuid[64], plain[33] = "";
	struct probe_stat st;
	size_t n = 0;

	(void)state;
	tree_text("/etc/machine-id", ID "\n");
	tree_text("/sys/class/dmi/id/product_uuid", UUID "\n");
	tree_text("/sys/class/dmi/id/product_serial", "SERIAL9\n");
	tree_text(left_out[0], "PRIVATE");
	tree_text("/etc/ssh/ssh_host_rsa_key.pub", "ssh-rsa AAAA a@b\n");
	tree_text(left_out[1], "SEEDSEED");
	tree_text(left_out[2], "X=hunter2");
	tree_write("/proc/7/cmdline", "qemu\0password=hunter2\0-uuid\0" UUID,
		   64);
	tree_text("/var/log/dmesg", "[ 1.0] Command line: id=" ID "\n");
	assert_int_equal(probe_root_open(tree_root, &inner), 0);
	assert_int_equal(probe_recorder_new(inner, out_dir, &recorder), 0);
	for (size_t i = 0; i < ARRAY_LEN(left_out); i++)
		assert_true(probe_root_read(recorder, left_out[i], text,
					    sizeof text) > 0);
	assert_true(probe_root_read(recorder, "/etc/machine-id", text,
				    sizeof text) > 0);
	/* The doctor itself sees what is there. */
	assert_string_equal(text, ID "\n");
	(void)probe_root_read(recorder, "/sys/class/dmi/id/product_uuid", text,
			      sizeof text);
	(void)probe_root_read(recorder, "/sys/class/dmi/id/product_serial",
			      text, sizeof text);
	(void)probe_root_read(recorder, "/etc/ssh/ssh_host_rsa_key.pub", text,
			      sizeof text);
	(void)probe_root_read(recorder, "/proc/7/cmdline", text, sizeof text);
	assert_int_equal(probe_recorder_finish(recorder), 0);
	probe_root_free(recorder);
	probe_root_free(inner);
	assert_modes_are_private();
	assert_int_equal(nftw(out_dir, look_for_secrets, 16, FTW_PHYS), 0);

	record = open_out();
	for (size_t i = 0; i < ARRAY_LEN(left_out); i++) {
		assert_int_equal(probe_root_read(record, left_out[i], text,
						 sizeof text),
				 -ENODATA);
		assert_int_equal(probe_root_stat(record, left_out[i], &st), 0);
		assert_true(S_ISREG(st.mode) && st.size_bytes > 0);
	}
	assert_int_equal(
		probe_root_read(record, "/etc/machine-id", id, sizeof id), 33);
	assert_int_equal(probe_root_read(record, "/sys/class/dmi/id/product_uuid",
					 uuid, sizeof uuid),
			 37);
	/* What was equal still is. */
	for (const char *p = uuid; *p != '\n'; p++)
		if (*p != '-')
			plain[n++] = (char)(*p >= 'A' ? *p + 32 : *p);
	assert_memory_equal(plain, id, 32);
	assert_int_equal(probe_root_read(record, "/proc/7/cmdline", text,
					 sizeof text),
			 64);
	assert_string_equal(text + 5, "password=xxxxxxx");
	assert_true(probe_root_read(record, "/etc/ssh/ssh_host_rsa_key.pub",
				    text, sizeof text) > 0);
	assert_string_equal(text, "ssh-rsa AAAA a@b\n");
	/* Nobody asked for it: the recorder did. */
	assert_true(probe_root_exists(record, "/var/log/dmesg"));
	probe_root_free(record);
}

/* A machine that answers with errors. */
static ssize_t bad_read(const struct probe_root *root, const char *path,
			enum root_part part, char *ret_text, size_t cap_bytes)
{
	(void)root;
	(void)part;
	(void)ret_text;
	(void)cap_bytes;
	return strstr(path, "eio") != NULL ? -EIO : -EACCES;
}

static ssize_t bad_load(const struct probe_root *root, const char *path,
			size_t max_bytes, char **ret_text)
{
	(void)max_bytes;
	(void)ret_text;
	return bad_read(root, path, ROOT_HEAD, NULL, 0);
}

static ssize_t bad_log(const struct probe_root *root, size_t max_bytes,
		       char **ret_text)
{
	(void)root;
	(void)max_bytes;
	(void)ret_text;
	return -EPERM;
}

static int bad_stat(const struct probe_root *root, const char *path,
		    bool follow, struct probe_stat *ret_stat)
{
	(void)root;
	(void)follow;
	*ret_stat = (struct probe_stat){ .mode = S_IFREG | 0600 };
	if (strncmp(path, "/closed/", 8) == 0)
		return -EACCES;
	if (strncmp(path, "/var", 4) == 0)
		return -ENOENT;
	if (strstr(path, "file") == NULL && strstr(path, "link") == NULL)
		ret_stat->mode = S_IFDIR | 0755;
	if (strstr(path, "link") != NULL)
		ret_stat->mode = S_IFLNK | 0777;
	return 0;
}

static ssize_t bad_readlink(const struct probe_root *root, const char *path,
			    char *ret_target, size_t cap_bytes)
{
	(void)root;
	(void)path;
	(void)ret_target;
	(void)cap_bytes;
	return -EACCES;
}

static int bad_list(const struct probe_root *root, const char *path,
		    size_t max_names, probe_name_fn *each, void *context)
{
	(void)root;
	(void)max_names;
	(void)each;
	(void)context;
	return strcmp(path, "/proc") == 0 ? -EPERM : -EACCES;
}

static void bad_answers(const struct probe_root *root,
			struct probe_live *ret_live)
{
	(void)root;
	*ret_live = (struct probe_live){ true, false, true, 1700000000, 5 };
}

static int bad_open(const struct probe_root *root, const char *path)
{
	(void)root;
	(void)path;
	return -EACCES;
}

static bool some_cpuid(const struct probe_root *root, uint32_t leaf,
		       uint32_t subleaf, uint32_t ret_regs[4])
{
	(void)root;
	ret_regs[0] = leaf + 1;
	ret_regs[1] = ret_regs[2] = ret_regs[3] = subleaf;
	return leaf < 2;
}

static const struct root_class bad_class = {
	bad_read, bad_load,    bad_log,  bad_stat,   bad_readlink,
	bad_list, bad_answers, bad_open, some_cpuid, NULL,
};

static void errors_are_recorded(void **state)
{
	static const struct probe_root inner = { &bad_class, PROBE_LIVE, NULL };
	struct probe_root *recorder, *record, *of[2];
	char text[16], *load = NULL;
	struct probe_stat st;
	struct probe_live live;
	uint32_t regs[4];

	(void)state;
	assert_int_equal(probe_recorder_new(&inner, out_dir, &recorder), 0);
	assert_int_equal(probe_root_kind(recorder), PROBE_LIVE);
	of[0] = recorder;
	for (int i = 0; i < 2; i++) {
		const struct probe_root *root = of[i];

		assert_int_equal(probe_root_read(root, "/proc/file", text, 16),
				 -EACCES);
		assert_int_equal(
			probe_root_load(root, "/sys/file-eio", 9, &load), -EIO);
		assert_int_equal(probe_root_list(root, "/proc", 9, NULL, NULL),
				 -EPERM);
		assert_int_equal(probe_root_list(root, "/sys", 9, NULL, NULL),
				 -EACCES);
		assert_int_equal(probe_root_stat(root, "/closed/a/b", &st),
				 -EACCES);
		assert_int_equal(probe_root_readlink(root, "/proc/link", text,
						     16),
				 -EACCES);
		assert_int_equal(probe_root_lstat(root, "/proc/link", &st), 0);
		assert_true(S_ISLNK(st.mode));
		assert_int_equal(probe_root_load_log(root, 9, &load), -EPERM);
		assert_null(load);
		probe_root_live_answers(root, &live);
		assert_true(live.known && live.privileged && !live.crng_ready);
		assert_int_equal(live.realtime_s, 1700000000);
		assert_true(root->class->cpuid(root, 1, 9, regs));
		assert_int_equal(regs[0], 2);
		assert_int_equal(regs[3], 9);
		assert_false(root->class->cpuid(root, 2, 9, regs));
		if (i > 0)
			continue;
		assert_int_equal(probe_recorder_finish(recorder), 0);
		of[1] = record = open_out();
	}
	probe_root_free(recorder);
	probe_root_free(record);
}

static void an_unfinished_record_is_refused(void **state)
{
	struct probe_root *inner, *recorder, *record = NULL;
	char text[16], full[256];

	(void)state;
	tree_text("/proc/uptime", "1 1\n");
	assert_int_equal(probe_root_open(tree_root, &inner), 0);
	assert_int_equal(probe_recorder_new(inner, out_dir, &recorder), 0);
	assert_int_equal(probe_root_read(recorder, "/proc/uptime", text, 16), 4);
	probe_root_free(recorder);
	assert_int_equal(probe_root_open(out_dir, &record), -EBADMSG);
	assert_null(record);
	/* Neither over an old one, nor beside a stranger's file. */
	assert_int_equal(probe_recorder_new(inner, out_dir, &recorder),
			 -ENOTEMPTY);
	(void)snprintf(full, sizeof full, "%s/proc/uptime", out_dir);
	assert_int_equal(probe_recorder_new(inner, full, &recorder), -ENOTDIR);
	(void)snprintf(full, sizeof full, "%s/none/none", out_dir);
	assert_int_equal(probe_recorder_new(inner, full, &recorder), -ENOENT);
	probe_root_free(inner);
}

/* Something stands where a file of the record has to go. */
static void a_failure_to_write_is_told(void **state)
{
	struct probe_root *inner, *recorder, *record = NULL;
	char text[16], full[256];

	(void)state;
	tree_text("/proc/uptime", "1 1\n");
	assert_int_equal(mkdir(out_dir, 0755), 0);
	assert_int_equal(probe_root_open(tree_root, &inner), 0);
	assert_int_equal(probe_recorder_new(inner, out_dir, &recorder), 0);
	(void)snprintf(full, sizeof full, "%s/proc", out_dir);
	assert_int_equal(mkdir(full, 0700), 0);
	(void)snprintf(full, sizeof full, "%s/proc/uptime", out_dir);
	assert_int_equal(mkdir(full, 0700), 0);
	assert_int_equal(probe_root_read(recorder, "/proc/uptime", text, 16), 4);
	assert_int_equal(probe_recorder_finish(recorder), -EISDIR);
	probe_root_free(recorder);
	assert_int_equal(probe_root_open(out_dir, &record), -EBADMSG);
	probe_root_free(inner);
}

static void an_image_stays_an_image(void **state)
{
	struct probe_root *inner, *recorder, *record;

	(void)state;
	tree_text("/etc/hostname", "a");
	assert_int_equal(probe_root_open(tree_root, &inner), 0);
	assert_int_equal(probe_recorder_new(inner, out_dir, &recorder), 0);
	assert_false(probe_root_exists(recorder, "/proc/1"));
	assert_int_equal(probe_recorder_finish(recorder), 0);
	probe_root_free(recorder);
	record = open_out();
	assert_int_equal(probe_root_kind(record), PROBE_IMAGE);
	probe_root_free(record);
	probe_root_free(inner);
}

/* The running machine, whatever it is, recorded and judged again. */
static void this_machine_can_be_recorded(void **state)
{
	struct probe_root *recorder, *record;
	struct platform live, again;

	(void)state;
	assert_int_equal(
		probe_recorder_new(probe_root_live(), out_dir, &recorder), 0);
	probe_platform(recorder, &live);
	assert_true(probe_root_list(recorder, "/proc/self/fd", 100, NULL,
				    NULL) >= 0);
	assert_int_equal(probe_recorder_finish(recorder), 0);
	probe_root_free(recorder);
	record = open_out();
	probe_platform(record, &again);
	assert_string_equal(again.cpu_vendor, live.cpu_vendor);
	assert_int_equal(again.cpu_model, live.cpu_model);
	assert_int_equal(again.microcode, live.microcode);
	/* An emulated user space is seen by the program itself, in no file. */
	if (strcmp(live.hypervisor_name, "qemu-user") != 0)
		assert_string_equal(again.hypervisor_name, live.hypervisor_name);
	assert_string_equal(again.kernel_release, live.kernel_release);
	assert_int_equal(again.cpus_online, live.cpus_online);
	if (live.machine_id[0] != '\0')
		assert_string_not_equal(again.machine_id, live.machine_id);
	probe_root_free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORD_TEST(the_record_answers_as_the_machine),
		RECORD_TEST(no_secret_gets_in),
		RECORD_TEST(errors_are_recorded),
		RECORD_TEST(an_unfinished_record_is_refused),
		RECORD_TEST(a_failure_to_write_is_told),
		RECORD_TEST(an_image_stays_an_image),
		RECORD_TEST(this_machine_can_be_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
