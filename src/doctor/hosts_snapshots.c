/* SPDX-License-Identifier: ISC */
/* Saved memory: who can read it, how often it is started. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

#define IMAGES_SHOWN 24

static const char *const image_names[] = {
	[IMAGE_SAVED] = "saved state",
	[IMAGE_SNAPSHOT] = "memory of a snapshot",
	[IMAGE_DUMP] = "memory dump",
	[IMAGE_INCOMING] = "state a guest was started from",
	[IMAGE_MEMORY] = "memory of a guest in a file",
};

static bool is_open(const struct memory_image *i)
{
	return i->error == 0 && (i->mode & (S_IROTH | S_IWOTH)) != 0;
}

static void show_image(struct finding *f, const struct memory_image *i)
{
	char where[HOSTS_PATH_BYTES + GUEST_NAME_BYTES + 4];

	(void)snprintf(where, sizeof where, "%s", i->path);
	finding_evidence(f, where,
			 "%s%s%s, mode %04o, uid %u, %" PRIu64 " bytes",
			 image_names[i->kind], i->guest[0] ? ", guest " : "",
			 i->guest, (unsigned)(i->mode & 07777),
			 (unsigned)i->uid, i->size_bytes);
}

static void judge_image_modes(const struct hosts_facts *h, struct finding *f)
{
	const struct memory_image *open = NULL, *closed = NULL, *unseen = NULL;
	size_t n_open = 0;

	for (size_t i = 0; i < h->n_images; i++) {
		const struct memory_image *image = &h->images[i];

		if (image->error != 0)
			unseen = unseen ? unseen : image;
		else if (is_open(image) && image->reachable) {
			open = open ? open : image;
			n_open++;
		} else if (is_open(image)) {
			closed = closed ? closed : image;
		}
	}
	if (open) {
		finding_say(f, SEVERITY_CRITICAL,
			    "memory of a guest that every user of this host "
			    "can %s: %s%s",
			    open->mode & S_IROTH ? "read" : "write", open->path,
			    n_open > 1 ? " and others" : "");
		finding_why(f, "In it lie the guest's keys, passwords and the "
			       "state of its random generator.");
		finding_fix(f, FIX_HOST,
			    "Take the rights of others off each file below, "
			    "and count what was in that memory as known.");
		finding_command(f, FIX_HOST, "chmod o-rwx -- FILE");
	}
	if (closed)
		finding_say(f, SEVERITY_INFO,
			    "memory of a guest that only its directory guards: "
			    "%s",
			    closed->path);
	if (unseen) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "a file with a guest's memory could not be looked "
			    "at%s",
			    unseen->error == EACCES ? ": needs root" : "");
		finding_evidence(f, unseen->path, "%s", strerror(unseen->error));
	}
}

static void show_images(const struct hosts_facts *h, struct finding *f)
{
	size_t left = IMAGES_SHOWN;

	/* The open ones first: the list is cut. */
	for (int open = 1; open >= 0; open--)
		for (size_t i = 0; i < h->n_images && left > 0; i++)
			if (h->images[i].error == 0 &&
			    is_open(&h->images[i]) == (open == 1)) {
				show_image(f, &h->images[i]);
				left--;
			}
}

static bool runs_twice(const struct host_guest *a, const struct host_guest *b)
{
	bool same_file = a->start == START_FILE && b->start == START_FILE &&
			 a->start_from[0] != '\0' &&
			 strcmp(a->start_from, b->start_from) == 0;
	bool same_uuid = a->uuid[0] != '\0' && strcasecmp(a->uuid, b->uuid) == 0;

	return a->pid > 0 && b->pid > 0 && (same_file || same_uuid);
}

static void judge_twice(const struct hosts_facts *h, struct finding *f)
{
	char where[700];

	for (size_t i = 0; i < h->n_guests; i++)
		for (size_t k = i + 1; k < h->n_guests; k++) {
			const struct host_guest *a = &h->guests[i];
			const struct host_guest *b = &h->guests[k];

			if (!runs_twice(a, b))
				continue;
			finding_say(f, SEVERITY_WARN,
				    "one guest runs twice: %.48s and %.48s",
				    a->name, b->name);
			hosts_where(b, where, sizeof where);
			finding_evidence(
				f, where, "the same %s as %s (process %d): %s",
				a->start == START_FILE ? "saved state" : "UUID",
				a->name, (int)a->pid,
				a->start == START_FILE ? a->start_from :
							 a->uuid);
			finding_why(f,
				    "Both went on from the same random state "
				    "and identity: they may have used the same "
				    "keys and nonces.");
			finding_fix(f, FIX_HOST,
				    "Start each from a state of its own, or "
				    "give each a new -uuid and a new "
				    "-device vmgenid,guid=auto.");
			return;
		}
}

/* Starts that begin in the same state each time, unless the id is new. */
static bool repeats(const struct host_guest *g)
{
	bool told = hosts_has_generation(g) &&
		    (strcmp(g->generation_id, "auto") == 0 ||
		     g->running_file[0] != '\0');

	return (g->start == START_LOADVM || g->start == START_FILE) && !told;
}

static void judge_starts(const struct hosts_facts *h, struct finding *f)
{
	char where[700];

	for (size_t i = 0; i < h->n_guests; i++) {
		const struct host_guest *g = &h->guests[i];

		if (!repeats(g))
			continue;
		finding_say(f, SEVERITY_WARN,
			    "started from a saved state without a new "
			    "generation id: guest %.64s",
			    g->name);
		hosts_where(g, where, sizeof where);
		finding_evidence(f, where, "%s %s",
				 g->start == START_LOADVM ? "-loadvm" :
							    "saved state",
				 g->start_from);
		finding_why(f, "Every start of it goes on with the same random "
			       "state, and the guest cannot know.");
		finding_fix(f, FIX_HOST, "QEMU: give each such start a new id.");
		finding_command(f, FIX_HOST, "%s", "-device vmgenid,guid=auto");
		finding_fix(f, FIX_GUEST,
			    "Without the device: hand it 32 fresh random bytes "
			    "right after the start and run 'aquifer feed "
			    "--file -' on them, before the guest takes work.");
	}
}

static void judge_kept(const struct hosts_facts *h, struct finding *f)
{
	unsigned n_snapshots = 0, n_images = 0;

	for (size_t i = 0; i < h->n_guests; i++) {
		n_snapshots += h->guests[i].n_snapshots;
		if (strcasestr(h->guests[i].name, "template"))
			finding_say(f, SEVERITY_INFO,
				    "guest %.64s is a template by its name: "
				    "seal it before it is copied",
				    h->guests[i].name);
	}
	for (size_t i = 0; i < h->n_images; i++)
		n_images += h->images[i].kind != IMAGE_MEMORY;
	if (n_snapshots + n_images == 0)
		return;
	finding_say(f, SEVERITY_INFO,
		    "saved memory is kept: %u file%s, %u snapshot%s with "
		    "memory",
		    n_images, n_images == 1 ? "" : "s", n_snapshots,
		    n_snapshots == 1 ? "" : "s");
	finding_why(f, "Start each saved state once. A snapshot of the disk "
		       "alone, taken while the guest is off, holds no random "
		       "state but the seed file.");
}

bool hosts_judge_snapshots(const struct machine *m, struct finding *f)
{
	const struct hosts_facts *h = m->hosts;

	if (!h || (h->n_guests == 0 && h->n_images == 0))
		return false;
	judge_image_modes(h, f);
	judge_twice(h, f);
	judge_starts(h, f);
	judge_kept(h, f);
	show_images(h, f);
	if (h->images_more)
		finding_say(f, SEVERITY_UNKNOWN,
			    "only the first %zu files with memory were looked "
			    "at",
			    h->n_images);
	if (h->saves.count > 0) {
		bool root = h->saves.error == EACCES || h->saves.error == EPERM;

		finding_say(f, SEVERITY_UNKNOWN,
			    "saved states could not be read%s",
			    root ? ": needs root" : "");
		finding_evidence(f, h->saves.path, "%s",
				 strerror(h->saves.error));
		if (root)
			finding_command(f, FIX_HOST,
					"sudo aquifer doctor --host");
	}
	hosts_say_gaps(m, f);
	if (!f->title && h->one_domain)
		return false;
	if (!f->title)
		finding_say(f, SEVERITY_OK,
			    "no saved memory of a guest was seen");
	return true;
}
