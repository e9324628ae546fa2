/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "cmd/doctor.h"
#include "doctor/text.h"
#include "probe/recorder.h"
#include "probe/tar_root.h"

/* Ours to say: the user named it, or the machine failed us. */
static int code_of(int error)
{
	switch (error) {
	case -EACCES:
	case -EPERM:
	case -EIO:
	case -ENOMEM:
	case -ENOSPC:
	case -EROFS:
	case -EDQUOT:
	case -EMFILE:
	case -ENFILE:
		return EXIT_MACHINE;
	default:
		return EXIT_USAGE;
	}
}

static int open_directory(const struct doctor_options *o,
			  struct probe_root **ret_root)
{
	int r = probe_root_open(o->root, ret_root);

	if (r == 0)
		return 0;
	return doctor_fail(o, code_of(r), "%s: %s", o->root,
			   r == -ENODATA ? "empty: no machine and no image" :
			   r == -EBADMSG ? "its MANIFEST is not one, or the "
					   "record was never finished" :
					   strerror(-r));
}

static int open_image(const struct doctor_options *o,
		      struct probe_root **ret_root)
{
	bool standard = strcmp(o->image, "-") == 0;
	const char *name = standard ? "standard input" : o->image;
	int fd = standard ? STDIN_FILENO :
			    open(o->image, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r = fd < 0 ? -errno : 0;
	char why[256] = "", clean[256];

	if (r == 0 && standard && isatty(fd))
		return doctor_fail(o, EXIT_USAGE,
				   "standard input is a terminal; pipe a tar "
				   "into it: virt-tar-out -a disk.qcow2 / - | "
				   "aquifer doctor --image -");
	if (r == 0)
		r = probe_root_open_tar(fd, ret_root, why, sizeof why);
	if (!standard)
		fd_close(&fd);
	if (r == 0)
		return 0;
	/* libarchive's words, which may hold the archive's. */
	(void)text_clean(why[0] ? why : strerror(-r), 0, clean, sizeof clean);
	return doctor_fail(o, code_of(r), "%s: %s%s", name, clean,
			   r == -EBADMSG ? "; a tar of a disk image is made "
					   "by: virt-tar-out -a disk.qcow2 / -" :
					   "");
}

int doctor_root_open(const struct doctor_options *o,
		     struct probe_root **ret_owned)
{
	int r;

	*ret_owned = NULL;
	if (o->root)
		return open_directory(o, ret_owned);
	if (o->image)
		return open_image(o, ret_owned);
	if (!o->record)
		return 0;
	r = probe_recorder_new(probe_root_live(), o->record, ret_owned);
	if (r == 0)
		return 0;
	return doctor_fail(o, code_of(r), "%s: %s", o->record,
			   r == -ENOTEMPTY ? "is not empty; --record wants a "
					     "directory that is new" :
					     strerror(-r));
}

int doctor_record_finish(const struct doctor_options *o, struct probe_root *root)
{
	int r = probe_recorder_finish(root);

	if (r < 0)
		return doctor_fail(o, EXIT_MACHINE,
				   "%s: %s; the record is not "
				   "complete",
				   o->record, strerror(-r));
	(void)fprintf(stderr,
		      "recorded in %s: %zu files, ids and secrets replaced or "
		      "left out\n"
		      "(host names, process names and arguments are in it: look "
		      "before you pass it on)\n"
		      "judge it anywhere: aquifer doctor --root %s\n",
		      o->record, probe_recorder_files(root), o->record);
	return 0;
}
