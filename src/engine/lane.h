/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_ENGINE_LANE_H
#define AQUIFER_ENGINE_LANE_H

/*
 * A lane: one source, its health tests, its counters, and its state. The
 * transition table in lane.c is the whole of what can happen to a lane.
 * Threads: the engine's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "health/health.h"
#include "pool/pool.h"
#include "source/source.h"

enum lane_state {
	LANE_CLOSED,   /* not opened yet, or lost; opened again when due */
	LANE_ABSENT,   /* not there, not permitted, not usable: reason says */
	LANE_STARTUP,  /* open, start-up test not passed: mixed, not credited */
	LANE_BELIEVED, /* mixed and credited */
	LANE_FAILED,   /* a health test failed: mixed, not credited */
	LANE_STALLED,  /* its reader is past its deadline: left alone */
	LANE_SPENT,    /* gave all it had (a TPM, a seed file) */
	LANE_DROPPED,  /* failed, and the policy says not to ask again */
	LANE_DISABLED, /* by configuration, or not run by this program */
	LANE_STATE_COUNT
};

enum lane_event {
	LANE_OPENED,
	LANE_OPEN_FAILED,
	LANE_PASSED, /* start-up test passed */
	LANE_TEST_FAILED,
	LANE_RETRY,   /* time to believe again: a new start-up */
	LANE_LATE,    /* the reader is past its deadline */
	LANE_DATA,    /* bytes came */
	LANE_LOST,    /* a read failed: the device is gone */
	LANE_ENDED,   /* the source gave all it has */
	LANE_REOPEN,  /* an event asks for a new open (a clone, a reload) */
	LANE_CHANGED, /* another device is behind the source */
	LANE_GIVE_UP, /* policy 'drop' after a failed test */
	LANE_EVENT_COUNT
};

/* What a failed health test does besides taking the belief away. */
enum lane_policy {
	POLICY_ALARM, /* log it; tested again later */
	POLICY_DROP,  /* log it; never asked again until a restart */
	POLICY_STOP,  /* nothing is credited to the kernel any more */
};

struct lane_options {
	struct source_options source;
	enum lane_policy policy;
	unsigned alpha_log2; /* 0: HEALTH_ALPHA_LOG2 */
	bool disabled;
	const char *disabled_why; /* static text */
};

struct lane {
	const struct source_class *class;
	char name[SOURCE_NAME_BYTES];
	struct lane_options options;
	struct source source;
	/*
	 * Apart from the lane, as it is large: pages of it that belong to an
	 * absent source are never touched. Not owned; zeroed at first.
	 */
	struct health *health;
	enum lane_state state;

	uint64_t settled_paid;  /* settled symbols credited since restart */
	uint64_t cycle_bytes;   /* raw bytes since the last seed */
	uint64_t retry_ns;      /* CLOSED, ABSENT, FAILED: not before */
	uint64_t retry_wait_ns; /* doubles, 1 s to 10 min */
	uint64_t drained_bytes; /* FAILED: since the retry was due */
	uint64_t idle_ns;       /* had nothing: not asked again before */
	uint64_t idle_wait_ns;  /* doubles, 1 ms to 1 s */

	/* Counters since the program's start. */
	uint64_t raw_bytes;
	uint64_t credited_mbits;
	uint64_t forfeited_mbits;
	uint64_t failure_count; /* health */
	uint64_t stall_count;
	uint64_t lost_count;
	int last_error; /* -errno of the last open or read; 0 */
	uint64_t state_since_ns;
};

#define LANE_RETRY_MIN_NS UINT64_C(1000000000)
#define LANE_RETRY_MAX_NS UINT64_C(600000000000)
#define LANE_DRAIN_BYTES (128u << 10)
#define LANE_DRAIN_NS UINT64_C(100000000)
#define LANE_IDLE_MIN_NS UINT64_C(1000000)
#define LANE_IDLE_MAX_NS UINT64_C(1000000000)

/*
 * lane_init - a closed lane; name NULL: the class's.
 * health: zeroed, the lane's alone, for as long as the lane lives.
 */
void lane_init(struct lane *l, const struct source_class *class,
	       const char *name, const struct lane_options *options,
	       struct health *health);

/*
 * lane_next_state - the transition table, pure. An event that means nothing
 * in a state leaves it.
 */
enum lane_state lane_next_state(enum lane_state state, enum lane_event event);

/* lane_event - take a transition and note the time. Returns true on change. */
bool lane_event(struct lane *l, enum lane_event event, uint64_t now_ns);

/*
 * lane_is_drained - a failed lane whose retry is due gave len_bytes more: is
 * what had piled up since (in a pipe, a ring) behind it? Bounded in bytes and
 * time. Then a start-up judges what comes now, not what failed.
 */
bool lane_is_drained(struct lane *l, size_t len_bytes, uint64_t now_ns);

/*
 * lane_asked_once - a seed from before this start: what is there later is what
 * this program has left itself (the seed file), so it is not looked for again.
 */
bool lane_asked_once(const struct lane *l);

/*
 * lane_health_config - how the symbols of this open source are tested.
 * alpha_log2: 0 for HEALTH_ALPHA_LOG2. Pure; for whoever tests a source outside
 * an engine, too.
 */
void lane_health_config(const struct source *s, unsigned alpha_log2,
			struct health_config *ret);

/* lane_open - open the source and begin start-up; counts and backs off. */
void lane_open(struct lane *l, const struct source_env *env, uint64_t now_ns);

/* lane_claim_mbits - a symbol's credit in force; 0 while it cannot earn. */
uint32_t lane_claim_mbits(const struct lane *l);

/*
 * lane_due - should this lane be asked now?
 * wants: the pool still wants its domain, or it has given nothing yet.
 */
bool lane_due(const struct lane *l, uint64_t now_ns, bool wants);

/* lane_is_reading - states in which the source is open and asked. */
bool lane_is_reading(const struct lane *l);

/* lane_back_off - not before retry_ns, which moves away twice as far. */
void lane_back_off(struct lane *l, uint64_t now_ns);

/* lane_took - n bytes came: count them, and it is not idle. */
void lane_took(struct lane *l, size_t len_bytes);

/* lane_idle - it had nothing: ask again a little later, less and less often. */
void lane_idle(struct lane *l, uint64_t now_ns);

/*
 * lane_next_ns - when asking this lane makes sense again: now, its retry, or,
 * for a lane with a reader, its deadline (its event may come before that).
 */
uint64_t lane_next_ns(const struct lane *l, uint64_t now_ns);

/* lane_close - close the source; any state; keeps the counters. */
void lane_close(struct lane *l);

const char *lane_state_name(enum lane_state state);

#endif
