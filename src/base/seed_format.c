/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "base/seed_format.h"
#include "base/wipe.h"

#define VERSION 1

static const uint8_t magic[8] = { 'A', 'Q', '-', 'S', 'E', 'E', 'D', '\n' };
static const char label[] = "aquifer seed binding 1";

/* A length before each field, so that no two machines give the same input. */
static void absorb(crypto_auth_hmacsha512_state *h, const void *field,
		   size_t len_bytes)
{
	uint8_t len[8];

	store_le64(len, len_bytes);
	(void)crypto_auth_hmacsha512_update(h, len, sizeof len);
	(void)crypto_auth_hmacsha512_update(h, field, len_bytes);
}

static void binding_of(const struct seed_content *c, const struct platform *p,
		       uint8_t ret_binding[SEED_BINDING_BYTES])
{
	uint8_t out[crypto_auth_hmacsha512_BYTES], generation[9];
	crypto_auth_hmacsha512_state h;

	generation[0] = p->generation_known;
	store_le64(generation + 1, p->generation_known ? p->generation : 0);
	(void)crypto_auth_hmacsha512_init(&h, c->seed, c->len_bytes);
	absorb(&h, label, sizeof label);
	absorb(&h, p->machine_id, strlen(p->machine_id));
	absorb(&h, p->product_uuid, strlen(p->product_uuid));
	absorb(&h, generation, sizeof generation);
	(void)crypto_auth_hmacsha512_final(&h, out);
	memcpy(ret_binding, out, SEED_BINDING_BYTES);
	wipe(out, sizeof out);
	wipe(&h, sizeof h);
}

void seed_bind(struct seed_content *c, const struct platform *p)
{
	binding_of(c, p, c->binding);
}

bool seed_is_bound(const struct seed_content *c, const struct platform *p)
{
	uint8_t expected[SEED_BINDING_BYTES];
	bool equal;

	binding_of(c, p, expected);
	equal = sodium_memcmp(expected, c->binding, sizeof expected) == 0;
	wipe(expected, sizeof expected);
	return equal;
}

bool seed_can_bind(const struct platform *p, const char **ret_why)
{
	const char *why = NULL;

	if (p->machine_id[0] == '\0')
		why = "this machine has no machine-id";
	else if (p->product_uuid[0] == '\0')
		why = "the DMI product UUID cannot be read";
	else if (p->hypervisor && !p->generation_known)
		why = "in a VM without vmclock a copy of the disk or a "
		      "restored snapshot cannot be told from the original";
	if (why)
		*ret_why = why;
	return !why;
}

static void checksum_of(const uint8_t *file, size_t len_bytes,
			uint8_t ret_sum[SEED_CHECKSUM_BYTES])
{
	uint8_t out[crypto_hash_sha512_BYTES];

	(void)crypto_hash_sha512(out, file, len_bytes);
	memcpy(ret_sum, out, SEED_CHECKSUM_BYTES);
	wipe(out, sizeof out);
}

size_t seed_encode(const struct seed_content *c,
		   uint8_t ret_file[SEED_FILE_BYTES_MAX])
{
	size_t n = c->len_bytes;

	assert(n >= SEED_BYTES_MIN && n <= SEED_BYTES_MAX);
	assert(c->credit_bits <= 8 * n);
	memcpy(ret_file, magic, sizeof magic);
	store_le32(ret_file + 8, VERSION);
	store_le32(ret_file + 12, (uint32_t)n);
	store_le32(ret_file + 16, c->credit_bits);
	store_le32(ret_file + 20, 0);
	memcpy(ret_file + 24, c->binding, SEED_BINDING_BYTES);
	memcpy(ret_file + SEED_HEADER_BYTES, c->seed, n);
	checksum_of(ret_file, SEED_HEADER_BYTES + n,
		    ret_file + SEED_HEADER_BYTES + n);
	return SEED_HEADER_BYTES + n + SEED_CHECKSUM_BYTES;
}

/* Names the first field that is wrong, NULL when none is. */
static const char *fault(const uint8_t *file, size_t len_bytes)
{
	uint8_t sum[SEED_CHECKSUM_BYTES];
	uint32_t n;
	int differs;

	if (len_bytes < SEED_FILE_BYTES_MIN)
		return "is too short for a seed file";
	if (memcmp(file, magic, sizeof magic) != 0)
		return "is no seed file of aquifer";
	if (load_le32(file + 8) != VERSION)
		return "has a version that is not known here";
	n = load_le32(file + 12);
	if (n < SEED_BYTES_MIN || n > SEED_BYTES_MAX ||
	    len_bytes != SEED_HEADER_BYTES + (size_t)n + SEED_CHECKSUM_BYTES)
		return "has the wrong length";
	checksum_of(file, SEED_HEADER_BYTES + n, sum);
	differs = memcmp(sum, file + SEED_HEADER_BYTES + n, sizeof sum);
	wipe(sum, sizeof sum);
	if (differs)
		return "has a bad checksum: it was damaged";
	if (load_le32(file + 16) > 8 * n || load_le32(file + 20) != 0)
		return "has a field out of range";
	return NULL;
}

int seed_decode(const uint8_t *file, size_t len_bytes,
		struct seed_content *ret_content, const char **ret_why)
{
	const char *why = fault(file, len_bytes);

	if (why) {
		*ret_why = why;
		return -EBADMSG;
	}
	ret_content->credit_bits = load_le32(file + 16);
	memcpy(ret_content->binding, file + 24, SEED_BINDING_BYTES);
	ret_content->len_bytes = load_le32(file + 12);
	memcpy(ret_content->seed, file + SEED_HEADER_BYTES,
	       ret_content->len_bytes);
	return 0;
}
