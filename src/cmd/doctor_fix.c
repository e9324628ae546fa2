/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "cmd/doctor.h"
#include "cmd/doctor_seal.h"
#include "doctor/text.h"

#define LOG_INSIDE "/var/log/aquifer-fix.log"
#define VERB_COLUMNS 8
#define PATH_COLUMNS 38

static const struct {
	const char *verb, *done;                   /* "remove", "removed" */
	int (*act)(int root_fd, const char *path); /* NULL: a person's to do */
} actions[] = {
	[ITEM_REMOVE] = { "remove", "removed", seal_remove },
	[ITEM_REMOVE_TREE] = { "remove", "removed", seal_remove_tree },
	[ITEM_TRUNCATE] = { "empty", "emptied", seal_empty },
	[ITEM_REPORT] = { "look at", "left", NULL },
};

struct fix {
	const struct doctor_options *o;
	int root_fd, log_fd;
	const char *log_path; /* for messages */
	unsigned n_done;
};

static bool is_ours(const struct image_item *item)
{
	return actions[item->action].act != NULL;
}

/* What becomes of a machine without an id is worth a word. */
static const char *words_of(const struct image_item *item)
{
	if (item->action != ITEM_TRUNCATE)
		return item->what;
	return "machine id; the next boot makes a new one, and is not taken "
	       "for a new system's first (no presets run)";
}

static void show_item(const struct image_item *item, const char *verb,
		      enum tone tone, unsigned width)
{
	struct wrap w = { .f = stdout, .width = width, .tone = TONE_WEAK };
	char path[CLONES_PATH_BYTES + 8];
	size_t len;

	len = text_clean(item->path, 0, path, CLONES_PATH_BYTES);
	if (item->action == ITEM_REMOVE_TREE)
		len += (size_t)snprintf(path + len, sizeof path - len, "/...");
	(void)fputs("  ", stdout);
	text_put(stdout, tone, VERB_COLUMNS, "%s", verb);
	(void)printf(" %-*s", PATH_COLUMNS, path);
	/* Beside a short path, below a long one. */
	w.indent = 2 + VERB_COLUMNS + 1;
	if (len < PATH_COLUMNS && w.width > w.indent + PATH_COLUMNS + 20)
		w.indent += PATH_COLUMNS;
	else
		(void)printf("\n%*s", (int)w.indent, "");
	doctor_wrap(&w, words_of(item));
}

/* Returns how many items are ours to change. */
static unsigned list(const struct doctor_options *o,
		     const struct clones_image *image, unsigned width)
{
	unsigned n = 0, n_asked = 0;

	for (size_t i = 0; i < image->count; i++)
		n += is_ours(&image->items[i]);
	if (n == 0)
		(void)printf("%s: nothing to do\n", o->root);
	else if (o->yes)
		(void)printf("%s: %u change%s\n\n", o->root, n,
			     n == 1 ? "" : "s");
	else
		(void)printf("%s: %u change%s to make; nothing is changed "
			     "without --yes\n\n",
			     o->root, n, n == 1 ? "" : "s");
	for (size_t i = 0; i < image->count && !o->yes; i++) {
		if (is_ours(&image->items[i]))
			show_item(&image->items[i],
				  actions[image->items[i].action].verb,
				  TONE_WARN, width);
	}
	for (size_t i = 0; i < image->count; i++) {
		if (is_ours(&image->items[i]) || image->items[i].harmless)
			continue;
		if (n_asked++ == 0 && !o->yes)
			(void)printf("\nFor you to decide, left as it is:\n");
		if (!o->yes)
			show_item(&image->items[i], "look at", TONE_NOTE, width);
	}
	for (size_t i = 0; i < image->unseen.count; i++)
		(void)printf("%s%s: not looked at: %s\n", i ? "" : "\n",
			     image->unseen.files[i].path,
			     strerror(-image->unseen.files[i].error));
	if (image->more)
		(void)printf("\nThere is more than one run can list: run it "
			     "again afterwards.\n");
	return n;
}

static int log_line(const struct fix *fix, const char *done, const char *path,
		    const char *what)
{
	time_t now = (time_t)(clock_realtime_ns() / NS_PER_S);
	char when[32], clean[2 * CLONES_PATH_BYTES], line[1024];
	struct tm tm;
	int len;

	if (!gmtime_r(&now, &tm) ||
	    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		when[0] = '\0';
	(void)text_clean(path, 0, clean, sizeof clean);
	len = snprintf(line, sizeof line, "%s %s %s: %s\n", when, done, clean,
		       what);
	return fd_write_all(fix->log_fd, line,
			    min_size((size_t)len, sizeof line - 1));
}

static int open_log(struct fix *fix)
{
	const struct doctor_options *o = fix->o;
	int r;

	if (o->log) {
		fix->log_path = o->log;
		fix->log_fd = open(o->log,
				   O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW |
					   O_NOCTTY | O_CLOEXEC,
				   0600);
		r = fix->log_fd < 0 ? -errno : 0;
	} else {
		fix->log_path = LOG_INSIDE;
		r = seal_append(fix->root_fd, LOG_INSIDE, &fix->log_fd);
	}
	if (r == 0)
		return 0;
	return doctor_fail(o, EXIT_MACHINE,
			   "%s%s: %s; nothing was changed; --log FILE keeps "
			   "the log elsewhere",
			   o->log ? "" : o->root, fix->log_path, strerror(-r));
}

/* Logged before as an intent would be a lie; after, it may be lost: synced. */
static int do_item(struct fix *fix, const struct image_item *item,
		   unsigned width)
{
	const char *done = actions[item->action].done;
	int r = actions[item->action].act(fix->root_fd, item->path);

	if (r == -ENOENT) /* went with something before it */
		return 0;
	if (r < 0) {
		(void)log_line(fix, "failed", item->path, strerror(-r));
		return doctor_fail(fix->o, EXIT_MACHINE,
				   "%s%s: %s; %u change%s made before, the "
				   "rest is as it was",
				   fix->o->root, item->path, strerror(-r),
				   fix->n_done, fix->n_done == 1 ? "" : "s");
	}
	fix->n_done++;
	show_item(item, done, TONE_GOOD, width);
	r = log_line(fix, done, item->path, item->what);
	if (r == 0 && fdatasync(fix->log_fd) < 0)
		r = -errno;
	if (r == 0)
		return 0;
	return doctor_fail(fix->o, EXIT_MACHINE,
			   "%s: %s; %s%s was %s, the rest is as it was",
			   fix->log_path, strerror(-r), fix->o->root,
			   item->path, done);
}

static int do_all(struct fix *fix, const struct clones_image *image,
		  unsigned width)
{
	int code = 0;

	for (size_t i = 0; i < image->count && code == 0; i++) {
		if (cmd_interrupted())
			return EXIT_INTERRUPTED;
		if (is_ours(&image->items[i]))
			code = do_item(fix, &image->items[i], width);
	}
	return code;
}

static const char *why_not(int error)
{
	if (error == -EBUSY)
		return "this is the running machine; --fix is for images";
	if (error == -ENOSYS)
		return "this kernel has no openat2(2) (Linux 5.6), which keeps "
		       "the changes inside the image";
	return strerror(-error);
}

int doctor_fix(const struct doctor_options *o, const struct machine *m)
{
	struct fix fix = { .o = o, .root_fd = -1, .log_fd = -1 };
	const struct clones_image *image = &m->clones->image;
	unsigned width = doctor_width(stdout), n;
	int code, r;

	if (m->kind != PROBE_IMAGE)
		return doctor_fail(o, EXIT_USAGE,
				   "%s: has files below proc or sys, so it is a "
				   "recorded or a running machine; --fix is "
				   "for images (unmount proc and sys)",
				   o->root);
	r = seal_open(o->root, &fix.root_fd);
	if (r < 0)
		return doctor_fail(o, r == -EBUSY ? EXIT_USAGE : EXIT_MACHINE,
				   "%s: %s", o->root, why_not(r));
	n = list(o, image, width);
	code = n > 0 && !o->yes ? EXIT_NO : EXIT_YES;
	if (n > 0 && o->yes) {
		code = open_log(&fix);
		if (code == 0)
			code = do_all(&fix, image, width);
		if (code == 0)
			(void)printf("\n%u change%s made, kept in %s%s\n",
				     fix.n_done, fix.n_done == 1 ? "" : "s",
				     o->log ? "" : o->root, fix.log_path);
	}
	if (code == EXIT_YES && image->unseen.count > 0)
		code = EXIT_MACHINE;
	fd_close(&fix.log_fd);
	fd_close(&fix.root_fd);
	return code;
}
