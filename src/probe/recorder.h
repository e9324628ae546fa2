/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_RECORDER_H
#define AQUIFER_PROBE_RECORDER_H

/*
 * A root that passes every question on to another one and writes the answers
 * below a directory, as a root of its own: the same questions asked there get
 * the same answers, errors included. What it asks by itself are the links on
 * the way, the type of each name in a directory, the kernel's log, CPUID.
 *
 * Never written: private keys, seeds, user data (only which words of secrets
 * stand in it), /proc/PID/environ. Replaced, byte for byte: what follows
 * "password=" and the like in any text; machine-id, UUIDs and other 128-bit
 * ids, the last half of MAC addresses, serial numbers: by a keyed hash whose
 * key is thrown away, so that what was equal stays equal within one record.
 * Logs and package lists are cut to the lines that checks ask for. Kept as they
 * are: host names, addresses, user names, names of processes and their
 * arguments, public keys, a DHCP DUID (it may hold a MAC address). See keep.h.
 */
#include "probe/root.h"

/*
 * probe_recorder_new - dir is made (0700), or is there and empty.
 * inner: must outlive the recorder.
 * Returns 0; -ENOTEMPTY, -ENOTDIR, -EACCES, -ENOSPC and the like.
 */
int probe_recorder_new(const struct probe_root *inner, const char *dir,
		       struct probe_root **ret_root);

/*
 * probe_recorder_finish - writes the manifest. Until then DIR/MANIFEST says
 * "unfinished" and probe_root_open() refuses DIR with -EBADMSG; so it stays
 * when the recorder is freed before, or when this fails.
 * Returns 0, or the first error of writing (-ENOSPC), -ENOMEM.
 */
int probe_recorder_finish(struct probe_root *root);

/* probe_recorder_files - how many files hold contents; for a last line. */
size_t probe_recorder_files(const struct probe_root *root);

#endif
