/* SPDX-License-Identifier: ISC */
/*
 * SP 800-22 and the FIPS block counts against their plain versions: any bits,
 * any small parameters. Input: four bytes of parameters (little endian), one
 * that says how many bits of the last byte count, then the bits.
 */
#include <stdlib.h>
#include <string.h>

#include "../tests/unit/assess/plain_compare.h"
#include "../tests/unit/assess/plain_fips140.h"
#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD 5

/* The block is the input over and over, so that small inputs reach it all. */
static void compare_block(const uint8_t *data, size_t size)
{
	uint8_t block[FIPS140_BLOCK_BYTES];
	struct fips140_counts want, got;

	for (size_t i = 0; i < sizeof block; i++)
		block[i] = data[i % size];
	plain_count(block, &want);
	fips140_count_plain(block, &got);
	if (memcmp(&want, &got, sizeof want) != 0)
		abort();
	if (fips140_count_avx2(block, &got) &&
	    memcmp(&want, &got, sizeof want) != 0)
		abort();
}

/* Shorter than what the plain version's loops take for granted. */
static bool fast_refuses(const struct sp80022_test *t, const struct bits *b,
			 const struct sp80022_params *p)
{
	static _Alignas(SP80022_WORK_ALIGN) uint8_t work[1 << 16];
	static struct sp80022_result r;

	return t->need_bytes(b->n_bits, p) > sizeof work ||
	       t->run(b, p, work, &r) < 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t e[PLAIN_BITS_MAX];
	static uint64_t words[PLAIN_BITS_MAX / 64 + 2];
	struct sp80022_params p;
	struct bits b = { words, 0 };
	size_t n;

	if (size <= HEAD)
		return 0;
	p = plain_params(load_le32(data));
	n = 8 * (size - HEAD) - data[4] % 8;
	n = min_size(n, PLAIN_BITS_MAX);
	for (size_t i = 0; i < n; i++)
		e[i] = data[HEAD + i / 8] >> (7 - i % 8) & 1;
	bits_fill_unpacked(words, e, n);
	b.n_bits = n;
	for (size_t i = 0; i < ARRAY_LEN(plain_tests); i++)
		if (!fast_refuses(plain_tests[i].fast, &b, &p) &&
		    !plain_agrees(&plain_tests[i], e, n, &p))
			abort();
	compare_block(data + HEAD, size - HEAD);
	return 0;
}
