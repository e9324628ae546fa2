/* SPDX-License-Identifier: ISC */
/*
 * An engine over four fake sources and two outlets, with fake time: any order
 * of good and bad data, errors, ends, jumps of time, fresh seeds, reloads and
 * failing outlets. What must hold is checked after each step.
 *
 * Input: a byte a lane (claim and domain), then events: a byte of event (low 4
 * bits) and which lane (next 2), and what the event takes.
 */
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "engine/engine.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LANES 4
#define OUTLETS 2
#define BATCH 512
#define WINDOW 512
/* The engine's own claim: it asks in few steps for what a seed needs. */
#define EVENTS_MAX 2000

enum event {
	EVENT_STEP,
	EVENT_STEPS,
	EVENT_GOOD,
	EVENT_CONSTANT,
	EVENT_SHORT,
	EVENT_NOT_READY,
	EVENT_ERROR,
	EVENT_END,
	EVENT_ABSENT,
	EVENT_SWAP,
	EVENT_JUMP,
	EVENT_FRESH,
	EVENT_COLLECT,
	EVENT_OUTLET,
	EVENT_RELOAD,
	EVENT_SLEEP,
};

struct fake {
	struct source_class class;
	char name[2];
	uint64_t noise;
	int open_error, read_error;
	bool constant, ended, swapped;
	size_t most_bytes;
	uint64_t credited_mbits; /* before the call that is checked */
	uint64_t cycle_bytes;    /* asked of it since the last seed */
};

struct world {
	struct source_env env;
	struct engine_config config;
	struct engine *e;
	struct fake fakes[LANES];
	int outlet_errors[OUTLETS];
	uint64_t now_ns;
	uint64_t given_bits; /* in the worst case: a failing outlet's too */
	uint64_t seed_bits;  /* of that, for the last credited seed */
	uint64_t seeds;
};

struct input {
	const uint8_t *data;
	size_t left;
};

static uint8_t take(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->data++;
}

static struct fake *fake_of(const struct source *s)
{
	return (struct fake *)(uintptr_t)s->class;
}

static int fake_open(struct source *s, const struct source_options *options)
{
	struct fake *f = fake_of(s);

	(void)options;
	if (f->open_error < 0)
		return source_absent(s, f->open_error, "not there");
	return 0;
}

static ssize_t fake_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	struct fake *f = fake_of(s);
	size_t n = min_size(len_bytes, f->most_bytes);

	if (f->read_error < 0)
		return f->read_error;
	if (f->ended)
		return 0;
	for (size_t i = 0; i < n; i++) {
		f->noise = f->noise * UINT64_C(6364136223846793005) +
			   UINT64_C(1442695040888963407);
		ret_raw[i] = f->constant ? 1 : (uint8_t)(f->noise >> 56);
	}
	f->cycle_bytes += n;
	/* One that gives once has given. */
	f->ended |= (f->class.flags & SOURCE_ONCE) != 0;
	return (ssize_t)n;
}

static bool fake_changed(struct source *s)
{
	struct fake *f = fake_of(s);
	bool swapped = f->swapped;

	f->swapped = false;
	return swapped;
}

static uint64_t no_clock(void)
{
	return 1;
}

static int outlet_take(struct world *w, size_t i,
		       const struct engine_offer *offer)
{
	assert(offer->credit_bits <= ENGINE_SEED_PAYS_BITS);
	assert(offer->now_ns == w->now_ns);
	if (offer->kind == SEED_FRESH)
		assert(offer->credit_bits == 0);
	else if (i == 0)
		w->seed_bits = 0;
	if (w->e->stopped)
		assert(offer->credit_bits == 0);
	/* Who failed may have credited: the engine cannot know. */
	if (w->outlet_errors[i] < 0) {
		w->given_bits += offer->credit_bits;
		w->seed_bits += offer->credit_bits;
		return w->outlet_errors[i];
	}
	/* The first takes a part where it is told to. */
	w->given_bits += offer->credit_bits >> w->outlet_errors[i];
	w->seed_bits += offer->credit_bits >> w->outlet_errors[i];
	return (int)(offer->credit_bits >> w->outlet_errors[i]);
}

static int take_first(void *ctx, const struct engine_offer *offer)
{
	return outlet_take(ctx, 0, offer);
}

static int take_second(void *ctx, const struct engine_offer *offer)
{
	return outlet_take(ctx, 1, offer);
}

static void lane_changed(void *ctx, const struct lane *l, enum lane_state from,
			 uint64_t now_ns)
{
	struct world *w = ctx;
	bool legal = false;

	assert(l->state < LANE_STATE_COUNT && l->state != from);
	assert(now_ns == w->now_ns && l->state_since_ns == now_ns);
	for (unsigned e = 0; e < LANE_EVENT_COUNT; e++)
		legal |= lane_next_state(from, (enum lane_event)e) == l->state;
	assert(legal);
}

static void seeded(void *ctx, const struct engine_seed *seed, uint64_t now_ns)
{
	struct world *w = ctx;
	uint64_t paid_mbits = 0;
	unsigned domains = 0;

	for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
		paid_mbits += seed->paid_mbits[d];
		domains += seed->paid_mbits[d] > 0;
	}
	assert(seed->kind == SEED_CREDITED && seed->at_ns == now_ns);
	assert(paid_mbits >= CREDIT_RESEED_MBITS);
	assert(domains == seed->domain_count && domains > 0);
	for (unsigned d = 0; domains > 1 && d < DOMAIN_COUNT; d++)
		assert(seed->paid_mbits[d] <= CREDIT_DOMAIN_CAP_MBITS);
	assert(w->seed_bits <= ENGINE_SEED_PAYS_BITS);
	for (size_t i = 0; i < LANES; i++)
		w->fakes[i].cycle_bytes = 0;
	w->seeds++;
}

static void check(struct world *w)
{
	const struct engine *e = w->e;
	uint64_t earned_mbits = 0;

	for (size_t i = 0; i < LANES; i++) {
		const struct lane *l = &e->lanes[i];

		if (l->credited_mbits > w->fakes[i].credited_mbits)
			assert(l->state == LANE_BELIEVED ||
			       l->state == LANE_SPENT);
		w->fakes[i].credited_mbits = l->credited_mbits;
		earned_mbits += l->credited_mbits;
		if (l->state == LANE_FAILED || l->state == LANE_DROPPED)
			assert(e->pool.credit.lane_mbits[i] == 0);
		assert(l->source.is_open == lane_is_reading(l));
		assert(l->settled_paid <= l->health->settled_count);
	}
	assert(e->totals.outlet_credit_bits <= w->given_bits);
	assert(w->given_bits <= w->seeds * ENGINE_SEED_PAYS_BITS);
	assert(1000 * w->given_bits <= e->totals.pool_paid_mbits);
	assert(e->totals.pool_paid_mbits <= earned_mbits);
	assert(e->drbg.seeded == (w->seeds > 0));
	assert(engine_next_ns(e, w->now_ns) >= w->now_ns);
}

/*
 * Left alone for an hour it comes to rest. A lane is read for its batch, for
 * its start-up, and until it has what a seed needs: at the smallest claim here
 * 384 bits are 3,840 symbols; then once more at each retry.
 */
static void sleep_on(struct world *w)
{
	uint64_t end_ns = w->now_ns + UINT64_C(3600) * NS_PER_S, next_ns;
	unsigned steps = 0;

	for (size_t i = 0; i < LANES; i++)
		w->fakes[i].most_bytes = BATCH;
	while ((next_ns = engine_next_ns(w->e, w->now_ns)) < end_ns) {
		w->now_ns = next_ns;
		(void)engine_step(w->e, next_ns);
		check(w);
		/* Once a second where a lane is never ready, and then some. */
		assert(++steps < LANES * 3600 + 2000);
		for (size_t i = 0; i < LANES; i++)
			assert(w->fakes[i].cycle_bytes < 64 * 1024);
	}
	w->now_ns = end_ns;
}

static void build(struct world *w)
{
	static const struct engine_outlet outlets[OUTLETS] = {
		{ "first", NULL, take_first },
		{ "second", NULL, take_second },
	};

	assert(engine_new(&w->e, &w->config, &w->env, LANES) == 0);
	for (size_t i = 0; i < OUTLETS; i++) {
		struct engine_outlet o = outlets[i];

		o.ctx = w;
		assert(engine_add_outlet(w->e, &o) == 0);
	}
	for (size_t i = 0; i < LANES; i++) {
		const struct lane_options o = {
			.source = SOURCE_OPTIONS_DEFAULT,
			.policy = i == 1 ? POLICY_DROP :
				  i == 2 ? POLICY_STOP :
					   POLICY_ALARM,
		};

		assert(engine_add_lane(w->e, &w->fakes[i].class, NULL, &o) ==
		       (int)i);
	}
}

static void reload(struct world *w)
{
	struct engine *old = w->e;

	build(w);
	engine_inherit(w->e, old);
	engine_free(old);
	engine_start(w->e, w->now_ns);
}

static void configure(struct world *w, struct input *in)
{
	static const uint32_t claims[] = { 8000, 4000, 500, 100, 0 };

	w->env.root = "";
	w->env.now_ns = no_clock;
	w->now_ns = NS_PER_S;
	w->config.interval_ns = 600 * NS_PER_S;
	w->config.listener.ctx = w;
	w->config.listener.lane_changed = lane_changed;
	w->config.listener.seeded = seeded;
	for (size_t i = 0; i < LANES; i++) {
		struct fake *f = &w->fakes[i];
		uint8_t byte = take(in);

		f->name[0] = (char)('a' + i);
		f->noise = i;
		f->most_bytes = SIZE_MAX;
		f->class = (struct source_class){
			.name = f->name,
			.domain = (enum trust_domain)((byte >> 4) % DOMAIN_COUNT),
			.flags = i == 3 ? SOURCE_ONCE | SOURCE_AGAIN_AFTER_CLONE :
					  0,
			.record_bytes = 1,
			.symbol_bits = 8,
			.claim = { .mbits_per_symbol =
					   claims[(byte & 15) % ARRAY_LEN(claims)] },
			.test_mbits = 4000,
			.batch_bytes = BATCH,
			.open = fake_open,
			.read = fake_read,
			.changed = fake_changed,
		};
	}
	build(w);
	engine_start(w->e, w->now_ns);
}

static void handle(struct world *w, struct input *in)
{
	uint8_t byte = take(in);
	struct fake *f = &w->fakes[byte >> 4 & 3];
	enum event event = (enum event)(byte & 15);

	switch (event) {
	case EVENT_STEP:
	case EVENT_STEPS:
		for (unsigned n = event == EVENT_STEP ? 1 : take(in); n > 0; n--)
			(void)engine_step(w->e, w->now_ns);
		break;
	case EVENT_GOOD:
		f->constant = f->ended = false;
		f->read_error = f->open_error = 0;
		f->most_bytes = SIZE_MAX;
		break;
	case EVENT_CONSTANT:
		f->constant = true;
		break;
	case EVENT_SHORT:
		f->most_bytes = 1 + take(in);
		break;
	case EVENT_NOT_READY:
		f->read_error = -EAGAIN;
		break;
	case EVENT_ERROR:
		f->read_error = -EIO;
		break;
	case EVENT_END:
		f->ended = true;
		break;
	case EVENT_ABSENT:
		f->open_error = -ENODEV;
		break;
	case EVENT_SWAP:
		f->swapped = true;
		break;
	case EVENT_JUMP:
		w->now_ns += NS_PER_MS << (take(in) % 24);
		break;
	case EVENT_FRESH:
		engine_fresh(w->e, byte >> 7, w->now_ns);
		break;
	case EVENT_COLLECT:
		engine_collect(w->e, w->now_ns);
		break;
	case EVENT_OUTLET:
		w->outlet_errors[byte >> 7] = (int)(take(in) % 12) - 1;
		break;
	case EVENT_RELOAD:
		reload(w);
		break;
	case EVENT_SLEEP:
		sleep_on(w);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	static struct world w;

	memset(&w, 0, sizeof w);
	configure(&w, &in);
	for (unsigned n = 0; in.left > 0 && n < EVENTS_MAX; n++) {
		handle(&w, &in);
		check(&w);
	}
	engine_free(w.e);
	return 0;
}
