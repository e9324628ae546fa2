/* SPDX-License-Identifier: ISC */
/*
 * How often do the tests cry wolf? At alpha = 2^-10 that can be measured: for
 * each test a source of exactly H bits a symbol whose luck follows that test's
 * own predictor, so that the bound of tools/cutoffs.py is met, not just kept.
 * Fixed seeds; the margins are 6 standard deviations.
 */
#include <math.h>

#include "lucky.h"

#define ALPHA_LOG2 10
#define SYMBOLS (1u << 19)

/* P(Binomial(n, p) >= k), small enough here for plain doubles. */
static double upper_tail(unsigned n, double p, unsigned k)
{
	double tail = 0;

	for (unsigned i = n; i >= k && i > 0; i--)
		tail += exp(lgamma(n + 1.0) - lgamma(i + 1.0) -
			    lgamma(n - i + 1.0) + i * log(p) +
			    (n - i) * log1p(-p));
	return tail;
}

/* How often `test` may fail per symbol, at most. */
static double bound(const struct health *h, enum health_test test)
{
	const struct health_known_bad *kb = &h->known_bad;
	double p = exp2(-(double)h->config.test_mbits / 1000);
	double rate = 0;

	switch (test) {
	case HEALTH_RCT:
		return pow(p, h->rct.cutoff - 1);
	case HEALTH_APT:
		/* The first symbol is given: W - 1 chances for C - 1. */
		return upper_tail(h->apt.window - 1, p, h->apt.cutoff - 1) /
		       h->apt.window;
	case HEALTH_DIFFERENCE_8:
		return pow(p, kb->difference_8.cutoff - 1);
	case HEALTH_DIFFERENCE_16:
	case HEALTH_DIFFERENCE_32:
	case HEALTH_DIFFERENCE_64: {
		unsigned k = 2u << (test - HEALTH_DIFFERENCE_16);

		/* Two readings. */
		return 2 *
		       pow(p, k * (kb->phase[k - 2].difference_le.cutoff - 1));
	}
	case HEALTH_WORD_16:
	case HEALTH_WORD_32:
	case HEALTH_WORD_64: {
		unsigned k = 2u << (test - HEALTH_WORD_16);

		return pow(p, k * (kb->phase[k - 2].word.cutoff - 1));
	}
	case HEALTH_EXTREME_RATE:
		for (unsigned w = 0; w < HEALTH_WIDTHS; w++) {
			unsigned k = 2u << w;

			if (kb->rate[w].cutoff > HEALTH_RATE_WORDS)
				continue;
			rate += upper_tail(HEALTH_RATE_WORDS, 2 * pow(p, k),
					   kb->rate[w].cutoff) /
				(HEALTH_RATE_WORDS * k);
		}
		return rate;
	case HEALTH_EQUAL_BLOCK:
		return HEALTH_EQUAL_BLOCK_LAGS * pow(p, kb->equal_block.block);
	default:
		return 0;
	}
}

static const struct {
	uint32_t test_mbits;
	unsigned symbol_bits;
} lanes[] = { { 1000, 1 }, { 500, 2 },  { 2000, 2 }, { 333, 8 },
	      { 1000, 8 }, { 2500, 4 }, { 4000, 8 }, { 8000, 8 } };

static void run(uint64_t count[HEALTH_TEST_COUNT], struct health *h,
		size_t lane, enum luck luck)
{
	const struct health_config config = {
		.test_mbits = lanes[lane].test_mbits,
		.symbol_bits = lanes[lane].symbol_bits,
		.alpha_log2 = ALPHA_LOG2,
	};
	struct lucky s = { .seed = 1000 * lane + luck,
			   .luck = luck,
			   .symbol_bits = config.symbol_bits };

	assert_int_equal(health_init(h, &config), 0);
	s.p = exp2(-(double)config.test_mbits / 1000);
	s.window = h->apt.window;
	while (s.n < SYMBOLS) {
		uint8_t symbol = lucky_symbol(&s);

		/* A window begins with the restart: so does the luck. */
		if (health_feed(h, &symbol, 1) == HEALTH_FAIL) {
			health_restart(h);
			s.seed += s.n;
			s.n += s.window - s.n % s.window;
		}
	}
	for (size_t i = 0; i < HEALTH_TEST_COUNT; i++)
		count[i] = h->failure_count[i];
}

static void no_test_fails_more_often_than_its_bound(void **state)
{
	(void)state;
	for (size_t lane = 0; lane < ARRAY_LEN(lanes); lane++) {
		for (enum luck luck = RANDOM; luck <= STEP_64; luck++) {
			uint64_t count[HEALTH_TEST_COUNT];
			struct health h;

			run(count, &h, lane, luck);
			for (unsigned t = 1; t < HEALTH_TEST_COUNT; t++) {
				double most = SYMBOLS *
					      bound(&h, (enum health_test)t);

				assert_true((double)count[t] <=
					    most + 6 * sqrt(most) + 6);
			}
		}
	}
}

/* The bound is met: a test that never fails would be within it too. */
static void each_test_fails_about_as_often_as_bound(void **state)
{
	static const struct {
		enum health_test test;
		enum luck luck;
		size_t lane;
	} own[] = {
		{ HEALTH_RCT, LAG_1, 4 },
		{ HEALTH_RCT, RANDOM, 0 },
		{ HEALTH_DIFFERENCE_8, STEP_8, 4 },
		{ HEALTH_DIFFERENCE_16, STEP_16, 5 },
		{ HEALTH_DIFFERENCE_32, STEP_32, 5 },
		{ HEALTH_DIFFERENCE_64, STEP_64, 3 },
		{ HEALTH_WORD_16, LAG_2, 4 },
		{ HEALTH_WORD_32, LAG_4, 5 },
		{ HEALTH_WORD_64, LAG_8, 3 },
		{ HEALTH_EQUAL_BLOCK, RANDOM, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		uint64_t count[HEALTH_TEST_COUNT];
		struct health h;

		run(count, &h, own[i].lane, own[i].luck);
		assert_true((double)count[own[i].test] >=
			    SYMBOLS * bound(&h, own[i].test) / 50);
	}
}

static void assert_about(double count, double most)
{
	assert_true(count <= most + 6 * sqrt(most));
	assert_true(count >= most / 4);
}

/* Windows are long: alone, so that no other test cuts them short. */
static void adaptive_proportion_alone(void **state)
{
	static const unsigned windows = 1 << 14;

	(void)state;
	for (size_t lane = 0; lane < ARRAY_LEN(lanes); lane++) {
		struct lucky s = { .seed = 77 + lane, .luck = LIKE_FIRST };
		struct health h;
		unsigned failures = 0;

		h.config.test_mbits = lanes[lane].test_mbits;
		health_apt_init(&h.apt, lanes[lane].test_mbits,
				lanes[lane].symbol_bits, ALPHA_LOG2);
		s.symbol_bits = lanes[lane].symbol_bits;
		s.window = h.apt.window;
		s.p = exp2(-(double)lanes[lane].test_mbits / 1000);
		for (unsigned w = 0; w < windows; w++) {
			enum verdict v = HEALTH_PASS;

			for (unsigned i = 0; i < s.window; i++) {
				uint8_t symbol = lucky_symbol(&s);

				if (v == HEALTH_PASS)
					v = health_apt_feed(&h.apt, symbol);
			}
			failures += v == HEALTH_FAIL;
			health_apt_reset(&h.apt);
		}
		assert_about(failures, (double)windows * s.window *
					       bound(&h, HEALTH_APT));
	}
}

/*
 * H = 2: a pair of symbols is all zeros or all ones with probability 2 * 2^-4,
 * and independently so the next, hence four and eight symbols meet theirs too.
 */
static void extreme_rate_alone(void **state)
{
	static const unsigned windows = 1 << 13;
	struct health h = { .config = { .test_mbits = 2000 } };
	uint64_t seed = 99;
	unsigned failures = 0;

	(void)state;
	health_known_bad_init(&h.known_bad, 2000, 8, ALPHA_LOG2);
	for (unsigned i = 0; i < windows * HEALTH_RATE_WORDS; i++) {
		uint64_t draw = next64(&seed);
		uint8_t a = (uint8_t)(1 + (draw >> 8) % 254);
		uint8_t b = (uint8_t)(draw >> 16);
		enum health_test fa, fb;

		if (draw % 8 == 0)
			a = b = draw & 8 ? 0xff : 0;
		fa = health_known_bad_feed(&h.known_bad, a);
		fb = health_known_bad_feed(&h.known_bad, b);
		if (fa != HEALTH_EXTREME_RATE && fb != HEALTH_EXTREME_RATE)
			continue;
		failures++;
		health_known_bad_reset(&h.known_bad);
	}
	assert_about(failures, 2.0 * windows * HEALTH_RATE_WORDS *
				       bound(&h, HEALTH_EXTREME_RATE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_test_fails_more_often_than_its_bound),
		cmocka_unit_test(each_test_fails_about_as_often_as_bound),
		cmocka_unit_test(adaptive_proportion_alone),
		cmocka_unit_test(extreme_rate_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
