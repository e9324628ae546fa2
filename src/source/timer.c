/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "source/timer.h"

#define BLOCK_DELTAS 16
#define BURST_DELTAS 256

#if defined(__x86_64__)
/* The fence keeps the measured work on its own side of the reading. */
static uint64_t cpu_clock(void *context)
{
	uint32_t low, high;

	(void)context;
	__asm__ volatile("lfence\n\trdtsc"
			 : "=a"(low), "=d"(high)
			 :
			 : "memory");
	return (uint64_t)high << 32 | low;
}

/* A process may be forbidden to read it, and would die of SIGSEGV. */
static bool cpu_clock_allowed(void)
{
	int mode = PR_TSC_ENABLE;

	if (prctl(PR_GET_TSC, &mode, 0, 0, 0) < 0)
		return true;
	return mode == PR_TSC_ENABLE;
}
#define CPU_CLOCK_NAME "rdtsc"
#elif defined(__aarch64__)
static uint64_t cpu_clock(void *context)
{
	uint64_t now;

	(void)context;
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(now) : : "memory");
	return now;
}

static bool cpu_clock_allowed(void)
{
	return true;
}
#define CPU_CLOCK_NAME "cntvct_el0"
#else
static uint64_t cpu_clock(void *context)
{
	(void)context;
	return 0;
}

static bool cpu_clock_allowed(void)
{
	return false;
}
#define CPU_CLOCK_NAME "none"
#endif

/* RAW: nobody slews it, so its steps are the hardware's. */
static uint64_t kernel_clock(void *context)
{
	struct timespec t = { 0 };

	(void)context;
	(void)clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static bool kernel_clock_allowed(void)
{
	return true;
}

static const struct {
	bool (*allowed)(void);
	struct timer timer;
} timers[] = {
	{ cpu_clock_allowed,
	  { .name = CPU_CLOCK_NAME, .clock = cpu_clock, .of_cpu = true } },
	{ kernel_clock_allowed,
	  { .name = "CLOCK_MONOTONIC_RAW", .clock = kernel_clock } },
};

bool timer_at(size_t index, struct timer *ret_timer)
{
	for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
		if (!timers[i].allowed())
			continue;
		if (index-- == 0) {
			*ret_timer = timers[i].timer;
			return true;
		}
	}
	return false;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static bool divides_nearly_all(uint64_t d, const uint64_t *deltas, size_t n)
{
	size_t off = 0;

	for (size_t i = 0; i < n; i++)
		off += deltas[i] % d != 0;
	return off <= n / 16;
}

uint64_t timer_divisor(const uint64_t *deltas, size_t n)
{
	uint64_t best = 0, all = 0, tried = 0;

	/* A block without a stray delta has the step as its divisor. */
	for (size_t at = 0; at < n; at += BLOCK_DELTAS) {
		uint64_t block = 0;

		for (size_t i = at; i < min_size(n, at + BLOCK_DELTAS); i++)
			block = gcd(block, deltas[i]);
		all = gcd(all, block);
		if (block <= best || block == tried)
			continue;
		tried = block;
		if (divides_nearly_all(block, deltas, n))
			best = block;
	}
	return max_u64(best, all);
}

uint64_t timer_find_divisor(const struct timer *t)
{
	uint64_t deltas[BURST_DELTAS], last, now;
	volatile uint64_t work = 1;

	last = timer_now(t);
	for (size_t i = 0; i < BURST_DELTAS; i++) {
		/* Uneven, or a constant cost would be taken for the step. */
		for (size_t k = 0; k < i % 61; k++)
			work = work * 3 + k;
		now = timer_now(t);
		deltas[i] = now - last;
		last = now;
	}
	return timer_divisor(deltas, BURST_DELTAS);
}

int timer_find(struct timer *ret_timer, uint64_t *ret_divisor)
{
	struct timer timer;

	for (size_t i = 0; timer_at(i, &timer); i++) {
		uint64_t divisor = timer_find_divisor(&timer);

		if (divisor == 0)
			continue;
		*ret_timer = timer;
		*ret_divisor = divisor;
		return 0;
	}
	return -ENODEV;
}
