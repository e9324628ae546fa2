/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_HOSTSEED_FIND_H
#define AQUIFER_SOURCE_HOSTSEED_FIND_H

/* The places where a host leaves a seed for its guest. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/source.h"

#define HOSTSEED_BYTES_MIN 16
#define HOSTSEED_BYTES_MAX 1024
#define HOSTSEED_COUNT_MAX 8
#define HOSTSEED_HASH_BYTES 32

struct hostseed {
	const char *origin; /* "fw_cfg", "smbios", ... */
	size_t len_bytes;
	uint8_t bytes[HOSTSEED_BYTES_MAX];
	uint8_t hash[HOSTSEED_HASH_BYTES]; /* names the bytes, not a secret */
};

struct hostseed_list {
	struct hostseed seeds[HOSTSEED_COUNT_MAX];
	size_t count;
	bool plain;       /* one is neither hex nor base64: words, perhaps */
	bool denied;      /* a place could not be read for want of rights */
	char refused[96]; /* the last that was not usable, and why; "" */
};

/*
 * hostseed_find - look everywhere, take each seed once however often it lies
 * about. path: a file of raw bytes or a meta_data.json, instead of the known
 * places; NULL: those. The list holds secrets: the caller wipes it.
 */
void hostseed_find(const struct source_env *env, const char *path,
		   struct hostseed_list *ret_list);

/*
 * hostseed_place_at - the known places, for whoever passes descriptors to a
 * process without rights. buf: cap_bytes for a path that the environment names.
 * Returns NULL past the end.
 */
const char *hostseed_place_at(size_t index, char *buf, size_t cap_bytes);

#endif
