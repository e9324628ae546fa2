/* SPDX-License-Identifier: ISC */
/* The seed file's bytes: a file made by tools other than ours, and damage. */
#include <errno.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/seed_format.h"

static const struct platform machine = {
	.machine_id = "0123456789abcdef0123456789abcdef",
	.product_uuid = "6f1d3a52-0000-4000-8000-0123456789ab",
	.generation_known = true,
	.generation = UINT64_C(0x1122334455667788),
};

/*
 * Seed 0 to 31, credit 256, the machine above: made with hashlib and hmac of
 * Python 3.11 from man/aquifer-seed.5.
 */
static const uint8_t expected[] = {
	0x41, 0x51, 0x2d, 0x53, 0x45, 0x45, 0x44, 0x0a, 0x01, 0x00, 0x00, 0x00,
	0x20, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x0a, 0x41, 0xe4, 0x87, 0x21, 0x29, 0x13, 0x9c, 0xf5, 0x27, 0xba, 0x42,
	0xd9, 0x1d, 0xb5, 0x99, 0xdc, 0xf2, 0xc6, 0xef, 0xb5, 0xd4, 0xae, 0xd5,
	0xe8, 0x0a, 0x51, 0x43, 0x70, 0x55, 0x9e, 0xf7, 0x00, 0x01, 0x02, 0x03,
	0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b,
	0x1c, 0x1d, 0x1e, 0x1f, 0xe0, 0xe0, 0xe2, 0x7b, 0x21, 0x97, 0x06, 0xfe,
	0x56, 0x9e, 0xa2, 0x6c, 0x69, 0x62, 0x29, 0x1d, 0x3c, 0x78, 0x86, 0xc4,
	0x76, 0x84, 0x24, 0x56, 0xe8, 0x1f, 0x73, 0x1e, 0x8e, 0x25, 0x15, 0x87,
};

static void fill(struct seed_content *c, size_t n, uint32_t credit_bits)
{
	memset(c, 0, sizeof *c);
	c->credit_bits = credit_bits;
	c->len_bytes = n;
	for (size_t i = 0; i < n; i++)
		c->seed[i] = (uint8_t)i;
	seed_bind(c, &machine);
}

static void the_file_is_as_the_manual_says(void **state)
{
	struct seed_content c;
	uint8_t file[SEED_FILE_BYTES_MAX];

	(void)state;
	fill(&c, 32, 256);
	assert_int_equal(seed_encode(&c, file), sizeof expected);
	assert_memory_equal(file, expected, sizeof expected);
}

static void every_length_survives_a_round(void **state)
{
	(void)state;
	for (size_t n = SEED_BYTES_MIN; n <= SEED_BYTES_MAX; n++) {
		struct seed_content c, back;
		uint8_t file[SEED_FILE_BYTES_MAX];
		const char *why = NULL;
		size_t len;

		fill(&c, n, (uint32_t)(8 * n));
		len = seed_encode(&c, file);
		assert_int_equal(len, 88 + n);
		assert_int_equal(seed_decode(file, len, &back, &why), 0);
		assert_null(why);
		assert_int_equal(back.len_bytes, n);
		assert_int_equal(back.credit_bits, 8 * n);
		assert_memory_equal(back.seed, c.seed, n);
		assert_true(seed_is_bound(&back, &machine));
	}
}

static void every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof expected; bit++) {
		uint8_t file[sizeof expected];
		struct seed_content back;
		const char *why = NULL;

		memcpy(file, expected, sizeof file);
		file[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(seed_decode(file, sizeof file, &back, &why),
				 -EBADMSG);
		assert_non_null(why);
	}
}

static void every_cut_and_extension_is_noticed(void **state)
{
	uint8_t file[sizeof expected + 1] = { 0 };

	(void)state;
	memcpy(file, expected, sizeof expected);
	for (size_t len = 0; len <= sizeof file; len++) {
		struct seed_content back;
		const char *why = NULL;

		if (len != sizeof expected)
			assert_int_equal(seed_decode(file, len, &back, &why),
					 -EBADMSG);
	}
}

/* Bytes 8 to 23 hold four fields; each gets a value, the checksum fits. */
static const struct {
	size_t at;
	uint32_t value;
	int result;
} fields[] = {
	{ 8, 0, -EBADMSG },    { 8, 1, 0 },
	{ 8, 2, -EBADMSG },    { 12, 31, -EBADMSG },
	{ 12, 32, 0 },         { 12, 33, -EBADMSG },
	{ 12, 0, -EBADMSG },   { 12, UINT32_MAX, -EBADMSG },
	{ 16, 0, 0 },          { 16, 256, 0 },
	{ 16, 257, -EBADMSG }, { 16, UINT32_MAX, -EBADMSG },
	{ 20, 0, 0 },          { 20, 1, -EBADMSG },
};

static void fields_are_checked_behind_a_good_checksum(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		uint8_t file[sizeof expected], sum[crypto_hash_sha512_BYTES];
		struct seed_content back;
		const char *why;

		memcpy(file, expected, sizeof file);
		store_le32(file + fields[i].at, fields[i].value);
		(void)crypto_hash_sha512(sum, file, sizeof file - 32);
		memcpy(file + sizeof file - 32, sum, 32);
		assert_int_equal(seed_decode(file, sizeof file, &back, &why),
				 fields[i].result);
	}
}

static void the_binding_holds_for_one_machine_and_one_seed(void **state)
{
	struct seed_content c;
	struct platform p = machine;

	(void)state;
	fill(&c, 64, 0);
	assert_true(seed_is_bound(&c, &p));
	p.machine_id[31]++;
	assert_false(seed_is_bound(&c, &p));
	p = machine;
	p.product_uuid[0]++;
	assert_false(seed_is_bound(&c, &p));
	p = machine;
	p.generation++;
	assert_false(seed_is_bound(&c, &p));
	p = machine;
	p.generation_known = false;
	assert_false(seed_is_bound(&c, &p));
	/* Where it is not known its value does not matter. */
	seed_bind(&c, &p);
	p.generation = 5;
	assert_true(seed_is_bound(&c, &p));
	c.seed[0] ^= 1;
	assert_false(seed_is_bound(&c, &p));
	/* A byte moved from one field to the next is another machine. */
	c.seed[0] ^= 1;
	p.machine_id[31] = '\0';
	memmove(p.product_uuid + 1, p.product_uuid, 35);
	p.product_uuid[0] = 'f';
	assert_false(seed_is_bound(&c, &p));
}

static void what_sets_a_machine_apart_is_named(void **state)
{
	struct platform p = machine;
	const char *why = NULL;

	(void)state;
	assert_true(seed_can_bind(&p, &why));
	p.generation_known = false;
	assert_true(seed_can_bind(&p, &why));
	assert_null(why);
	p.hypervisor = true;
	assert_false(seed_can_bind(&p, &why));
	assert_non_null(strstr(why, "vmclock"));
	p.generation_known = true;
	p.product_uuid[0] = '\0';
	assert_false(seed_can_bind(&p, &why));
	assert_non_null(strstr(why, "UUID"));
	p.machine_id[0] = '\0';
	assert_false(seed_can_bind(&p, &why));
	assert_non_null(strstr(why, "machine-id"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_is_as_the_manual_says),
		cmocka_unit_test(every_length_survives_a_round),
		cmocka_unit_test(every_flipped_bit_is_noticed),
		cmocka_unit_test(every_cut_and_extension_is_noticed),
		cmocka_unit_test(fields_are_checked_behind_a_good_checksum),
		cmocka_unit_test(the_binding_holds_for_one_machine_and_one_seed),
		cmocka_unit_test(what_sets_a_machine_apart_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
