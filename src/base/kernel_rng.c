/* SPDX-License-Identifier: ISC */
/*
 * What the kernel's calls really do, by release. Each row and where it is known
 * from: docs/kernel.md.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/kernel_rng.h"

#define V(major, minor, patch) \
	((uint64_t)(major) << 32 | (uint64_t)(minor) << 16 | (uint64_t)(patch))
#define V_PATCH(version) ((version)&0xffff)
#define V_SERIES(version) ((version) >> 16)
#define V_END UINT64_MAX

/* The generations of random.c, as far as a caller can tell them apart. */
enum era {
	ERA_UNKNOWN,
	ERA_POOLS,         /* before the ChaCha20 generator */
	ERA_NO_IOCTL,      /* RNDRESEEDCRNG not there, or not certainly */
	ERA_SELF_BLOCKING, /* re-keys from itself; blocking pool */
	ERA_SELF,          /* re-keys from itself */
	ERA_POOL_BLOCKING, /* from the pool at 128 bits; blocking pool */
	ERA_POOL,          /* from the pool at 128 bits */
	ERA_DRAIN,         /* new code that wants 256 bits and takes them */
	ERA_NEW_LTS,       /* new code as the stable series have it */
	ERA_NEW,           /* new code; /dev/urandom seeds itself first */
};

#define SRC_POOLS "xfer_secondary_pool(), 60 s by default"
#define SRC_SELF "d848e5f8e1eb (4.17) re-keys the generator from itself"
#define SRC_POOL "11a0b5e0ec8c (5.12) re-keys from the pool, at 128 bits"
#define SRC_NEW "6e8ec2552c7d (5.18) and e85c0fc1d94c (5.19): always re-keys"

/* clang-format off */
static const struct kernel_semantics eras[] = {
	[ERA_UNKNOWN] = {
		.reseed_min_bits = KERNEL_MIN_BITS_UNKNOWN,
		.random_blocks_after_init = true, .urandom_unseeded = true,
		.source = "nothing is known of this kernel" },
	[ERA_POOLS] = {
		.reseed_interval_s = 60, .random_blocks_after_init = true,
		.urandom_unseeded = true, .source = SRC_POOLS },
	[ERA_NO_IOCTL] = {
		.reseed_min_bits = 128, .reseed_interval_s = 300,
		.reseed_from_self = true, .random_blocks_after_init = true,
		.urandom_unseeded = true,
		.source = "e192be9d9a30 (4.8), before d848e5f8e1eb (4.17)" },
	[ERA_SELF_BLOCKING] = {
		.has_reseed_ioctl = true, .reseed_from_self = true,
		.reseed_min_bits = 128, .reseed_interval_s = 300,
		.random_blocks_after_init = true, .urandom_unseeded = true,
		.source = SRC_SELF },
	[ERA_SELF] = {
		.has_reseed_ioctl = true, .reseed_from_self = true,
		.reseed_min_bits = 128, .reseed_interval_s = 300,
		.urandom_unseeded = true, .source = SRC_SELF },
	[ERA_POOL_BLOCKING] = {
		.has_reseed_ioctl = true,
		.reseed_min_bits = 128, .reseed_interval_s = 300,
		.random_blocks_after_init = true, .urandom_unseeded = true,
		.source = SRC_POOL },
	[ERA_POOL] = {
		.has_reseed_ioctl = true,
		.reseed_min_bits = 128, .reseed_interval_s = 300,
		.urandom_unseeded = true, .source = SRC_POOL },
	[ERA_DRAIN] = {
		.new_random = true, .has_reseed_ioctl = true,
		.reseed_min_bits = 256, .reseed_interval_s = 300,
		.source = "6e8ec2552c7d (5.18): drain_entropy() at 256 bits" },
	[ERA_NEW_LTS] = {
		.new_random = true, .has_reseed_ioctl = true,
		.reseed_interval_s = 60, .urandom_unseeded = true,
		.source = SRC_NEW },
	[ERA_NEW] = {
		.new_random = true, .has_reseed_ioctl = true,
		.reseed_interval_s = 60, .source = SRC_NEW },
};

/* First match counts: the stable series stand before mainline. */
static const struct row {
	uint64_t from, below;
	enum era era;
	const char *range;
} rows[] = {
	{ V(4, 9, 259), V(4, 9, 320), ERA_POOL_BLOCKING, "4.9.259 to 4.9.319" },
	{ V(4, 9, 320), V(4, 10, 0), ERA_NEW_LTS, "4.9.320 and later 4.9" },
	{ V(4, 14, 223), V(4, 14, 285), ERA_POOL_BLOCKING,
	  "4.14.223 to 4.14.284" },
	{ V(4, 14, 285), V(4, 15, 0), ERA_NEW_LTS, "4.14.285 and later 4.14" },
	{ V(4, 19, 178), V(4, 19, 249), ERA_POOL_BLOCKING,
	  "4.19.178 to 4.19.248" },
	{ V(4, 19, 249), V(4, 20, 0), ERA_NEW_LTS, "4.19.249 and later 4.19" },
	{ V(5, 4, 102), V(5, 4, 200), ERA_POOL_BLOCKING, "5.4.102 to 5.4.199" },
	{ V(5, 4, 200), V(5, 5, 0), ERA_NEW_LTS, "5.4.200 and later 5.4" },
	{ V(5, 10, 20), V(5, 10, 119), ERA_POOL, "5.10.20 to 5.10.118" },
	{ V(5, 10, 119), V(5, 11, 0), ERA_NEW_LTS, "5.10.119 and later 5.10" },
	{ V(5, 11, 3), V(5, 12, 0), ERA_POOL, "5.11.3 and later 5.11" },
	{ V(5, 15, 44), V(5, 16, 0), ERA_NEW_LTS, "5.15.44 and later 5.15" },
	{ V(5, 17, 12), V(5, 18, 0), ERA_NEW_LTS, "5.17.12 and later 5.17" },
	{ V(0, 0, 0), V(4, 8, 0), ERA_POOLS, "before 4.8" },
	{ V(4, 8, 0), V(4, 17, 0), ERA_NO_IOCTL, "4.8 to 4.16" },
	{ V(4, 17, 0), V(5, 6, 0), ERA_SELF_BLOCKING, "4.17 to 5.5" },
	{ V(5, 6, 0), V(5, 12, 0), ERA_SELF, "5.6 to 5.11" },
	{ V(5, 12, 0), V(5, 18, 0), ERA_POOL, "5.12 to 5.17" },
	{ V(5, 18, 0), V(5, 18, 1), ERA_DRAIN, "5.18.0" },
	{ V(5, 18, 1), V_END, ERA_NEW, "5.18.1 and later" },
};
/* clang-format on */

/*
 * parse_version - "5.10.218-1" is 5.10.218; a missing third number is 0.
 * Returns what follows, or NULL where there are no two numbers.
 */
static const char *parse_version(const char *text, uint64_t *ret_version)
{
	unsigned long part[3] = { 0, 0, 0 };
	size_t n = 0;

	while (n < ARRAY_LEN(part) && isdigit((unsigned char)*text)) {
		char *end;

		part[n] = strtoul(text, &end, 10);
		if (part[n++] > 0xffff)
			return NULL;
		text = end;
		if (n == ARRAY_LEN(part) || text[0] != '.' ||
		    !isdigit((unsigned char)text[1]))
			break;
		text++;
	}
	if (n < 2)
		return NULL;
	*ret_version = V(part[0], part[1], part[2]);
	return text;
}

bool kernel_version_parse(const char *text, struct kernel_version *ret_version)
{
	uint64_t v;

	if (parse_version(text, &v) == NULL)
		return false;
	ret_version->major = (unsigned)(v >> 32);
	ret_version->minor = (unsigned)(v >> 16 & 0xffff);
	ret_version->patch = (unsigned)V_PATCH(v);
	return true;
}

bool kernel_at_least(const struct kernel_version *version, unsigned major,
		     unsigned minor, unsigned patch)
{
	return V(version->major, version->minor, version->patch) >=
	       V(major, minor, patch);
}

static const struct row *find_row(uint64_t version)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (version >= rows[i].from && version < rows[i].below)
			return &rows[i];
	return &rows[ARRAY_LEN(rows) - 1];
}

/*
 * Distributions that hide the stable level write x.y.0 and a suffix; mainline
 * itself has none, or "-rc".
 */
static bool level_is_told(uint64_t version, const char *rest)
{
	return V_PATCH(version) != 0 || rest[0] == '\0' ||
	       strncmp(rest, "-rc", 3) == 0;
}

/* What poolsize shows stands above what the release would have. */
static void overrule(unsigned poolsize_bits, uint64_t version,
		     struct kernel_semantics *ret)
{
	bool told = ret->level_known;

	if (poolsize_bits == 256 && !ret->new_random) {
		*ret = eras[ERA_DRAIN];
		ret->range = "new random.c in an older release";
		/* Which state of the new code was taken is not known. */
		ret->urandom_unseeded = true;
		ret->level_known = false;
	} else if (poolsize_bits == 4096 && ret->new_random) {
		*ret = eras[ERA_POOL];
		ret->random_blocks_after_init = version < V(5, 6, 0);
		ret->range = "old random.c in a newer release";
		ret->level_known = told;
	} else if (poolsize_bits == 4096 && version == 0) {
		*ret = eras[ERA_SELF_BLOCKING];
		ret->has_reseed_ioctl = false;
		ret->range = "old random.c in a release not understood";
	} else if (poolsize_bits != 0 && poolsize_bits != 256 &&
		   poolsize_bits != 4096) {
		*ret = eras[ERA_UNKNOWN];
		ret->range = "another generator than random.c";
	}
}

void kernel_semantics(const char *release, unsigned poolsize_bits,
		      struct kernel_semantics *ret)
{
	uint64_t version = 0;
	const char *rest = parse_version(release, &version);

	if (rest != NULL) {
		const struct row *row = find_row(version);

		*ret = eras[row->era];
		ret->range = row->range;
		ret->level_known = level_is_told(version, rest);
	} else {
		*ret = eras[ERA_UNKNOWN];
		ret->range = "release not understood";
	}
	overrule(poolsize_bits, version, ret);
}

/* same_series - does text tell a level of the release's own series? */
static bool same_series(const char *text, uint64_t release,
			uint64_t *ret_version)
{
	return parse_version(text, ret_version) != NULL &&
	       V_SERIES(*ret_version) == V_SERIES(release) &&
	       V_PATCH(*ret_version) != 0;
}

/* "... #1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1 (2026-01-01)" */
static bool debian_level(const char *version, uint64_t release,
			 uint64_t *ret_version)
{
	static const char word[] = " Debian ";
	/* The compiler's own "(Debian 12.2.0-14)" stands before the '#'. */
	const char *p = strchr(version, '#');

	if (p == NULL)
		return false;
	p = strstr(p, word);
	return p != NULL &&
	       same_series(p + sizeof word - 1, release, ret_version);
}

/* "Ubuntu 5.15.0-100.110-generic 5.15.143" */
static bool ubuntu_level(const char *signature, uint64_t release,
			 uint64_t *ret_version)
{
	const char *p = strrchr(signature, ' ');

	return p != NULL && same_series(p + 1, release, ret_version);
}

void kernel_level(const char *release, const char *version,
		  const char *signature, char *ret_level)
{
	uint64_t told = 0, found;
	const char *rest = parse_version(release, &told);

	if (rest != NULL && !level_is_told(told, rest) &&
	    ((version != NULL && debian_level(version, told, &found)) ||
	     (signature != NULL && ubuntu_level(signature, told, &found))))
		(void)snprintf(ret_level, KERNEL_RELEASE_BYTES, "%u.%u.%u",
			       (unsigned)(found >> 32),
			       (unsigned)(found >> 16 & 0xffff),
			       (unsigned)V_PATCH(found));
	else
		(void)snprintf(ret_level, KERNEL_RELEASE_BYTES, "%s", release);
}
