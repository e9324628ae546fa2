/* SPDX-License-Identifier: ISC */
/*
 * Against the real registry: what a source claims is asked of its class, so
 * that a new figure there changes nothing here.
 */
#include <errno.h>
#include <fcntl.h>
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
#include "base/clock.h"
#include "base/fd.h"
#include "daemon/config.h"
#include "engine/lane.h"

static const struct config_lane *lane(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_lanes; i++)
		if (strcmp(c->lanes[i].name, name) == 0)
			return &c->lanes[i];
	fail_msg("no lane %s", name);
	return NULL;
}

static void accept_text(const char *text, struct config *ret)
{
	struct config_error e = { 0, "" };
	int r = config_parse(text, ret, &e);

	if (r != 0)
		fail_msg("'%s' is refused: line %d: %s", text, e.line, e.text);
}

/* Refused at this line, with part of the reason, and ret as it was. */
static void refuse_text(const char *text, int line, const char *part)
{
	static struct config c, before;
	struct config_error e;

	memset(&e, 0xa5, sizeof e);
	memset(&c, 0xa5, sizeof c);
	before = c;
	assert_int_equal(config_parse(text, &c, &e), -EINVAL);
	assert_memory_equal(&c, &before, sizeof c);
	assert_non_null(memchr(e.text, '\0', sizeof e.text));
	if (!strstr(e.text, part) || e.line != line)
		fail_msg("'%s': line %d: %s", text, e.line, e.text);
}

static void defaults_have_a_lane_for_each_class_in_order(void **state)
{
	const struct source_class *class;
	static struct config c;
	size_t n = 0;

	(void)state;
	memset(&c, 0xa5, sizeof c);
	config_default(&c);
	assert_int_equal(c.interval_ns, 600 * NS_PER_S);
	assert_int_equal(c.once_bound_ns, 2 * NS_PER_S);
	assert_int_equal(c.alpha_log2, 30);
	assert_int_equal(c.confidential, CHOICE_AUTO);
	assert_string_equal(c.user, "aquifer");
	assert_string_equal(c.seed_file, "/var/lib/aquifer/seed");
	assert_string_equal(c.status_socket, "/run/aquifer/status.sock");
	for (size_t i = 0; (class = source_class_at(i)) != NULL; i++) {
		const struct config_lane *l = &c.lanes[n];

		if (class->flags & SOURCE_BY_CONFIG)
			continue;
		n++;
		assert_string_equal(l->name, class->name);
		assert_string_equal(l->class_name, class->name);
		assert_string_equal(l->path, "");
		assert_int_equal(l->enabled,
				 !(class->flags & SOURCE_NOT_IN_DAEMON));
		assert_false(l->credit_host_seed);
		assert_int_equal(l->claim_mbits, SOURCE_CLAIM_DEFAULT);
		assert_int_equal(l->policy, POLICY_ALARM);
	}
	assert_true(n > 0);
	assert_int_equal(c.n_lanes, n);
}

static void what_says_nothing_is_the_defaults(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"\r\n \t\r\n",
		"# a\n; b\n  # c",
		"\xef\xbb\xbf# a\n",
		"[aquiferd]\n[hwrng]\n[ jitter ] # c\n",
		"[aquiferd]\nalpha=30\ninterval = 600s\n[jitter]\nenabled=yes",
	};
	static struct config c, defaults;

	(void)state;
	config_default(&defaults);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		accept_text(texts[i], &c);
		assert_memory_equal(&c, &defaults, sizeof c);
	}
}

static void every_key_is_read(void **state)
{
	static struct config c;

	(void)state;
	accept_text("[aquiferd]\r\n"
		    "interval = 90 s\r\n"
		    "\tonce-bound=500ms # inline\r\n"
		    "alpha = 40 ; inline\r\n"
		    "confidential = yes\r\n"
		    "user = _rng-1\r\n"
		    "seed-file = /srv/a seed#1\r\n"
		    "status-socket = /run/s;k\r\n"
		    "[hwrng]\n"
		    "enabled = no\n"
		    "claim = 1\n"
		    "policy = stop\n"
		    "path = /dev/other = hwrng\n"
		    "[hostseed]\n"
		    "credit = yes\n"
		    "policy = drop\n"
		    "[tpm2\tsim]\n"
		    "path = /run/swtpm\n"
		    "[file usb.0_A-b]\n"
		    "path = /dev/ttyACM0\n"
		    "claim = 8000",
		    &c);
	assert_int_equal(c.interval_ns, 90 * NS_PER_S);
	assert_int_equal(c.once_bound_ns, 500 * NS_PER_MS);
	assert_int_equal(c.alpha_log2, 40);
	assert_int_equal(c.confidential, CHOICE_YES);
	assert_string_equal(c.user, "_rng-1");
	assert_string_equal(c.seed_file, "/srv/a seed#1");
	assert_string_equal(c.status_socket, "/run/s;k");
	assert_false(lane(&c, "hwrng")->enabled);
	assert_int_equal(lane(&c, "hwrng")->claim_mbits, 1);
	assert_int_equal(lane(&c, "hwrng")->policy, POLICY_STOP);
	assert_string_equal(lane(&c, "hwrng")->path, "/dev/other = hwrng");
	assert_true(lane(&c, "hostseed")->credit_host_seed);
	assert_int_equal(lane(&c, "hostseed")->policy, POLICY_DROP);
	assert_string_equal(lane(&c, "tpm2:sim")->class_name, "tpm2");
	assert_string_equal(lane(&c, "tpm2:sim")->path, "/run/swtpm");
	assert_true(lane(&c, "tpm2:sim")->enabled);
	assert_string_equal(lane(&c, "tpm2")->path, "");
	assert_string_equal(lane(&c, "file:usb.0_A-b")->path, "/dev/ttyACM0");
	assert_int_equal(lane(&c, "file:usb.0_A-b")->claim_mbits, 8000);
}

static void another_seed_file_reaches_its_lane(void **state)
{
	static struct config c;

	(void)state;
	accept_text("[aquiferd]\nseed-file = /srv/seed\n", &c);
	assert_string_equal(lane(&c, "seedfile")->path, "/srv/seed");
	refuse_text("[seedfile]\npath = /srv/seed\n", 2, "seed-file");
}

static void times_and_numbers_at_their_boundaries(void **state)
{
	static const struct {
		const char *key, *inside, *outside;
	} edges[] = {
		{ "interval", "10s", "9s" },
		{ "interval", "10000ms", "9999ms" },
		{ "interval", "24h", "25h" },
		{ "interval", "1440min", "1441min" },
		{ "interval", "86400000ms", "86400001ms" },
		{ "interval", "086400s", "18446744073709551616h" },
		{ "interval", "1h", "5124095576030431h" }, /* 2^64 ns + 1 h */
		{ "once-bound", "10ms", "9ms" },
		{ "once-bound", "60s", "61s" },
		{ "once-bound", "1min", "2min" },
		{ "once-bound", "60000ms", "60001ms" },
		{ "once-bound", "1s", "0s" },
		{ "alpha", "20", "19" },
		{ "alpha", "60", "61" },
		{ "alpha", "30", "18446744073709551646" },     /* 2^64 + 30 */
		{ "interval", "1h", "18446744073709555216s" }, /* 2^64 s + 1 h */
	};
	static struct config c;
	char text[120];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(edges); i++) {
		(void)snprintf(text, sizeof text, "[aquiferd]\n%s = %s\n",
			       edges[i].key, edges[i].inside);
		accept_text(text, &c);
		(void)snprintf(text, sizeof text, "[aquiferd]\n\n%s = %s\n",
			       edges[i].key, edges[i].outside);
		refuse_text(text, 3, "out of range");
	}
}

/* "HEAD" + n times 'a' + "TAIL" */
static const char *stretched(const char *head, size_t n, const char *tail)
{
	static char text[4096];
	size_t len = strlen(head);

	assert_true(len + n + strlen(tail) < sizeof text);
	memset(text, 'a', len + n);
	for (size_t i = 0; i < len; i++)
		text[i] = head[i];
	memcpy(text + len + n, tail, strlen(tail) + 1);
	return text;
}

static void texts_at_their_boundaries(void **state)
{
	static const char file_head[] = "[file ";
	static const char file_tail[] = "]\npath = /dev/x\n";
	/* "file:" and the NUL belong to the name's room. */
	size_t name_max = SOURCE_NAME_BYTES - 6;
	static struct config c;

	(void)state;
	accept_text(stretched("[aquiferd]\nuser = ", 31, ""), &c);
	assert_int_equal(strlen(c.user), 31);
	refuse_text(stretched("[aquiferd]\nuser = ", 32, ""), 2, "login name");
	accept_text(stretched("[aquiferd]\nseed-file = /", 254, ""), &c);
	assert_int_equal(strlen(c.seed_file), 255);
	assert_int_equal(strlen(lane(&c, "seedfile")->path), 255);
	refuse_text(stretched("[aquiferd]\nseed-file = /", 255, ""), 2,
		    "too long");
	/* unix(7): 108 bytes with the NUL. */
	accept_text(stretched("[aquiferd]\nstatus-socket = /", 106, ""), &c);
	refuse_text(stretched("[aquiferd]\nstatus-socket = /", 107, ""), 2,
		    "too long");
	accept_text(stretched("[hwrng]\npath = /", 254, " # c\n"), &c);
	assert_int_equal(strlen(lane(&c, "hwrng")->path), 255);
	refuse_text(stretched("[hwrng]\npath = /", 255, "\n"), 2, "too long");
	accept_text(stretched(file_head, name_max, file_tail), &c);
	assert_int_equal(strlen(c.lanes[c.n_lanes - 1].name),
			 SOURCE_NAME_BYTES - 1);
	refuse_text(stretched(file_head, name_max + 1, file_tail), 1,
		    "no name of a source");
	/* A class name fills its room without its NUL. */
	refuse_text(stretched("[", 15, "]"), 1, "unknown section");
	refuse_text(stretched("[", 16, "]"), 1, "unknown section");
	accept_text(stretched("# ", 1021, "\r\n"), &c);
	refuse_text(stretched("# ", 1022, "\r\n"), 1, "1024 bytes");
}

static void sources_are_counted(void **state)
{
	static struct config c;
	char text[4096];
	size_t at = 0;

	(void)state;
	config_default(&c);
	for (size_t i = c.n_lanes; i < CONFIG_LANES_MAX; i++)
		at += (size_t)snprintf(text + at, sizeof text - at,
				       "[file n%zu]\npath = /dev/n%zu\n", i, i);
	accept_text(text, &c);
	assert_int_equal(c.n_lanes, CONFIG_LANES_MAX);
	at += (size_t)snprintf(text + at, sizeof text - at, "[hwrng]\n");
	accept_text(text, &c);
	(void)snprintf(text + at, sizeof text - at, "[file z]\npath = /z\n");
	config_default(&c);
	refuse_text(text, 2 * (int)(CONFIG_LANES_MAX - c.n_lanes) + 2,
		    "at most 16");
}

static void a_text_has_a_largest_size(void **state)
{
	static struct config c, before;
	struct config_error e = { 7, "" };
	char *text = malloc(65536 + 2);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', 65537);
	text[65536] = '\0';
	accept_text(text, &c);
	text[65536] = '\n';
	text[65537] = '\0';
	before = c;
	assert_int_equal(config_parse(text, &c, &e), -EFBIG);
	assert_memory_equal(&c, &before, sizeof c);
	assert_int_equal(e.line, 0);
	assert_non_null(strstr(e.text, "65536"));
	free(text);
}

static const struct {
	const char *text;
	int line;
	const char *part;
} refused[] = {
	{ "enabled = no", 1, "'enabled' stands before the first section" },
	{ "[hwrng", 1, "']'" },
	{ "[", 1, "']'" },
	{ "[]", 1, "unknown section []" },
	{ "[nonsense]", 1, "unknown section [nonsense]" },
	{ "[aquiferd x]", 1, "unknown section [aquiferd x]" },
	{ "[Hwrng]", 1, "unknown section" },
	{ "[hwrng]x", 1, "']'" },
	{ "[hwrng]\nenabled", 2, "neither [section] nor key = value" },
	{ "[hwrng]\n= yes", 2, "unknown key ''" },
	{ "[hwrng]\ninterval = 10min", 2,
	  "unknown key 'interval'; known "
	  "here: enabled claim claim-up policy "
	  "path credit" },
	{ "[aquiferd]\nenabled = yes", 2,
	  "unknown key 'enabled'; known here: interval once-bound alpha "
	  "confidential user seed-file status-socket" },
	{ "[aquiferd]\nInterval = 10min", 2, "unknown key" },
	{ "[hwrng]\n\nenabled = no\nenabled = no", 4, "enabled is there twice" },
	{ "[hwrng]\n[jitter]\n[hwrng]", 3, "line 1 begins the first" },
	{ "[aquiferd]\n[aquiferd]", 2, "line 1 begins the first" },
	{ "[file a]\npath=/a\n[file  a]\npath=/b", 3, "line 1 begins" },
	{ "[hwrng]\nenabled =", 2, "enabled has no value" },
	{ "[hwrng]\nenabled = # yes", 2, "enabled has no value" },
	{ "[hwrng]\nenabled = perhaps", 2,
	  "enabled: 'perhaps' is not known here: write no or yes" },
	{ "[hwrng]\nenabled = Yes", 2, "write no or yes" },
	{ "[hwrng]\npolicy = ignore", 2, "write alarm, drop or stop" },
	{ "[hwrng]\nclaim = 1.5", 2, "no whole number" },
	{ "[hwrng]\nclaim = -1", 2, "no whole number" },
	{ "[hwrng]\nclaim = +1", 2, "no whole number" },
	{ "[hwrng]\nclaim = 0x1", 2, "no whole number" },
	{ "[hwrng]\nclaim = 10 mbits", 2, "no whole number" },
	{ "[hwrng]\nclaim = 18446744073709551615", 2, "out of range" },
	{ "[hwrng]\nclaim = 4294967296", 2, "out of range" },
	{ "[hwrng]\nclaim = 4294967295", 2, "out of range" },
	{ "[hwrng]\npath = dev/hwrng", 2, "'dev/hwrng' is not an absolute" },
	{ "[hwrng]\npath = \"/dev/hwrng\"", 2, "not an absolute path" },
	{ "[hwrng]\ncredit = yes", 2, "only [hostseed]" },
	{ "[hostseed]\npath = /x", 2, "no path" },
	{ "[hostseed]\ncredit = 1", 2, "write no or yes" },
	{ "[rdrand]\npath = /dev/x", 2, "no path" },
	{ "[jitter]\npath = /dev/x", 2, "no path" },
	{ "[rdrand b]", 1, "only one rdrand" },
	{ "[seedfile b]", 1, "only one seedfile" },
	{ "[hostseed b]", 1, "only one hostseed" },
	{ "[file]\npath = /dev/x", 1, "[file] needs a name" },
	{ "[file a/b]\npath = /dev/x", 1, "'a/b' is no name" },
	{ "[file a b]\npath = /dev/x", 1, "'a b' is no name" },
	{ "[hwrng]\n\n[file a]\nenabled = no\n", 3, "file:a: needs a path" },
	{ "[tpm2 b]\n", 1, "tpm2:b: needs a path" },
	{ "[havege]\nenabled = yes", 2, "never runs" },
	{ "[kernel]\nenabled = yes", 2, "never runs" },
	{ "[aquiferd]\ninterval = 10", 2, "'10' has no unit" },
	{ "[aquiferd]\ninterval = 10 m", 2, "unknown unit" },
	{ "[aquiferd]\ninterval = 1h 30min", 2, "unknown unit" },
	{ "[aquiferd]\ninterval = 10S", 2, "unknown unit" },
	{ "[aquiferd]\ninterval = 1.5h", 2, "unknown unit" },
	{ "[aquiferd]\ninterval = -10min", 2, "no whole number" },
	{ "[aquiferd]\ninterval = min", 2, "no whole number" },
	{ "[aquiferd]\nalpha = 2^-30", 2, "no whole number" },
	{ "[aquiferd]\nalpha = 30s", 2, "no whole number" },
	{ "[aquiferd]\nconfidential = maybe", 2, "write auto, yes or no" },
	{ "[aquiferd]\nuser = root", 2, "unprivileged" },
	{ "[aquiferd]\nuser = 0", 2, "login name" },
	{ "[aquiferd]\nuser = -x", 2, "login name" },
	{ "[aquiferd]\nuser = a:b", 2, "login name" },
	{ "[aquiferd]\nseed-file = seed", 2, "absolute" },
	{ "[aquiferd]\nuser = a\x1b[2J", 2, "0x1b at column 9" },
	{ "# a\x7f", 1, "0x7f at column 4" },
	{ "[hwrng]\n\rpath = /x", 2, "0x0d at column 1" },
	{ "[hwrng]\r\r\n", 1, "0x0d at column 8" },
};

static void what_is_wrong_is_refused_by_line_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		refuse_text(refused[i].text, refused[i].line, refused[i].part);
}

/* Down by a number, up by two words, never above what a symbol can hold. */
static void claims_go_down_freely_and_up_by_a_second_word(void **state)
{
	const struct source_class *class;
	static struct config c;
	char text[200];
	unsigned tried = 0;

	(void)state;
	for (size_t i = 0; (class = source_class_at(i)) != NULL; i++) {
		unsigned own = class->claim.mbits_per_symbol;
		unsigned most = class->symbol_bits * 1000;

		if (class->flags & SOURCE_BY_CONFIG)
			continue;
		tried++;
		(void)snprintf(text, sizeof text, "[%s]\nclaim = %u\n",
			       class->name, own);
		accept_text(text, &c);
		assert_int_equal(lane(&c, class->name)->claim_mbits, own);
		if (own == most)
			continue;
		(void)snprintf(text, sizeof text,
			       "[%s]\nclaim = %u\npolicy = drop\n", class->name,
			       own + 1);
		refuse_text(text, 2, "claim-up = yes");
		(void)snprintf(text, sizeof text,
			       "[%s]\nclaim-up = no\nclaim = %u\n", class->name,
			       own + 1);
		refuse_text(text, 3, "claim-up = yes");
		(void)snprintf(text, sizeof text,
			       "[%s]\nclaim-up = yes\nclaim = %u\n",
			       class->name, most);
		accept_text(text, &c);
		assert_int_equal(lane(&c, class->name)->claim_mbits, most);
		(void)snprintf(text, sizeof text,
			       "[%s]\nclaim = %u\nclaim-up = yes\n",
			       class->name, most + 1);
		refuse_text(text, 2, "out of range");
	}
	assert_true(tried > 0);
	refuse_text("[rdrand]\npolicy = drop\nclaim-up = yes\n", 3,
		    "has no claim");
	refuse_text("[file a]\npath = /a\nclaim = 8001\n", 3, "out of range");
}

static void options_of_a_lane(void **state)
{
	static struct config c;
	struct source_options o;

	(void)state;
	accept_text("[hostseed]\ncredit = yes\n[hwrng]\nclaim = 3\n"
		    "path = /dev/x\n",
		    &c);
	o = config_source_options(lane(&c, "hwrng"));
	assert_ptr_equal(o.path, lane(&c, "hwrng")->path);
	assert_int_equal(o.fd, -1);
	assert_int_equal(o.claim_mbits, 3);
	assert_false(o.credit_host_seed);
	o = config_source_options(lane(&c, "hostseed"));
	assert_null(o.path);
	assert_int_equal(o.claim_mbits, SOURCE_CLAIM_DEFAULT);
	assert_true(o.credit_host_seed);
}

/* A key behind '#' without a blank is a default; prose has a blank. */
static void uncomment(const char *from, char *to)
{
	for (bool starts = true; *from; from++) {
		if (!starts || from[0] != '#' || from[1] < 'a' || from[1] > 'z')
			*to++ = *from;
		starts = *from == '\n';
	}
	*to = '\0';
}

static void the_shipped_file_shows_the_defaults(void **state)
{
	static const char *const keys[] = {
		"#interval =",      "#once-bound =", "#alpha =",
		"#confidential =",  "#user =",       "#seed-file =",
		"#status-socket =", "#enabled =",    "#claim =",
		"#claim-up =",      "#policy =",     "#path =",
		"#credit =",
	};
	static struct config c, defaults;
	static char text[65536], shown[65536];

	(void)state;
	config_default(&defaults);
	assert_true(fd_read_file("", DIST_CONF, text, sizeof text) > 0);
	accept_text(text, &c);
	assert_memory_equal(&c, &defaults, sizeof c);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (!strstr(text, keys[i]))
			fail_msg("%s is not shown", keys[i]);
	uncomment(text, shown);
	accept_text(shown, &c);
	for (size_t i = 0; i < c.n_lanes; i++) {
		struct config_lane *l = &c.lanes[i];
		const struct source_class *class = source_class_find(
			l->class_name);

		/* Set: so the section is there. What never runs has none. */
		if (!(class->flags & SOURCE_NOT_IN_DAEMON))
			assert_int_equal(l->claim_mbits,
					 class->claim.mbits_per_symbol);
		l->claim_mbits = SOURCE_CLAIM_DEFAULT;
		memset(l->path, 0, sizeof l->path);
	}
	assert_memory_equal(&c, &defaults, sizeof c);
}

struct scratch {
	char dir[64];
	char path[96];
};

static int make_scratch(void **state)
{
	struct scratch *s = calloc(1, sizeof *s);

	if (!s)
		return -1;
	(void)snprintf(s->dir, sizeof s->dir, "/tmp/aquifer-config-XXXXXX");
	*state = s;
	if (!mkdtemp(s->dir))
		return -1;
	(void)snprintf(s->path, sizeof s->path, "%s/aquiferd.conf", s->dir);
	return 0;
}

static int remove_scratch(void **state)
{
	struct scratch *s = *state;

	(void)unlink(s->path);
	(void)rmdir(s->dir);
	free(s);
	return 0;
}

static void put_file(const struct scratch *s, const char *text, size_t len)
{
	int fd = open(s->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, len), 0);
	assert_int_equal(fchmod(fd, 0644), 0);
	fd_close(&fd);
}

static void refuse_path(const char *path, int error, int line, const char *part)
{
	static struct config c, before;
	struct config_error e;
	int r;

	memset(&e, 0xa5, sizeof e);
	memset(&c, 0xa5, sizeof c);
	before = c;
	r = config_read(path, false, &c, &e);
	assert_memory_equal(&c, &before, sizeof c);
	if (r != error || e.line != line || !strstr(e.text, part))
		fail_msg("%s: %d, line %d: %.240s", path, r, e.line, e.text);
}

static void a_file_is_read(void **state)
{
	static const char text[] = "[aquiferd]\nalpha = 21\n";
	const struct scratch *s = *state;
	static struct config c;
	struct config_error e;

	put_file(s, text, sizeof text - 1);
	assert_int_equal(config_read(s->path, true, &c, &e), 0);
	assert_int_equal(c.alpha_log2, 21);
	put_file(s, "\nalpha = 21\n", 12);
	refuse_path(s->path, -EINVAL, 2, "before the first section");
}

static void a_missing_file_is_the_defaults_unless_it_must_exist(void **state)
{
	const struct scratch *s = *state;
	static struct config c, defaults;
	struct config_error e;

	config_default(&defaults);
	memset(&c, 0xa5, sizeof c);
	assert_int_equal(config_read(s->path, false, &c, &e), 0);
	assert_memory_equal(&c, &defaults, sizeof c);
	memset(&c, 0xa5, sizeof c);
	assert_int_equal(config_read(s->path, true, &c, &e), -ENOENT);
	assert_int_equal(c.n_lanes, (size_t)UINT64_C(0xa5a5a5a5a5a5a5a5));
	assert_int_equal(e.line, 0);
	assert_non_null(strstr(e.text, "cannot be opened"));
}

static void a_file_that_others_can_write_is_refused(void **state)
{
	static const struct {
		mode_t mode;
		int r;
	} modes[] = {
		{ 0600, 0 },       { 0644, 0 },       { 0666, -EINVAL },
		{ 0664, -EINVAL }, { 0646, -EINVAL },
	};
	const struct scratch *s = *state;
	static struct config c;
	struct config_error e;

	put_file(s, "", 0);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(s->path, modes[i].mode), 0);
		assert_int_equal(config_read(s->path, true, &c, &e), modes[i].r);
		if (modes[i].r < 0)
			assert_non_null(strstr(e.text, "chmod go-w"));
	}
}

static void what_is_no_text_file_is_refused(void **state)
{
	static char big[65537];
	const struct scratch *s = *state;

	refuse_path(s->dir, -EINVAL, 0, "no regular file");
	refuse_path("/dev/zero", -EINVAL, 0, "no regular file");
	refuse_path("/dev/null/x", -ENOTDIR, 0, "cannot be opened");
	/* A regular file with nothing mapped at its start: EIO. */
	refuse_path("/proc/self/mem", -EIO, 0, "cannot be read");
	put_file(s, "# a\n# b\0c\n", 10);
	refuse_path(s->path, -EINVAL, 2, "NUL byte");
	memset(big, '\n', sizeof big);
	put_file(s, big, sizeof big);
	refuse_path(s->path, -EFBIG, 0, "65536");
	assert_int_equal(unlink(s->path), 0);
	/* Nobody writes to it: opening it must not wait. */
	assert_int_equal(mkfifo(s->path, 0600), 0);
	refuse_path(s->path, -EINVAL, 0, "no regular file");
}

static void a_file_of_the_largest_size_is_read(void **state)
{
	static char big[65536];
	const struct scratch *s = *state;
	static struct config c;
	struct config_error e;

	memset(big, '\n', sizeof big);
	put_file(s, big, sizeof big);
	assert_int_equal(config_read(s->path, true, &c, &e), 0);
}

#define WITH_SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, make_scratch, remove_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_have_a_lane_for_each_class_in_order),
		cmocka_unit_test(what_says_nothing_is_the_defaults),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(another_seed_file_reaches_its_lane),
		cmocka_unit_test(times_and_numbers_at_their_boundaries),
		cmocka_unit_test(texts_at_their_boundaries),
		cmocka_unit_test(sources_are_counted),
		cmocka_unit_test(a_text_has_a_largest_size),
		cmocka_unit_test(what_is_wrong_is_refused_by_line_and_reason),
		cmocka_unit_test(claims_go_down_freely_and_up_by_a_second_word),
		cmocka_unit_test(options_of_a_lane),
		cmocka_unit_test(the_shipped_file_shows_the_defaults),
		WITH_SCRATCH(a_file_is_read),
		WITH_SCRATCH(a_missing_file_is_the_defaults_unless_it_must_exist),
		WITH_SCRATCH(a_file_that_others_can_write_is_refused),
		WITH_SCRATCH(what_is_no_text_file_is_refused),
		WITH_SCRATCH(a_file_of_the_largest_size_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
