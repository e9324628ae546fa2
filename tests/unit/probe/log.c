/* SPDX-License-Identifier: ISC */
/*
 * The log reader. Line formats are those that dmesg (util-linux, BusyBox),
 * rsyslog, BusyBox syslogd, journalctl and /dev/kmsg write; the samples were
 * taken from them.
 */
#include "tree.h"

#include <math.h>

#include "probe/log.h"

struct sample {
	const char *line;
	double time_s, wall_s; /* -1: not told; wall_s of another day: -2 */
	bool kernel;
	const char *ident, *text;
};

#define WALL 61381.0 /* 17:03:01 */

static const struct sample samples[] = {
	{ "[    2.618435] random: crng init done", 2.618435, -1, true, "",
	  "random: crng init done" },
	{ "<5>[    2.618435] random: x", 2.618435, -1, true, "", "random: x" },
	{ "<30>[    2.618435] systemd[1]: x", 2.618435, -1, false, "systemd",
	  "x" },
	{ "[    2.618435][    T1] random: x", 2.618435, -1, true, "",
	  "random: x" },
	{ "[    2.618435] [   T42] x", 2.618435, -1, true, "", "[   T42] x" },
	{ "kern  :notice: [    2.618435] random: x", 2.618435, -1, true, "",
	  "random: x" },
	{ "daemon:info  : [    2.618435] systemd[1]: x", 2.618435, -1, false,
	  "systemd", "x" },
	{ "5,339,2618435,-;random: x", 2.618435, -1, true, "", "random: x" },
	{ "6,9,98361,-;IOAPIC[0]: apic_id 0", 0.098361, -1, true, "",
	  "IOAPIC[0]: apic_id 0" },
	{ "30,339,2618435,-;systemd[1]: x", 2.618435, -1, false, "systemd", "x" },
	{ "6,339,2618435,-,caller=T1;random: x", 2.618435, -1, true, "",
	  "random: x" },
	{ "Nov 22 17:03:01 host kernel: [    2.618435] random: x", 2.618435,
	  WALL, true, "", "random: x" },
	{ "Nov  2 17:03:01 host kernel: random: x", -1, WALL, true, "",
	  "random: x" },
	{ "Nov 22 17:03:01 host systemd[1]: Starting x...", -1, WALL, false,
	  "systemd", "Starting x..." },
	{ "Nov 22 17:03:01 host sshd: x", -1, WALL, false, "sshd", "x" },
	{ "Nov 22 17:03:01 alpine kern.info kernel: [    2.618435] random: x",
	  2.618435, WALL, true, "", "random: x" },
	{ "2026-11-22T17:03:01.500000+00:00 host kernel: [    2.618435] x",
	  2.618435, WALL + 0.5, true, "", "x" },
	{ "2026-11-22 17:03:01 host sshd[7]: x", -1, WALL, false, "sshd", "x" },
	{ "[    2.618435] debian kernel: random: x", 2.618435, -1, true, "",
	  "random: x" },
	{ "[    2.618435] debian systemd[1]: x", 2.618435, -1, false, "systemd",
	  "x" },
	{ "[Sun Nov 22 17:03:01 2026] random: x", -1, WALL, true, "",
	  "random: x" },
	{ "random: x", -1, -1, true, "", "random: x" },
	/* What looks like a prefix and is none. */
	{ "[    2.618435] pci 0000:00:00.0: x", 2.618435, -1, true, "",
	  "pci 0000:00:00.0: x" },
	{ "[    2.618435] Command line: x", 2.618435, -1, true, "",
	  "Command line: x" },
	{ "[    2.6184", -1, -1, true, "", "[    2.6184" },
	{ "[    2] x", -1, -1, true, "", "[    2] x" },
	{ "<5 x", -1, -1, true, "", "<5 x" },
	{ "5,339,x", -1, -1, true, "", "5,339,x" },
	{ "12345678901234567890,1,1,-;x", -1, -1, true, "",
	  "12345678901234567890,1,1,-;x" },
	{ "[    2.618435] a\tb\x1b[0m\x7f\r", 2.618435, -1, true, "",
	  "a b?[0m?" },
};

static void each_format_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		struct log_line l;
		char text[256];

		(void)snprintf(text, sizeof text, "%s", s->line);
		assert_true(probe_log_line_parse(text, &l));
		if (strcmp(l.text, s->text) != 0 || l.kernel != s->kernel ||
		    strcmp(l.ident, s->ident) != 0)
			fail_msg("%s: \"%s\" \"%s\"", s->line, l.ident, l.text);
		assert_int_equal(isnan(l.time_s), s->time_s < 0);
		if (s->time_s >= 0)
			assert_true(fabs(l.time_s - s->time_s) < 1e-6);
		assert_int_equal(isnan(l.wall_s), s->wall_s < 0);
		if (s->wall_s >= 0)
			assert_true(fabs(fmod(l.wall_s, 86400) - s->wall_s) <
				    1e-3);
	}
}

static void days_follow_each_other(void **state)
{
	static const char *const pairs[][2] = {
		{ "Nov 30 17:03:01 h a: x", "Dec  1 17:03:01 h a: x" },
		{ "2026-12-31 17:03:01 h a: x", "2027-01-01 17:03:01 h a: x" },
		{ "2028-02-28 17:03:01 h a: x", "2028-02-29 17:03:01 h a: x" },
		{ "2028-02-29 17:03:01 h a: x", "2028-03-01 17:03:01 h a: x" },
		{ "2027-02-28 17:03:01 h a: x", "2027-03-01 17:03:01 h a: x" },
	};
	struct log_line a, b;
	char text[2][64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		(void)snprintf(text[0], sizeof text[0], "%s", pairs[i][0]);
		(void)snprintf(text[1], sizeof text[1], "%s", pairs[i][1]);
		assert_true(probe_log_line_parse(text[0], &a));
		assert_true(probe_log_line_parse(text[1], &b));
		assert_true(b.wall_s - a.wall_s == 86400);
	}
}

static void what_is_no_line_is_left_out(void **state)
{
	char empty[] = "", blank[] = "\r", dictionary[] = " SUBSYSTEM=pci";
	struct log_line l;

	(void)state;
	assert_false(probe_log_line_parse(empty, &l));
	assert_false(probe_log_line_parse(blank, &l));
	assert_false(probe_log_line_parse(dictionary, &l));
}

struct seen {
	char text[16][64];
	size_t n, stop_after;
};

static bool each(void *context, const struct log_line *l)
{
	struct seen *s = context;

	if (s->n < ARRAY_LEN(s->text))
		(void)snprintf(s->text[s->n], sizeof s->text[0], "%s", l->text);
	return ++s->n != s->stop_after;
}

static struct log_state parse(const char *text, size_t len, bool cut,
			      struct seen *ret)
{
	struct log_state st;
	char *copy = malloc(len + 1);

	memset(ret, 0, sizeof *ret);
	assert_non_null(copy);
	memcpy(copy, text, len);
	copy[len] = '\0';
	probe_log_parse(copy, len, cut, &st, each, ret);
	free(copy);
	return st;
}

#define PARSE(text, cut, seen) parse(text, sizeof(text) - 1, cut, seen)

static void only_the_last_boot_counts(void **state)
{
	struct log_state st;
	struct seen s;

	(void)state;
	st = PARSE("[    0.000000] Linux version 5.10.0 (x)\n"
		   "[    9.000000] random: crng init done\n"
		   "[    0.000000] Linux version 6.1.0 (x)\n"
		   "[    1.000000] b\n",
		   false, &s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.text[1], "b");
	assert_true(st.from_start);
	assert_true(st.first_s == 0 && st.last_s == 1);

	/* A restart without the first line: the clock goes back. */
	st = PARSE("[   50.000000] a\n[   39.000000] b\n[   41.000000] c\n",
		   false, &s);
	assert_int_equal(s.n, 2);
	assert_false(st.from_start);
	/* A small step back is another CPU's. */
	st = PARSE("[   50.000000] a\n[   41.000000] b\n", false, &s);
	assert_int_equal(s.n, 2);
	assert_true(st.first_s == 41);

	st = PARSE("[    0.000000] Linux version 5.10.0 (x)\n"
		   "-- Boot 0123456789abcdef0123456789abcdef --\n"
		   "[    7.000000] h systemd[1]: a\n",
		   false, &s);
	assert_int_equal(s.n, 2);
	assert_false(st.from_start);
}

static void a_log_without_its_beginning_says_so(void **state)
{
	struct log_state st;
	struct seen s;

	(void)state;
	st = PARSE("[  100.000000] a\n", false, &s);
	assert_false(st.from_start);
	assert_true(st.first_s == 100);
	st = PARSE("[    0.000000] a\n", false, &s);
	assert_true(st.from_start);
	/* Cut off in the middle of a line that would have been the first. */
	st = PARSE("000000] Linux version 6.1.0 (x)\n[    0.000000] a\n", true,
		   &s);
	assert_int_equal(s.n, 1);
	assert_false(st.from_start);
	st = PARSE("no newline at all", true, &s);
	assert_int_equal(s.n, 0);
	assert_false(st.from_start);
	st = PARSE("", false, &s);
	assert_int_equal(s.n, 0);
	assert_true(isnan(st.first_s) && isnan(st.last_s));
	assert_false(st.from_start);
}

static void binary_is_tolerated_and_the_walk_can_end(void **state)
{
	static const char junk[] = "[    1.000000] a\0b\xff\x80\n\0\0\n"
				   "[    2.000000] c\r\n[    3.000000] d";
	struct log_state st;
	struct seen s;
	char *copy;

	(void)state;
	st = parse(junk, sizeof junk - 1, false, &s);
	assert_int_equal(s.n, 4);
	assert_string_equal(s.text[0], "a?b\xff\x80");
	assert_string_equal(s.text[2], "c");
	assert_string_equal(s.text[3], "d");

	memset(&s, 0, sizeof s);
	s.stop_after = 1;
	copy = malloc(sizeof junk);
	assert_non_null(copy);
	memcpy(copy, junk, sizeof junk);
	probe_log_parse(copy, sizeof junk - 1, false, &st, each, &s);
	free(copy);
	assert_int_equal(s.n, 1);
	assert_int_equal(st.n_lines, 1);
}

static int read_tree(enum log_what what, struct log_state *ret_state,
		     struct seen *ret)
{
	struct probe_root *root;
	int r;

	memset(ret, 0, sizeof *ret);
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	r = probe_log_each(root, what, ret_state, each, ret);
	probe_root_free(root);
	return r;
}

static void the_first_log_with_kernel_lines_is_read(void **state)
{
	struct log_state st;
	struct seen s;

	(void)state;
	tree_text("/proc/uptime", "100.00 90.00\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), -ENOENT);
	assert_null(st.path);

	tree_text("/var/log/syslog", "Nov 22 17:03:01 h sshd[7]: a\n"
				     "Nov 22 17:03:01 h kernel: b\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	assert_string_equal(st.path, "/var/log/syslog");
	tree_text("/var/log/kern.log", "Nov 22 17:03:01 h kernel: c\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	assert_string_equal(st.path, "/var/log/kern.log");
	/* Empty on RHEL. */
	tree_text("/var/log/dmesg", "");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	assert_string_equal(st.path, "/var/log/kern.log");
	tree_text("/var/log/dmesg", "[    1.000000] d\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	assert_string_equal(st.path, "/var/log/dmesg");
	assert_true(st.to_now);
	assert_int_equal(read_tree(LOG_OF_SYSTEM, &st, &s), 0);
	assert_string_equal(st.path, "/var/log/syslog");
	tree_text("/journal.txt", "[    1.000000] h systemd[1]: e\n");
	assert_int_equal(read_tree(LOG_OF_SYSTEM, &st, &s), 0);
	assert_string_equal(st.path, "/journal.txt");
}

static void a_log_of_another_boot_is_refused(void **state)
{
	struct log_state st;
	struct seen s;

	(void)state;
	tree_text("/proc/sys/kernel/osrelease", "6.1.0-47-amd64\n");
	tree_text("/proc/uptime", "100.00 90.00\n");
	tree_text("/var/log/dmesg", "[    0.000000] Linux version 6.1.170 (x)\n"
				    "[  110.000000] a\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	tree_text("/var/log/dmesg", "[    0.000000] Linux version 6.1.170 (x)\n"
				    "[  110.200000] a\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), -ESTALE);
	assert_int_equal(s.n, 0);
	tree_text("/var/log/dmesg", "[    0.000000] Linux version 5.10.0 (x)\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), -ESTALE);
	/* Another file may be of this one. */
	tree_text("/var/log/kern.log",
		  "[    0.000000] Linux version 6.1.0 (x)\n");
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	assert_string_equal(st.path, "/var/log/kern.log");
}

/* Only the end of a file is read that is larger than the bound of 4 MiB. */
static void a_huge_log_is_read_from_its_end(void **state)
{
	static const char first[] = "[    0.000000] Linux version 6.1.0 (x)\n";
	static const char last[] = "[    9.000000] the last line\n";
	static const char filler[] = "[    5.000000] xxxxxxxxxxxxxxxxxxxxxxxx\n";
	size_t n = (5u << 20) / (sizeof filler - 1);
	char *text = malloc(sizeof first + sizeof last + n * sizeof filler);
	struct log_state st;
	struct seen s;
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	memcpy(text, first, sizeof first - 1);
	len = sizeof first - 1;
	for (size_t i = 0; i < n; i++, len += sizeof filler - 1)
		memcpy(text + len, filler, sizeof filler - 1);
	memcpy(text + len, last, sizeof last - 1);
	len += sizeof last - 1;
	tree_write("/var/log/dmesg", text, len);
	tree_text("/proc/uptime", "100.00 90.00\n");
	free(text);
	assert_int_equal(read_tree(LOG_OF_KERNEL, &st, &s), 0);
	assert_false(st.from_start);
	assert_true(st.first_s == 5 && st.last_s == 9);
	assert_true(s.n > 50000 && s.n < n);
}

static void the_journal_is_noticed(void **state)
{
	struct probe_root *root;

	(void)state;
	tree_text("/proc/uptime", "100.00 90.00\n");
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	assert_false(probe_log_has_journal(root));
	tree_text("/var/log/journal/0123/system.journal", "LPKSHHRH");
	assert_true(probe_log_has_journal(root));
	probe_root_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_is_understood),
		cmocka_unit_test(days_follow_each_other),
		cmocka_unit_test(what_is_no_line_is_left_out),
		cmocka_unit_test(only_the_last_boot_counts),
		cmocka_unit_test(a_log_without_its_beginning_says_so),
		cmocka_unit_test(binary_is_tolerated_and_the_walk_can_end),
		TREE_TEST(the_first_log_with_kernel_lines_is_read),
		TREE_TEST(a_log_of_another_boot_is_refused),
		TREE_TEST(a_huge_log_is_read_from_its_end),
		TREE_TEST(the_journal_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
