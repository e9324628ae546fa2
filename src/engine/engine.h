/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_ENGINE_ENGINE_H
#define AQUIFER_ENGINE_ENGINE_H

/*
 * The engine: the path of an entropy byte from source to outlet. One owner, no
 * threads of its own (blocking sources bring theirs), no clock (time is an
 * argument), no global state.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drbg/drbg.h"
#include "engine/domain.h"
#include "engine/lane.h"
#include "pool/pool.h"

#define ENGINE_OFFER_BYTES 64
#define ENGINE_RAW_BYTES 4096
/* What one credited seed can pay for, over all outlets. */
#define ENGINE_SEED_PAYS_BITS 256
#define ENGINE_OUTLETS_MAX 4

/* What an outlet is offered after a seed. */
struct engine_offer {
	enum seed_kind kind;
	uint8_t bytes[ENGINE_OFFER_BYTES]; /* DRBG output, for this outlet alone */
	unsigned credit_bits; /* the most that may be credited: 0 to 256 */
	uint64_t now_ns;
};

struct engine_outlet {
	const char *name;
	void *ctx;
	/*
	 * take - use the offer. Returns the bits credited (at most
	 * offer->credit_bits), or -errno: then they count as spent all the same.
	 */
	int (*take)(void *ctx, const struct engine_offer *offer);
};

/* The last seed: what it rests on. */
struct engine_seed {
	enum seed_kind kind;
	uint64_t at_ns; /* 0: none yet */
	uint64_t paid_mbits[DOMAIN_COUNT];
	unsigned domain_count; /* with credit in it; 1: 'one domain' */
	size_t ended_by;       /* the lane whose credit ended the wait */
};

struct engine;

/* How the program hears of changes: called once a change, from engine_step. */
struct engine_listener {
	void *ctx;
	void (*lane_changed)(void *ctx, const struct lane *l,
			     enum lane_state from, uint64_t now_ns);
	void (*seeded)(void *ctx, const struct engine_seed *seed,
		       uint64_t now_ns);
};

struct engine_config {
	uint64_t interval_ns; /* from one seed to the next; 0: only on demand */
	struct engine_listener listener;
};

struct engine_totals {
	uint64_t pool_paid_mbits;    /* taken from the pool by credited seeds */
	uint64_t outlet_credit_bits; /* given on by all outlets */
};

struct engine {
	struct pool pool;
	struct drbg drbg;
	uint8_t raw[ENGINE_RAW_BYTES];
	uint8_t symbols[ENGINE_RAW_BYTES];
	struct engine_offer offer;
	struct engine_config config;
	const struct source_env *env;
	struct engine_outlet outlets[ENGINE_OUTLETS_MAX];
	size_t n_outlets;
	struct engine_seed last_seed;
	struct engine_totals totals;
	uint64_t next_seed_ns;   /* collecting from here on; UINT64_MAX: no */
	uint64_t alone_since_ns; /* domain_alone's memory */
	size_t earned_last;      /* the lane that was credited last */
	bool stopped;            /* policy 'stop': nothing is credited */
	bool locked;             /* the memory could be locked */
	bool started;
	size_t n_lanes;
	size_t lanes_max;
	struct health *healths; /* one a lane */
	struct lane lanes[];
};

/*
 * engine_new - an engine for up to lanes_max (at most POOL_LANES_MAX) lanes, in
 * locked memory. env must outlive it. Returns 0, -EINVAL or -ENOMEM.
 */
int engine_new(struct engine **ret, const struct engine_config *config,
	       const struct source_env *env, size_t lanes_max);

/*
 * engine_add_lane - before engine_start. Nothing is opened yet.
 * Returns the lane's index, or -ENOSPC.
 */
int engine_add_lane(struct engine *e, const struct source_class *class,
		    const char *name, const struct lane_options *options);

/* engine_add_outlet - in the order they are offered. 0 or -ENOSPC. */
int engine_add_outlet(struct engine *e, const struct engine_outlet *outlet);

/*
 * engine_inherit - before engine_start: take over from an engine that is about
 * to be freed. What was mixed there goes into this DRBG (as a fresh seed: its
 * standing credit is given up), lanes of the same class and name keep counters,
 * and one that has given all it had is not asked again.
 */
void engine_inherit(struct engine *e, struct engine *old);

/* engine_start - open the lanes and begin to collect the first seed. */
void engine_start(struct engine *e, uint64_t now_ns);

/*
 * engine_step - one round of the path: every lane that is due gives one batch;
 * if the pool has enough, one seed. Never waits.
 * Returns 1 when a credited seed was made, else 0.
 */
int engine_step(struct engine *e, uint64_t now_ns);

/*
 * engine_next_ns - when engine_step has something to do again, if no reader's
 * event comes first; at least now_ns. UINT64_MAX: never by itself.
 */
uint64_t engine_next_ns(const struct engine *e, uint64_t now_ns);

/* engine_collect - begin to collect a seed now, whatever the interval says. */
void engine_collect(struct engine *e, uint64_t now_ns);

/*
 * engine_fresh - an event broke uniqueness (clone, restore, fork): mix whatever
 * is there at once, reseed (SEED_FRESH), offer the outlets bytes with credit 0,
 * and collect a credited seed. Can only help; costs nothing on a false alarm.
 * certain: sources that give once a machine (a TPM) are asked again.
 */
void engine_fresh(struct engine *e, bool certain, uint64_t now_ns);

/*
 * engine_draw - output of the DRBG, len_bytes.
 * Returns 0, or -EAGAIN before the first credited seed.
 */
int engine_draw(struct engine *e, void *ret_out, size_t len_bytes);

/*
 * engine_seed_drbg - give another DRBG (a guest's) a credited seed of this
 * engine's. Returns 0, or -EAGAIN before the first credited seed.
 */
int engine_seed_drbg(struct engine *e, struct drbg *d);

/* engine_free - close all, wipe, free. NULL is ok. */
void engine_free(struct engine *e);

#endif
