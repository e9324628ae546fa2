/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void every_byte_in_hexadecimal(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t raw = (uint8_t)i, back = (uint8_t)~i;
		char text[3], expected[3];

		/* Known answer: the C library's. */
		(void)snprintf(expected, sizeof expected, "%02x", i);
		hex_encode(&raw, 1, text);
		assert_string_equal(text, expected);
		assert_int_equal(hex_decode(text, &back, 1), 1);
		assert_int_equal(back, i);
		(void)snprintf(expected, sizeof expected, "%02X", i);
		assert_int_equal(hex_decode(expected, &back, 1), 1);
		assert_int_equal(back, i);
	}
}

static void order_and_terminator(void **state)
{
	static const uint8_t raw[] = { 0xde, 0xad, 0xbe, 0xef };
	char text[11] = "zzzzzzzzzz";

	(void)state;
	hex_encode(raw, sizeof raw, text);
	assert_memory_equal(text, "deadbeef\0z", 10);
	hex_encode(raw, 0, text);
	assert_memory_equal(text, "\0eadbeef", 8);
}

static void what_is_decoded(void **state)
{
	static const struct {
		const char *text;
		long r;
	} cases[] = {
		{ "", 0 },
		{ " \t\r\n", 0 },
		{ "00ff10", 3 },
		{ " 00\tFF\r\n10 ", 3 },
		{ "0", -EINVAL },
		{ "00f", -EINVAL },
		{ "0 0", -EINVAL }, /* a blank inside a byte */
		{ "0g", -EINVAL },
		{ "g0", -EINVAL },
		{ "/0", -EINVAL }, /* both neighbours of each range */
		{ ":0", -EINVAL },
		{ "@0", -EINVAL },
		{ "G0", -EINVAL },
		{ "`0", -EINVAL },
		{ "0x00", -EINVAL },
		{ "\xc3\xbc", -EINVAL },
		{ "00ff1000", -ENOBUFS },
	};
	static const uint8_t expected[] = { 0x00, 0xff, 0x10 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t raw[4] = { 0xa5, 0xa5, 0xa5, 0xa5 };

		/* Room for three; the fourth shows a byte too far. */
		assert_int_equal(hex_decode(cases[i].text, raw, 3), cases[i].r);
		assert_int_equal(raw[3], 0xa5);
		if (cases[i].r == 3)
			assert_memory_equal(raw, expected, 3);
	}
}

static void byte_order(void **state)
{
	/* High bits set, so that a sign that creeps in shows. */
	static const uint8_t p[] = { 0xf1, 0xe2, 0xd3, 0xc4,
				     0xb5, 0xa6, 0x97, 0x88 };
	uint8_t out[8];

	(void)state;
	assert_int_equal(load_be16(p), 0xf1e2);
	assert_int_equal(load_be32(p), 0xf1e2d3c4);
	assert_int_equal(load_le32(p), 0xc4d3e2f1);
	assert_int_equal(load_le64(p), UINT64_C(0x8897a6b5c4d3e2f1));
	store_be16(out, 0xf1e2);
	assert_memory_equal(out, p, 2);
	store_be32(out, 0xf1e2d3c4);
	assert_memory_equal(out, p, 4);
	store_le32(out, 0xc4d3e2f1);
	assert_memory_equal(out, p, 4);
	store_le64(out, UINT64_C(0x8897a6b5c4d3e2f1));
	assert_memory_equal(out, p, 8);
}

static void least_and_largest(void **state)
{
	(void)state;
	assert_int_equal(min_size(1, 2), 1);
	assert_int_equal(min_size(2, 1), 1);
	assert_int_equal(min_u64(UINT64_MAX, 0), 0);
	assert_int_equal(min_u64(0, UINT64_MAX), 0);
	assert_int_equal(max_u64(UINT64_MAX, 0), UINT64_MAX);
	assert_int_equal(max_u64(0, UINT64_MAX), UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_in_hexadecimal),
		cmocka_unit_test(order_and_terminator),
		cmocka_unit_test(what_is_decoded),
		cmocka_unit_test(byte_order),
		cmocka_unit_test(least_and_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
