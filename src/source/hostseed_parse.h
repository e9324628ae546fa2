/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_HOSTSEED_PARSE_H
#define AQUIFER_SOURCE_HOSTSEED_PARSE_H

/*
 * Where in foreign bytes a seed lies: SMBIOS strings and JSON. Pure functions
 * without allocation: a library's parser would leave copies of the secret in
 * its heap, and seeds its hash tables from the generator that is to be seeded.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * seed_text_decode - hexadecimal, else base64 (blanks allowed in both).
 * Returns the bytes written, -EBADMSG for neither, -ENOBUFS for too many.
 */
ssize_t seed_text_decode(const char *text, size_t len_bytes, uint8_t *ret_raw,
			 size_t cap_bytes);

/*
 * smbios_string - the n-th string (from 0) of a structure of type 11, as
 * /sys/firmware/dmi/entries/11-0/raw gives it (DMTF DSP0134, 6.1.3 and 7.12).
 * Returns its length and sets ret_start into raw; -ENOENT: there are fewer;
 * -EBADMSG: not such a structure.
 */
ssize_t smbios_string(const uint8_t *raw, size_t len_bytes, size_t n,
		      const char **ret_start);

/*
 * hostseed_json_string - the string found going down objects, one key a level.
 * keys: NULL-terminated; compared as they are written, escapes not resolved.
 * Returns its length without quotes, escapes left in, and sets ret_start;
 * -ENOENT: no such member; -EBADMSG: not JSON as far as it was looked at.
 */
ssize_t hostseed_json_string(const char *text, size_t len_bytes,
			     const char *const *keys, const char **ret_start);

#endif
