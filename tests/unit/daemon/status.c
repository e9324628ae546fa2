/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/status.h"

static const struct {
	const char *text;
	size_t len_bytes;
	enum status_request expected;
} requests[] = {
#define LINE(text, expected) \
	{ \
		(text), sizeof(text) - 1, (expected) \
	}
	LINE("status\n", STATUS_SHOW),
	LINE("status", STATUS_SHOW),
	LINE("reseed\n", STATUS_RESEED),
	LINE("reseed", STATUS_RESEED),
	LINE("", STATUS_BAD),
	LINE("\n", STATUS_BAD),
	LINE("\n\n", STATUS_BAD),
	LINE("statu\n", STATUS_BAD),
	LINE("statusx\n", STATUS_BAD),
	LINE("status\n\n", STATUS_BAD),
	LINE("status\r\n", STATUS_BAD),
	LINE(" status\n", STATUS_BAD),
	LINE("status \n", STATUS_BAD),
	LINE("Status\n", STATUS_BAD),
	LINE("status\0\n", STATUS_BAD),
	LINE("status\0", STATUS_BAD),
	LINE("\0status\n", STATUS_BAD),
	LINE("reseed\nstatus\n", STATUS_BAD),
	LINE("status\nreseed", STATUS_BAD),
#undef LINE
};

static void only_the_two_words_are_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		size_t len = requests[i].len_bytes;
		/* Not terminated: what is read beyond it is found by ASan. */
		char *text = malloc(len + (len == 0));
		enum status_request got;

		assert_non_null(text);
		memcpy(text, requests[i].text, len);
		got = status_parse(text, len);
		free(text);
		if (got != requests[i].expected)
			fail_msg("%zu: '%s'", i, requests[i].text);
	}
}

/* An engine with two lanes that nobody has opened. */
static int setup(void **state)
{
	static const char *const names[] = { "jitter", "file" };
	static const struct engine_config config = { .interval_ns = NS_PER_S };
	static struct parts p;

	memset(&p, 0, sizeof p);
	p.env.platform = &p.platform;
	p.env.root = "";
	p.env.now_ns = clock_boottime_ns;
	p.start_ns = 10 * NS_PER_S;
	if (engine_new(&p.engine, &config, &p.env, 2) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct lane_options options = {
			.source = SOURCE_OPTIONS_DEFAULT,
		};

		if (engine_add_lane(p.engine, source_class_find(names[i]), NULL,
				    &options) < 0)
			return -1;
	}
	*state = &p;
	return 0;
}

static int teardown(void **state)
{
	struct parts *p = *state;

	engine_free(p->engine);
	return 0;
}

/* The document; one line, as the protocol has it. */
static json_t *document(const struct parts *p, uint64_t now_ns)
{
	char *text = status_json(p, now_ns);
	json_t *doc;

	assert_non_null(text);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	doc = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	assert_non_null(doc);
	return doc;
}

static void each_field_has_its_type(void **state)
{
	json_t *doc = document(*state, 12 * NS_PER_S), *lane;
	const char *program, *version, *text;
	json_int_t n;
	double real;
	int yes;

	assert_int_equal(
		json_unpack(doc,
			    "{ss ss sF sF sF sb sb s{sb sb sI sI} sn sI sI so}",
			    "program", &program, "version", &version,
			    "uptime_s", &real, "cpu_s", &real, "next_seed_s",
			    &real, "collecting", &yes, "stopped_by_policy", &yes,
			    "drbg", "seeded", &yes, "stale", &yes, "reseeds",
			    &n, "fresh_seeds", &n, "seed", "pool_paid_bits", &n,
			    "outlet_credit_bits", &n, "lanes", &lane),
		0);
	assert_string_equal(program, "aquiferd");
	assert_int_equal(json_array_size(json_object_get(doc, "lanes")), 2);
	assert_int_equal(
		json_unpack(json_array_get(json_object_get(doc, "lanes"), 0),
			    "{ss ss ss ss ss sI sI sI sI sI sI sI sI s{} sF}",
			    "name", &text, "domain", &text, "state", &text,
			    "behind", &text, "reason", &text,
			    "claim_mbits_per_symbol", &n, "raw_bytes", &n,
			    "credited_bits", &n, "standing_bits", &n,
			    "forfeited_bits", &n, "stalls", &n, "lost", &n,
			    "not_ready", &n, "health_failures", "in_state_s",
			    &real),
		0);
	assert_int_equal(json_unpack(json_object_get(doc, "kernel"),
				     "{sb sb sF sI sI sI sF ss ss}", "ready",
				     &yes, "ready_before_start", &yes,
				     "ready_after_s", &real, "feeds", &n,
				     "fed_bytes", &n, "credited_bits", &n,
				     "last_feed_age_s", &real, "rekey", &text,
				     "error", &text),
			 0);
	json_decref(doc);
}

static double real_of(const json_t *doc, const char *key)
{
	return json_number_value(json_object_get(doc, key));
}

static void numbers_are_the_engines(void **state)
{
	struct parts *p = *state;
	struct engine *e = p->engine;
	const json_t *seed, *kernel, *lane, *domains;
	json_t *doc;

	e->last_seed.at_ns = 15 * NS_PER_S;
	e->last_seed.paid_mbits[DOMAIN_CPU] = 256999;
	e->last_seed.paid_mbits[DOMAIN_TIMING] = 128000;
	e->last_seed.domain_count = 2;
	e->last_seed.ended_by = 1;
	e->next_seed_ns = 23 * NS_PER_S;
	e->totals.pool_paid_mbits = 384999;
	e->totals.outlet_credit_bits = 256;
	e->lanes[1].state = LANE_FAILED;
	e->lanes[1].raw_bytes = UINT64_C(1) << 40;
	e->lanes[1].credited_mbits = 1999;
	e->lanes[1].health->failure_count[HEALTH_RCT] = 3;
	p->kernel.fed_count = 2;
	p->kernel.fed_bytes = 128;
	p->kernel.credit_bits = 256;
	p->kernel.fed_at_ns = 18 * NS_PER_S;
	p->kernel.last_error = -EPERM;
	p->kernel_ready_ns = 11 * NS_PER_S;
	doc = document(p, 20 * NS_PER_S);
	seed = json_object_get(doc, "seed");
	kernel = json_object_get(doc, "kernel");
	domains = json_object_get(seed, "domains_bits");
	lane = json_array_get(json_object_get(doc, "lanes"), 1);

	assert_float_equal(real_of(doc, "uptime_s"), 10, 0);
	assert_float_equal(real_of(doc, "next_seed_s"), 3, 0);
	assert_true(json_is_false(json_object_get(doc, "collecting")));
	/* Bits are rounded down: never more than there was. */
	assert_float_equal(real_of(doc, "pool_paid_bits"), 384, 0);
	assert_float_equal(real_of(doc, "outlet_credit_bits"), 256, 0);
	assert_float_equal(real_of(seed, "age_s"), 5, 0);
	assert_float_equal(real_of(domains, "cpu"), 256, 0);
	assert_float_equal(real_of(domains, "timing"), 128, 0);
	assert_int_equal(json_object_size(domains), 2);
	assert_null(json_string_value(json_object_get(seed, "one_domain")));
	assert_string_equal(
		json_string_value(json_object_get(seed, "wait_ended_by")),
		"file");
	assert_float_equal(real_of(kernel, "feeds"), 2, 0);
	assert_float_equal(real_of(kernel, "fed_bytes"), 128, 0);
	assert_float_equal(real_of(kernel, "credited_bits"), 256, 0);
	assert_float_equal(real_of(kernel, "last_feed_age_s"), 2, 0);
	assert_float_equal(real_of(kernel, "ready_after_s"), 1, 0);
	assert_string_equal(json_string_value(json_object_get(kernel, "error")),
			    strerror(EPERM));
	assert_string_equal(json_string_value(json_object_get(lane, "state")),
			    "failed");
	assert_float_equal(real_of(lane, "raw_bytes"), 1099511627776.0, 0);
	assert_float_equal(real_of(lane, "credited_bits"), 1, 0);
	assert_float_equal(real_of(json_object_get(lane, "health_failures"),
				   "repetition-count"),
			   3, 0);
	json_decref(doc);

	/* From one domain alone: named. */
	e->last_seed.paid_mbits[DOMAIN_TIMING] = 0;
	e->last_seed.domain_count = 1;
	e->next_seed_ns = UINT64_MAX;
	doc = document(p, 20 * NS_PER_S);
	seed = json_object_get(doc, "seed");
	assert_string_equal(
		json_string_value(json_object_get(seed, "one_domain")), "cpu");
	assert_float_equal(real_of(doc, "next_seed_s"), -1, 0);
	json_decref(doc);
}

/* Devices and paths have names of any bytes; the document stays whole. */
static void names_need_not_be_text(void **state)
{
	struct parts *p = *state;
	struct source_info *info = &p->engine->lanes[0].source.info;
	const json_t *lane;
	json_t *doc;

	(void)strcpy(info->behind, "ger\xe4t \xc3\xa4");
	(void)strcpy(info->reason, "\"quoted\" \\ and\ta tab \xff");
	(void)strcpy(p->engine->lanes[1].name, "file:\xfe");
	p->engine->last_seed.at_ns = NS_PER_S;
	p->engine->last_seed.ended_by = 1;
	doc = document(p, 20 * NS_PER_S);
	assert_int_equal(json_array_size(json_object_get(doc, "lanes")), 2);
	lane = json_array_get(json_object_get(doc, "lanes"), 0);
	assert_string_equal(json_string_value(json_object_get(lane, "behind")),
			    "ger?t ??");
	assert_string_equal(json_string_value(json_object_get(lane, "reason")),
			    "\"quoted\" \\ and\ta tab ?");
	json_decref(doc);
	/* UTF-8 is left as it is. */
	(void)strcpy(info->behind, "ger\xc3\xa4t");
	doc = document(p, 20 * NS_PER_S);
	lane = json_array_get(json_object_get(doc, "lanes"), 0);
	assert_string_equal(json_string_value(json_object_get(lane, "behind")),
			    "ger\xc3\xa4t");
	json_decref(doc);
}

static unsigned allocations_left;

static void *fails_in_time(size_t size)
{
	return allocations_left-- == 0 ? NULL : malloc(size);
}

/*
 * Every allocation of the document made to fail once: no document, or one that
 * lacks something (jansson itself goes on after some); no crash, no leak.
 */
static void a_failed_allocation_costs_no_more_than_the_answer(void **state)
{
	struct parts *p = *state;
	unsigned n = 0, refused = 0;
	bool all_done = false;

	p->engine->last_seed.at_ns = NS_PER_S;
	json_object_seed(1);
	json_set_alloc_funcs(fails_in_time, free);
	for (; !all_done && n < 10000; n++) {
		char *text;

		allocations_left = n;
		text = status_json(p, 20 * NS_PER_S);
		all_done = allocations_left <= n;
		refused += text == NULL;
		free(text);
	}
	json_set_alloc_funcs(malloc, free);
	assert_true(all_done);
	assert_in_range(refused, 1, n - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_two_words_are_requests),
		cmocka_unit_test_setup_teardown(each_field_has_its_type, setup,
						teardown),
		cmocka_unit_test_setup_teardown(numbers_are_the_engines, setup,
						teardown),
		cmocka_unit_test_setup_teardown(names_need_not_be_text, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_failed_allocation_costs_no_more_than_the_answer,
			setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
