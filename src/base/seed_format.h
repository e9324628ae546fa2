/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_SEED_FORMAT_H
#define AQUIFER_BASE_SEED_FORMAT_H

/*
 * The seed file's bytes (man/aquifer-seed.5), for the source that reads it and
 * the outlet that writes it. Little endian:
 *
 *	 0   8  magic "AQ-SEED\n"
 *	 8   4  version, 1
 *	12   4  n: seed length in bytes, 32 to 512
 *	16   4  credit in bits that the writer vouches for, at most 8 n
 *	20   4  zero
 *	24  32  binding: to which machine and VM generation the seed belongs
 *	56   n  seed
 *	56+n 32 checksum: the first half of SHA-512 over all before it
 *
 * Pure functions. Threads: safe. The structs hold secrets: the caller wipes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/platform.h"

#define SEED_BYTES_MIN 32
#define SEED_BYTES_MAX 512
#define SEED_BINDING_BYTES 32
#define SEED_CHECKSUM_BYTES 32
#define SEED_HEADER_BYTES 56
#define SEED_FILE_BYTES_MIN \
	(SEED_HEADER_BYTES + SEED_BYTES_MIN + SEED_CHECKSUM_BYTES)
#define SEED_FILE_BYTES_MAX \
	(SEED_HEADER_BYTES + SEED_BYTES_MAX + SEED_CHECKSUM_BYTES)

struct seed_content {
	uint32_t credit_bits;
	uint8_t binding[SEED_BINDING_BYTES];
	size_t len_bytes;
	uint8_t seed[SEED_BYTES_MAX];
};

/*
 * seed_bind - set c->binding for this machine: HMAC-SHA-512, cut to half, over
 * machine-id, DMI product UUID and VM generation. Its key is the seed: the
 * binding fits no other seed and tells nobody the machine-id.
 */
void seed_bind(struct seed_content *c, const struct platform *p);

/* seed_is_bound - does the binding name this machine, this generation? */
bool seed_is_bound(const struct seed_content *c, const struct platform *p);

/*
 * seed_can_bind - does this machine have what sets it apart from its copies?
 * ret_why: one line for people when it has not; untouched when it has.
 */
bool seed_can_bind(const struct platform *p, const char **ret_why);

/*
 * seed_encode - write the file's bytes. Lengths and credit in range: asserted.
 * Returns how many.
 */
size_t seed_encode(const struct seed_content *c,
		   uint8_t ret_file[SEED_FILE_BYTES_MAX]);

/*
 * seed_decode - check every field of foreign bytes.
 * ret_why: on failure what is wrong, one line.
 * Returns 0, or -EBADMSG (ret_content untouched).
 */
int seed_decode(const uint8_t *file, size_t len_bytes,
		struct seed_content *ret_content, const char **ret_why);

#endif
