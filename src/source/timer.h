/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_TIMER_H
#define AQUIFER_SOURCE_TIMER_H

/*
 * The clocks the timing sources measure with, finest first, and what their
 * steps are. Threads: safe; a timer's context is its owner's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"

struct timer {
	const char *name; /* "rdtsc" */
	uint64_t (*clock)(void *context);
	void *context;
	bool of_cpu; /* an instruction, not a clock the kernel computes */
};

static inline uint64_t timer_now(const struct timer *t)
{
	return t->clock(t->context);
}

/*
 * timer_at - the clocks usable in this process, in order of preference.
 * Returns false past the last one, ret_timer untouched.
 */
bool timer_at(size_t index, struct timer *ret_timer);

/*
 * timer_divisor - the step of a clock, from deltas it gave.
 * The largest number that divides at least 15 of 16 deltas: a thread that moves
 * between CPUs with different clock offsets now and then sees a delta off the
 * step, and a plain greatest common divisor would then be 1.
 * Returns 0 when all deltas are 0, or n is.
 */
uint64_t timer_divisor(const uint64_t *deltas, size_t n);

/*
 * timer_find_divisor - timer_divisor over a short burst of work of uneven
 * length. Returns 0 for a clock that stands still or steps too seldom to tell.
 */
uint64_t timer_find_divisor(const struct timer *t);

/*
 * timer_find - the first clock that moves, and its step.
 * Returns 0, or -ENODEV where none does (nothing written).
 */
int timer_find(struct timer *ret_timer, uint64_t *ret_divisor);

/*
 * timer_is_the_hosts - is the host an enemy, and can it set what t reads?
 * The kernel's clocks are computed from what the host tells it; the CPU's own
 * counter is safe only where the platform promises so (SecureTSC, TDX).
 */
static inline bool timer_is_the_hosts(const struct timer *t,
				      const struct platform *p)
{
	return platform_is_confidential(p) && !(p->tsc_secure && t->of_cpu);
}

/*
 * timer_divide - a raw delta as the number of steps it is.
 * A delta off the step is rounded down.
 */
static inline uint64_t timer_divide(uint64_t delta, uint64_t divisor)
{
	return divisor > 1 ? delta / divisor : delta;
}

#endif
