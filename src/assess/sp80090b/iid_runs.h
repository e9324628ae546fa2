/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_RUNS_H
#define AQUIFER_ASSESS_SP80090B_IID_RUNS_H

/* Runs in a sequence of signs, one bit each: SP 800-90B 5.1.2 to 5.1.6. */
#include <stdbool.h>
#include <stdint.h>

/* Bit i: a[i] <= b[i], for i below n. ret: (n + 63) / 64 words, rest zero. */
void iid_signs(const uint8_t *a, const uint8_t *b, uint64_t n, uint64_t *ret);

/* Bit i: a[i] >= threshold. */
void iid_signs_from(const uint8_t *a, uint8_t threshold, uint64_t n,
		    uint64_t *ret);

/* n signs; bits from n on are zero. */
uint64_t iid_sign_runs(const uint64_t *signs, uint64_t n);
uint64_t iid_sign_longest(const uint64_t *signs, uint64_t n);
uint64_t iid_sign_count(const uint64_t *signs, uint64_t n);

#endif
