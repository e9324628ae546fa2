/* SPDX-License-Identifier: ISC */
/* The engine before and after its work: build it, hand it over, end it. */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/locked.h"
#include "base/wipe.h"
#include "engine/engine.h"

static size_t engine_size(size_t lanes_max)
{
	return sizeof(struct engine) +
	       lanes_max * (sizeof(struct lane) + sizeof(struct health));
}

int engine_new(struct engine **ret, const struct engine_config *config,
	       const struct source_env *env, size_t lanes_max)
{
	struct engine *e;
	bool locked;

	if (lanes_max > POOL_LANES_MAX)
		return -EINVAL;
	e = locked_alloc(engine_size(lanes_max), &locked);
	if (!e)
		return -ENOMEM;
	e->locked = locked;
	e->config = *config;
	e->env = env;
	e->lanes_max = lanes_max;
	/* Behind the lanes, in the same locked memory. */
	e->healths = (struct health *)(void *)(e->lanes + lanes_max);
	e->next_seed_ns = UINT64_MAX;
	drbg_init(&e->drbg, NULL);
	*ret = e;
	return 0;
}

int engine_add_lane(struct engine *e, const struct source_class *class,
		    const char *name, const struct lane_options *options)
{
	if (e->started || e->n_lanes == e->lanes_max)
		return -ENOSPC;
	lane_init(&e->lanes[e->n_lanes], class, name, options,
		  &e->healths[e->n_lanes]);
	return (int)e->n_lanes++;
}

int engine_add_outlet(struct engine *e, const struct engine_outlet *outlet)
{
	if (e->n_outlets == ENGINE_OUTLETS_MAX)
		return -ENOSPC;
	e->outlets[e->n_outlets++] = *outlet;
	return 0;
}

static void inherit_lane(struct lane *l, const struct lane *old)
{
	l->raw_bytes = old->raw_bytes;
	l->credited_mbits = old->credited_mbits;
	l->forfeited_mbits = old->forfeited_mbits;
	l->failure_count = old->failure_count;
	l->stall_count = old->stall_count;
	l->lost_count = old->lost_count;
	memcpy(l->health->failure_count, old->health->failure_count,
	       sizeof l->health->failure_count);
	/* Asked once is asked once, and dropped is until a restart. */
	if (l->state == LANE_CLOSED &&
	    (old->state == LANE_SPENT || old->state == LANE_DROPPED ||
	     old->retry_ns == UINT64_MAX)) {
		l->state = old->state;
		l->retry_ns = old->retry_ns;
		l->source.info = old->source.info;
	}
}

void engine_inherit(struct engine *e, struct engine *old)
{
	e->drbg = old->drbg;
	e->last_seed = old->last_seed;
	e->last_seed.ended_by = 0;
	e->totals = old->totals;
	e->stopped = old->stopped;
	for (size_t i = 0; i < e->n_lanes; i++) {
		for (size_t k = 0; k < old->n_lanes; k++) {
			if (e->lanes[i].class == old->lanes[k].class &&
			    strcmp(e->lanes[i].name, old->lanes[k].name) == 0)
				inherit_lane(&e->lanes[i], &old->lanes[k]);
		}
	}
	pool_extract_fresh(&old->pool, e->raw);
	drbg_reseed(&e->drbg, e->raw, SEED_FRESH);
	wipe(e->raw, sizeof e->raw);
}

int engine_draw(struct engine *e, void *ret_out, size_t len_bytes)
{
	return drbg_generate(&e->drbg, ret_out, len_bytes);
}

int engine_seed_drbg(struct engine *e, struct drbg *d)
{
	int r = drbg_generate(&e->drbg, e->offer.bytes, DRBG_SEED_BYTES);

	if (r < 0)
		return r;
	drbg_reseed(d, e->offer.bytes, SEED_CREDITED);
	wipe(e->offer.bytes, sizeof e->offer.bytes);
	return 0;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n_lanes; i++)
		lane_close(&e->lanes[i]);
	locked_free(e, engine_size(e->lanes_max));
}
