/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_TPM2_WIRE_H
#define AQUIFER_SOURCE_TPM2_WIRE_H

/*
 * TPM2_GetRandom on the wire: TCG TPM 2.0 Library, Part 3, 16.1, without
 * sessions. Pure functions; an answer is foreign bytes.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TPM2_COMMAND_BYTES 12
#define TPM2_HEADER_BYTES 10
/* More than any answer to this command: a digest is 64 bytes at most. */
#define TPM2_ANSWER_BYTES_MAX 128
#define TPM2_ASK_BYTES_MAX 64

/* tpm2_encode_get_random - the command that asks for n bytes. */
void tpm2_encode_get_random(uint16_t n, uint8_t ret[TPM2_COMMAND_BYTES]);

/*
 * tpm2_answer_bytes - how long the answer is that begins with these
 * TPM2_HEADER_BYTES. Returns 10 to TPM2_ANSWER_BYTES_MAX, or -EBADMSG.
 */
ssize_t tpm2_answer_bytes(const uint8_t header[TPM2_HEADER_BYTES]);

/*
 * tpm2_decode_get_random - check tag, size, code and count of one answer.
 * asked_bytes: what the command said; ret_random has room for as many.
 * ret_code:    the TPM's response code, 0 when it is not known; written always.
 * Returns the bytes given, 1 to asked_bytes (a short answer is allowed);
 * -EAGAIN: the TPM asks for the command again (TPM_RC_RETRY, TPM_RC_YIELDED,
 * TPM_RC_TESTING); -EREMOTEIO: any other error of the TPM; -ENOTSUP: not a
 * TPM 2.0; -EBADMSG: malformed. ret_random is untouched on failure.
 */
ssize_t tpm2_decode_get_random(const uint8_t *answer, size_t len_bytes,
			       uint16_t asked_bytes, uint8_t *ret_random,
			       uint32_t *ret_code);

#endif
