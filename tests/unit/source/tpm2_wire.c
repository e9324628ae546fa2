/* SPDX-License-Identifier: ISC */
/* TPM2_GetRandom on the wire: by hand from TPM 2.0 Part 2 and 3. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "source/tpm2_wire.h"

/* TPM_ST_NO_SESSIONS, size 12, TPM_CC_GetRandom, 32: Part 3, 16.1. */
static void the_command_is_twelve_bytes(void **state)
{
	static const uint8_t expected[] = { 0x80, 0x01, 0, 0,    0,    12,
					    0,    0,    1, 0x7b, 0x00, 0x20 };
	uint8_t command[TPM2_COMMAND_BYTES];

	(void)state;
	tpm2_encode_get_random(32, command);
	assert_memory_equal(command, expected, sizeof expected);
}

/* tag, size, code, count, then the bytes 1, 2, 3 ...; sizes as told. */
static size_t answer(uint8_t *ret, uint16_t tag, uint32_t size, uint32_t code,
		     uint16_t count, size_t given)
{
	store_be16(ret, tag);
	store_be32(ret + 2, size);
	store_be32(ret + 6, code);
	store_be16(ret + 10, count);
	for (size_t i = 0; i < given; i++)
		ret[12 + i] = (uint8_t)(i + 1);
	return 12 + given;
}

static void good_answers_of_every_length_are_taken(void **state)
{
	(void)state;
	for (uint16_t n = 1; n <= 32; n++) {
		uint8_t a[64], got[33];
		size_t len = answer(a, 0x8001, 12u + n, 0, n, n);
		uint32_t code = 99;

		memset(got, 0xee, sizeof got);
		assert_int_equal(tpm2_answer_bytes(a), len);
		assert_int_equal(tpm2_decode_get_random(a, len, 32, got, &code),
				 n);
		assert_int_equal(code, 0);
		assert_memory_equal(got, a + 12, n);
		assert_int_equal(got[n], 0xee);
	}
}

static const struct {
	const char *what;
	uint32_t tag, size, code, count;
	size_t given, cut; /* cut: bytes less than the size says */
	ssize_t result;
} bad[] = {
	{ "more than asked", 0x8001, 45, 0, 33, 33, 0, -EBADMSG },
	{ "nothing given", 0x8001, 12, 0, 0, 0, 0, -EBADMSG },
	{ "count above what is there", 0x8001, 44, 0, 32, 31, 0, -EBADMSG },
	{ "count one too large", 0x8001, 43, 0, 32, 31, 0, -EBADMSG },
	{ "count one too small", 0x8001, 44, 0, 31, 32, 0, -EBADMSG },
	{ "size above the bytes", 0x8001, 45, 0, 32, 32, 0, -EBADMSG },
	{ "size below the bytes", 0x8001, 43, 0, 32, 32, 0, -EBADMSG },
	{ "with sessions", 0x8002, 44, 0, 32, 32, 0, -EBADMSG },
	{ "TPM 1.2 tag", 0x00c4, 44, 0, 32, 32, 0, -ENOTSUP },
	{ "an error with a body", 0x8001, 44, 0x101, 32, 32, 0, -EBADMSG },
	{ "no room for a count", 0x8001, 11, 0, 0, 0, 1, -EBADMSG },
	{ "retry", 0x8001, 10, 0x922, 0, 0, 2, -EAGAIN },
	{ "yielded", 0x8001, 10, 0x908, 0, 0, 2, -EAGAIN },
	{ "testing", 0x8001, 10, 0x90a, 0, 0, 2, -EAGAIN },
	{ "failure mode", 0x8001, 10, 0x101, 0, 0, 2, -EREMOTEIO },
	{ "code one above retry", 0x8001, 10, 0x923, 0, 0, 2, -EREMOTEIO },
	{ "size 0", 0x8001, 0, 0, 0, 0, 2, -EBADMSG },
	{ "half a header", 0x8001, 5, 0, 0, 0, 7, -EBADMSG },
};

static void bad_answers_are_told_apart_and_give_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		uint8_t a[64] = { 0 }, got[33];
		uint32_t code;
		size_t len = answer(a, bad[i].tag, bad[i].size, bad[i].code,
				    bad[i].count, bad[i].given);

		memset(got, 0xee, sizeof got);
		if (tpm2_decode_get_random(a, len - (size_t)bad[i].cut, 32, got,
					   &code) != bad[i].result)
			fail_msg("%s", bad[i].what);
		for (size_t k = 0; k < sizeof got; k++)
			assert_int_equal(got[k], 0xee);
	}
}

static void the_size_field_is_bounded_on_both_sides(void **state)
{
	static const uint32_t sizes[] = { 0, 9, 10, 128, 129, UINT32_MAX };
	static const ssize_t expected[] = { -EBADMSG, -EBADMSG, 10,
					    128,      -EBADMSG, -EBADMSG };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t a[64];

		(void)answer(a, 0x8001, sizes[i], 0, 0, 0);
		assert_int_equal(tpm2_answer_bytes(a), expected[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_is_twelve_bytes),
		cmocka_unit_test(good_answers_of_every_length_are_taken),
		cmocka_unit_test(bad_answers_are_told_apart_and_give_nothing),
		cmocka_unit_test(the_size_field_is_bounded_on_both_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
