/* SPDX-License-Identifier: ISC */
/* What passes: good streams, and what no test can notice. */
#include <sodium.h>

#include "streams.h"

static uint8_t stream[STREAM_BYTES];

/*
 * What no test can notice. A counter that was encrypted is as good as noise to
 * anyone without the key, and known to whoever has it: it passes, and is
 * credited as claimed. That is why no trust domain fills a seed alone.
 */
static void an_encrypted_counter_passes(void **state)
{
	static const unsigned char key[32] = "everybody knows this key";
	static const unsigned char nonce[8];
	static uint8_t cipher[4 << 20];
	struct health h;

	(void)state;
	assert_int_equal(
		crypto_stream_chacha20(cipher, sizeof cipher, nonce, key), 0);
	start(&h, 8000, 8);
	assert_int_equal(health_feed(&h, cipher, sizeof cipher), HEALTH_PASS);
	assert_int_equal(h.settled_count, sizeof cipher);
}

/* And a cycle longer than the history is beyond the equal-block test. */
static void a_long_cycle_passes(void **state)
{
	struct health h;

	(void)state;
	make_good(stream, 71);
	for (size_t i = 4097; i < STREAM_BYTES; i++)
		stream[i] = stream[i - 4097];
	start(&h, 8000, 8);
	assert_int_equal(health_feed(&h, stream, STREAM_BYTES), HEALTH_PASS);
}

/* Fixed seeds; 8 MiB at H = 8 would fail by chance for 1 seed in about 60. */
static void good_streams_pass(void **state)
{
	static const uint32_t test_mbits[] = { 8000, 4000, 333 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(test_mbits); i++) {
		uint64_t seed = 81;
		struct health h;

		start(&h, test_mbits[i], 8);
		assert_int_equal(feed_good(&h, &seed, 8 << 20), HEALTH_PASS);
		assert_int_equal(h.settled_count, 8 << 20);
	}
}

/* Symbols of one bit: words are 2, 4 and 8 bits, windows 1,024. */
static void bits_are_symbols_too(void **state)
{
	uint64_t seed = 91;
	struct health h;
	uint8_t bit;

	(void)state;
	start(&h, 1000, 1);
	for (unsigned i = 0; i < 1 << 20; i++) {
		bit = next_symbol(&seed) & 1;
		(void)health_feed(&h, &bit, 1);
	}
	assert_int_equal(h.verdict, HEALTH_PASS);

	/* 0 1 0 1 ...: each difference is 1, modulo 2. */
	start(&h, 1000, 1);
	for (unsigned i = 0; i < 100 && h.verdict != HEALTH_FAIL; i++) {
		bit = i & 1;
		(void)health_feed(&h, &bit, 1);
	}
	assert_int_equal(h.failed, HEALTH_DIFFERENCE_8);
	assert_int_equal(h.symbol_count, 32);

	/* An 8-bit counter, bit by bit, is a counter of 8-symbol words. */
	start(&h, 1000, 1);
	for (unsigned i = 0; i < 4096 && h.verdict != HEALTH_FAIL; i++) {
		bit = ((i / 8 * 37) >> (i % 8)) & 1;
		(void)health_feed(&h, &bit, 1);
	}
	assert_int_equal(h.failed, HEALTH_DIFFERENCE_64);
	assert_in_range(h.symbol_count, 48, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_encrypted_counter_passes),
		cmocka_unit_test(a_long_cycle_passes),
		cmocka_unit_test(good_streams_pass),
		cmocka_unit_test(bits_are_symbols_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
