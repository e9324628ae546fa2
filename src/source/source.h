/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_SOURCE_H
#define AQUIFER_SOURCE_SOURCE_H

/*
 * A noise source: one class (a const table row, one file) and any number of
 * opened instances. A source gives raw records and knows nothing of tests,
 * pools or credit.
 *
 * A record is record_bytes long: 1 for byte streams, 8 (little endian) for
 * timing sources. Its lowest byte is the symbol, of symbol_bits bits, that the
 * health tests see and the claim speaks of; the whole record is mixed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/domain.h"
#include "base/platform.h"

#define SOURCE_NAME_BYTES 40
#define SOURCE_CLAIM_DEFAULT UINT32_MAX

struct source;

/* What the machine is like; one for all sources of a program, read only. */
struct source_env {
	const struct platform *platform;
	/* Prefix of every path that is read: "" is the running machine. */
	const char *root;
	/* CLOCK_BOOTTIME in ns, for deadlines inside a read. Never NULL. */
	uint64_t (*now_ns)(void);
	/*
	 * open_device - open(2) of a path that this process itself may have no
	 * right to: privilege separation passes it. Asked after an open that
	 * was not permitted. Returns a descriptor or -errno; -ENOENT: not one
	 * that is passed. May be NULL.
	 */
	int (*open_device)(void *ctx, const char *path, int flags);
	void *open_ctx;
	/*
	 * An eventfd of the program's, that every reader writes to when it has
	 * something new (bytes, an error, an end). The program alone reads it,
	 * before it takes from its sources: then no event falls between;
	 * open as long as the process lives. 0 or -1: nobody listens.
	 */
	int event_fd;
};

/* What the configuration says of one instance. */
struct source_options {
	const char *path;     /* instead of the class's own; NULL: that */
	int fd;               /* >= 0: opened already (privilege separation) */
	uint32_t claim_mbits; /* per symbol; SOURCE_CLAIM_DEFAULT: the class's */
	bool credit_host_seed; /* hostseed: the administrator vouches for it */
};

#define SOURCE_OPTIONS_DEFAULT \
	((struct source_options){ .fd = -1, \
				  .claim_mbits = SOURCE_CLAIM_DEFAULT })

enum source_flag {
	/* read() may block for ever: it runs in a reader thread of its own. */
	SOURCE_BLOCKS = 1 << 0,
	/* Gives its bytes once after open, then read() returns 0. */
	SOURCE_ONCE = 1 << 1,
	/* Named by aquiferd with the reason, never run by it. */
	SOURCE_NOT_IN_DAEMON = 1 << 2,
	/* Has no instance unless the configuration names one. */
	SOURCE_BY_CONFIG = 1 << 3,
	/* With SOURCE_ONCE: asked once more after a clone (a TPM). */
	SOURCE_AGAIN_AFTER_CLONE = 1 << 4,
	/*
	 * Output of a conditioner or generator, never raw noise: it passes every
	 * statistic, whatever is behind it.
	 */
	SOURCE_CONDITIONED = 1 << 5,
};

struct source_claim {
	uint32_t mbits_per_symbol; /* millibits of min-entropy */
	const char *basis;         /* one line; begins "docs/claims.md: NAME" */
	const char *platforms;     /* where it was measured or holds */
};

struct source_class {
	const char *name;  /* "hwrng"; lower case */
	const char *title; /* one line for people, no full stop */
	enum trust_domain domain;
	unsigned flags;        /* enum source_flag */
	unsigned record_bytes; /* 1 or 8 */
	unsigned symbol_bits;  /* 1 to 8 */
	struct source_claim claim;
	/*
	 * Min-entropy a symbol that the health tests take for granted of a
	 * working source, in millibits; 0: the claim. At least the claim: a
	 * cautious claim must not make the tests blind.
	 */
	uint32_t test_mbits;
	/* A read that takes longer is a stall; 0 only where it cannot block. */
	uint64_t deadline_ns;
	size_t batch_bytes; /* what one step asks for; a multiple of a record */

	/*
	 * open - make ready. Fills s->info whether it succeeds or not: present,
	 * reason, behind, claim_mbits, domain (set to the class's before).
	 * Bounded: no device is waited for. Returns 0; -ENODEV not present;
	 * -EACCES, -EPERM not permitted; -ENOTSUP present, not usable here;
	 * -EINVAL refused configuration; other -errno. On failure nothing
	 * is left open.
	 */
	int (*open)(struct source *s, const struct source_options *options);
	/*
	 * read - whole records only. Returns bytes (> 0); 0: ended, for good;
	 * -EAGAIN: nothing now (back-pressure, counted in not_ready_count,
	 * no failure); other -errno: the source failed. Does not block unless
	 * SOURCE_BLOCKS.
	 */
	ssize_t (*read)(struct source *s, uint8_t *ret_raw, size_t len_bytes);
	/*
	 * changed - is something else behind this source than at open? Updates
	 * s->info.behind. May be NULL. Returns true once a change.
	 */
	bool (*changed)(struct source *s);
	/* close - frees state, closes fd. Called once after a successful open. */
	void (*close)(struct source *s);
};

struct source_info {
	bool present;
	char reason[200]; /* why not present, or why the claim is lowered; "" */
	char behind[96];  /* "virtio_rng.0", "/dev/tpmrm0", "AMD EPYC"; "" */
	uint32_t claim_mbits; /* per symbol, in force here */
	bool lowered; /* for this machine's sake: no configuration raises it */
	enum trust_domain domain;
};

struct reader;

struct source {
	const struct source_class *class;
	const struct source_env *env;
	char name[SOURCE_NAME_BYTES]; /* "hwrng", "file:usb0" */
	struct source_info info;
	bool is_open;
	int fd;      /* -1: none */
	void *state; /* the class's own */
	uint64_t not_ready_count;
	struct reader *reader; /* SOURCE_BLOCKS only */
};

/*
 * source_open - open an instance; start its reader where the class blocks.
 * s:       uninitialised memory, at a fixed address until source_close.
 * name:    NULL for the class's own.
 * options: NULL for SOURCE_OPTIONS_DEFAULT; options->fd is owned by the source
 *          from here on, on failure too.
 * env must outlive the source. Returns as class->open; s->info is valid in any
 * case. A claim in options lowers what open found; it raises only a claim that
 * source_lower has left alone (the configuration reader asks for 'claim-up').
 */
int source_open(struct source *s, const struct source_class *class,
		const char *name, const struct source_env *env,
		const struct source_options *options);

/*
 * source_take - what is there, at most len_bytes; never waits. With a reader:
 * takes from its ring and asks it for more. Returns as class->read.
 * Threads: one owner.
 */
ssize_t source_take(struct source *s, uint8_t *ret_raw, size_t len_bytes);

/*
 * source_waiting_since_ns - since when (env->now_ns) the reader has asked without
 * getting a byte: a read that has not come back, or one -EAGAIN after the other
 * (a silent device can show as either); 0: nothing is owed, or no reader.
 */
uint64_t source_waiting_since_ns(const struct source *s);

/*
 * source_close - never waits: a reader stuck in the kernel keeps its own
 * memory and frees it when it comes back, or with the process. Safe on a source
 * whose open failed, and twice.
 */
void source_close(struct source *s);

/* source_symbols - the symbols of raw: every record's lowest byte, masked. */
size_t source_symbols(const struct source_class *class, const uint8_t *raw,
		      size_t len_bytes, uint8_t *ret_symbols);

/*
 * source_open_path - how a source opens what it reads: open(2) below env->root,
 * and env->open_device where that is not permitted.
 * flags: of open(2); O_CLOEXEC is added. Returns a descriptor or -errno.
 */
int source_open_path(const struct source_env *env, const char *path, int flags);

/* source_close_fd - a class->close for sources with nothing but fd. */
void source_close_fd(struct source *s);

/* source_absent - helpers for open: set the reason, return the error given. */
int source_absent(struct source *s, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * source_lower - lower the claim and add the reason (kept when none so far).
 * A claim of 0 is a verdict on this machine even where the class claims 0. With
 * the claim as it is, only the reason is noted.
 */
void source_lower(struct source *s, uint32_t claim_mbits, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

/*
 * source_class_at - the registry, one row a class, in the order people read.
 * Returns NULL past the end.
 */
const struct source_class *source_class_at(size_t index);

/* source_class_find - by name; NULL when there is none. */
const struct source_class *source_class_find(const char *name);

extern const struct source_class source_hwrng, source_rdrand, source_rdseed,
	source_tpm2, source_jitter, source_havege, source_sched,
	source_pagefault, source_seedfile, source_hostseed, source_file,
	source_kernel;

#endif
