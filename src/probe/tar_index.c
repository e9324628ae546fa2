/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "probe/tar_index.h"
#include "probe/tar_root.h"

#define CHUNK_ENTRIES 4096
#define TEXT_BYTES 65536u
#define FIRST_SLOTS 16384
/* 2,000,000 names of a middle length. */
#define TEXTS_MAX 2048

int tar_index_init(struct tar_index *t)
{
	static const struct probe_stat dir = { .mode = S_IFDIR | 0755 };
	uint32_t root;
	int r;

	memset(t, 0, sizeof *t);
	/* Whoever made the image shall not choose names that collide. */
	if (getrandom(t->key, sizeof t->key, GRND_NONBLOCK) < 0)
		memset(t->key, 0x5a, sizeof t->key);
	t->slots = malloc(FIRST_SLOTS * sizeof *t->slots);
	if (t->slots == NULL)
		return -ENOMEM;
	t->n_slots = FIRST_SLOTS;
	memset(t->slots, 0xff, FIRST_SLOTS * sizeof *t->slots);
	r = tar_index_add(t, TAR_NONE, "", 0, &root);
	return r < 0 ? r : tar_index_set(t, root, &dir);
}

void tar_index_free(struct tar_index *t)
{
	for (size_t i = 0; i < t->n_chunks; i++)
		free(t->chunks[i]);
	for (size_t i = 0; i < t->n_texts; i++)
		free(t->texts[i]);
	for (size_t i = 0; i < t->n_contents; i++)
		free(t->contents[i].text);
	free(t->chunks);
	free(t->texts);
	free(t->contents);
	free(t->slots);
	free(t->owners);
	memset(t, 0, sizeof *t);
}

struct tar_entry *tar_index_at(const struct tar_index *t, uint32_t id)
{
	return &t->chunks[id / CHUNK_ENTRIES][id % CHUNK_ENTRIES];
}

const char *tar_index_text(const struct tar_index *t, uint32_t text)
{
	return t->texts[text / TEXT_BYTES] + text % TEXT_BYTES;
}

/* Texts do not span pieces; what is left of the last one is lost. */
int tar_index_add_text(struct tar_index *t, const char *text, size_t len,
		       uint32_t *ret_text)
{
	char *place;

	if (t->n_texts == 0 || t->text_used + len + 1 > TEXT_BYTES) {
		char **more = realloc(t->texts, (t->n_texts + 1) * sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		t->texts = more;
		if (t->n_texts == TEXTS_MAX)
			return -E2BIG;
		more[t->n_texts] = malloc(TEXT_BYTES);
		if (more[t->n_texts] == NULL)
			return -ENOMEM;
		t->n_texts++;
		t->text_used = 0;
	}
	place = t->texts[t->n_texts - 1] + t->text_used;
	memcpy(place, text, len);
	place[len] = '\0';
	*ret_text = (uint32_t)((t->n_texts - 1) * TEXT_BYTES + t->text_used);
	t->text_used += len + 1;
	return 0;
}

static size_t slot_of(const struct tar_index *t, uint32_t parent,
		      const char *name, size_t len)
{
	unsigned char bytes[sizeof parent + 256];
	uint64_t hash;

	memcpy(bytes, &parent, sizeof parent);
	memcpy(bytes + sizeof parent, name, len);
	(void)crypto_shorthash((unsigned char *)&hash, bytes,
			       sizeof parent + len, t->key);
	return (size_t)hash & (t->n_slots - 1);
}

/* The slot of that child, or the free one where it would be. */
static size_t find_slot(const struct tar_index *t, uint32_t parent,
			const char *name, size_t len)
{
	size_t i = slot_of(t, parent, name, len);

	for (; t->slots[i] != TAR_NONE; i = (i + 1) & (t->n_slots - 1)) {
		const struct tar_entry *e = tar_index_at(t, t->slots[i]);
		const char *text = tar_index_text(t, e->name);

		if (e->parent == parent && strncmp(text, name, len) == 0 &&
		    text[len] == '\0')
			break;
	}
	return i;
}

static int grow_slots(struct tar_index *t)
{
	size_t n = t->n_slots * 2;
	uint32_t *slots = malloc(n * sizeof *slots);

	if (slots == NULL)
		return -ENOMEM;
	memset(slots, 0xff, n * sizeof *slots);
	free(t->slots);
	t->slots = slots;
	t->n_slots = n;
	for (uint32_t id = 0; id < t->count; id++) {
		const struct tar_entry *e = tar_index_at(t, id);
		const char *name = tar_index_text(t, e->name);

		t->slots[find_slot(t, e->parent, name, strlen(name))] = id;
	}
	return 0;
}

static int grow_entries(struct tar_index *t)
{
	struct tar_entry **more;

	if (t->count < t->n_chunks * CHUNK_ENTRIES)
		return 0;
	more = realloc(t->chunks,
		       (t->n_chunks + 1) * sizeof(struct tar_entry *));
	if (more == NULL)
		return -ENOMEM;
	t->chunks = more;
	more[t->n_chunks] = malloc(CHUNK_ENTRIES * sizeof **more);
	if (more[t->n_chunks] == NULL)
		return -ENOMEM;
	t->n_chunks++;
	return 0;
}

uint32_t tar_index_child(const struct tar_index *t, uint32_t parent,
			 const char *name, size_t len)
{
	return len > 255 ? TAR_NONE : t->slots[find_slot(t, parent, name, len)];
}

int tar_index_add(struct tar_index *t, uint32_t parent, const char *name,
		  size_t len, uint32_t *ret_id)
{
	struct tar_entry *e;
	uint32_t id, text;
	int r;

	if (len > 255)
		return -ENAMETOOLONG;
	id = tar_index_child(t, parent, name, len);
	if (id != TAR_NONE) {
		*ret_id = id;
		return 0;
	}
	if (t->count >= TAR_ENTRIES_MAX)
		return -E2BIG;
	r = grow_entries(t);
	if (r == 0 && t->count >= t->n_slots / 4 * 3)
		r = grow_slots(t);
	if (r == 0)
		r = tar_index_add_text(t, name, len, &text);
	if (r < 0)
		return r;
	id = (uint32_t)t->count++;
	e = tar_index_at(t, id);
	*e = (struct tar_entry){
		.parent = parent,
		.name = text,
		.extra = TAR_NONE,
		.mode = S_IFDIR | 0755,
	};
	t->slots[find_slot(t, parent, name, len)] = id;
	*ret_id = id;
	return 0;
}

uint32_t tar_index_find(const struct tar_index *t, const char *path)
{
	uint32_t id = 0;

	while (id != TAR_NONE) {
		size_t len;

		path += strspn(path, "/");
		if (*path == '\0')
			break;
		len = strcspn(path, "/");
		id = tar_index_child(t, id, path, len);
		path += len;
	}
	return id;
}
