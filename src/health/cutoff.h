/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_CUTOFF_H
#define AQUIFER_HEALTH_CUTOFF_H

/*
 * Where the cutoffs come from. A predicted value has probability at most
 * 2^-(h_mbits / 1000), whatever came before it. Pure; tools/cutoffs.py computes
 * the same numbers another way.
 */
#include <stdint.h>

/*
 * health_cutoff_run - how many equal values in a row are a failure: the first
 * is free, each further one was predicted, C = 1 + ceil(alpha_log2 / H).
 * Source: SP 800-90B 4.4.1. h_mbits: at least 1.
 */
unsigned health_cutoff_run(uint32_t h_mbits, unsigned alpha_log2);

/*
 * health_cutoff_count - how many hits among n values are a failure: the least C
 * with P(Binomial(n, 2^-H) >= C) <= 2^-alpha_log2, which is the standard's
 * 1 + CRITBINOM(n, 2^-H, 1 - alpha). n + 1, never reached, where there is none.
 * Source: SP 800-90B 4.4.2. h_mbits: at least 1; alpha_log2: at most 60.
 */
unsigned health_cutoff_count(unsigned n, uint32_t h_mbits, unsigned alpha_log2);

#endif
