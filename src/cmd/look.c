/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/wipe.h"
#include "cmd/cmd.h"
#include "cmd/look.h"
#include "engine/lane.h"
#include "source/quick_estimate.h"

#define WAIT_NS (300 * NS_PER_MS)
#define ESTIMATE_SYMBOLS 65536

static uint8_t raw[4096], symbols[4096], kept[ESTIMATE_SYMBOLS];

static void pause_a_little(void)
{
	const struct timespec ms = { 0, 1000000 };

	(void)nanosleep(&ms, NULL);
}

struct reading {
	struct health health;
	uint64_t start_ns, progress_start_ns;
	uint64_t want_ns; /* 0: until start-up has passed */
	size_t n_kept;
	uint64_t *progress_done, progress_total;
};

/* Returns false when there is nothing more to read for. */
static bool read_some(struct look *k, struct reading *r)
{
	struct source *s = &k->source;
	uint64_t now_ns = clock_boottime_ns(), passed_ns = now_ns - r->start_ns;
	ssize_t n;
	size_t n_symbols;

	if (cmd_interrupted() || (r->want_ns && passed_ns >= r->want_ns) ||
	    (!r->want_ns &&
	     (r->health.verdict != HEALTH_PENDING || passed_ns >= WAIT_NS)))
		return false;
	if (r->progress_total)
		progress_show(s->name, *r->progress_done + passed_ns,
			      r->progress_total, r->progress_start_ns);
	n = source_take(s, raw, min_size(s->class->batch_bytes, sizeof raw));
	if (n == -EAGAIN) {
		pause_a_little();
		return true;
	}
	if (n <= 0) {
		if (n == 0 && r->health.symbol_count > 0)
			(void)health_finish(&r->health);
		else if (n < 0)
			k->open_error = (int)n;
		return false;
	}
	n_symbols = source_symbols(s->class, raw, (size_t)n, symbols);
	(void)health_feed(&r->health, symbols, n_symbols);
	k->symbol_count += n_symbols;
	n_symbols = min_size(n_symbols, sizeof kept - r->n_kept);
	memcpy(kept + r->n_kept, symbols, n_symbols);
	r->n_kept += n_symbols;
	return true;
}

static void say_health(struct look *k, const struct health *h)
{
	k->health_good = h->verdict == HEALTH_PASS;
	k->health_bad = h->verdict == HEALTH_FAIL || k->open_error < 0;
	if (k->open_error < 0)
		(void)snprintf(k->health, sizeof k->health, "read failed: %s",
			       strerror(-k->open_error));
	else if (h->verdict == HEALTH_FAIL)
		(void)snprintf(k->health, sizeof k->health, "failed: %s",
			       health_test_name(h->failed));
	else if (h->verdict == HEALTH_PASS)
		(void)snprintf(k->health, sizeof k->health, "start-up passed");
	else if (k->symbol_count == 0)
		(void)snprintf(k->health, sizeof k->health, "no data in %.1f s",
			       k->seconds);
	else
		(void)snprintf(k->health, sizeof k->health,
			       "start-up not complete: %llu of %u symbols",
			       (unsigned long long)k->symbol_count,
			       HEALTH_STARTUP_SYMBOLS);
}

void look_at(struct look *ret, const struct source_class *class,
	     const struct source_env *env, double measure_s,
	     uint64_t *progress_done, uint64_t progress_total, uint64_t start_ns)
{
	struct reading r = { .want_ns = (uint64_t)(measure_s * 1e9),
			     .progress_done = progress_done,
			     .progress_total = progress_total,
			     .progress_start_ns = start_ns };
	struct health_config config;
	struct source *s = &ret->source;

	memset(ret, 0, sizeof *ret);
	ret->open_error = source_open(s, class, NULL, env, NULL);
	if (ret->open_error < 0) {
		*progress_done += r.want_ns;
		return;
	}
	/* What can be spent is not spent for a look. */
	if (class->flags & SOURCE_ONCE &&
	    !(class->flags & SOURCE_AGAIN_AFTER_CLONE && measure_s > 0)) {
		(void)snprintf(ret->health, sizeof ret->health,
			       "not read: it gives its bytes once");
	} else {
		lane_health_config(s, 0, &config);
		(void)health_init(&r.health, &config);
		r.start_ns = clock_boottime_ns();
		while (read_some(ret, &r))
			;
		ret->seconds = (double)(clock_boottime_ns() - r.start_ns) / 1e9;
		ret->measured = measure_s > 0;
		ret->symbols_per_s = ret->seconds > 0 ?
					     (double)ret->symbol_count /
						     ret->seconds :
					     0;
		ret->estimate_mbits = quick_estimate_mbits(kept, r.n_kept);
		say_health(ret, &r.health);
	}
	*progress_done += r.want_ns;
	ret->not_ready_count = s->not_ready_count;
	source_close(s);
	wipe(&r, sizeof r);
	wipe(raw, sizeof raw);
	wipe(symbols, sizeof symbols);
	wipe(kept, sizeof kept);
}
