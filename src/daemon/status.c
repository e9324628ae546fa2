/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/status.h"
#include "version.h"

enum status_request status_parse(const char *text, size_t len_bytes)
{
	if (len_bytes > 0 && text[len_bytes - 1] == '\n')
		len_bytes--;
	if (len_bytes == 6 && memcmp(text, "status", 6) == 0)
		return STATUS_SHOW;
	if (len_bytes == 6 && memcmp(text, "reseed", 6) == 0)
		return STATUS_RESEED;
	return STATUS_BAD;
}

static double seconds_between(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? (double)(to_ns - from_ns) / 1e9 : 0;
}

static json_int_t bits(uint64_t mbits)
{
	return (json_int_t)(mbits / 1000);
}

/* A path or a device's name may be any bytes, JSON is UTF-8. */
static json_t *text_json(const char *text)
{
	json_t *whole = json_string(text);
	char ascii[256];
	size_t i;

	if (whole)
		return whole;
	for (i = 0; text[i] && i < sizeof ascii - 1; i++)
		ascii[i] = (char)((unsigned char)text[i] < 0x80 ? text[i] : '?');
	ascii[i] = '\0';
	return json_string(ascii);
}

static json_t *failures_json(const struct health *h)
{
	json_t *o = json_object();

	for (unsigned t = 1; t < HEALTH_TEST_COUNT; t++) {
		if (h->failure_count[t] > 0)
			(void)json_object_set_new(
				o, health_test_name((enum health_test)t),
				json_integer((json_int_t)h->failure_count[t]));
	}
	return o;
}

static json_t *lane_json(const struct parts *p, size_t i, uint64_t now_ns)
{
	const struct lane *l = &p->engine->lanes[i];
	const struct source_info *info = &l->source.info;

	/* clang-format off */
	return json_pack(
		"{so ss ss so so sI sI sI sI sI sI sI sI so sf}",
		"name", text_json(l->name), "domain", domain_name(info->domain),
		"state", lane_state_name(l->state), "behind",
		text_json(info->behind), "reason", text_json(info->reason),
		"claim_mbits_per_symbol", (json_int_t)lane_claim_mbits(l),
		"raw_bytes", (json_int_t)l->raw_bytes,
		"credited_bits", bits(l->credited_mbits),
		"standing_bits", bits(p->engine->pool.credit.lane_mbits[i]),
		"forfeited_bits", bits(l->forfeited_mbits),
		"stalls", (json_int_t)l->stall_count,
		"lost", (json_int_t)l->lost_count,
		"not_ready", (json_int_t)l->source.not_ready_count,
		"health_failures", failures_json(l->health),
		"in_state_s", seconds_between(l->state_since_ns, now_ns));
	/* clang-format on */
}

static json_t *lanes_json(const struct parts *p, uint64_t now_ns)
{
	json_t *a = json_array();

	for (size_t i = 0; i < p->engine->n_lanes; i++)
		(void)json_array_append_new(a, lane_json(p, i, now_ns));
	return a;
}

static json_t *seed_json(const struct parts *p, uint64_t now_ns)
{
	const struct engine_seed *s = &p->engine->last_seed;
	json_t *domains = json_object();
	const char *alone = NULL;

	if (s->at_ns == 0) {
		json_decref(domains);
		return json_null();
	}
	for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
		const char *name = domain_name((enum trust_domain)d);

		if (s->paid_mbits[d] == 0)
			continue;
		alone = name;
		(void)json_object_set_new(domains, name,
					  json_integer(bits(s->paid_mbits[d])));
	}
	return json_pack("{sf so sI ss* so}", "age_s",
			 seconds_between(s->at_ns, now_ns), "domains_bits",
			 domains, "domain_count", (json_int_t)s->domain_count,
			 "one_domain", s->domain_count == 1 ? alone : NULL,
			 "wait_ended_by",
			 text_json(p->engine->lanes[s->ended_by].name));
}

static json_t *kernel_json(const struct parts *p, uint64_t now_ns)
{
	const struct kernel_outlet *k = &p->kernel;

	/* clang-format off */
	return json_pack(
		"{sb sb sf sI sI sI sf ss ss}", "ready", kernel_ready(),
		"ready_before_start", p->kernel_was_ready,
		"ready_after_s", seconds_between(p->start_ns,
						 p->kernel_ready_ns),
		"feeds", (json_int_t)k->fed_count,
		"fed_bytes", (json_int_t)k->fed_bytes,
		"credited_bits", (json_int_t)k->credit_bits,
		"last_feed_age_s", k->fed_at_ns ?
			seconds_between(k->fed_at_ns, now_ns) : -1.0,
		"rekey", rekey_result_name(k->rekey),
		"error", k->last_error < 0 ? strerror(-k->last_error) : "");
	/* clang-format on */
}

char *status_json(const struct parts *p, uint64_t now_ns)
{
	const struct engine *e = p->engine;
	/* clang-format off */
	json_t *o = json_pack(
		"{ss ss sf sf sf sb sb so so so sI sI so}",
		"program", "aquiferd", "version", AQUIFER_VERSION,
		"uptime_s", seconds_between(p->start_ns, now_ns),
		"cpu_s", (double)clock_cpu_ns() / 1e9,
		"next_seed_s", e->next_seed_ns == UINT64_MAX ? -1.0 :
			seconds_between(now_ns, e->next_seed_ns),
		"collecting", now_ns >= e->next_seed_ns,
		"stopped_by_policy", e->stopped,
		"drbg", json_pack("{sb sb sI sI}", "seeded", e->drbg.seeded,
				  "stale", e->drbg.stale, "reseeds",
				  (json_int_t)e->drbg.reseed_count, "fresh_seeds",
				  (json_int_t)e->drbg.fresh_count),
		"seed", seed_json(p, now_ns),
		"kernel", kernel_json(p, now_ns),
		"pool_paid_bits", bits(e->totals.pool_paid_mbits),
		"outlet_credit_bits",
		(json_int_t)e->totals.outlet_credit_bits,
		"lanes", lanes_json(p, now_ns));
	/* clang-format on */
	char *text, *line;
	size_t len;

	text = o ? json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
	json_decref(o);
	if (!text)
		return NULL;
	len = strlen(text);
	line = realloc(text, len + 2);
	if (!line) {
		free(text);
		return NULL;
	}
	memcpy(line + len, "\n", 2);
	return line;
}
