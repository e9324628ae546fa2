/* SPDX-License-Identifier: ISC */
/* Keys and values of a command line, in both of their spellings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_opts.h"

static struct opt_list o;

static void is(const char *key, const char *value)
{
	const char *have = opt_get(&o, key);

	assert_non_null(have);
	assert_string_equal(have, value);
}

static void the_first_word_has_an_implied_key(void **state)
{
	(void)state;
	assert_int_equal(opt_parse(&o, "rng-random,id=r0,filename=/dev/urandom",
				   "qom-type"),
			 0);
	is("qom-type", "rng-random");
	is("id", "r0");
	is("filename", "/dev/urandom");
	assert_null(opt_get(&o, "file"));
	assert_int_equal(opt_parse(&o, "qom-type=x", "qom-type"), 0);
	is("qom-type", "x");
}

static void two_commas_are_one(void **state)
{
	(void)state;
	assert_int_equal(
		opt_parse(&o, "guest=a,,b,,,,c,debug-threads=on", "guest"), 0);
	is("guest", "a,b,,c");
	assert_true(opt_is_on(&o, "debug-threads"));
	assert_int_equal(opt_parse(&o, "a,,", "guest"), 0);
	is("guest", "a,");
}

static void a_word_alone_is_on_and_no_is_off(void **state)
{
	(void)state;
	assert_int_equal(opt_parse(&o, "socket,server,nowait", "backend"), 0);
	assert_true(opt_is_on(&o, "server"));
	is("wait", "off");
	assert_false(opt_is_on(&o, "wait"));
	assert_false(opt_is_on(&o, "absent"));
}

static void the_last_of_equal_keys_counts(void **state)
{
	(void)state;
	assert_int_equal(opt_parse(&o, "a=1,a=2", NULL), 0);
	is("a", "2");
	is("a", opt_first(&o, "x", "y", "a"));
	assert_null(opt_first(&o, "x", "y", NULL));
}

static void json_members_are_dotted_keys(void **state)
{
	static const char text[] =
		" { \"id\" : \"c\", \"backend\" : {\"type\":\"socket\",\"data\":"
		"{\"addr\":{\"type\":\"unix\",\"data\":{\"path\":\"/s\"}},"
		"\"server\":false,\"n\":-1.5e3,\"none\":null}},"
		"\"list\":[1,true,[]],\"empty\":{}} ";

	(void)state;
	assert_int_equal(opt_parse(&o, text, "backend"), 0);
	is("id", "c");
	is("backend.data.addr.data.path", "/s");
	is("backend.data.server", "off");
	is("backend.data.n", "-1.5e3");
	assert_null(opt_get(&o, "backend.data.none"));
	is("list.0", "1");
	is("list.1", "on");
	is("list.2", "");
	is("empty", "");
	assert_true(opt_has_prefix(&o, "backend."));
	assert_false(opt_has_prefix(&o, "frontend."));
}

static void json_strings_are_unescaped(void **state)
{
	(void)state;
	assert_int_equal(
		opt_parse(&o,
			  "{'a':'it\\'s \\\"x\\\" \\\\ \\/ \\u0041\\u00e9\\u20ac'}",
			  NULL),
		0);
	is("a", "it's \"x\" \\ / A\xc3\xa9\xe2\x82\xac");
	/* Neither a NUL nor half a pair gets into a name. */
	assert_int_equal(opt_parse(&o, "{\"a\":\"\\u0000\\ud800\"}", NULL), 0);
	is("a", "??");
}

static void broken_json_is_refused(void **state)
{
	static const char *const bad[] = {
		"{",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{\"a\":1}x",
		"{\"a\":tru}",
		"{\"a\":\"x",
		"{\"a\":\"\\q\"}",
		"{\"a\":\"\\u12g4\"}",
		"{\"a\":\"\n\"}",
		"{a:1}",
		"{\"a\":[1,2}",
		"{\"a\":\"\\",
		"{\"a\":\"\\u00",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(opt_parse(&o, bad[i], NULL), -EBADMSG);
		assert_int_equal(o.count, 0);
	}
	assert_int_equal(opt_parse_json(&o, "[1]", 3), -EBADMSG);
	assert_int_equal(opt_parse_json(&o, "", 0), -EBADMSG);
	/* Text after a NUL is text all the same. */
	assert_int_equal(opt_parse_json(&o, "{}\0x", 4), -EBADMSG);
}

/* depth objects in each other. */
static int nest(unsigned depth)
{
	char text[256] = "";
	size_t n = 0;

	for (unsigned i = 0; i < depth; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "{\"a\":");
	n += (size_t)snprintf(text + n, sizeof text - n, "1");
	for (unsigned i = 0; i < depth; i++)
		text[n++] = '}';
	return opt_parse_json(&o, text, n);
}

static void depth_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(nest(OPT_MAX_DEPTH), 0);
	assert_int_equal(nest(OPT_MAX_DEPTH + 1), -EBADMSG);
}

static void size_is_bounded_and_said(void **state)
{
	static char text[4 * OPT_MAX_PAIRS + 1];
	static char value[OPT_MAX_TEXT];

	(void)state;
	for (size_t i = 0; i < OPT_MAX_PAIRS; i++)
		memcpy(text + 4 * i, "a=b,", 4);
	text[sizeof text - 1] = '\0';
	assert_int_equal(opt_parse(&o, text, NULL), 0);
	assert_int_equal(o.count, OPT_MAX_PAIRS);
	assert_false(o.cut);
	assert_false(opt_add(&o, "k", 1, "v", 1));
	assert_true(o.cut);

	opt_wipe(&o);
	o.cut = false;
	memset(value, 'x', sizeof value);
	assert_true(opt_add(&o, "k", 1, value, sizeof value - 3));
	assert_int_equal(o.used_bytes, sizeof o.text);
	opt_wipe(&o);
	assert_false(opt_add(&o, "k", 1, value, sizeof value - 2));
	assert_true(o.cut);
	for (size_t i = 0; i < sizeof o.text; i++)
		assert_int_equal(o.text[i], 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_word_has_an_implied_key),
		cmocka_unit_test(two_commas_are_one),
		cmocka_unit_test(a_word_alone_is_on_and_no_is_off),
		cmocka_unit_test(the_last_of_equal_keys_counts),
		cmocka_unit_test(json_members_are_dotted_keys),
		cmocka_unit_test(json_strings_are_unescaped),
		cmocka_unit_test(broken_json_is_refused),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(size_is_bounded_and_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
