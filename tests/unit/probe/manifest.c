/* SPDX-License-Identifier: ISC */
#include "tree.h"

#include "probe/manifest.h"

#define HEAD MANIFEST_MAGIC "\n"
#define FILE_LINE(path) "f 0644 0 0 5 1700000000 0:0 kept " path "\n"

static int parse(const char *text, struct manifest *ret_manifest,
		 size_t *ret_line)
{
	return manifest_parse(strdup(text), strlen(text), ret_manifest,
			      ret_line);
}

static void a_manifest_is_read(void **state)
{
	const struct manifest_entry *e;
	struct manifest m;
	size_t count;

	(void)state;
	assert_int_equal(
		parse(HEAD
		      "kind live\n"
		      "live 1 0 -5 18446744073709551615\n"
		      "cpuid 40000000 0 40000001 4b4d564b 564b4d56 4d\n"
		      "? 0000 0 0 0 0 0:0 EACCES /root/x\n"
		      "l 0777 1 2 9 -1 0:0 kept /a/l target\\x20\\x5c\n"
		      "l 0700 0 0 0 0 0:0 EACCES /a/closed\n"
		      "d 0755 0 0 0 0 0:0 kept /a\n"
		      "c 0600 0 0 0 0 10:183 - /a/b\\x0ac\n"
		      "f 4755 4294967295 0 9223372036854775807 5 0:0 left-out "
		      "/a-b\n",
		      &m, NULL),
		0);
	assert_int_equal(m.kind, PROBE_RECORD);
	assert_true(m.live.known && m.live.crng_ready && !m.live.privileged);
	assert_int_equal(m.live.realtime_s, -5);
	assert_int_equal(m.live.boottime_ns, UINT64_MAX);
	assert_int_equal(m.n_cpuid, 1);
	assert_int_equal(m.cpuid[0].leaf, 0x40000000);
	assert_int_equal(m.cpuid[0].regs[3], 0x4d);
	assert_int_equal(m.count, 6);
	e = manifest_find(&m, "/a/l");
	assert_non_null(e);
	assert_string_equal(e->target, "target \\");
	assert_true(S_ISLNK(e->st.mode));
	assert_int_equal(e->st.mtime_s, -1);
	e = manifest_find(&m, "/a/closed");
	assert_non_null(e);
	assert_null(e->target);
	assert_int_equal(e->error, -EACCES);
	e = manifest_find(&m, "/a/b\nc");
	assert_non_null(e);
	assert_int_equal(e->st.rdev_minor, 183);
	assert_int_equal(e->content, MANIFEST_NOTHING);
	e = manifest_find(&m, "/a-b");
	assert_non_null(e);
	assert_int_equal(e->st.mode, S_IFREG | 04755);
	assert_int_equal(e->content, MANIFEST_LEFT_OUT);
	e = manifest_find(&m, "/root/x");
	assert_non_null(e);
	assert_false(e->seen);
	assert_int_equal(e->error, -EACCES);
	assert_null(manifest_find(&m, "/b"));
	/* Not "/a-b", which sorts between "/a" and "/a/b". */
	e = manifest_below(&m, "/a", &count);
	assert_int_equal(count, 3);
	assert_string_equal(e[0].path, "/a/b\nc");
	(void)manifest_below(&m, "/", &count);
	assert_int_equal(count, 6);
	(void)manifest_below(&m, "/zzz", &count);
	assert_int_equal(count, 0);
	manifest_free(&m);
}

static void what_is_wrong_is_refused(void **state)
{
	/* clang-format off */
	static const struct { const char *text; size_t line; } wrong[] = {
		{ "", 1 },
		{ "\n", 1 },
		{ "aquifer-record 2\n", 1 },
		{ "aquifer-record unfinished\n", 1 },
		{ MANIFEST_MAGIC, 1 }, /* its last line does not end */
		{ HEAD "\n", 2 },
		{ HEAD "kind\n", 2 },
		{ HEAD "kind live live\n", 2 },
		{ HEAD "kind other\n", 2 },
		{ HEAD "live 2 0 0 0\n", 2 },
		{ HEAD "live 1 0 0\n", 2 },
		{ HEAD "live 1 0 x 0\n", 2 },
		{ HEAD "live 1 0 0 18446744073709551616\n", 2 },
		{ HEAD "cpuid 0 0 0 0 0\n", 2 },
		{ HEAD "cpuid 100000000 0 0 0 0 0\n", 2 },
		{ HEAD FILE_LINE("/a") "x 0644 0 0 5 0 0:0 kept /b\n", 3 },
		{ HEAD "ff 0644 0 0 5 0 0:0 kept /b\n", 2 },
		{ HEAD "f 10000 0 0 5 0 0:0 kept /b\n", 2 },
		{ HEAD "f 0648 0 0 5 0 0:0 kept /b\n", 2 },
		{ HEAD "f 0644 -1 0 5 0 0:0 kept /b\n", 2 },
		{ HEAD "f 0644 0 4294967296 5 0 0:0 kept /b\n", 2 },
		{ HEAD "f 0644 0 0 9223372036854775808 0 0:0 kept /b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0 kept /b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0: kept /b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 Kept /b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b/\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b//c\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /../b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b/.\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b\\x2\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b\\x00\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b\\n\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b\xff\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept  /b\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b target\n", 2 },
		{ HEAD "f 0644 0 0 5 0 0:0 kept /b x y\n", 2 },
		{ HEAD "l 0777 0 0 5 0 0:0 kept /b\n", 2 },
		{ HEAD "? 0000 0 0 0 0 0:0 kept /b\n", 2 },
		{ HEAD FILE_LINE("/a") FILE_LINE("/a"), 4 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct manifest m, untouched;
		size_t line = 0;

		memset(&m, 0xa5, sizeof m);
		untouched = m;
		assert_int_equal(parse(wrong[i].text, &m, &line), -EBADMSG);
		assert_int_equal(line, wrong[i].line);
		assert_memory_equal(&m, &untouched, sizeof m);
	}
	/* A NUL inside is no end. */
	{
		static const char text[] = HEAD "\0" FILE_LINE("/a");
		char *copy = malloc(sizeof text);
		struct manifest m;

		memcpy(copy, text, sizeof text);
		assert_int_equal(manifest_parse(copy, sizeof text - 1, &m, NULL),
				 -EBADMSG);
	}
}

static void cpuid_has_a_limit(void **state)
{
	static const char line[] = "cpuid 0 0 0 0 0 0\n";
	char text[MANIFEST_CPUID_MAX * 32 + 64] = HEAD;
	size_t len = strlen(text);
	struct manifest m;

	(void)state;
	for (int i = 0; i < MANIFEST_CPUID_MAX; i++) {
		memcpy(text + len, line, sizeof line);
		len += strlen(line);
	}
	assert_int_equal(parse(text, &m, NULL), 0);
	manifest_free(&m);
	memcpy(text + len, line, sizeof line);
	assert_int_equal(parse(text, &m, NULL), -EBADMSG);
}

static void escapes_come_back(void **state)
{
	char all[256], escaped[4 * 256 + 1];

	(void)state;
	for (int i = 1; i < 256; i++)
		all[i - 1] = (char)i;
	all[255] = '\0';
	manifest_escape(all, escaped);
	for (const char *p = escaped; *p != '\0'; p++)
		assert_true(*p > ' ' && *p < 0x7f);
	assert_true(manifest_unescape(escaped));
	assert_string_equal(escaped, all);
}

static void what_is_written_is_read(void **state)
{
	struct manifest_entry entries[] = {
		{ .path = "/", .seen = true, .st.mode = S_IFDIR | 0755 },
		{ .path = "/a b",
		  .seen = true,
		  .content = MANIFEST_ERROR,
		  .error = -EPERM,
		  .st = { S_IFREG | 0600, 1, 2, 3, -4, 5, 6 } },
		{ .path = "/l",
		  .seen = true,
		  .content = MANIFEST_KEPT,
		  .target = " \n",
		  .st.mode = S_IFLNK | 0777 },
		/* An error of no name is an error all the same. */
		{ .path = "/x",
		  .seen = false,
		  .content = MANIFEST_ERROR,
		  .error = -EUCLEAN },
	};
	struct manifest head = { .kind = PROBE_LIVE,
				 .live = { true, true, true, 5, 6 },
				 .n_cpuid = 1,
				 .cpuid = { { 1, 2, { 3, 4, 5, 6 } } } };
	struct manifest m;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_int_equal(manifest_write_head(out, &head), 0);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++)
		assert_int_equal(manifest_write_entry(out, &entries[i]), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(manifest_parse(text, len, &m, NULL), 0);
	assert_int_equal(m.count, ARRAY_LEN(entries));
	assert_memory_equal(&m.live, &head.live, sizeof head.live);
	assert_memory_equal(&m.cpuid[0], &head.cpuid[0], sizeof m.cpuid[0]);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		assert_string_equal(m.entries[i].path, entries[i].path);
		assert_int_equal(m.entries[i].seen, entries[i].seen);
		assert_int_equal(m.entries[i].content, entries[i].content);
		assert_memory_equal(&m.entries[i].st, &entries[i].st,
				    sizeof entries[i].st);
	}
	assert_int_equal(m.entries[1].error, -EPERM);
	assert_string_equal(m.entries[2].target, " \n");
	assert_int_equal(m.entries[3].error, -EIO);
	manifest_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_is_read),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(cpuid_has_a_limit),
		cmocka_unit_test(escapes_come_back),
		cmocka_unit_test(what_is_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
