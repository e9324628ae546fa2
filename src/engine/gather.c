/* SPDX-License-Identifier: ISC */
/* What one lane goes through: source, health, pool. The order is engine.c's. */
#include <errno.h>

#include "base/bytes.h"
#include "engine/gather.h"

void gather_event(struct engine *e, struct lane *l, enum lane_event event,
		  uint64_t now_ns)
{
	enum lane_state from = l->state;

	if (lane_event(l, event, now_ns) && e->config.listener.lane_changed)
		e->config.listener.lane_changed(e->config.listener.ctx, l, from,
						now_ns);
}

static void forfeit(struct engine *e, size_t i)
{
	e->lanes[i].forfeited_mbits += e->pool.credit.lane_mbits[i];
	pool_forfeit(&e->pool, i);
}

/* What is behind a source can decide whose word it is (a vTPM). */
static void set_domain(struct engine *e, size_t i)
{
	const struct source *s = &e->lanes[i].source;

	if (!s->is_open || s->info.domain == e->pool.credit.domain[i])
		return;
	/* What stands was somebody else's word. */
	forfeit(e, i);
	pool_set_lane(&e->pool, i, s->info.domain);
}

void gather_open(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];
	enum lane_state from = l->state;

	lane_open(l, e->env, now_ns);
	set_domain(e, i);
	if (l->state != from && e->config.listener.lane_changed)
		e->config.listener.lane_changed(e->config.listener.ctx, l, from,
						now_ns);
}

/* Does the pool want this lane, in the seed that is being collected? */
bool gather_wants(const struct engine *e, size_t i, uint64_t now_ns)
{
	const struct lane *l = &e->lanes[i];
	const struct credit *c = &e->pool.credit;

	/* Between seeds only a start-up goes on: the next seed finds it done. */
	if (l->state == LANE_STARTUP && lane_claim_mbits(l) > 0)
		return true;
	if (now_ns < e->next_seed_ns)
		return false;
	if (!lane_is_reading(l))
		return true;
	/* Mixing is free: every lane says something in every seed. */
	if (l->cycle_bytes < l->class->batch_bytes)
		return true;
	/* Beyond that only who can earn, or may once its retry is due. */
	if (l->state == LANE_FAILED)
		return now_ns >= l->retry_ns;
	if (lane_claim_mbits(l) == 0)
		return false;
	return credit_domain_mbits(c, c->domain[i]) < credit_need_mbits(c);
}

static void lane_failed(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];

	l->failure_count++;
	forfeit(e, i);
	lane_back_off(l, now_ns);
	gather_event(e, l, LANE_TEST_FAILED, now_ns);
	if (l->options.policy == POLICY_DROP) {
		gather_event(e, l, LANE_GIVE_UP, now_ns);
		lane_close(l);
	} else if (l->options.policy == POLICY_STOP) {
		e->stopped = true;
	}
}

static void judge(struct engine *e, size_t i, enum verdict verdict,
		  uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];
	uint64_t settled;

	if (l->state == LANE_FAILED)
		return;
	if (verdict == HEALTH_FAIL) {
		lane_failed(e, i, now_ns);
		return;
	}
	if (verdict != HEALTH_PASS)
		return;
	if (l->state == LANE_STARTUP) {
		l->retry_wait_ns = LANE_RETRY_MIN_NS;
		gather_event(e, l, LANE_PASSED, now_ns);
	}
	/* Credit is for symbols whose window has closed without a failure. */
	settled = l->health->settled_count - l->settled_paid;
	l->settled_paid = l->health->settled_count;
	if (settled * lane_claim_mbits(l) == 0)
		return;
	e->earned_last = i;
	l->credited_mbits += settled * lane_claim_mbits(l);
	pool_credit(&e->pool, i, settled * lane_claim_mbits(l));
}

static void lane_gone(struct engine *e, size_t i, enum lane_event event,
		      uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];

	/* All it had: the window it lies in closes with it, unless a silence
	 * came between. */
	if (event == LANE_ENDED && l->state != LANE_STALLED &&
	    l->health->symbol_count > 0)
		judge(e, i, health_finish(l->health), now_ns);
	if (event == LANE_LOST) {
		l->lost_count++;
		lane_back_off(l, now_ns);
		if (lane_asked_once(l))
			l->retry_ns = UINT64_MAX;
	}
	lane_close(l);
	gather_event(e, l, event, now_ns);
}

/* A silence is the reader's: the engine only looks at how long it lasts. */
static void note_silence(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];
	uint64_t since = source_waiting_since_ns(&l->source);

	if (since == 0 || lane_next_state(l->state, LANE_LATE) == l->state ||
	    now_ns < since + l->class->deadline_ns)
		return;
	l->stall_count++;
	gather_event(e, l, LANE_LATE, now_ns);
}

/* Another device behind the same name is another source: tested anew. */
static void note_change(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];

	if (l->cycle_bytes > 0 || !l->class->changed ||
	    !l->class->changed(&l->source))
		return;
	forfeit(e, i);
	set_domain(e, i);
	health_restart(l->health);
	l->settled_paid = 0;
	gather_event(e, l, LANE_CHANGED, now_ns);
}

void gather_take(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];
	size_t ask = min_size(l->class->batch_bytes, sizeof e->raw);
	ssize_t n = source_take(&l->source, e->raw, ask);
	size_t n_symbols;

	if (n == -EAGAIN) {
		note_silence(e, i, now_ns);
		lane_idle(l, now_ns);
		return;
	}
	if (n <= 0) {
		l->last_error = (int)n;
		lane_gone(e, i, n == 0 ? LANE_ENDED : LANE_LOST, now_ns);
		return;
	}
	if (l->state == LANE_STALLED || lane_is_drained(l, (size_t)n, now_ns)) {
		health_restart(l->health);
		l->settled_paid = 0;
		gather_event(e, l,
			     l->state == LANE_STALLED ? LANE_DATA : LANE_RETRY,
			     now_ns);
	}
	note_change(e, i, now_ns);
	lane_took(l, (size_t)n);
	/* Mixing is always safe; credit is what has to be earned. */
	pool_mix(&e->pool, i, e->raw, (size_t)n);
	if (l->state == LANE_FAILED)
		return;
	n_symbols = source_symbols(l->class, e->raw, (size_t)n, e->symbols);
	judge(e, i, health_feed(l->health, e->symbols, n_symbols), now_ns);
}
