/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "source/tpm2_wire.h"

/* Part 2, 6.9 (tags), 6.5.2 (command codes), 6.6.3 (response codes). */
#define TPM_ST_RSP_COMMAND 0x00c4
#define TPM_ST_NO_SESSIONS 0x8001
#define TPM_CC_GET_RANDOM 0x0000017b
#define TPM_RC_YIELDED 0x908
#define TPM_RC_TESTING 0x90a
#define TPM_RC_RETRY 0x922

void tpm2_encode_get_random(uint16_t n, uint8_t ret[TPM2_COMMAND_BYTES])
{
	store_be16(ret, TPM_ST_NO_SESSIONS);
	store_be32(ret + 2, TPM2_COMMAND_BYTES);
	store_be32(ret + 6, TPM_CC_GET_RANDOM);
	store_be16(ret + 10, n);
}

ssize_t tpm2_answer_bytes(const uint8_t header[TPM2_HEADER_BYTES])
{
	uint32_t size = load_be32(header + 2);

	if (size < TPM2_HEADER_BYTES || size > TPM2_ANSWER_BYTES_MAX)
		return -EBADMSG;
	return (ssize_t)size;
}

static ssize_t judge_code(uint32_t code)
{
	switch (code) {
	case TPM_RC_RETRY:
	case TPM_RC_YIELDED:
	case TPM_RC_TESTING:
		return -EAGAIN;
	default:
		return -EREMOTEIO;
	}
}

ssize_t tpm2_decode_get_random(const uint8_t *answer, size_t len_bytes,
			       uint16_t asked_bytes, uint8_t *ret_random,
			       uint32_t *ret_code)
{
	uint16_t tag, count;

	*ret_code = 0;
	if (len_bytes < TPM2_HEADER_BYTES || load_be32(answer + 2) != len_bytes)
		return -EBADMSG;
	tag = load_be16(answer);
	/* Part 3, 5.2: a 1.2 device, or a 2.0 that saw a bad tag. */
	if (tag == TPM_ST_RSP_COMMAND)
		return -ENOTSUP;
	if (tag != TPM_ST_NO_SESSIONS)
		return -EBADMSG;
	*ret_code = load_be32(answer + 6);
	if (*ret_code != 0)
		return len_bytes == TPM2_HEADER_BYTES ? judge_code(*ret_code) :
							-EBADMSG;
	if (len_bytes < TPM2_HEADER_BYTES + 2)
		return -EBADMSG;
	count = load_be16(answer + TPM2_HEADER_BYTES);
	if (count == 0 || count > asked_bytes ||
	    len_bytes != TPM2_HEADER_BYTES + 2 + (size_t)count)
		return -EBADMSG;
	memcpy(ret_random, answer + TPM2_HEADER_BYTES + 2, count);
	return count;
}
