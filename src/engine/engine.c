/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "engine/engine.h"

static void happened(struct engine *e, struct lane *l, enum lane_event event,
		     uint64_t now_ns)
{
	enum lane_state from = l->state;

	if (lane_event(l, event, now_ns) && e->config.listener.lane_changed)
		e->config.listener.lane_changed(e->config.listener.ctx, l, from,
						now_ns);
}

static void open_lane(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];
	enum lane_state from = l->state;

	lane_open(l, e->env, now_ns);
	/* What is behind a source can decide whose word it is (a vTPM). */
	pool_set_lane(&e->pool, i, l->source.info.domain);
	if (l->state != from && e->config.listener.lane_changed)
		e->config.listener.lane_changed(e->config.listener.ctx, l, from,
						now_ns);
}

void engine_start(struct engine *e, uint64_t now_ns)
{
	e->started = true;
	pool_init(&e->pool, e->n_lanes);
	for (size_t i = 0; i < e->n_lanes; i++) {
		pool_set_lane(&e->pool, i, e->lanes[i].class->domain);
		if (e->lanes[i].state == LANE_CLOSED)
			open_lane(e, i, now_ns);
	}
	engine_collect(e, now_ns);
}

void engine_collect(struct engine *e, uint64_t now_ns)
{
	e->next_seed_ns = min_u64(e->next_seed_ns, now_ns);
}

/* Does the pool want this lane, in the seed that is being collected? */
static bool pool_wants(const struct engine *e, size_t i, uint64_t now_ns)
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
	l->forfeited_mbits += e->pool.credit.lane_mbits[i];
	pool_forfeit(&e->pool, i);
	lane_back_off(l, now_ns);
	happened(e, l, LANE_TEST_FAILED, now_ns);
	if (l->options.policy == POLICY_DROP) {
		happened(e, l, LANE_GIVE_UP, now_ns);
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
		happened(e, l, LANE_PASSED, now_ns);
	}
	/* Credit is for symbols whose window has closed without a failure. */
	settled = l->health.settled_count - l->settled_paid;
	l->settled_paid = l->health.settled_count;
	if (settled * lane_claim_mbits(l) == 0)
		return;
	e->last_seed.ended_by = i;
	l->credited_mbits += settled * lane_claim_mbits(l);
	pool_credit(&e->pool, i, settled * lane_claim_mbits(l));
}

static void lane_gone(struct engine *e, size_t i, enum lane_event event,
		      uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];

	/* All it had: the window it lies in closes with it. */
	if (event == LANE_ENDED && l->health.symbol_count > 0)
		judge(e, i, health_finish(&l->health), now_ns);
	if (event == LANE_LOST) {
		l->lost_count++;
		lane_back_off(l, now_ns);
	}
	lane_close(l);
	happened(e, l, event, now_ns);
}

/* A silence is the reader's: the engine only looks at how long it lasts. */
static void note_silence(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];
	uint64_t since = source_waiting_since_ns(&l->source);

	if (since == 0 || l->state == LANE_STALLED ||
	    now_ns < since + l->class->deadline_ns)
		return;
	l->stall_count++;
	happened(e, l, LANE_LATE, now_ns);
}

/* Another device behind the same name is another source: tested anew. */
static void note_change(struct engine *e, size_t i, uint64_t now_ns)
{
	struct lane *l = &e->lanes[i];

	if (l->cycle_bytes > 0 || !l->class->changed ||
	    !l->class->changed(&l->source))
		return;
	pool_forfeit(&e->pool, i);
	pool_set_lane(&e->pool, i, l->source.info.domain);
	health_restart(&l->health);
	l->settled_paid = 0;
	happened(e, l, LANE_CHANGED, now_ns);
}

static void take_batch(struct engine *e, size_t i, uint64_t now_ns)
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
	if (l->state == LANE_STALLED || (l->state == LANE_FAILED &&
					 now_ns >= l->retry_ns)) {
		health_restart(&l->health);
		l->settled_paid = 0;
		happened(e, l, l->state == LANE_STALLED ? LANE_DATA :
							  LANE_RETRY, now_ns);
	}
	note_change(e, i, now_ns);
	lane_took(l, (size_t)n);
	/* Mixing is always safe; credit is what has to be earned. */
	pool_mix(&e->pool, i, e->raw, (size_t)n);
	if (l->state == LANE_FAILED)
		return;
	n_symbols = source_symbols(l->class, e->raw, (size_t)n, e->symbols);
	judge(e, i, health_feed(&l->health, e->symbols, n_symbols), now_ns);
}

/* Offers every outlet bytes of its own; credit is handed out once. */
static void outlets_serve(struct engine *e, enum seed_kind kind,
			  unsigned credit_bits, uint64_t now_ns)
{
	for (size_t i = 0; i < e->n_outlets; i++) {
		int r;

		e->offer.kind = kind;
		e->offer.now_ns = now_ns;
		e->offer.credit_bits = e->stopped ? 0 : credit_bits;
		if (drbg_generate(&e->drbg, e->offer.bytes,
				  sizeof e->offer.bytes) < 0)
			/* Not seeded yet: what the pool has is still fresh. */
			pool_extract_fresh(&e->pool, e->offer.bytes);
		r = e->outlets[i].take(e->outlets[i].ctx, &e->offer);
		/* Who failed may have credited: better lost than paid twice. */
		if (r != 0)
			credit_bits -= r < 0 ? credit_bits :
					       (unsigned)min_u64((unsigned)r,
								 credit_bits);
		e->totals.outlet_credit_bits += r > 0 ? (unsigned)r : 0;
	}
	wipe(e->offer.bytes, sizeof e->offer.bytes);
}

static void note_seed(struct engine *e, enum seed_kind kind, uint64_t now_ns)
{
	struct engine_seed *s = &e->last_seed;

	s->kind = kind;
	s->at_ns = now_ns;
	s->domain_count = 0;
	for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
		s->domain_count += s->paid_mbits[d] > 0;
		e->totals.pool_paid_mbits += s->paid_mbits[d];
	}
	for (size_t i = 0; i < e->n_lanes; i++)
		e->lanes[i].cycle_bytes = 0;
	e->alone_since_ns = 0;
	e->next_seed_ns = e->config.interval_ns ?
				  now_ns + e->config.interval_ns : UINT64_MAX;
}

static int make_seed(struct engine *e, uint64_t now_ns)
{
	uint8_t *seed = e->raw; /* locked memory, free at this point */
	bool alone = domain_alone(e->lanes, e->n_lanes, &e->pool.credit, now_ns,
				  &e->alone_since_ns);

	if (now_ns < e->next_seed_ns ||
	    pool_extract(&e->pool, alone, seed, e->last_seed.paid_mbits) < 0)
		return 0;
	drbg_reseed(&e->drbg, seed, SEED_CREDITED);
	wipe(seed, POOL_SEED_BYTES);
	note_seed(e, SEED_CREDITED, now_ns);
	outlets_serve(e, SEED_CREDITED, ENGINE_SEED_PAYS_BITS, now_ns);
	if (e->config.listener.seeded)
		e->config.listener.seeded(e->config.listener.ctx, &e->last_seed,
					  now_ns);
	return 1;
}

/* The path of an entropy byte, in order. Only this file knows the order. */
int engine_step(struct engine *e, uint64_t now_ns)
{
	int seeded;

	for (size_t i = 0; i < e->n_lanes; i++) {
		struct lane *l = &e->lanes[i];

		if (!lane_due(l, now_ns, pool_wants(e, i, now_ns)))
			continue;
		if (!lane_is_reading(l))
			open_lane(e, i, now_ns);
		else
			take_batch(e, i, now_ns);
	}
	/* Joins the lanes' digests, least trusted first; reseeds; serves. */
	seeded = make_seed(e, now_ns);
	wipe(e->raw, sizeof e->raw);
	wipe(e->symbols, sizeof e->symbols);
	return seeded;
}

uint64_t engine_next_ns(const struct engine *e, uint64_t now_ns)
{
	uint64_t next = now_ns < e->next_seed_ns ? e->next_seed_ns : UINT64_MAX;

	for (size_t i = 0; i < e->n_lanes; i++) {
		const struct lane *l = &e->lanes[i];

		/* A failed lane is wanted again once its time has come. */
		if (l->state == LANE_FAILED && now_ns >= e->next_seed_ns)
			next = min_u64(next, max_u64(l->retry_ns, l->idle_ns));
		else if (pool_wants(e, i, now_ns))
			next = min_u64(next, lane_next_ns(l, now_ns));
	}
	if (e->alone_since_ns != 0)
		next = min_u64(next, e->alone_since_ns + DOMAIN_WAIT_NS);
	return max_u64(next, now_ns);
}

void engine_fresh(struct engine *e, bool certain, uint64_t now_ns)
{
	uint8_t *seed = e->symbols;

	for (size_t i = 0; i < e->n_lanes; i++) {
		struct lane *l = &e->lanes[i];

		l->cycle_bytes = 0;
		if (certain && l->state == LANE_SPENT &&
		    (l->class->flags & SOURCE_AGAIN_AFTER_CLONE))
			happened(e, l, LANE_REOPEN, now_ns);
		if (lane_is_reading(l))
			take_batch(e, i, now_ns);
	}
	pool_extract_fresh(&e->pool, seed);
	drbg_reseed(&e->drbg, seed, SEED_FRESH);
	wipe(e->raw, sizeof e->raw);
	wipe(e->symbols, sizeof e->symbols);
	e->alone_since_ns = 0;
	outlets_serve(e, SEED_FRESH, 0, now_ns);
	engine_collect(e, now_ns);
}
