/* SPDX-License-Identifier: ISC */
/* What broken generators have been seen to do, each caught. */
#include <string.h>

#include "streams.h"

/* Feeds a stream at H = 8, 4 and 1/3 bit; which test ends it, and by when. */
static void expect(const uint8_t *stream, uint32_t test_mbits,
		   enum health_test test, uint64_t at_most)
{
	struct health h;

	start(&h, test_mbits, 8);
	assert_int_equal(health_feed(&h, stream, STREAM_BYTES), HEALTH_FAIL);
	assert_string_equal(health_test_name(h.failed), health_test_name(test));
	assert_int_equal(h.failure_count[test], 1);
	assert_in_range(h.symbol_count, 1, at_most);
}

/* Whatever its name, some test ends it. */
static void expect_caught(const uint8_t *stream, uint32_t test_mbits,
			  uint64_t at_most)
{
	struct health h;

	start(&h, test_mbits, 8);
	assert_int_equal(health_feed(&h, stream, STREAM_BYTES), HEALTH_FAIL);
	assert_in_range(h.symbol_count, 1, at_most);
}

/* A counter of word_bytes, from its byte `offset` on. */
static void make_counter(uint8_t *stream, unsigned word_bytes, bool big_endian,
			 uint64_t first, uint64_t step, unsigned offset)
{
	for (size_t i = 0; i < STREAM_BYTES; i++) {
		uint64_t word = first + (i + offset) / word_bytes * step;
		unsigned byte = (unsigned)((i + offset) % word_bytes);

		if (big_endian)
			byte = word_bytes - 1 - byte;
		stream[i] = (uint8_t)(word >> (8 * byte));
	}
}

static uint8_t stream[STREAM_BYTES];

static void constants(void **state)
{
	(void)state;
	for (unsigned value = 0; value < 256; value += 51) {
		memset(stream, (int)value, sizeof stream);
		expect(stream, 8000, HEALTH_RCT, 5);
		expect(stream, 4000, HEALTH_RCT, 9);
		expect(stream, 333, HEALTH_RCT, 92);
		expect(stream, 1, HEALTH_RCT, 30001);
	}
}

/* Few symbols equal to the first, but too many of them: 1 in 4 at H = 4. */
static void a_favourite_symbol(void **state)
{
	uint64_t seed = 11;

	(void)state;
	make_good(stream, 12);
	for (size_t i = 0; i < STREAM_BYTES; i++) {
		if (next64(&seed) % 4 == 0 || i == 0)
			stream[i] = 0x17;
	}
	expect(stream, 4000, HEALTH_APT, 512);
}

/* Run of C = 1 + ceil(30 / (k H)) differences takes (C + 1) words. */
static void counters_of_each_width(void **state)
{
	const uint64_t first = UINT64_C(0x1f83d9abfb41bd6b);

	(void)state;
	for (int big_endian = 0; big_endian <= 1; big_endian++) {
		make_counter(stream, 1, big_endian, first, 1, 0);
		expect(stream, 8000, HEALTH_DIFFERENCE_8, 6);
		make_counter(stream, 2, big_endian, first, 1, 0);
		expect(stream, 8000, HEALTH_DIFFERENCE_16, 4 * 2);
		expect(stream, 4000, HEALTH_DIFFERENCE_16, 6 * 2);
		make_counter(stream, 4, big_endian, first, 1, 0);
		expect(stream, 8000, HEALTH_DIFFERENCE_32, 3 * 4);
		expect(stream, 4000, HEALTH_DIFFERENCE_32, 4 * 4);
		make_counter(stream, 8, big_endian, first, 1, 0);
		/* Its upper bytes stand still: equal-block may come first. */
		expect_caught(stream, 8000, 3 * 8);
		expect(stream, 4000, HEALTH_DIFFERENCE_64, 3 * 8);
		expect_caught(stream, 333, 14 * 8);
	}
}

/*
 * Big endian, a carry breaks the little-endian difference every 256 words and
 * the stride's own carries far more often; at a small H, where runs must be
 * long, only the big-endian reading sees it.
 */
static void strides_in_either_order(void **state)
{
	const uint64_t first = UINT64_C(0x1f83d9abfb41bd6b);
	const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);

	(void)state;
	for (int big_endian = 0; big_endian <= 1; big_endian++) {
		make_counter(stream, 2, big_endian, first, step & 0xffff, 0);
		expect(stream, 8000, HEALTH_DIFFERENCE_16, 4 * 2);
		make_counter(stream, 4, big_endian, first, step & 0xffffffff, 0);
		expect(stream, 8000, HEALTH_DIFFERENCE_32, 3 * 4);
		make_counter(stream, 8, big_endian, first, step, 0);
		expect(stream, 8000, HEALTH_DIFFERENCE_64, 3 * 8);
		expect(stream, 333, HEALTH_DIFFERENCE_64, 14 * 8);
		expect(stream, 20, HEALTH_DIFFERENCE_64, 190 * 8);
	}
}

/* A driver that hands out a counter from the middle of a word. */
static void counters_from_every_offset(void **state)
{
	const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);

	(void)state;
	for (unsigned offset = 0; offset < 8; offset++) {
		for (int big_endian = 0; big_endian <= 1; big_endian++) {
			make_counter(stream, 8, big_endian, step, 1, offset);
			expect_caught(stream, 8000, 4 * 8);
			make_counter(stream, 8, big_endian, 1, step, offset);
			expect_caught(stream, 8000, 4 * 8);
			expect(stream, 333, HEALTH_DIFFERENCE_64, 15 * 8);
		}
	}
}

/* One word for ever; the symbols in it differ, so no symbol repeats. */
static void the_same_word_again(void **state)
{
	static const uint8_t word[8] = { 1, 7, 3, 9, 2, 8, 5, 4 };
	static const struct {
		size_t bytes;
		enum health_test test;
	} widths[] = {
		{ 2, HEALTH_WORD_16 },
		{ 4, HEALTH_WORD_32 },
		{ 8, HEALTH_WORD_64 },
	};

	(void)state;
	for (size_t w = 0; w < ARRAY_LEN(widths); w++) {
		for (size_t i = 0; i < STREAM_BYTES; i++)
			stream[i] = word[i % widths[w].bytes];
		expect(stream, 4000, widths[w].test, 16);
		expect_caught(stream, 8000, 16);
		expect_caught(stream, 333, 127 + 8);
	}
}

/* AMD Zen 5 RDSEED: about a tenth of the words are zero, with "success". */
static void a_tenth_of_the_words_is_extreme(void **state)
{
	(void)state;
	for (size_t bytes = 2; bytes <= 8; bytes *= 2) {
		for (int value = 0; value <= 0xff; value += 0xff) {
			uint64_t seed = 21;

			make_good(stream, 22);
			for (size_t i = 0; i < STREAM_BYTES; i += bytes) {
				if (next64(&seed) % 10 == 0)
					memset(stream + i, value, bytes);
			}
			expect_caught(stream, 8000, 512 * bytes);
			expect_caught(stream, 4000, 512 * bytes);
		}
	}
}

/* One in 20 16-bit words, never two in a row: only their rate is odd. */
static void the_rate_of_extreme_words_has_a_test(void **state)
{
	(void)state;
	for (int value = 0; value <= 0xff; value += 0xff) {
		make_good(stream, 31);
		for (size_t i = 0; i < STREAM_BYTES; i += 40)
			memset(stream + i, value, 2);
		expect(stream, 8000, HEALTH_EXTREME_RATE, 1024);
		expect(stream, 4000, HEALTH_EXTREME_RATE, 1024);
	}
	/* Zeros and ones together. */
	make_good(stream, 32);
	for (size_t i = 0; i < STREAM_BYTES; i += 40)
		memset(stream + i, i % 80 ? 0 : 0xff, 2);
	expect(stream, 4000, HEALTH_EXTREME_RATE, 1024);
}

/* The test's own arithmetic: hits in a window, both sides of the cutoff. */
static void the_rate_fails_on_the_cutoff_and_not_before(void **state)
{
	struct health_known_bad t;
	unsigned cutoff;

	(void)state;
	health_known_bad_init(&t, 4000, 8, 30);
	cutoff = t.rate[0].cutoff;
	for (unsigned hits = cutoff - 1; hits <= cutoff; hits++) {
		uint64_t seed = 41;
		enum health_test failed = HEALTH_NONE;

		health_known_bad_reset(&t);
		/* Never zero, never 0xff: only what is put there is a hit. */
		for (unsigned i = 0; i < 1024; i++) {
			bool hit = i % 22 < 2 && i / 22 < hits;
			uint8_t s = (uint8_t)(1 + next_symbol(&seed) % 254);

			failed = health_known_bad_feed(&t, hit ? 0 : s);
			if (failed != HEALTH_NONE)
				break;
		}
		assert_int_equal(failed, hits < cutoff ? HEALTH_NONE :
							 HEALTH_EXTREME_RATE);
	}
}

/* AMD Zen 2 RDRAND with old firmware: all ones, for ever or after resume. */
static void all_ones_after_a_long_good_run(void **state)
{
	(void)state;
	make_good(stream, 51);
	memset(stream + 60000, 0xff, STREAM_BYTES - 60000);
	expect(stream, 8000, HEALTH_RCT, 60006);
	make_good(stream, 52);
	for (size_t i = 60000; i < STREAM_BYTES; i++)
		stream[i] = "stuck!!"[i % 8];
	expect_caught(stream, 4000, 60000 + 2 * 8 + 8);
}

/*
 * A buffer handed out twice, up to 4 KiB before, at any length of cycle. Found
 * after 2 blocks; now and then one more, where the table has lost a block.
 */
static void a_repeated_buffer(void **state)
{
	static const size_t cycle[] = { 9, 100, 1024, 1500, 4095, 4096 };

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(cycle); c++) {
		make_good(stream, 61);
		for (size_t i = cycle[c]; i < STREAM_BYTES; i++)
			stream[i] = stream[i - cycle[c]];
		expect(stream, 8000, HEALTH_EQUAL_BLOCK, cycle[c] + 4 * 6);
		if (cycle[c] >= 100)
			expect(stream, 333, HEALTH_EQUAL_BLOCK,
			       cycle[c] + 3 * 127);
	}
	/* Once only, in the middle of good symbols. */
	make_good(stream, 62);
	memcpy(stream + 33333, stream + 30000, 1024);
	expect(stream, 8000, HEALTH_EQUAL_BLOCK, 33333 + 4 * 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants),
		cmocka_unit_test(a_favourite_symbol),
		cmocka_unit_test(counters_of_each_width),
		cmocka_unit_test(strides_in_either_order),
		cmocka_unit_test(counters_from_every_offset),
		cmocka_unit_test(the_same_word_again),
		cmocka_unit_test(a_tenth_of_the_words_is_extreme),
		cmocka_unit_test(the_rate_of_extreme_words_has_a_test),
		cmocka_unit_test(the_rate_fails_on_the_cutoff_and_not_before),
		cmocka_unit_test(all_ones_after_a_long_good_run),
		cmocka_unit_test(a_repeated_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
