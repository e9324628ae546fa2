/* SPDX-License-Identifier: ISC */
/* Host keys that other machines are known to have. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "probe/clones_parts.h"

#define LABEL "SHA256:"

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, SSH_KEY_SHA256_BYTES);
}

/* One line's fingerprint, or that of the key it holds. */
static bool line_digest(const char *line, uint8_t ret_sha256[32])
{
	const char *at = strstr(line, LABEL);
	const char *end;
	struct ssh_key key;
	size_t len;

	if (at == NULL) {
		if (ssh_key_parse(line, &key) < 0)
			return false;
		memcpy(ret_sha256, key.sha256, sizeof key.sha256);
		return true;
	}
	at += strlen(LABEL);
	len = strcspn(at, " \t\r\n=");
	return sodium_base642bin(ret_sha256, 32, at, len, NULL, &len, &end,
				 sodium_base64_VARIANT_ORIGINAL_NO_PADDING) ==
		       0 &&
	       len == 32;
}

static size_t count_lines(const char *text)
{
	size_t n = 1;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

int clones_known_keys(struct clones_facts *facts, const char *name,
		      const char *text)
{
	uint8_t(*keys)[32] = calloc(count_lines(text), sizeof *keys);
	char *copy = strdup(text), *next = copy, *line;
	size_t count = 0, n_lines = 0;
	int r = -ENOMEM;

	if (keys == NULL || copy == NULL)
		goto fail;
	while ((line = clones_line(&next)) != NULL) {
		if (line[strspn(line, " \t\r")] == '\0' || line[0] == '#')
			continue;
		n_lines++;
		if (line_digest(line, keys[count]))
			count++;
	}
	r = -EBADMSG;
	if (count == 0 && n_lines > 0)
		goto fail;
	qsort(keys, count, sizeof *keys, compare);
	free(facts->known.sha256);
	facts->known.sha256 = keys;
	facts->known.count = count;
	clones_copy(facts->known.path, sizeof facts->known.path, name);
	free(copy);
	return (int)count;
fail:
	free(keys);
	free(copy);
	return r;
}
