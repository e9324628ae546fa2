/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ENGINE_TEST_H
#define AQUIFER_TESTS_ENGINE_TEST_H

/*
 * A world made by hand: sources that do as they are told, outlets that write
 * down what they were offered, and a clock that stands until it is moved.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "engine/engine.h"

#define HOUR_NS (3600 * NS_PER_S)
/* The clock's beginning: an hour after boot. */
#define BEGIN_NS HOUR_NS

/* SplitMix64 (Steele, Lea, Flood 2014), from a fixed seed. */
static inline uint64_t next64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A class of its own for each: the engine takes classes by pointer. */
struct fake {
	struct source_class class;
	int open_error;      /* < 0: open fails so */
	int read_error;      /* < 0: read fails so; -EAGAIN too */
	bool constant;       /* says one symbol for ever */
	bool swapped;        /* changed() says so, once */
	bool host_is_behind; /* open finds that it is the host's */
	size_t left_bytes;   /* then it has ended; SIZE_MAX: never */
	size_t most_bytes;   /* a read brings no more */
	uint64_t noise;      /* its generator's state */
	unsigned open_count;
	unsigned close_count;
	uint64_t read_count;
};

static inline struct fake *fake_of(const struct source *s)
{
	return (struct fake *)(uintptr_t)s->class;
}

static inline int fake_open(struct source *s, const struct source_options *o)
{
	struct fake *f = fake_of(s);

	(void)o;
	f->open_count++;
	if (f->open_error < 0)
		return source_absent(s, f->open_error, "told to fail");
	if (f->host_is_behind)
		s->info.domain = DOMAIN_HOST;
	return 0;
}

static inline ssize_t fake_read(struct source *s, uint8_t *ret_raw, size_t len)
{
	struct fake *f = fake_of(s);
	size_t n = min_size(min_size(len, f->most_bytes), f->left_bytes);

	f->read_count++;
	if (f->read_error < 0)
		return f->read_error;
	for (size_t i = 0; i < n; i++)
		ret_raw[i] = f->constant ? 7 :
					   (uint8_t)(next64(&f->noise) >> 56);
	if (f->left_bytes != SIZE_MAX)
		f->left_bytes -= n;
	return (ssize_t)n;
}

static inline bool fake_changed(struct source *s)
{
	struct fake *f = fake_of(s);
	bool swapped = f->swapped;

	f->swapped = false;
	return swapped;
}

static inline void fake_close(struct source *s)
{
	fake_of(s)->close_count++;
}

/* A good source; 512 symbols a batch, a window of the tests. */
static inline struct fake fake_good(const char *name, enum trust_domain domain,
				    uint32_t claim_mbits)
{
	return (struct fake){
		.class = {
			.name = name,
			.domain = domain,
			.record_bytes = 1,
			.symbol_bits = 8,
			.claim = { .mbits_per_symbol = claim_mbits },
			.test_mbits = 4000,
			.batch_bytes = 512,
			.open = fake_open,
			.read = fake_read,
			.changed = fake_changed,
			.close = fake_close,
		},
		.left_bytes = SIZE_MAX,
		.most_bytes = SIZE_MAX,
		.noise = (uint64_t)(unsigned char)name[0] << 8 |
			 (unsigned char)name[1],
	};
}

/* Has n bytes and then nothing more, as a TPM asked once. */
static inline struct fake fake_once(const char *name, enum trust_domain domain,
				    uint32_t claim_mbits, size_t n)
{
	struct fake f = fake_good(name, domain, claim_mbits);

	f.class.flags = SOURCE_ONCE;
	f.left_bytes = n;
	return f;
}

static _Atomic uint64_t fake_now_ns;

static inline uint64_t fake_clock(void)
{
	return atomic_load(&fake_now_ns);
}

/* An outlet: credits what it may, or less, or fails. */
struct sink {
	int most_bits;
	int error; /* < 0: take fails so */
	struct engine_offer last;
	unsigned offer_count;
	unsigned credited_count; /* offers of SEED_CREDITED */
	uint64_t credit_bits;
};

static inline int sink_take(void *ctx, const struct engine_offer *offer)
{
	struct sink *s = ctx;
	int bits;

	s->last = *offer;
	s->offer_count++;
	s->credited_count += offer->kind == SEED_CREDITED;
	if (s->error < 0)
		return s->error;
	bits = (int)min_u64((unsigned)s->most_bits, offer->credit_bits);
	s->credit_bits += (unsigned)bits;
	return bits;
}

/* One change of a lane's state, as the listener heard it. */
struct change {
	size_t lane;
	enum lane_state from, to;
};

struct world {
	struct source_env env;
	struct engine *e;
	struct engine_config config;
	struct sink sinks[2];
	struct change changes[64]; /* the last ones are not kept */
	size_t n_changes;
	unsigned seeded_count;
	uint64_t now_ns;
	uint64_t steps;
};

static inline void move_to(struct world *w, uint64_t now_ns)
{
	w->now_ns = now_ns;
	atomic_store(&fake_now_ns, now_ns);
}

/* Every change of state is one that the table has. */
static inline void heard_change(void *ctx, const struct lane *l,
				enum lane_state from, uint64_t now_ns)
{
	struct world *w = ctx;
	bool legal = false;

	for (unsigned e = 0; e < LANE_EVENT_COUNT; e++)
		legal |= lane_next_state(from, (enum lane_event)e) == l->state;
	assert_true(legal && from != l->state);
	assert_int_equal(l->state_since_ns, now_ns);
	if (w->n_changes < ARRAY_LEN(w->changes))
		w->changes[w->n_changes++] = (struct change){
			(size_t)(l - w->e->lanes), from, l->state
		};
}

static inline void heard_seed(void *ctx, const struct engine_seed *seed,
			      uint64_t now_ns)
{
	struct world *w = ctx;

	assert_int_equal(seed->at_ns, now_ns);
	w->seeded_count++;
}

static inline void world_new(struct world *w, uint64_t interval_ns)
{
	memset(w, 0, sizeof *w);
	w->env.root = "";
	w->env.now_ns = fake_clock;
	w->config.interval_ns = interval_ns;
	w->config.listener.ctx = w;
	w->config.listener.lane_changed = heard_change;
	w->config.listener.seeded = heard_seed;
	move_to(w, BEGIN_NS);
	assert_int_equal(engine_new(&w->e, &w->config, &w->env, POOL_LANES_MAX),
			 0);
	for (size_t i = 0; i < ARRAY_LEN(w->sinks); i++) {
		struct engine_outlet o = { "sink", &w->sinks[i], sink_take };

		w->sinks[i].most_bits = 256;
		assert_int_equal(engine_add_outlet(w->e, &o), 0);
	}
}

static inline struct lane *add(struct world *w, struct fake *f,
			       enum lane_policy policy)
{
	const struct lane_options o = { .source = SOURCE_OPTIONS_DEFAULT,
					.policy = policy };
	int i = engine_add_lane(w->e, &f->class, NULL, &o);

	assert_true(i >= 0);
	return &w->e->lanes[i];
}

static inline void start(struct world *w)
{
	engine_start(w->e, w->now_ns);
}

static inline int step(struct world *w)
{
	w->steps++;
	return engine_step(w->e, w->now_ns);
}

/* The clock goes to where the engine wants to go on; false: not before end. */
static inline bool sleep_until_next(struct world *w, uint64_t end_ns)
{
	uint64_t next_ns = engine_next_ns(w->e, w->now_ns);

	assert_true(next_ns >= w->now_ns);
	move_to(w, min_u64(next_ns, end_ns));
	return next_ns <= end_ns;
}

/* Steps as the engine asks for them. Returns true at a credited seed. */
static inline bool run_to_seed(struct world *w, uint64_t end_ns)
{
	do {
		if (step(w) > 0)
			return true;
		/* What never comes to an end hangs here, not in the tests. */
		assert_true(w->steps < 1000000);
	} while (sleep_until_next(w, end_ns));
	return false;
}

static inline void run_until(struct world *w, uint64_t end_ns)
{
	while (run_to_seed(w, end_ns))
		if (!sleep_until_next(w, end_ns))
			break;
}

static inline uint64_t standing_mbits(const struct world *w, size_t lane)
{
	return w->e->pool.credit.lane_mbits[lane];
}

static inline void assert_state(const struct lane *l, enum lane_state state)
{
	assert_string_equal(lane_state_name(l->state), lane_state_name(state));
}

static inline bool is_constant(const uint8_t *p, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (p[i] != p[0])
			return false;
	}
	return true;
}

#endif
