/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_KERNEL_RNG_H
#define AQUIFER_BASE_KERNEL_RNG_H

/*
 * What a Linux kernel's random number generator really does, by release: pure
 * tables, for those who feed it (docs/kernel.md) and those who judge it
 * (docs/kernel-rng.md).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_RELEASE_BYTES 65
/* reseed_min_bits of a generator that is not known: nothing is claimed. */
#define KERNEL_MIN_BITS_UNKNOWN UINT32_MAX

struct kernel_version {
	unsigned major, minor, patch;
};

/*
 * kernel_version_parse - "5.10.218-1" is 5.10.218; a missing third number is 0.
 * Returns false where the text does not begin with two numbers, none above
 * 65535.
 */
bool kernel_version_parse(const char *text, struct kernel_version *ret_version);

/* kernel_at_least - is it that release or a later one? */
bool kernel_at_least(const struct kernel_version *version, unsigned major,
		     unsigned minor, unsigned patch);

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

#endif
