/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_CLONES_SSHKEY_H
#define AQUIFER_PROBE_CLONES_SSHKEY_H

/*
 * A public SSH key from its line of text, as RFC 4253 6.6 encodes it. Pure
 * functions over foreign bytes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSH_KEY_SHA256_BYTES 32
/* Base64 without padding, and a NUL. */
#define SSH_KEY_FINGERPRINT_BYTES 44

struct ssh_key {
	char type[40]; /* "ssh-rsa" */
	unsigned bits; /* of the modulus or the field; 0: not known */
	uint8_t sha256[SSH_KEY_SHA256_BYTES];
	char fingerprint[SSH_KEY_FINGERPRINT_BYTES]; /* after "SHA256:" */
	/*
	 * The modulus has the structure of Infineon's RSALib: CVE-2017-15361
	 * (ROCA). A sound modulus has it by chance once in 2^80 or less.
	 */
	bool roca;
	const char *published; /* static: whose private half is public; NULL */
};

/*
 * ssh_key_parse - a line of a .pub file, of authorized_keys (options before the
 * type are skipped) or of known_hosts.
 * Returns 0; -ENODATA for an empty line or a comment; -EBADMSG for anything
 * else that is no key (ret_key untouched).
 */
int ssh_key_parse(const char *line, struct ssh_key *ret_key);

/*
 * ssh_modulus_is_roca - big endian, Nemec and others, 'The Return of
 * Coppersmith's Attack' (CCS 2017), section 3.1: modulo each of the first small
 * primes it is a power of 65537.
 */
bool ssh_modulus_is_roca(const uint8_t *modulus, size_t len_bytes);

/* ssh_key_published - by fingerprint; NULL for one that is not known. */
const char *ssh_key_published(const char *fingerprint);

#endif
