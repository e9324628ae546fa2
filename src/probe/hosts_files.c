/* SPDX-License-Identifier: ISC */
/* Files that guests hang on: what feeds them, and where their memory lies. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"

#define MAX_FILES 4096
#define SAVE_DIR "/var/lib/libvirt/qemu/save"
#define DUMP_DIR "/var/lib/libvirt/qemu/dump"
#define SNAPSHOT_DIR "/var/lib/libvirt/qemu/snapshot"

/* Linux Documentation/admin-guide/devices.txt. */
static const struct {
	const char *path;
	unsigned major, minor;
	enum backend_file file;
} devices[] = {
	{ "/dev/random", 1, 8, FILE_RANDOM },
	{ "/dev/urandom", 1, 9, FILE_URANDOM },
	{ "/dev/hwrng", 10, 183, FILE_HWRNG },
	{ "/dev/hw_random", 10, 183, FILE_HWRNG },
	{ "/dev/zero", 1, 5, FILE_ZERO },
	{ "/dev/null", 1, 3, FILE_ZERO },
	{ "/dev/full", 1, 7, FILE_ZERO },
};

static enum backend_file by_name(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		if (strcmp(path, devices[i].path) == 0)
			return devices[i].file;
	return FILE_UNKNOWN;
}

static enum backend_file by_stat(const struct probe_stat *st)
{
	if (S_ISREG(st->mode))
		return FILE_PLAIN;
	if (S_ISFIFO(st->mode) || S_ISSOCK(st->mode))
		return FILE_PIPE;
	if (!S_ISCHR(st->mode))
		return FILE_STRANGE;
	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		if (st->rdev_major == devices[i].major &&
		    st->rdev_minor == devices[i].minor)
			return devices[i].file;
	return FILE_DEVICE;
}

void hosts_look_at_file(const struct probe_root *root, struct guest_rng *rng)
{
	enum backend_file named = by_name(rng->path);
	bool live = probe_root_kind(root) == PROBE_LIVE;
	struct probe_stat st;
	int r;

	/* Where a relative path starts, only the VMM knows. */
	if (rng->backend != BACKEND_FILE || rng->path[0] != '/')
		return;
	r = probe_root_stat(root, rng->path, &st);
	rng->file_error = r < 0 ? -r : 0;
	/* A record has no device nodes unless its manifest says so. */
	if (r == 0 && (live || named == FILE_UNKNOWN || S_ISCHR(st.mode)))
		rng->file = by_stat(&st);
	else if (r == -ENOENT && live)
		rng->file = FILE_MISSING;
	else
		rng->file = named;
}

void hosts_note_gap(struct hosts_gap *gap, const char *path, int error)
{
	if (gap->count++ > 0)
		return;
	hosts_copy(gap->path, sizeof gap->path, path);
	gap->error = error;
}

/* May anybody walk down to it? Only its directories are asked. */
static bool is_reachable(const struct probe_root *root, const char *path)
{
	char dir[HOSTS_PATH_BYTES];
	struct probe_stat st;

	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		size_t len = (size_t)(p - path);

		if (len >= sizeof dir)
			return false;
		memcpy(dir, path, len);
		dir[len] = '\0';
		if (probe_root_stat(root, dir, &st) < 0 ||
		    (st.mode & S_IXOTH) == 0)
			return false;
	}
	return true;
}

int hosts_note_image(const struct probe_root *root, struct hosts_facts *facts,
		     enum image_kind kind, const char *path, const char *guest)
{
	struct memory_image *image;
	struct probe_stat st;
	int r = path[0] == '/' ? probe_root_stat(root, path, &st) : -ENOENT;

	/* A directory (hugetlbfs) holds files that nobody can name. */
	if (r == -ENOENT || (r == 0 && !S_ISREG(st.mode)))
		return 0;
	if (facts->n_images == HOSTS_MAX_IMAGES) {
		facts->images_more = true;
		return 0;
	}
	if (facts->n_images == facts->cap_images) {
		size_t cap = facts->cap_images ? 2 * facts->cap_images : 8;

		image = realloc(facts->images, cap * sizeof *image);
		if (!image)
			return -ENOMEM;
		facts->images = image;
		facts->cap_images = cap;
	}
	image = &facts->images[facts->n_images++];
	memset(image, 0, sizeof *image);
	image->kind = kind;
	hosts_copy(image->path, sizeof image->path, path);
	hosts_copy(image->guest, sizeof image->guest, guest);
	if (r < 0) {
		image->error = -r;
		return 0;
	}
	image->mode = st.mode;
	image->uid = st.uid;
	image->size_bytes = st.size_bytes;
	image->mtime_s = st.mtime_s;
	image->reachable = is_reachable(root, path);
	return 0;
}

struct walk {
	const struct probe_root *root;
	struct hosts_facts *facts;
	const char *dir;
	const char *guest; /* whose snapshots these are */
	enum image_kind kind;
	const char *suffix;
	int result;
};

static struct host_guest *find_name(struct hosts_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->n_guests; i++)
		if (strcmp(facts->guests[i].name, name) == 0)
			return &facts->guests[i];
	return NULL;
}

static bool see_save(void *context, const char *name)
{
	struct walk *w = context;
	char path[HOSTS_PATH_BYTES + 256], guest[GUEST_NAME_BYTES];
	size_t len = strlen(name), cut = strlen(w->suffix);
	struct host_guest *g;

	if (len <= cut || strcmp(name + len - cut, w->suffix) != 0)
		return true;
	(void)snprintf(path, sizeof path, "%s/%s", w->dir, name);
	hosts_copy(guest, sizeof guest, name);
	if (len - cut < sizeof guest)
		guest[len - cut] = '\0';
	w->result = hosts_note_image(w->root, w->facts, w->kind, path, guest);
	g = w->kind == IMAGE_SAVED ? find_name(w->facts, guest) : NULL;
	if (g)
		g->n_saves++;
	return w->result == 0;
}

static int walk(struct walk *w, const char *dir, probe_name_fn *each)
{
	int r;

	w->dir = dir;
	r = probe_root_list(w->root, dir, MAX_FILES, each, w);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR && r != -E2BIG)
		hosts_note_gap(&w->facts->saves, dir, -r);
	return w->result;
}

static bool see_snapshot(void *context, const char *name)
{
	struct walk *w = context;
	char path[HOSTS_PATH_BYTES + 256], file[HOSTS_PATH_BYTES], *xml;
	struct host_guest *g = find_name(w->facts, w->guest);
	size_t len = strlen(name);
	ssize_t n;

	if (len <= 4 || strcmp(name + len - 4, ".xml") != 0)
		return true;
	(void)snprintf(path, sizeof path, "%s/%s", w->dir, name);
	n = probe_root_load(w->root, path, HOSTS_DOMAIN_MAX_BYTES, &xml);
	if (n < 0) {
		hosts_note_gap(&w->facts->saves, path, (int)-n);
		return true;
	}
	if (hosts_read_snapshot(xml, (size_t)n, file, sizeof file) == 1) {
		if (g)
			g->n_snapshots++;
		if (file[0] == '/')
			w->result = hosts_note_image(w->root, w->facts,
						     IMAGE_SNAPSHOT, file,
						     w->guest);
	}
	free(xml);
	return w->result == 0;
}

static bool see_guest_dir(void *context, const char *name)
{
	struct walk *outer = context, inner = *outer;
	char dir[HOSTS_PATH_BYTES + 256];

	(void)snprintf(dir, sizeof dir, "%s/%s", SNAPSHOT_DIR, name);
	inner.guest = name;
	outer->result = walk(&inner, dir, see_snapshot);
	return outer->result == 0;
}

int hosts_read_saves(const struct probe_root *root, struct hosts_facts *facts)
{
	struct walk w = { .root = root, .facts = facts };

	w.kind = IMAGE_SAVED;
	w.suffix = ".save";
	if (walk(&w, SAVE_DIR, see_save) < 0)
		return w.result;
	w.kind = IMAGE_DUMP;
	w.suffix = "";
	if (walk(&w, DUMP_DIR, see_save) < 0)
		return w.result;
	return walk(&w, SNAPSHOT_DIR, see_guest_dir);
}
