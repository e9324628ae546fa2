/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "probe/manifest_words.h"
#include "probe/root_class.h"

#define WORDS_MAX 10

/* Splits at single blanks; more words than fit are too many. */
static size_t split(char *line, char *words[WORDS_MAX + 1])
{
	size_t count = 0;
	char *word = line;

	while (count <= WORDS_MAX) {
		char *blank = strchr(word, ' ');

		words[count++] = word;
		if (blank == NULL)
			break;
		*blank = '\0';
		word = blank + 1;
	}
	return count;
}

static bool number(const char *word, int base, uint64_t max, uint64_t *ret_n)
{
	char *end;

	if (word[0] == '\0' || strspn(word, "0123456789abcdef") != strlen(word))
		return false;
	errno = 0;
	*ret_n = strtoull(word, &end, base);
	return errno == 0 && *end == '\0' && *ret_n <= max;
}

static bool signed_number(const char *word, int64_t *ret_n)
{
	bool minus = word[0] == '-';
	uint64_t n;

	if (!number(word + minus, 10, INT64_MAX, &n))
		return false;
	*ret_n = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

static bool take_kind(struct manifest *m, char **words, size_t count)
{
	if (count != 2)
		return false;
	if (strcmp(words[1], "image") == 0)
		m->kind = PROBE_IMAGE;
	else if (strcmp(words[1], "live") == 0 ||
		 strcmp(words[1], "record") == 0)
		m->kind = PROBE_RECORD;
	else
		return false;
	return true;
}

static bool take_live(struct manifest *m, char **words, size_t count)
{
	uint64_t ready, privileged;

	if (count != 5 || !number(words[1], 10, 1, &ready) ||
	    !number(words[2], 10, 1, &privileged) ||
	    !signed_number(words[3], &m->live.realtime_s) ||
	    !number(words[4], 10, UINT64_MAX, &m->live.boottime_ns))
		return false;
	m->live.known = true;
	m->live.crng_ready = ready;
	m->live.privileged = privileged;
	return true;
}

static bool take_cpuid(struct manifest *m, char **words, size_t count)
{
	struct manifest_cpuid *c = &m->cpuid[m->n_cpuid];
	uint64_t n[6];

	if (count != 7 || m->n_cpuid == MANIFEST_CPUID_MAX)
		return false;
	for (size_t i = 0; i < 6; i++)
		if (!number(words[i + 1], 16, UINT32_MAX, &n[i]))
			return false;
	c->leaf = (uint32_t)n[0];
	c->subleaf = (uint32_t)n[1];
	for (size_t i = 0; i < 4; i++)
		c->regs[i] = (uint32_t)n[i + 2];
	m->n_cpuid++;
	return true;
}

/* As root_resolve() makes them, and no other: "/a/b", no "..", no "//". */
static bool is_canonical(const char *path)
{
	if (path[0] != '/' || strlen(path) >= ROOT_PATH_BYTES)
		return false;
	if (path[1] == '\0')
		return true;
	while (*path == '/') {
		size_t len = strcspn(++path, "/");

		if (len == 0 || len > NAME_MAX ||
		    (path[0] == '.' &&
		     (len == 1 || (len == 2 && path[1] == '.'))))
			return false;
		path += len;
	}
	return true;
}

static bool take_stat(char **words, struct manifest_entry *e)
{
	struct probe_stat *st = &e->st;
	uint64_t mode, uid, gid, major_minor[2];
	char *colon = strchr(words[6], ':');
	mode_t type;

	if (!manifest_type(words[0], &type))
		return false;
	if (colon == NULL)
		return false;
	*colon = '\0';
	if (!number(words[1], 8, 07777, &mode) ||
	    !number(words[2], 10, UINT32_MAX, &uid) ||
	    !number(words[3], 10, UINT32_MAX, &gid) ||
	    !number(words[4], 10, INT64_MAX, &st->size_bytes) ||
	    !signed_number(words[5], &st->mtime_s) ||
	    !number(words[6], 10, UINT32_MAX, &major_minor[0]) ||
	    !number(colon + 1, 10, UINT32_MAX, &major_minor[1]))
		return false;
	st->mode = type | (mode_t)mode;
	st->uid = (uid_t)uid;
	st->gid = (gid_t)gid;
	st->rdev_major = (uint32_t)major_minor[0];
	st->rdev_minor = (uint32_t)major_minor[1];
	return true;
}

static bool take_entry(struct manifest *m, char **words, size_t count)
{
	struct manifest_entry e = { 0 };

	if (count < 9 || count > 10 ||
	    !manifest_content(words[7], &e.content, &e.error))
		return false;
	e.seen = strcmp(words[0], "?") != 0;
	if (e.seen ? !take_stat(words, &e) : e.content != MANIFEST_ERROR)
		return false;
	if (!manifest_unescape(words[8]) || !is_canonical(words[8]))
		return false;
	e.path = words[8];
	if (count == 10) {
		if (!e.seen || !S_ISLNK(e.st.mode) ||
		    !manifest_unescape(words[9]) ||
		    strlen(words[9]) >= ROOT_PATH_BYTES)
			return false;
		e.target = words[9];
	} else if (e.seen && S_ISLNK(e.st.mode) && e.content != MANIFEST_ERROR) {
		return false;
	}
	if (m->count == m->cap_count)
		return false;
	m->entries[m->count++] = e;
	return true;
}

static bool take_line(struct manifest *m, char *line)
{
	static const struct {
		const char *word;
		bool (*take)(struct manifest *m, char **words, size_t count);
	} rows[] = {
		{ "kind", take_kind },
		{ "live", take_live },
		{ "cpuid", take_cpuid },
	};
	char *words[WORDS_MAX + 1];
	size_t count = split(line, words);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(words[0], rows[i].word) == 0)
			return rows[i].take(m, words, count);
	return take_entry(m, words, count);
}

static int by_path(const void *a, const void *b)
{
	const struct manifest_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static bool sort(struct manifest *m)
{
	if (m->count > 0)
		qsort(m->entries, m->count, sizeof *m->entries, by_path);
	for (size_t i = 1; i < m->count; i++)
		if (by_path(&m->entries[i - 1], &m->entries[i]) == 0)
			return false;
	return true;
}

bool manifest_is_one(const char *text, size_t len_bytes)
{
	size_t len = strlen("aquifer-record ");

	return len_bytes >= len && memcmp(text, MANIFEST_MAGIC, len) == 0;
}

static int allocate(struct manifest *m, const char *text)
{
	size_t lines = 1;

	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	if (lines > MANIFEST_ENTRIES_MAX)
		return -EBADMSG;
	m->entries = malloc(lines * sizeof *m->entries);
	m->cap_count = lines;
	return m->entries == NULL ? -ENOMEM : 0;
}

int manifest_parse(char *text, size_t len_bytes, struct manifest *ret_manifest,
		   size_t *ret_line)
{
	struct manifest m = { .kind = PROBE_RECORD, .text = text };
	char *line = text;
	size_t n = 1;
	int r = -EBADMSG;

	/* The last line ends, too, or something behind it was cut off. */
	if (len_bytes > MANIFEST_BYTES_MAX || strlen(text) != len_bytes ||
	    len_bytes == 0 || text[len_bytes - 1] != '\n')
		goto out;
	r = allocate(&m, text);
	for (; r == 0 && *line != '\0'; n++) {
		char *end = strchr(line, '\n');

		*end = '\0';
		if (n == 1 ? strcmp(line, MANIFEST_MAGIC) != 0 :
			     !take_line(&m, line))
			r = -EBADMSG;
		if (r == 0)
			line = end + 1;
		else
			break;
	}
	if (r == 0 && !sort(&m))
		r = -EBADMSG;
out:
	if (r == 0) {
		*ret_manifest = m;
	} else {
		manifest_free(&m);
		if (ret_line != NULL)
			*ret_line = n;
	}
	return r;
}
