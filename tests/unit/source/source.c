/* SPDX-License-Identifier: ISC */
/* The functions all sources share, over classes made for the test. */
#include "source_test.h"

static struct {
	ssize_t next;
	int open_result;
	unsigned closed;
	uint64_t own_count;
	bool lower;
	uint32_t lower_mbits;
} script;

static int fake_open(struct source *s, const struct source_options *options)
{
	(void)options;
	if (script.open_result < 0)
		return source_absent(s, script.open_result, "scripted %d", 7);
	if (script.lower)
		source_lower(s, script.lower_mbits, "scripted");
	return 0;
}

static ssize_t fake_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	s->not_ready_count += script.own_count;
	if (script.next <= 0)
		return script.next;
	len_bytes = min_size(len_bytes, (size_t)script.next);
	memset(ret_raw, 0x5a, len_bytes);
	return (ssize_t)len_bytes;
}

static void fake_close(struct source *s)
{
	(void)s;
	script.closed++;
}

static const struct source_class fake = {
	.name = "fake",
	.domain = DOMAIN_CPU,
	.record_bytes = 8,
	.symbol_bits = 5,
	.claim = { .mbits_per_symbol = 3000 },
	.open = fake_open,
	.read = fake_read,
	.close = fake_close,
};

static int setup(void **state)
{
	static struct machine m;

	machine_init(&m);
	memset(&script, 0, sizeof script);
	*state = &m;
	return 0;
}

static int teardown(void **state)
{
	machine_free(*state);
	return 0;
}

static void open_fills_the_info_from_the_class(void **state)
{
	struct machine *m = *state;
	struct source s;

	assert_int_equal(source_open(&s, &fake, NULL, &m->env, NULL), 0);
	assert_true(s.is_open);
	assert_true(s.info.present);
	assert_string_equal(s.name, "fake");
	assert_string_equal(s.info.reason, "");
	assert_int_equal(s.info.claim_mbits, 3000);
	assert_int_equal(s.info.domain, DOMAIN_CPU);
	assert_null(s.reader);
	assert_int_equal(source_waiting_since_ns(&s), 0);
	source_close(&s);
	assert_false(s.is_open);
	source_close(&s);
	assert_int_equal(script.closed, 1);
}

static void a_failed_open_leaves_nothing_and_says_why(void **state)
{
	struct machine *m = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	struct source s;
	int fds[2];
	char c;

	assert_int_equal(pipe(fds), 0);
	o.fd = fds[1];
	script.open_result = -EACCES;
	assert_int_equal(source_open(&s, &fake, "fake:a", &m->env, &o), -EACCES);
	assert_false(s.info.present);
	assert_string_equal(s.name, "fake:a");
	assert_string_equal(s.info.reason, "scripted 7");
	/* The descriptor handed over is closed: the pipe is at its end. */
	assert_int_equal(read(fds[0], &c, 1), 0);
	source_close(&s);
	assert_int_equal(script.closed, 0);
	(void)close(fds[0]);
}

static void a_descriptor_is_closed_with_the_source(void **state)
{
	struct machine *m = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	struct source s;
	int fds[2];
	char c;

	assert_int_equal(pipe(fds), 0);
	o.fd = fds[1];
	assert_int_equal(source_open(&s, &fake, NULL, &m->env, &o), 0);
	source_close(&s);
	assert_int_equal(read(fds[0], &c, 1), 0);
	(void)close(fds[0]);
}

static void options_set_the_claim_and_say_so(void **state)
{
	static const uint32_t asked[] = { 0, 2999, 3000, 3001,
					  SOURCE_CLAIM_DEFAULT };
	static const uint32_t given[] = { 0, 2999, 3000, 3001, 3000 };
	struct machine *m = *state;

	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		struct source_options o = SOURCE_OPTIONS_DEFAULT;
		struct source s;

		o.claim_mbits = asked[i];
		assert_int_equal(source_open(&s, &fake, NULL, &m->env, &o), 0);
		assert_int_equal(s.info.claim_mbits, given[i]);
		assert_int_equal(s.info.reason[0] != '\0', given[i] != 3000);
		source_close(&s);
	}
}

static void open_with(struct source *s, struct machine *m,
		      const struct source_class *class, uint32_t claim_mbits)
{
	struct source_options o = SOURCE_OPTIONS_DEFAULT;

	o.claim_mbits = claim_mbits;
	assert_int_equal(source_open(s, class, NULL, &m->env, &o), 0);
}

/* Also where the class claims nothing: 0 is then a verdict all the same. */
static void what_open_lowered_no_option_raises(void **state)
{
	struct source_class nothing = fake;
	struct machine *m = *state;
	struct source s;

	script.lower = true;
	script.lower_mbits = 1000;
	open_with(&s, m, &fake, 8000);
	assert_int_equal(s.info.claim_mbits, 1000);
	assert_string_equal(s.info.reason, "scripted");
	source_close(&s);
	open_with(&s, m, &fake, 999);
	assert_int_equal(s.info.claim_mbits, 999);
	source_close(&s);
	/* The same claim is a note, not a verdict. */
	script.lower_mbits = 3000;
	open_with(&s, m, &fake, 8000);
	assert_int_equal(s.info.claim_mbits, 8000);
	source_close(&s);
	nothing.claim.mbits_per_symbol = 0;
	script.lower_mbits = 0;
	open_with(&s, m, &nothing, 8000);
	assert_int_equal(s.info.claim_mbits, 0);
	source_close(&s);
	script.lower = false;
	open_with(&s, m, &nothing, 8000);
	assert_int_equal(s.info.claim_mbits, 8000);
	source_close(&s);
}

static void take_gives_whole_records(void **state)
{
	struct machine *m = *state;
	struct source s;
	uint8_t raw[32];

	assert_int_equal(source_open(&s, &fake, NULL, &m->env, NULL), 0);
	script.next = 64;
	assert_int_equal(source_take(&s, raw, 31), 24);
	assert_int_equal(source_take(&s, raw, 32), 32);
	script.next = -EIO;
	assert_int_equal(source_take(&s, raw, 32), -EIO);
	assert_int_equal(s.not_ready_count, 0);
	script.next = 0;
	assert_int_equal(source_take(&s, raw, 32), 0);
	source_close(&s);
}

static void not_ready_is_counted_once(void **state)
{
	struct machine *m = *state;
	struct source s;
	uint8_t raw[8];

	assert_int_equal(source_open(&s, &fake, NULL, &m->env, NULL), 0);
	script.next = -EAGAIN;
	assert_int_equal(source_take(&s, raw, 8), -EAGAIN);
	assert_int_equal(s.not_ready_count, 1);
	/* A class that counts three tries of its own is taken at its word. */
	script.own_count = 3;
	assert_int_equal(source_take(&s, raw, 8), -EAGAIN);
	assert_int_equal(s.not_ready_count, 4);
	source_close(&s);
}

static void symbols_are_the_lowest_bits_of_each_record(void **state)
{
	static const uint8_t raw[] = { 0xff, 1, 2, 3, 4, 5, 6, 7,   0x42,
				       9,    9, 9, 9, 9, 9, 9, 0x11 };
	uint8_t symbols[3] = { 0 };

	(void)state;
	/* Five bits a symbol; the seventeenth byte is no whole record. */
	assert_int_equal(source_symbols(&fake, raw, sizeof raw, symbols), 2);
	assert_int_equal(symbols[0], 0x1f);
	assert_int_equal(symbols[1], 0x02);
}

static void the_first_reason_stays_and_others_follow(void **state)
{
	struct source s = { .class = &fake };

	(void)state;
	s.info.claim_mbits = 3000;
	source_lower(&s, 3000, "nothing %s", "lowered");
	assert_string_equal(s.info.reason, "nothing lowered");
	source_lower(&s, 1000, "first");
	assert_int_equal(s.info.claim_mbits, 1000);
	assert_string_equal(s.info.reason, "nothing lowered; first");
	source_lower(&s, 2000, "no news");
	assert_int_equal(s.info.claim_mbits, 1000);
	assert_string_equal(s.info.reason, "nothing lowered; first");
	/* However long they are, the text ends inside its array. */
	for (uint32_t claim = 999; claim > 900; claim--)
		source_lower(&s, claim, "a reason of some length");
	assert_int_equal(s.info.claim_mbits, 901);
	assert_true(strlen(s.info.reason) < sizeof s.info.reason);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_fills_the_info_from_the_class),
		TEST(a_failed_open_leaves_nothing_and_says_why),
		TEST(a_descriptor_is_closed_with_the_source),
		TEST(options_set_the_claim_and_say_so),
		TEST(what_open_lowered_no_option_raises),
		TEST(take_gives_whole_records),
		TEST(not_ready_is_counted_once),
		TEST(symbols_are_the_lowest_bits_of_each_record),
		TEST(the_first_reason_stays_and_others_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
