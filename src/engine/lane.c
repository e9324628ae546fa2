/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "engine/lane.h"

/*
 * Rows: the state a lane is in. Columns: what happened. An empty field (the
 * zero of enum lane_state would be CLOSED, so fields hold state + 1) stays.
 */
#define TO(state) ((state) + 1)
static const unsigned char table[LANE_STATE_COUNT][LANE_EVENT_COUNT] = {
	[LANE_CLOSED] = {
		[LANE_OPENED] = TO(LANE_STARTUP),
		[LANE_OPEN_FAILED] = TO(LANE_ABSENT),
	},
	[LANE_ABSENT] = {
		[LANE_OPENED] = TO(LANE_STARTUP),
		[LANE_REOPEN] = TO(LANE_CLOSED),
	},
	[LANE_STARTUP] = {
		[LANE_PASSED] = TO(LANE_BELIEVED),
		[LANE_TEST_FAILED] = TO(LANE_FAILED),
		[LANE_LATE] = TO(LANE_STALLED),
		[LANE_LOST] = TO(LANE_CLOSED),
		[LANE_ENDED] = TO(LANE_SPENT),
		[LANE_REOPEN] = TO(LANE_CLOSED),
	},
	[LANE_BELIEVED] = {
		[LANE_TEST_FAILED] = TO(LANE_FAILED),
		[LANE_LATE] = TO(LANE_STALLED),
		[LANE_LOST] = TO(LANE_CLOSED),
		[LANE_ENDED] = TO(LANE_SPENT),
		[LANE_CHANGED] = TO(LANE_STARTUP),
		[LANE_REOPEN] = TO(LANE_CLOSED),
	},
	[LANE_FAILED] = {
		[LANE_RETRY] = TO(LANE_STARTUP),
		[LANE_GIVE_UP] = TO(LANE_DROPPED),
		[LANE_LOST] = TO(LANE_CLOSED),
		[LANE_ENDED] = TO(LANE_SPENT),
		[LANE_REOPEN] = TO(LANE_CLOSED),
	},
	[LANE_STALLED] = {
		/* After a silence the stream is a new one: tested anew. */
		[LANE_DATA] = TO(LANE_STARTUP),
		[LANE_LOST] = TO(LANE_CLOSED),
		[LANE_ENDED] = TO(LANE_SPENT),
		[LANE_REOPEN] = TO(LANE_CLOSED),
	},
	[LANE_SPENT] = {
		[LANE_REOPEN] = TO(LANE_CLOSED),
	},
	/* Dropped and disabled lanes come back with the program alone. */
};

static const char *const state_names[] = {
	[LANE_CLOSED] = "closed",     [LANE_ABSENT] = "absent",
	[LANE_STARTUP] = "start-up",  [LANE_BELIEVED] = "believed",
	[LANE_FAILED] = "failed",     [LANE_STALLED] = "stalled",
	[LANE_SPENT] = "spent",       [LANE_DROPPED] = "dropped",
	[LANE_DISABLED] = "disabled",
};

_Static_assert(ARRAY_LEN(state_names) == LANE_STATE_COUNT,
	       "a lane state without a name");

const char *lane_state_name(enum lane_state state)
{
	return (unsigned)state < LANE_STATE_COUNT ? state_names[state] : "?";
}

enum lane_state lane_next_state(enum lane_state state, enum lane_event event)
{
	unsigned char to = table[state][event];

	return to == 0 ? state : (enum lane_state)(to - 1);
}

bool lane_event(struct lane *l, enum lane_event event, uint64_t now_ns)
{
	enum lane_state next = lane_next_state(l->state, event);

	if (next == l->state)
		return false;
	l->state = next;
	l->state_since_ns = now_ns;
	return true;
}

void lane_init(struct lane *l, const struct source_class *class,
	       const char *name, const struct lane_options *options,
	       struct health *health)
{
	memset(l, 0, sizeof *l);
	l->class = class;
	l->health = health;
	l->options = *options;
	l->state = options->disabled ? LANE_DISABLED : LANE_CLOSED;
	l->retry_wait_ns = LANE_RETRY_MIN_NS;
	l->source.class = class;
	l->source.fd = -1;
	(void)snprintf(l->name, sizeof l->name, "%s", name ? name : class->name);
	(void)snprintf(l->source.info.reason, sizeof l->source.info.reason,
		       "%s", options->disabled_why ? options->disabled_why : "");
	l->source.info.domain = class->domain;
}

/*
 * What the tests take for granted: what the class says, or the claim where that
 * is more (a claim by configuration), or a bit where nobody claims anything.
 */
static uint32_t test_mbits(const struct source *s)
{
	uint32_t mbits = s->class->test_mbits;

	if (mbits < s->info.claim_mbits)
		mbits = s->info.claim_mbits;
	return mbits > 0 ? mbits : 1000;
}

void lane_health_config(const struct source *s, unsigned alpha_log2,
			struct health_config *ret)
{
	*ret = (struct health_config){
		.test_mbits = test_mbits(s),
		.symbol_bits = s->class->symbol_bits,
		.alpha_log2 = alpha_log2 ? alpha_log2 : HEALTH_ALPHA_LOG2,
		.startup_symbols = s->class->flags & SOURCE_ONCE ?
					   0 :
					   HEALTH_STARTUP_SYMBOLS,
	};
}

static void start_tests(struct lane *l)
{
	struct health_config config;
	uint64_t kept[HEALTH_TEST_COUNT];

	lane_health_config(&l->source, l->options.alpha_log2, &config);
	/* The counts of failures are the lane's, over every opening. */
	memcpy(kept, l->health->failure_count, sizeof kept);
	/* A class in the registry has values in range: tested over the table. */
	(void)health_init(l->health, &config);
	memcpy(l->health->failure_count, kept, sizeof kept);
	l->settled_paid = 0;
}

void lane_back_off(struct lane *l, uint64_t now_ns)
{
	l->retry_ns = now_ns + l->retry_wait_ns;
	l->retry_wait_ns = min_u64(2 * l->retry_wait_ns, LANE_RETRY_MAX_NS);
}

bool lane_is_drained(struct lane *l, size_t len_bytes, uint64_t now_ns)
{
	if (l->state != LANE_FAILED || now_ns < l->retry_ns)
		return false;
	/* Only what is read through a descriptor can pile up. */
	l->drained_bytes += len_bytes;
	if (l->source.reader && l->drained_bytes < LANE_DRAIN_BYTES &&
	    now_ns - l->retry_ns < LANE_DRAIN_NS)
		return false;
	l->drained_bytes = 0;
	return true;
}

bool lane_asked_once(const struct lane *l)
{
	return l->class->flags & SOURCE_ONCE &&
	       !(l->class->flags & SOURCE_AGAIN_AFTER_CLONE);
}

void lane_open(struct lane *l, const struct source_env *env, uint64_t now_ns)
{
	int r = source_open(&l->source, l->class, l->name, env,
			    &l->options.source);

	/* The descriptor is the source's now; a second open needs a new one. */
	l->options.source.fd = -1;
	l->last_error = r < 0 ? r : 0;
	if (r < 0) {
		(void)lane_event(l, LANE_OPEN_FAILED, now_ns);
		lane_back_off(l, now_ns);
		if (lane_asked_once(l))
			l->retry_ns = UINT64_MAX;
		return;
	}
	start_tests(l);
	(void)lane_event(l, LANE_OPENED, now_ns);
}

uint32_t lane_claim_mbits(const struct lane *l)
{
	return l->source.is_open ? l->source.info.claim_mbits : 0;
}

bool lane_is_reading(const struct lane *l)
{
	return l->state == LANE_STARTUP || l->state == LANE_BELIEVED ||
	       l->state == LANE_FAILED || l->state == LANE_STALLED;
}

bool lane_due(const struct lane *l, uint64_t now_ns, bool wants)
{
	if (!wants)
		return false;
	if (l->state == LANE_CLOSED || l->state == LANE_ABSENT)
		return now_ns >= l->retry_ns;
	if (l->source.reader)
		return lane_is_reading(l);
	return lane_is_reading(l) && now_ns >= l->idle_ns;
}

void lane_took(struct lane *l, size_t len_bytes)
{
	l->raw_bytes += len_bytes;
	l->cycle_bytes += len_bytes;
	l->idle_ns = 0;
	l->idle_wait_ns = 0;
}

void lane_idle(struct lane *l, uint64_t now_ns)
{
	l->idle_wait_ns = l->idle_wait_ns == 0 ?
				  LANE_IDLE_MIN_NS :
				  min_u64(2 * l->idle_wait_ns, LANE_IDLE_MAX_NS);
	l->idle_ns = now_ns + l->idle_wait_ns;
}

uint64_t lane_next_ns(const struct lane *l, uint64_t now_ns)
{
	uint64_t since;

	if (l->state == LANE_CLOSED || l->state == LANE_ABSENT)
		return max_u64(l->retry_ns, now_ns);
	if (!lane_is_reading(l))
		return UINT64_MAX;
	if (!l->source.reader)
		return max_u64(l->idle_ns, now_ns);
	if (l->state == LANE_STALLED)
		return UINT64_MAX;
	since = source_waiting_since_ns(&l->source);
	/* A batch came whole, or the thread has not begun: it is to be asked. */
	if (since == 0)
		return max_u64(l->idle_ns, now_ns);
	/* Its event wakes the program; only the silence must be noticed. */
	return max_u64(since + l->class->deadline_ns, now_ns);
}

void lane_close(struct lane *l)
{
	source_close(&l->source);
}
