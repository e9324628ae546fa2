/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_CLOCK_H
#define AQUIFER_BASE_CLOCK_H

/*
 * The clocks. Only programs call these; everything below takes time as an
 * argument (now_ns) or as a function in a struct.
 */
#include <stdint.h>

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

/* clock_boottime_ns - CLOCK_BOOTTIME: goes on while the machine sleeps. */
uint64_t clock_boottime_ns(void);

/* clock_monotonic_ns - CLOCK_MONOTONIC: stands while the machine sleeps. */
uint64_t clock_monotonic_ns(void);

/* clock_realtime_ns - CLOCK_REALTIME: the wall clock, which can be set. */
uint64_t clock_realtime_ns(void);

/* clock_cpu_ns - CPU time this process has used, all threads. */
uint64_t clock_cpu_ns(void);

#endif
