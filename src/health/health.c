/* SPDX-License-Identifier: ISC */
#include "health/health.h"

#include <errno.h>

#include "base/bytes.h"

/* A lane's tests stay within 16 KiB. */
_Static_assert(sizeof(struct health) <= 16 * 1024, "struct health is too big");

static const char *const test_names[HEALTH_TEST_COUNT] = {
	[HEALTH_NONE] = "none",
	[HEALTH_RCT] = "repetition-count",
	[HEALTH_APT] = "adaptive-proportion",
	[HEALTH_DIFFERENCE_8] = "difference-8",
	[HEALTH_DIFFERENCE_16] = "difference-16",
	[HEALTH_DIFFERENCE_32] = "difference-32",
	[HEALTH_DIFFERENCE_64] = "difference-64",
	[HEALTH_WORD_16] = "word-16",
	[HEALTH_WORD_32] = "word-32",
	[HEALTH_WORD_64] = "word-64",
	[HEALTH_EXTREME_RATE] = "extreme-rate",
	[HEALTH_EQUAL_BLOCK] = "equal-block",
};

int health_init(struct health *h, const struct health_config *config)
{
	struct health_config c = *config;

	if (c.symbol_bits < 1 || c.symbol_bits > 8)
		return -EINVAL;
	if (c.test_mbits < 1 || c.test_mbits > 1000 * c.symbol_bits)
		return -EINVAL;
	if (c.alpha_log2 < HEALTH_ALPHA_LOG2_MIN ||
	    c.alpha_log2 > HEALTH_ALPHA_LOG2_MAX)
		return -EINVAL;

	h->config = c;
	health_rct_init(&h->rct, c.test_mbits, c.alpha_log2);
	health_apt_init(&h->apt, c.test_mbits, c.symbol_bits, c.alpha_log2);
	health_startup_init(&h->startup, c.startup_symbols);
	health_known_bad_init(&h->known_bad, c.test_mbits, c.symbol_bits,
			      c.alpha_log2);
	h->verdict = HEALTH_PENDING;
	h->failed = HEALTH_NONE;
	h->symbol_count = 0;
	h->settled_count = 0;
	for (size_t i = 0; i < ARRAY_LEN(h->failure_count); i++)
		h->failure_count[i] = 0;
	return 0;
}

/* The standard's two first: theirs is the name where several tests agree. */
static enum health_test judge(struct health *h, uint8_t symbol)
{
	if (health_rct_feed(&h->rct, symbol) == HEALTH_FAIL)
		return HEALTH_RCT;
	if (health_apt_feed(&h->apt, symbol) == HEALTH_FAIL)
		return HEALTH_APT;
	return health_known_bad_feed(&h->known_bad, symbol);
}

/* Nothing settles before start-up is over; then what it saw settles too. */
static void settle(struct health *h)
{
	if (!h->startup.passed)
		return;
	h->verdict = HEALTH_PASS;
	h->settled_count = h->apt.closed_count;
}

enum verdict health_feed(struct health *h, const uint8_t *symbols, size_t n)
{
	uint8_t mask = (uint8_t)((1u << h->config.symbol_bits) - 1);

	for (size_t i = 0; i < n && h->verdict != HEALTH_FAIL; i++) {
		enum health_test failed = judge(h, symbols[i] & mask);

		h->symbol_count++;
		if (failed != HEALTH_NONE) {
			h->verdict = HEALTH_FAIL;
			h->failed = failed;
			h->failure_count[failed]++;
		} else {
			health_startup_feed(&h->startup);
			settle(h);
		}
	}
	return h->verdict;
}

enum verdict health_finish(struct health *h)
{
	if (h->verdict == HEALTH_FAIL)
		return HEALTH_FAIL;
	health_startup_finish(&h->startup, h->symbol_count);
	/* A start-up cut short settles nothing: its window stays open. */
	if (h->startup.passed) {
		health_apt_close(&h->apt);
		settle(h);
	}
	return h->verdict;
}

void health_restart(struct health *h)
{
	health_rct_reset(&h->rct);
	health_apt_reset(&h->apt);
	health_startup_reset(&h->startup);
	health_known_bad_reset(&h->known_bad);
	h->verdict = HEALTH_PENDING;
	h->failed = HEALTH_NONE;
	h->symbol_count = 0;
	h->settled_count = 0;
}

bool health_test_on(const struct health *h, enum health_test test)
{
	switch (test) {
	case HEALTH_NONE:
	case HEALTH_TEST_COUNT:
		return false;
	case HEALTH_APT:
		return h->apt.cutoff <= h->apt.window;
	case HEALTH_EXTREME_RATE:
		/* The widest word's is the last to have no cutoff. */
		return h->known_bad.rate[HEALTH_WIDTHS - 1].cutoff <=
		       HEALTH_RATE_WORDS;
	case HEALTH_EQUAL_BLOCK:
		return h->known_bad.equal_block.block > 0;
	default:
		return true;
	}
}

const char *health_test_name(enum health_test test)
{
	if ((unsigned)test >= HEALTH_TEST_COUNT)
		return "?";
	return test_names[test];
}
