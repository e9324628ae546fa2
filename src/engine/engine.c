/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "engine/engine.h"
#include "engine/gather.h"

void engine_start(struct engine *e, uint64_t now_ns)
{
	e->started = true;
	pool_init(&e->pool, e->n_lanes);
	for (size_t i = 0; i < e->n_lanes; i++) {
		pool_set_lane(&e->pool, i, e->lanes[i].class->domain);
		if (e->lanes[i].state == LANE_CLOSED &&
		    now_ns >= e->lanes[i].retry_ns)
			gather_open(e, i, now_ns);
	}
	engine_collect(e, now_ns);
}

void engine_collect(struct engine *e, uint64_t now_ns)
{
	e->next_seed_ns = min_u64(e->next_seed_ns, now_ns);
}

/* Not seeded yet: what the pool has is still fresh. */
static void offer_fresh(struct engine *e)
{
	for (size_t at = 0; at < sizeof e->offer.bytes; at += POOL_SEED_BYTES)
		pool_extract_fresh(&e->pool, e->offer.bytes + at);
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
			offer_fresh(e);
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
	s->ended_by = e->earned_last;
	s->domain_count = 0;
	for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
		s->domain_count += s->paid_mbits[d] > 0;
		e->totals.pool_paid_mbits += s->paid_mbits[d];
	}
	for (size_t i = 0; i < e->n_lanes; i++)
		e->lanes[i].cycle_bytes = 0;
	e->alone_since_ns = 0;
	e->next_seed_ns = e->config.interval_ns ?
				  now_ns + e->config.interval_ns :
				  UINT64_MAX;
}

static int make_seed(struct engine *e, uint64_t now_ns)
{
	uint8_t *seed = e->raw; /* locked memory, free at this point */
	bool alone;

	/* Nobody is waited for between seeds, whatever a start-up earned. */
	if (now_ns < e->next_seed_ns)
		return 0;
	alone = domain_alone(e->lanes, e->n_lanes, &e->pool.credit, now_ns,
			     &e->alone_since_ns);
	if (pool_extract(&e->pool, alone, seed, e->last_seed.paid_mbits) < 0)
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

		if (!lane_due(l, now_ns, gather_wants(e, i, now_ns)))
			continue;
		if (!lane_is_reading(l))
			gather_open(e, i, now_ns);
		else
			gather_take(e, i, now_ns);
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
		else if (gather_wants(e, i, now_ns))
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
			gather_event(e, l, LANE_REOPEN, now_ns);
		if (lane_is_reading(l))
			gather_take(e, i, now_ns);
	}
	pool_extract_fresh(&e->pool, seed);
	drbg_reseed(&e->drbg, seed, SEED_FRESH);
	wipe(e->raw, sizeof e->raw);
	wipe(e->symbols, sizeof e->symbols);
	e->alone_since_ns = 0;
	outlets_serve(e, SEED_FRESH, 0, now_ns);
	engine_collect(e, now_ns);
}
