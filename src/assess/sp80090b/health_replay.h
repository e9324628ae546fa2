/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_HEALTH_REPLAY_H
#define AQUIFER_ASSESS_SP80090B_HEALTH_REPLAY_H

/*
 * The continuous health tests of SP 800-90B 4.4 over a recording: what they
 * would have said of a claim. After a failure a test begins anew with the next
 * sample, as after a restart, so failures can be counted.
 */
#include <stdint.h>

#include "assess/sample.h"

#define HEALTH_REPLAY_ALPHA_LOG2 30
#define HEALTH_REPLAY_ALPHA_LOG2_MAX 60
#define HEALTH_REPLAY_WINDOW_BINARY 1024
#define HEALTH_REPLAY_WINDOW 512

struct health_replay_test {
	unsigned cutoff; /* above a window: the test cannot fail */
	uint64_t failures;
	uint64_t first; /* index of the sample that failed first */
	/* The most there was: equal in a row, or in a window. */
	unsigned most;
	/* How many failures alpha allows for, at most, were H the truth. */
	double expected;
};

struct health_replay {
	uint64_t n;
	double h;
	unsigned alpha_log2;
	unsigned window; /* of the adaptive proportion test, W */
	struct health_replay_test repetition_count;    /* 4.4.1 */
	struct health_replay_test adaptive_proportion; /* 4.4.2 */
};

/*
 * health_replay - h_mbits: the claim, thousandths of a bit a sample, 1 to
 * 1000 times the width; alpha_log2: chance of a false alarm 2^-this, 1 to 60.
 * Returns 0; -EINVAL for values outside of these or what samples_alphabet()
 * says. ret is written only on success.
 */
int health_replay(const struct samples *s, uint32_t h_mbits,
		  unsigned alpha_log2, struct health_replay *ret);

#endif
