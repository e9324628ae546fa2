/* SPDX-License-Identifier: ISC */
/*
 * What a host writes: SMBIOS strings, JSON, hexadecimal and base64. Input: one
 * byte says which, the rest is the text. What is found lies inside the input.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "source/hostseed_parse.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const deep[] = { "ds", "meta_data", "random_seed", NULL };
static const char *const flat[] = { "random_seed", NULL };

static void assert_inside(const uint8_t *data, size_t size, const char *start,
			  ssize_t len)
{
	const uint8_t *s = (const uint8_t *)start;

	assert(s >= data && (size_t)(s - data) <= size);
	assert((size_t)len <= size - (size_t)(s - data));
}

static void try_json(const uint8_t *data, size_t size, const char *const *keys)
{
	const char *start = NULL;
	ssize_t n = hostseed_json_string((const char *)data, size, keys, &start);

	if (n < 0) {
		assert((n == -ENOENT || n == -EBADMSG) && !start);
		return;
	}
	assert_inside(data, size, start, n);
	assert(start[-1] == '"' && start[n] == '"');
}

static void try_smbios(const uint8_t *data, size_t size)
{
	const char *start;
	ssize_t n;

	for (size_t i = 0; i <= UINT8_MAX; i++) {
		n = smbios_string(data, size, i, &start);
		if (n < 0) {
			assert(n == -ENOENT || n == -EBADMSG);
			return;
		}
		assert_inside(data, size, start, n);
		assert(n > 0 && start[n] == '\0' && strlen(start) == (size_t)n);
	}
	/* The count is one byte: no structure has 256 strings. */
	assert(0);
}

static void try_text(const uint8_t *data, size_t size)
{
	uint8_t raw[65];
	ssize_t n;

	raw[64] = 0xee;
	n = seed_text_decode((const char *)data, size, raw, 64);
	assert(n >= 0 ? n <= 64 : n == -EBADMSG || n == -ENOBUFS);
	assert(raw[64] == 0xee);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	switch (data[0] % 4) {
	case 0:
		try_smbios(data + 1, size - 1);
		break;
	case 1:
		try_json(data + 1, size - 1, deep);
		break;
	case 2:
		try_json(data + 1, size - 1, flat);
		break;
	default:
		try_text(data + 1, size - 1);
		break;
	}
	return 0;
}
