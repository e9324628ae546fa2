/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/wipe.h"
#include "source/jitter_noise.h"
#include "source/quick_estimate.h"

#define LINE_BYTES 64
#define LINES (JITTER_REGION_BYTES / LINE_BYTES)
#define HASH_ROUNDS 32
#define WALK_LOADS 64
#define FLUSH_LINES 8
#define WARM_UP_SAMPLES 16
#define START_DEADLINE_NS (20 * NS_PER_MS)

/*
 * Sends a line out of every cache, so that the next load of it meets the
 * memory's own clock, refresh and neighbours. Needs no privilege. The walk
 * alone was found to repeat itself over restarts: no claim without this.
 */
#if defined(__x86_64__)
const bool jitter_flushes = true, jitter_measured = true;

static void flush_line(const void *line)
{
	__asm__ volatile("clflush (%0)" : : "r"(line) : "memory");
}
#elif defined(__aarch64__)
const bool jitter_flushes = true, jitter_measured = false;

static void flush_line(const void *line)
{
	__asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
}
#else
const bool jitter_flushes = false, jitter_measured = false;

static void flush_line(const void *line)
{
	__asm__ volatile("" : : "r"(line) : "memory");
}
#endif

void jitter_noise_init(struct jitter_noise *j, const struct timer *timer,
		       void *region)
{
	*j = (struct jitter_noise){
		.timer = *timer,
		.region = region,
		.divisor = 1,
		.rounds = 1,
		.hash = { 1, 2, 3, 4 },
	};
	/* Every page must be there before the first sample. */
	memset(region, 1, JITTER_REGION_BYTES);
}

static uint64_t rotate_right(uint64_t v, unsigned by)
{
	return v >> by | v << (64 - by);
}

/* Additions, exclusive ors and rotations (RFC 7693 3.1): no value-dependent
 * time of its own, a chain the CPU cannot shorten. */
static void hash_work(uint64_t v[4])
{
	for (int i = 0; i < HASH_ROUNDS; i++) {
		v[0] += v[1];
		v[3] = rotate_right(v[3] ^ v[0], 32);
		v[2] += v[3];
		v[1] = rotate_right(v[1] ^ v[2], 24);
		v[0] += v[1];
		v[3] = rotate_right(v[3] ^ v[0], 16);
		v[2] += v[3];
		v[1] = rotate_right(v[1] ^ v[2], 63);
	}
}

/*
 * The line after this one: a full cycle over the region (Knuth, TAOCP 2,
 * 3.2.1.2, theorem A) in steps no prefetcher follows. `loaded` counts up from
 * 2^56: the shift is always 0, but makes each load wait for the one before.
 */
static uint32_t next_line(uint32_t line, uint64_t loaded)
{
	return (line * 5 + 77 + (uint32_t)(loaded >> 60)) & (LINES - 1);
}

static uint64_t touch(uint64_t *word)
{
	volatile uint64_t *p = word;
	uint64_t v = *p;

	*p = v + 1;
	return v;
}

static uint64_t *line_at(struct jitter_noise *j, uint32_t line)
{
	return j->region + (size_t)line * (LINE_BYTES / sizeof(uint64_t));
}

static void one_round(struct jitter_noise *j)
{
	uint32_t line = 7;

	hash_work(j->hash);
	for (int i = 0; i < WALK_LOADS; i++)
		j->walk = next_line(j->walk, touch(line_at(j, j->walk)));
	/* The same lines each time: out of the cache since the last sample. */
	for (int i = 0; i < FLUSH_LINES; i++) {
		uint64_t *word = line_at(j, line);

		line = next_line(line, touch(word));
		flush_line(word);
	}
}

void jitter_noise_begin(struct jitter_noise *j)
{
	j->last = timer_now(&j->timer);
}

uint64_t jitter_noise_next(struct jitter_noise *j)
{
	uint64_t now, delta;

	for (unsigned i = 0; i < j->rounds; i++)
		one_round(j);
	now = timer_now(&j->timer);
	delta = now - j->last;
	j->last = now;
	return delta;
}

unsigned jitter_stuck_count(const uint64_t *deltas, size_t n)
{
	uint64_t last = 0, last_second = 0;
	unsigned count = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t second = deltas[i] - last;
		uint64_t third = second - last_second;

		if (deltas[i] == 0 || second == 0 || third == 0)
			count++;
		last = deltas[i];
		last_second = second;
	}
	return count;
}

static void take(struct jitter_noise *j, uint64_t *ret_deltas, size_t n)
{
	jitter_noise_begin(j);
	for (size_t i = 0; i < WARM_UP_SAMPLES; i++)
		(void)jitter_noise_next(j);
	for (size_t i = 0; i < n; i++)
		ret_deltas[i] = jitter_noise_next(j);
}

static struct jitter_start judge(const uint64_t *deltas, uint8_t *symbols,
				 size_t n, uint64_t *ret_divisor)
{
	struct jitter_start r = { .verdict = JITTER_USABLE };
	uint64_t divisor;

	for (size_t i = 0; i < n; i++)
		r.backward_count += deltas[i] > INT64_MAX;
	if (r.backward_count > JITTER_BACKWARD_MAX) {
		r.verdict = JITTER_BACKWARD;
		return r;
	}
	r.stuck_count = jitter_stuck_count(deltas, n);
	divisor = timer_divisor(deltas, n);
	if (divisor == 0 || r.stuck_count > n / 10 * 9)
		r.verdict = JITTER_STUCK;
	divisor = max_u64(divisor, 1);
	for (size_t i = 0; i < n; i++) {
		uint64_t steps = timer_divide(deltas[i], divisor);

		symbols[i] = (uint8_t)steps;
		r.short_count += steps < JITTER_STEPS_MIN;
	}
	if (r.verdict == JITTER_USABLE && r.short_count > n / 2)
		r.verdict = JITTER_COARSE;
	if (r.verdict == JITTER_USABLE)
		r.estimate_mbits = quick_estimate_mbits(symbols, n);
	*ret_divisor = divisor;
	return r;
}

/* The first try counts; a later one only when it is better. */
static bool better(const struct jitter_start *a, const struct jitter_start *b)
{
	if ((a->verdict == JITTER_USABLE) != (b->verdict == JITTER_USABLE))
		return a->verdict == JITTER_USABLE;
	return a->verdict != JITTER_USABLE ||
	       a->estimate_mbits > b->estimate_mbits;
}

struct jitter_start jitter_noise_start(struct jitter_noise *j,
				       uint32_t want_mbits,
				       uint64_t (*now_ns)(void))
{
	uint64_t until = now_ns() + START_DEADLINE_NS;
	uint64_t deltas[JITTER_START_SAMPLES];
	uint8_t symbols[JITTER_START_SAMPLES];
	struct jitter_start best = { .verdict = JITTER_STUCK };
	unsigned best_rounds = 1;

	for (j->rounds = 1; j->rounds <= JITTER_ROUNDS_MAX; j->rounds *= 2) {
		uint64_t divisor = 1;
		struct jitter_start r;

		take(j, deltas, JITTER_START_SAMPLES);
		r = judge(deltas, symbols, JITTER_START_SAMPLES, &divisor);
		if (better(&r, &best)) {
			best = r;
			best_rounds = j->rounds;
			j->divisor = divisor;
		}
		/* More work does not mend a clock that runs backwards. */
		if (r.verdict == JITTER_BACKWARD ||
		    (r.verdict == JITTER_USABLE &&
		     r.estimate_mbits >= want_mbits) ||
		    now_ns() >= until)
			break;
	}
	j->rounds = best_rounds;
	wipe(deltas, sizeof deltas);
	wipe(symbols, sizeof symbols);
	return best;
}

void jitter_noise_wipe(struct jitter_noise *j)
{
	wipe(j->region, JITTER_REGION_BYTES);
	wipe(j, sizeof *j);
}
