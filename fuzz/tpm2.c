/* SPDX-License-Identifier: ISC */
/*
 * A TPM's answer. Input: how many bytes were asked for, then the answer. What
 * is taken lies inside the answer and inside what was asked; what is refused
 * leaves the output alone.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "source/tpm2_wire.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_known_error(ssize_t r)
{
	return r == -EAGAIN || r == -EREMOTEIO || r == -ENOTSUP || r == -EBADMSG;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t got[TPM2_ASK_BYTES_MAX + 1], untouched[sizeof got];
	uint16_t asked;
	uint32_t code = 0;
	ssize_t r;

	if (size < 1)
		return 0;
	asked = data[0] % (TPM2_ASK_BYTES_MAX + 1);
	data++;
	size--;
	memset(got, 0xee, sizeof got);
	memset(untouched, 0xee, sizeof untouched);
	if (size >= TPM2_HEADER_BYTES) {
		ssize_t n = tpm2_answer_bytes(data);

		assert(n == -EBADMSG ||
		       (n >= TPM2_HEADER_BYTES && n <= TPM2_ANSWER_BYTES_MAX));
	}
	r = tpm2_decode_get_random(data, size, asked, got, &code);
	if (r <= 0) {
		assert(is_known_error(r));
		assert(memcmp(got, untouched, sizeof got) == 0);
		assert(r != -EAGAIN || code != 0);
		return 0;
	}
	assert(r <= asked && code == 0);
	assert(size == TPM2_HEADER_BYTES + 2 + (size_t)r);
	assert(memcmp(got, data + TPM2_HEADER_BYTES + 2, (size_t)r) == 0);
	assert(memcmp(got + r, untouched, sizeof got - (size_t)r) == 0);
	return 0;
}
