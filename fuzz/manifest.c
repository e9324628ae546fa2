/* SPDX-License-Identifier: ISC */
/*
 * A record's manifest, as a stranger sends it. What is taken is sorted, has no
 * name twice and none that leaves the root, and means the same when it is
 * written and read again.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/keep.h"
#include "probe/manifest.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *copy_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static void check_entry(const struct manifest *m, size_t i)
{
	const struct manifest_entry *e = &m->entries[i];
	const struct manifest_entry *below;
	size_t count;

	assert(e->path[0] == '/' && strstr(e->path, "/../") == NULL);
	assert(strstr(e->path, "//") == NULL);
	assert(i == 0 || strcmp(m->entries[i - 1].path, e->path) < 0);
	assert(manifest_find(m, e->path) == e);
	assert(e->target == NULL || S_ISLNK(e->st.mode));
	assert(e->seen || e->error < 0);
	below = manifest_below(m, e->path, &count);
	for (size_t j = 0; j < count; j++) {
		size_t len = e->path[1] == '\0' ? 0 : strlen(e->path);

		assert(strncmp(below[j].path, e->path, len) == 0);
		assert(below[j].path[len] == '/');
	}
}

static char *write_it(const struct manifest *m, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	assert(out != NULL && manifest_write_head(out, m) == 0);
	for (size_t i = 0; i < m->count; i++)
		assert(manifest_write_entry(out, &m->entries[i]) == 0);
	assert(fclose(out) == 0);
	return text;
}

static void same(const struct manifest *a, const struct manifest *b)
{
	assert(a->kind == b->kind && a->count == b->count);
	assert(a->n_cpuid == b->n_cpuid);
	assert(a->live.known == b->live.known);
	assert(a->live.boottime_ns == b->live.boottime_ns);
	for (size_t i = 0; i < a->count; i++) {
		const struct manifest_entry *x = &a->entries[i];
		const struct manifest_entry *y = &b->entries[i];

		assert(strcmp(x->path, y->path) == 0);
		assert(x->seen == y->seen && x->content == y->content);
		assert(x->error == y->error);
		assert(x->st.mode == y->st.mode);
		assert(x->st.size_bytes == y->st.size_bytes);
		assert(x->st.mtime_s == y->st.mtime_s);
		assert((x->target == NULL) == (y->target == NULL));
		assert(x->target == NULL || strcmp(x->target, y->target) == 0);
	}
}

/* Covering what is secret in a text changes neither length nor ends. */
static void redact(const uint8_t *data, size_t size)
{
	static const unsigned char key[KEEP_KEY_BYTES] = { 7 };
	char *text = malloc(size + 1);

	assert(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	(void)keep_redact(text, size, key);
	for (size_t i = 0; i < size; i++)
		assert((text[i] == '\n') == (data[i] == '\n'));
	(void)keep_redact_serial(text, size, key);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest m, again;
	size_t line = 0, len = 0;
	char *text;
	int r;

	redact(data, size);
	r = manifest_parse(copy_of(data, size), size, &m, &line);
	if (r < 0) {
		assert(r == -EBADMSG && line > 0);
		return 0;
	}
	assert(manifest_is_one((const char *)data, size));
	for (size_t i = 0; i < m.count; i++)
		check_entry(&m, i);
	text = write_it(&m, &len);
	/* "live" is a record's machine from here on; all else stays. */
	assert(manifest_parse(text, len, &again, NULL) == 0);
	same(&m, &again);
	manifest_free(&again);
	manifest_free(&m);
	return 0;
}
