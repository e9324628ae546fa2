/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_JITTER_NOISE_H
#define AQUIFER_SOURCE_JITTER_NOISE_H

/*
 * The noise of source `jitter` and its start-up, with the clock an argument
 * (docs/jitter.md). Every sample does the same work: no branch, no address and
 * no instruction count depends on a value, so what varies is the machine and
 * not a pseudo-random sequence of ours. Threads: one owner a struct.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/timer.h"

/*
 * All of a first-level data cache, or most of it. No more: the noise is not in
 * its size (docs/jitter.md), and a page has its price in a small guest.
 */
#define JITTER_REGION_BYTES ((size_t)32 * 1024)
#define JITTER_START_SAMPLES 1024
#define JITTER_ROUNDS_MAX 32
/* Half the work shorter than so many steps: the clock is too coarse for it. */
#define JITTER_STEPS_MIN 16
#define JITTER_BACKWARD_MAX 3

struct jitter_noise {
	struct timer timer;
	uint64_t *region; /* JITTER_REGION_BYTES, the caller's */
	uint64_t divisor; /* the clock's step */
	unsigned rounds;  /* the work of a sample; more for a coarse clock */
	uint32_t walk;
	uint64_t hash[4];
	uint64_t last;
};

enum jitter_verdict {
	JITTER_USABLE,
	JITTER_BACKWARD, /* the clock ran backwards */
	JITTER_STUCK,    /* more than 9 of 10 samples are */
	JITTER_COARSE,   /* steps too long for the most work allowed */
};

struct jitter_start {
	enum jitter_verdict verdict;
	uint32_t estimate_mbits; /* quick estimate; 0 unless usable */
	unsigned backward_count;
	unsigned stuck_count; /* of JITTER_START_SAMPLES */
	unsigned short_count; /* shorter than JITTER_STEPS_MIN */
};

/*
 * jitter_noise_init - the same state each time, whatever ran before.
 * region: JITTER_REGION_BYTES, 64-byte aligned; overwritten. The caller frees
 * it after jitter_noise_wipe.
 */
void jitter_noise_init(struct jitter_noise *j, const struct timer *timer,
		       void *region);

/* jitter_noise_begin - the next delta runs from here. */
void jitter_noise_begin(struct jitter_noise *j);

/* jitter_noise_next - do the work of a sample; its duration, not divided. */
uint64_t jitter_noise_next(struct jitter_noise *j);

/*
 * jitter_noise_start - find divisor and rounds; judge the clock.
 * want_mbits: more rounds are tried while the estimate is below this.
 * now_ns:     bounds the trying, at 20 ms.
 * Sets j->divisor and j->rounds to those of the best try.
 */
struct jitter_start jitter_noise_start(struct jitter_noise *j,
				       uint32_t want_mbits,
				       uint64_t (*now_ns)(void));

/*
 * jitter_stuck_count - samples that tell nothing new: first, second or third
 * difference of the time is zero. Pure.
 */
unsigned jitter_stuck_count(const uint64_t *deltas, size_t n);

/* What this build is for: see struct jitter_facts. */
extern const bool jitter_flushes, jitter_measured;

/* jitter_noise_wipe - zeros over the state and the region. */
void jitter_noise_wipe(struct jitter_noise *j);

#endif
