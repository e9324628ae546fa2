/* SPDX-License-Identifier: ISC */
/*
 * Facts of the boot: numbers, the kernel's words of each generation, services.
 * The log lines are the kernel's own (drivers/char/random.c of the releases
 * named, docs/kernel-rng.md).
 */
#include "tree.h"

#include <math.h>

#include "probe/boot.h"
#include "probe/boot_parts.h"

static struct boot_facts facts;

static const struct boot_facts *probe(void)
{
	struct probe_root *root;
	struct platform p;

	memset(&p, 0, sizeof p);
	memset(&facts, 0xa5, sizeof facts);
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	assert_int_equal(probe_boot(root, &p, &facts), 0);
	probe_root_free(root);
	return &facts;
}

static void an_empty_record_has_no_facts(void **state)
{
	const struct boot_facts *f;

	(void)state;
	tree_text("/proc/empty", "");
	f = probe();
	assert_int_equal(f->log.error, -ENOENT);
	assert_true(isnan(f->log.ready_s) && isnan(f->log.user_s));
	assert_int_equal(f->kernel.poolsize_bits.error, -ENOENT);
	assert_int_equal(f->kernel.entropy_avail_bits.error, -ENOENT);
	assert_false(f->kernel.version_known);
	assert_true(isnan(f->uptime_s));
	assert_int_equal(f->btime_s, 0);
	assert_int_equal(boot_now_s(f), 0);
	assert_int_equal(f->tasks.n_seen, 0);
	assert_int_equal(f->services.error, -ENOENT);
	assert_false(f->live.known);
}

static void numbers_are_read(void **state)
{
	const struct boot_facts *f;

	(void)state;
	tree_text("/proc/uptime", "12345.67 1.00\n");
	tree_text("/proc/stat", "cpu 1 2\nbtime 1795356012\nprocesses 3\n");
	tree_text("/proc/sys/kernel/osrelease", "5.10.0-30-amd64\n");
	tree_text("/proc/version", "Linux version 5.10.0-30-amd64 (x) (gcc "
				   "(Debian 10.2)) #1 SMP Debian 5.10.218-1\n");
	tree_text("/proc/sys/kernel/random/poolsize", "256\n");
	tree_text("/proc/sys/kernel/random/entropy_avail", "256");
	tree_text("/proc/sys/kernel/random/boot_id", "0123-45\n");
	f = probe();
	assert_true(fabs(f->uptime_s - 12345.67) < 1e-6);
	assert_int_equal(boot_now_s(f), 1795356012 + 12345);
	assert_string_equal(f->kernel.level, "5.10.218");
	assert_int_equal(f->kernel.version.patch, 218);
	assert_true(f->kernel.semantics.new_random);
	assert_int_equal(f->kernel.entropy_avail_bits.error, 0);
	assert_int_equal(f->kernel.entropy_avail_bits.value, 256);
	assert_string_equal(f->kernel.boot_id, "0123-45");
}

static void what_is_no_number_is_none(void **state)
{
	static const char *const bad[] = {
		"", "x", "-1", "12x", "1 2", "99999999999999999999"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		tree_text("/proc/sys/kernel/random/entropy_avail", bad[i]);
		assert_int_equal(probe()->kernel.entropy_avail_bits.error,
				 -EBADMSG);
	}
	tree_text("/proc/uptime", "x");
	tree_text("/proc/stat", "xbtime 5\n");
	assert_true(isnan(probe()->uptime_s));
	assert_int_equal(facts.btime_s, 0);
}

static const struct {
	const char *line;
	bool trusting;
} ready_lines[] = {
	{ "random: crng init done", false },
	{ "random: crng done (trusting CPU's manufacturer)", true },
	{ "random: crng init done (trusting CPU's manufacturer)", true },
	{ "random: nonblocking pool is initialized", false },
};

static void each_generation_says_ready_in_its_words(void **state)
{
	char log[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ready_lines); i++) {
		(void)snprintf(log, sizeof log,
			       "[    1.500000] Run /init as init process\n"
			       "[    2.500000] %s\n"
			       "[    3.500000] random: crng init done\n",
			       ready_lines[i].line);
		tree_text("/var/log/dmesg", log);
		tree_text("/proc/uptime", "100.00 1.00\n");
		(void)probe();
		assert_true(facts.log.ready_seen);
		assert_true(facts.log.ready_s == 2.5);
		assert_true(facts.log.user_s == 1.5);
		assert_int_equal(facts.log.trusting_cpu,
				 ready_lines[i].trusting);
		assert_string_equal(facts.log.ready_text, ready_lines[i].line);
	}
}

static void what_others_write_is_not_the_kernels_word(void **state)
{
	(void)state;
	tree_text("/proc/uptime", "100.00 1.00\n");
	tree_text("/var/log/dmesg",
		  "<14>[    2.500000] random: crng init done\n"
		  "[    2.600000] evil[7]: random: crng init done\n"
		  "[    2.700000] Command line: random: crng init done\n");
	assert_false(probe()->log.ready_seen);
	tree_text("/var/log/dmesg",
		  "[    2.000000] random: fast init done\n"
		  "[    2.500000] systemd[1]: Successfully credited entropy "
		  "passed from boot loader.\n");
	assert_false(probe()->log.ready_seen);
	assert_true(facts.log.fast_s == 2);
	assert_true(facts.log.user_s == 2.5);
	assert_true(facts.log.loader_credited);
}

struct reader_case {
	const char *text, *name;
	bool kernel;
	unsigned bytes, missed;
};

static const struct reader_case reader_cases[] = {
	{ "systemd urandom read with 29 bits of entropy available", "systemd",
	  false, 0, 0 },
	{ "sshd: uninitialized urandom read (32 bytes read)", "sshd", false, 32,
	  0 },
	{ "sshd: uninitialized urandom read (32 bytes read, 9 bits of entropy "
	  "available)",
	  "sshd", false, 32, 0 },
	{ "my prog: x: uninitialized urandom read (4 bytes read)", "my prog: x",
	  false, 4, 0 },
	{ "get_random_u32 called from bucket_table_alloc+0x72/0x1f0 with "
	  "crng_init=0",
	  "bucket_table_alloc", true, 0, 0 },
	{ "get_random_bytes called from start_kernel+0x9e/0x4f6 with "
	  "crng_init=0",
	  "start_kernel", true, 0, 0 },
	{ "init_cache_random_seq get_random_bytes called with crng_init = 0",
	  "init_cache_random_seq", true, 0, 0 },
	{ "7 urandom warning(s) missed due to ratelimiting", NULL, false, 0, 7 },
	{ "2 get_random_xx warning(s) missed due to ratelimiting", NULL, false,
	  0, 2 },
	{ "urandom_read_iter: 3 callbacks suppressed", NULL, false, 0, 3 },
};

static void early_readers_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reader_cases); i++) {
		const struct reader_case *c = &reader_cases[i];
		struct boot_readers r;

		memset(&r, 0, sizeof r);
		assert_true(boot_reader_line(&r, c->text, 1));
		assert_int_equal(r.missed, c->missed);
		assert_int_equal(r.count, c->name != NULL);
		if (c->name == NULL)
			continue;
		assert_string_equal(r.at[0].name, c->name);
		assert_int_equal(r.at[0].kernel, c->kernel);
		assert_int_equal(r.at[0].bytes, c->bytes);
	}
}

static void readers_are_counted_and_bounded(void **state)
{
	static const char *const none[] = { "crng init done", "fast init done",
					    "", "x urandom read with 2 gates" };
	struct boot_readers r;
	char text[96];

	(void)state;
	memset(&r, 0, sizeof r);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_false(boot_reader_line(&r, none[i], 1));
	for (unsigned i = 0; i <= BOOT_READERS_MAX; i++) {
		(void)snprintf(text, sizeof text,
			       "p%u: uninitialized urandom read (%u bytes "
			       "read)",
			       i, i);
		assert_int_equal(r.more, false);
		assert_true(boot_reader_line(&r, text, i));
	}
	assert_int_equal(r.count, BOOT_READERS_MAX);
	assert_true(r.more);
	assert_true(boot_reader_line(&r,
				     "p3: uninitialized urandom read (99 "
				     "bytes read)",
				     7));
	assert_int_equal(r.at[3].count, 2);
	assert_int_equal(r.at[3].bytes, 99);
	assert_true(r.at[3].time_s == 3);
}

static void options_are_read_as_the_kernel_does(void **state)
{
	static const struct {
		const char *line;
		int value;
	} cases[] = {
		{ "", -1 },
		{ "quiet", -1 },
		{ "random.trust_cpu=on", 1 },
		{ "random.trust_cpu=1 quiet", 1 },
		{ "random.trust-cpu=yes", 1 },
		{ "a random.trust_cpu=off", 0 },
		{ "random.trust_cpu=0\n", 0 },
		{ "random.trust_cpu=n", 0 },
		{ "random.trust_cpu=off random.trust_cpu=y", 1 },
		{ "random.trust_cpu=y random.trust_cpu=off", 0 },
		{ "random.trust_cpu", -1 },
		{ "random.trust_cpu=", -1 },
		{ "random.trust_cpu=maybe", -1 },
		{ "xrandom.trust_cpu=1", -1 },
		{ "random.trust_cpus=1", -1 },
		{ "random.trust_cpu=\"on\"", 1 },
		{ "\"random.trust_cpu=on\"", 1 },
		{ "a=\"x random.trust_cpu=on\"", -1 },
		{ "init=/x -- random.trust_cpu=on", -1 },
	};
	char value[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (boot_command_line_bool(cases[i].line, "random.trust_cpu") !=
		    cases[i].value)
			fail_msg("%s", cases[i].line);
	assert_true(boot_command_line_option("a=12345", "a", value, 4));
	assert_string_equal(value, "123");
	assert_true(boot_command_line_option("nordrand", "nordrand", value, 4));
	assert_string_equal(value, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(an_empty_record_has_no_facts),
		TREE_TEST(numbers_are_read),
		TREE_TEST(what_is_no_number_is_none),
		TREE_TEST(each_generation_says_ready_in_its_words),
		TREE_TEST(what_others_write_is_not_the_kernels_word),
		cmocka_unit_test(early_readers_are_named),
		cmocka_unit_test(readers_are_counted_and_bounded),
		cmocka_unit_test(options_are_read_as_the_kernel_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
