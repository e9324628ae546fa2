/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_FILES_H
#define AQUIFER_DAEMON_FILES_H

/* What aquiferd makes and opens with root's rights, before it splits. */
#include <stdint.h>
#include <sys/types.h>

/*
 * files_make_run_dir - /run/aquifer, where no service manager made it, and in
 * any case owned by who works in it.
 */
void files_make_run_dir(uid_t uid, gid_t gid);

/*
 * files_map_generation - the page that tells programs that this VM was cloned:
 * one 32-bit count, at the start of /run/aquifer/generation. NULL on failure.
 */
uint32_t *files_map_generation(void);

/*
 * files_listen - where programs ask for the state: made by root, answered by the
 * other part. Returns a listening descriptor, or -1 after a warning.
 */
int files_listen(const char *path);

/* files_open_dir_of - the directory that holds a file; -1 where it is not. */
int files_open_dir_of(const char *path);

#endif
