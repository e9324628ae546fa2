/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_OUTLET_KERNEL_H
#define AQUIFER_OUTLET_KERNEL_H

/*
 * The Linux kernel as an outlet: give it bytes, have it re-key, and say no more
 * about that than its release allows. What each call does on which kernel, and
 * where that is known from: docs/kernel.md.
 *
 * Nothing here waits for the kernel's generator, and nothing draws from it
 * before it is ready. Threads: safe; there is no state but the descriptor.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/kernel_rng.h"

#define KERNEL_ADD_MAX_BYTES 64

enum rekey_result {
	/* New key, made from everything added before the call. */
	KERNEL_REKEYED,
	/* The kernel does it by itself: kernel_semantics.reseed_interval_s. */
	KERNEL_REKEYS_LATER,
	/* Not re-keyed, and no time can be named. */
	KERNEL_REKEY_FAILED,
};

/* What can be seen of the kernel's generator. */
struct kernel_state {
	char release[KERNEL_RELEASE_BYTES]; /* as uname -r; "" not seen */
	char level[KERNEL_RELEASE_BYTES];   /* for kernel_semantics */
	unsigned poolsize_bits;             /* 0: not seen */
	int entropy_avail_bits;             /* -1: not seen */
	bool ready;
	char hwrng_current[64]; /* "virtio_rng.0", "none"; "" not seen */
	int hwrng_quality;      /* credited per 1024 bits; -1: not seen */
};

/*
 * kernel_open - a descriptor of /dev/random for the calls below.
 * root: prefix of the path; "" for the running machine.
 * Write-only: it can feed and never draw. Refuses anything that is not the
 * kernel's own device (1:8), such as a CUSE device put in its place.
 * Returns the descriptor, -ENODEV for something else, other -errno.
 */
int kernel_open(const char *root);

/*
 * kernel_ready - would getrandom(2) answer now? Never waits, and starts nothing
 * in the kernel: GRND_NONBLOCK returns EAGAIN before any noise is made. False
 * where the call is missing or forbidden.
 */
bool kernel_ready(void);

/*
 * kernel_add - mix bytes into the kernel's pool and credit them, in one
 * RNDADDENTROPY. Not tried again on an error: it could credit twice.
 * len_bytes:   1 to KERNEL_ADD_MAX_BYTES.
 * credit_bits: at most 8 * len_bytes; 0 mixes only.
 * Does not re-key a kernel that is ready; see kernel_rekey. Our copy of the
 * bytes is wiped.
 * Returns 0, -EINVAL for arguments out of range, -EPERM without CAP_SYS_ADMIN,
 * other -errno.
 */
int kernel_add(int fd, const uint8_t *bytes, size_t len_bytes,
	       unsigned credit_bits);

/*
 * kernel_reseed_ioctl - RNDRESEEDCRNG, bare. A 0 does not mean that the kernel
 * was re-keyed: kernel_rekey knows.
 * Returns 0, -EPERM, -ENODATA before readiness, -EINVAL where it is missing.
 */
int kernel_reseed_ioctl(int fd);

/*
 * kernel_rekey - have the kernel make a new key from its pool.
 * s: what kernel_semantics said of this kernel.
 * The call is left out where it is known to re-key from itself: it would only
 * put off the reseed that helps. The old code needs 128 bits in the pool: bytes
 * with credit 0 cannot make it re-key, and nothing is left to re-key from after
 * a kernel_add that made the kernel ready, which was a re-key by itself.
 * Returns what may be claimed, see kernel_rekey_judge.
 */
enum rekey_result kernel_rekey(int fd, const struct kernel_semantics *s);

/*
 * kernel_rekey_judge - what may be claimed of a RNDRESEEDCRNG. Pure.
 * ioctl_errno:        0 or the positive errno it gave.
 * ready:              kernel_ready() after the call. Before readiness no reseed
 *                     is due at any time: failed, whatever the call said.
 * entropy_avail_bits: the pool's count before the call.
 */
enum rekey_result kernel_rekey_judge(const struct kernel_semantics *s,
				     int ioctl_errno, bool ready,
				     unsigned entropy_avail_bits);

/* rekey_result_name - "rekeyed", "rekeys-at-next-reseed", "failed"; "?". */
const char *rekey_result_name(enum rekey_result result);

/*
 * kernel_state_read - look at the kernel's generator.
 * root: prefix of the paths in /proc and /sys; "" for the running machine,
 *       where uname(2) stands in for a /proc that is not mounted.
 * ret:  always filled, with the "not seen" values where a file is missing.
 *       ready is the running kernel's, whatever root is.
 * Reads sysfs, where a lock of the hwrng core can be held by a driver that is
 * being set up: for reports, not for a loop that may not wait.
 */
void kernel_state_read(const char *root, struct kernel_state *ret);

#endif
