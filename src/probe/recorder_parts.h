/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_RECORDER_PARTS_H
#define AQUIFER_PROBE_RECORDER_PARTS_H

/* Between the files of the recorder. */
#include "probe/recorder_store.h"
#include "probe/root_class.h"

struct recorder {
	const struct probe_root *inner;
	struct store store;
	struct manifest head;
	bool log_done;
};

/*
 * recorder_note - the path itself, seen for the first time or before. NULL:
 * nothing there, or nothing that can be recorded.
 */
struct recorded *recorder_note(struct recorder *r, const char *path,
			       int *ret_error);

/* recorder_look - root_look_fn of a struct recorder. */
int recorder_look(void *context, const char *path, mode_t *ret_mode,
		  char *ret_target);

/* recorder_find - the same by any path; ret_path: ROOT_PATH_BYTES. */
struct recorded *recorder_find(struct recorder *r, const char *path,
			       bool follow, char *ret_path);

/* recorder_put_log - the kernel's log, or why (n) there is none. */
void recorder_put_log(struct recorder *r, const char *text, ssize_t n);

/* recorder_take_vmclock - a device's page, of which the bytes are kept. */
void recorder_take_vmclock(struct recorder *r);

#endif
