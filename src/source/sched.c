/* SPDX-License-Identifier: ISC */
/*
 * Wake-up timing: the CPU is given away for the shortest time there is, and the
 * record is how long it takes to come back: timer interrupt, wake-up, context
 * switch. A sample sleeps for most of its length, so it costs little CPU.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "source/source.h"
#include "source/timer.h"

#define RECORD_BYTES 8
/* Each waits about the timer slack, 50 us; a call stays below a millisecond. */
#define SAMPLES_A_READ 8

struct sched_state {
	struct timer timer;
	uint64_t divisor;
};

static int sched_open(struct source *s, const struct source_options *options)
{
	struct sched_state *state;

	(void)options;
	s->info.present = true;
	s->info.claim_mbits = s->class->claim.mbits_per_symbol;
	state = calloc(1, sizeof *state);
	if (!state)
		return source_absent(s, -ENOMEM, "no memory");
	if (timer_find(&state->timer, &state->divisor) < 0) {
		free(state);
		return source_absent(s, -ENOTSUP,
				     "not usable here: no clock that moves");
	}
	(void)snprintf(s->info.behind, sizeof s->info.behind, "%s, step %llu",
		       state->timer.name, (unsigned long long)state->divisor);
	if (timer_is_the_hosts(&state->timer, s->env->platform))
		source_lower(s, 0,
			     "confidential guest: the clock is the host's");
	s->state = state;
	return 0;
}

static ssize_t sched_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	const struct timespec shortest = { .tv_nsec = 1 };
	const struct sched_state *state = s->state;
	size_t n = min_size(len_bytes / RECORD_BYTES, SAMPLES_A_READ);
	uint64_t last, now;

	if (n == 0)
		return -EINVAL;
	last = timer_now(&state->timer);
	for (size_t i = 0; i < n; i++) {
		/* A signal only ends the sleep early: a sample all the same. */
		(void)nanosleep(&shortest, NULL);
		now = timer_now(&state->timer);
		store_le64(ret_raw + i * RECORD_BYTES,
			   timer_divide(now - last, state->divisor));
		last = now;
	}
	return (ssize_t)(n * RECORD_BYTES);
}

static void sched_close(struct source *s)
{
	wipe(s->state, sizeof(struct sched_state));
	free(s->state);
	s->state = NULL;
}

const struct source_class source_sched = {
	.name = "sched",
	.title = "wake-up and context-switch timing",
	.domain = DOMAIN_TIMING,
	.record_bytes = RECORD_BYTES,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 0,
		.basis = "docs/claims.md: sched",
		.platforms = "none",
	},
	.test_mbits = 100,
	.deadline_ns = UINT64_C(1000000000),
	/* A taste of each seed: nothing is claimed, and the engine waits. */
	.batch_bytes = 2 * RECORD_BYTES,
	.open = sched_open,
	.read = sched_read,
	.close = sched_close,
};
