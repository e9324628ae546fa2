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

#define KERNEL_ADD_MAX_BYTES 64
#define KERNEL_RELEASE_BYTES 65
/* reseed_min_bits of a generator that is not known: nothing is claimed. */
#define KERNEL_MIN_BITS_UNKNOWN UINT32_MAX

enum rekey_result {
	/* New key, made from everything added before the call. */
	KERNEL_REKEYED,
	/* The kernel does it by itself: kernel_semantics.reseed_interval_s. */
	KERNEL_REKEYS_LATER,
	/* Not re-keyed, and no time can be named. */
	KERNEL_REKEY_FAILED,
};

/* What the calls really do on one kernel. */
struct kernel_semantics {
	bool new_random;       /* random.c of 5.18: poolsize 256 */
	bool has_reseed_ioctl; /* RNDRESEEDCRNG is certainly there */
	/*
	 * RNDRESEEDCRNG takes the new key from the old one, not from the pool,
	 * returns 0 all the same and puts the timed reseed off.
	 */
	bool reseed_from_self;
	/* The release tells its stable level; false: its series' worst. */
	bool level_known;
	/* A reseed, by call or by time, needs so many bits in the pool. */
	uint32_t reseed_min_bits;
	/*
	 * Longest time between two reseeds, in seconds, while random bytes are
	 * being asked for and the pool has reseed_min_bits. Early in a boot the
	 * new code is quicker: half the uptime.
	 */
	unsigned reseed_interval_s;
	bool random_blocks_after_init; /* /dev/random waits for "entropy" */
	/*
	 * /dev/urandom hands out unseeded bytes at once. Where false it makes
	 * timing noise first, on machines with a fine cycle counter only.
	 */
	bool urandom_unseeded;
	const char *range;  /* "5.10.20 to 5.10.118": what the row covers */
	const char *source; /* one line: the commits it rests on */
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
 * kernel_semantics - what the calls do on this kernel. Pure.
 * release:       as uname -r or, better, kernel_state.level. A release that
 *                does not tell its stable level ("5.10.0-30-amd64") gets the
 *                worst of its series; one that cannot be read, the worst there
 *                is.
 * poolsize_bits: /proc/sys/kernel/random/poolsize; 0: not known. What it shows
 *                overrules what the release would have: distributions have
 *                taken the new code early, and left it out.
 * ret:           always filled; the strings are constants.
 */
void kernel_semantics(const char *release, unsigned poolsize_bits,
		      struct kernel_semantics *ret);

/*
 * kernel_level - the upstream level of a distribution's kernel. Pure.
 * release:   uname -r.
 * version:   /proc/version or uname -v; Debian puts "Debian 5.10.218-1" in it.
 * signature: /proc/version_signature, Ubuntu's; both may be NULL or "".
 * ret_level: KERNEL_RELEASE_BYTES; "5.10.218", or release as it is where
 *            nothing better is told, or where it is told of another series.
 */
void kernel_level(const char *release, const char *version,
		  const char *signature, char *ret_level);

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
