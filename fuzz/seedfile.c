/* SPDX-License-Identifier: ISC */
/*
 * A seed file. What is taken gives the same file when it is written again and
 * vouches for no more than its seed can hold. Damaged checksums would hide the
 * rest, so each input is tried once more with the checksum that fits.
 */
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/seed_format.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_file(const uint8_t *file, size_t size)
{
	static const struct platform machine = { .machine_id = "1" };
	uint8_t again[SEED_FILE_BYTES_MAX];
	struct seed_content c;
	const char *why = NULL;

	memset(&c, 0xee, sizeof c);
	if (seed_decode(file, size, &c, &why) < 0) {
		assert(why);
		assert(c.credit_bits == 0xeeeeeeee);
		return;
	}
	assert(!why);
	assert(c.len_bytes >= SEED_BYTES_MIN && c.len_bytes <= SEED_BYTES_MAX);
	assert(c.credit_bits <= 8 * c.len_bytes);
	assert(seed_encode(&c, again) == size);
	assert(memcmp(again, file, size) == 0);
	/* Whatever it was bound to, it can be bound to this machine. */
	seed_bind(&c, &machine);
	assert(seed_is_bound(&c, &machine));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t file[SEED_FILE_BYTES_MAX], sum[crypto_hash_sha512_BYTES];

	try_file(data, size);
	if (size < SEED_CHECKSUM_BYTES || size > sizeof file)
		return 0;
	memcpy(file, data, size);
	(void)crypto_hash_sha512(sum, file, size - SEED_CHECKSUM_BYTES);
	memcpy(file + size - SEED_CHECKSUM_BYTES, sum, SEED_CHECKSUM_BYTES);
	try_file(file, size);
	return 0;
}
