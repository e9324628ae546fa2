/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_HEALTH_H
#define AQUIFER_HEALTH_HEALTH_H

/*
 * Continuous health tests of one lane, over raw symbols, before any hash:
 * repetition count (SP 800-90B 4.4.1), adaptive proportion (4.4.2), start-up
 * (4.3), and tests for what broken generators have been seen to do (known_bad).
 *
 * Every test rests on one sentence: given everything before it, no symbol has a
 * probability above 2^-H, H = test_mbits / 1000. Then a predictor is right
 * `run` times in a row with probability at most 2^-(H * run), which gives each
 * cutoff; tools/cutoffs.py recomputes them all and the sum, the lane's alpha.
 *
 * Pure: no clock, no I/O, no allocation. Threads: one owner a struct. The
 * struct holds the lane's last raw symbols: locked memory, wiped by its owner.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	HEALTH_PASS,    /* start-up passed, no test has failed since */
	HEALTH_PENDING, /* no failure, start-up not complete */
	HEALTH_FAIL,    /* stays so until health_restart */
};

enum health_test {
	HEALTH_NONE,
	HEALTH_RCT,
	HEALTH_APT,
	HEALTH_DIFFERENCE_8,
	HEALTH_DIFFERENCE_16,
	HEALTH_DIFFERENCE_32,
	HEALTH_DIFFERENCE_64,
	HEALTH_WORD_16,
	HEALTH_WORD_32,
	HEALTH_WORD_64,
	HEALTH_EXTREME_RATE, /* all-zero and all-one words, too many */
	HEALTH_EQUAL_BLOCK,
	HEALTH_TEST_COUNT
};

struct health_config {
	uint32_t test_mbits;  /* H in millibits, 1 to 1000 * symbol_bits */
	unsigned symbol_bits; /* 1 to 8 */
	unsigned alpha_log2;  /* a test's false alarms a symbol: 2^-this */
	/* Symbols the start-up test needs; 0: judged by health_finish alone. */
	unsigned startup_symbols;
};

#define HEALTH_ALPHA_LOG2 30
#define HEALTH_ALPHA_LOG2_MIN 8
#define HEALTH_ALPHA_LOG2_MAX 60
#define HEALTH_STARTUP_SYMBOLS 1024

#include "health/apt.h"
#include "health/known_bad.h"
#include "health/rct.h"
#include "health/startup.h"

struct health {
	struct health_config config;
	struct health_rct rct;
	struct health_apt apt;
	struct health_startup startup;
	struct health_known_bad known_bad;
	enum verdict verdict;
	enum health_test failed; /* which ended it; HEALTH_NONE */
	uint64_t symbol_count;   /* since restart */
	uint64_t settled_count;  /* of these, in windows closed and passed */
	uint64_t failure_count[HEALTH_TEST_COUNT]; /* over all restarts */
};

/*
 * health_init - set up for a configuration.
 * Returns 0, or -EINVAL for a value outside the ranges above (nothing written).
 */
int health_init(struct health *h, const struct health_config *config);

/*
 * health_feed - judge n symbols, in order. The verdict is that after the last;
 * a failure anywhere in them is HEALTH_FAIL. settled_count grows only by whole
 * adaptive-proportion windows, and only while start-up is passed or passes.
 * A failed lane's symbols are not judged further: restart first.
 */
enum verdict health_feed(struct health *h, const uint8_t *symbols, size_t n);

/*
 * health_finish - the source gave all it has (a TPM, a seed file): the open
 * window is closed and a start-up of 0 symbols is passed when no test failed
 * and at least one symbol was seen.
 */
enum verdict health_finish(struct health *h);

/* health_restart - forget the stream, keep the counters: start-up again. */
void health_restart(struct health *h);

/*
 * health_test_on - has the test a cutoff for this lane? At a small H a whole
 * window or history of predicted symbols is no surprise: adaptive-proportion,
 * extreme-rate and equal-block are then off and can notice nothing.
 */
bool health_test_on(const struct health *h, enum health_test test);

/* health_test_name - "repetition-count", ... for people and JSON. */
const char *health_test_name(enum health_test test);

#endif
