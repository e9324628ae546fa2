/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_SANDBOX_H
#define AQUIFER_DAEMON_SANDBOX_H

/*
 * Giving up rights, and proof that they are gone. All return 0 or -errno; a
 * caller that gets an error does not go on.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * sandbox_find_user - uid and gid by /etc/passwd alone: no name service may be
 * asked before the kernel is ready. Where there is no such user (an initramfs)
 * the kernel's overflow user, 65534, is used; *ret_found says so.
 */
void sandbox_find_user(const char *user, uid_t *ret_uid, gid_t *ret_gid,
		       bool *ret_found);

/*
 * sandbox_drop - become that user without groups and capabilities, unable to
 * get any back; then verify each of it. Not root before: only the latter part.
 */
int sandbox_drop(uid_t uid, gid_t gid);

/*
 * sandbox_join_groups - be in the groups that may read these files: root without
 * CAP_DAC_OVERRIDE may not open a TPM of tss's (0660) otherwise. Before
 * sandbox_keep. What is not there, or is for its owner alone, is left out.
 */
void sandbox_join_groups(const char *const *paths, size_t n_paths);

/* sandbox_keep - the privileged part: root with the capabilities it needs. */
int sandbox_keep(void);

/*
 * sandbox_filter_engine - seccomp for the unprivileged part: what it calls is
 * listed, the rest is refused with EPERM, starting programs kills. A getrandom
 * that could block is refused too. sandbox_filter_monitor - for the privileged
 * part, a shorter list.
 */
int sandbox_filter_engine(void);
int sandbox_filter_monitor(void);

#endif
