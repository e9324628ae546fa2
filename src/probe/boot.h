/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_BOOT_H
#define AQUIFER_PROBE_BOOT_H

/*
 * The kernel's generator since this boot: is it ready, since when, who drew
 * from it too early, who waits for it now, who waited. Facts of the doctor's
 * family `boot`: read, not judged. Nothing here opens /dev/random, draws from
 * the generator or waits for anything.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/kernel_rng.h"
#include "base/platform.h"
#include "probe/log.h"
#include "probe/root.h"

#define BOOT_READERS_MAX 64
#define BOOT_WAITERS_MAX 32
#define BOOT_HOLDERS_MAX 32
#define BOOT_FEEDERS_MAX 8
#define BOOT_SLOW_MAX 32

/* A file of one number. */
struct boot_number {
	int error; /* 0, or why there is none: -ENOENT, -EACCES, -EBADMSG */
	uint64_t value;
};

struct boot_kernel {
	char release[KERNEL_RELEASE_BYTES]; /* uname -r; "" not seen */
	char level[KERNEL_RELEASE_BYTES];   /* as upstream counts */
	bool version_known;
	struct kernel_version version; /* of the level */
	struct kernel_semantics semantics;
	struct boot_number poolsize_bits, entropy_avail_bits;
	struct boot_number reseed_s; /* urandom_min_reseed_secs */
	char boot_id[40];            /* "" not seen */
};

/* The kernel's log, as far as it is about the generator. */
struct boot_log {
	int error; /* of probe_log_each() */
	struct log_state state;
	size_t random_lines; /* that begin with "random: " */
	bool ready_seen;     /* "crng init done" and what stood for it before */
	double ready_s;      /* its time; NAN: not told */
	char ready_text[96];
	bool trusting_cpu;    /* "(trusting CPU's manufacturer)" */
	double fast_s;        /* "fast init done"; NAN */
	double user_s;        /* user space began; NAN: not told */
	bool loader_credited; /* systemd credited the boot loader's seed */
};

/* Who drew before the generator was ready. */
struct boot_reader {
	char name[48]; /* a process, or a function of the kernel */
	bool kernel;
	uint64_t bytes; /* the largest read; 0: not told */
	unsigned count;
	double time_s; /* of the first; NAN */
};

struct boot_readers {
	struct boot_reader at[BOOT_READERS_MAX];
	size_t count;
	bool more;
	uint64_t missed; /* lines that the kernel says it did not print */
};

enum boot_wait {
	BOOT_WAIT_NONE,
	BOOT_WAIT_GETRANDOM, /* until the generator is ready */
	BOOT_WAIT_RANDOM,    /* in a read of /dev/random */
	BOOT_WAIT_URANDOM,   /* in a read of /dev/urandom that makes noise */
};

/* A task that waits for the generator now. */
struct boot_waiter {
	int pid, tid;
	char comm[20];
	enum boot_wait wait;
	char file[16];  /* what tells: "wchan", "syscall", "stack" */
	char value[64]; /* and what it says */
};

/* A process that holds /dev/random open. */
struct boot_holder {
	int pid, fd;
	char comm[20];
	int access; /* O_RDONLY, O_WRONLY, O_RDWR; -1: not told */
};

/* A daemon that gives the kernel entropy. */
struct boot_feeder {
	int pid;
	char comm[20];
};

struct boot_tasks {
	int error;       /* of listing /proc */
	size_t n_seen;   /* processes */
	size_t n_judged; /* tasks of which it is known where they wait */
	/* Asleep, and where is withheld: other users' processes. */
	size_t n_withheld;
	bool hidden; /* hidepid: other users' processes are not shown */
	bool cut;    /* more processes than are looked at */
	struct boot_waiter waiters[BOOT_WAITERS_MAX];
	size_t n_waiters; /* may be more than fit */
	struct boot_holder holders[BOOT_HOLDERS_MAX];
	size_t n_holders;
	size_t n_fds_seen, n_fds_withheld; /* processes */
	struct boot_feeder feeders[BOOT_FEEDERS_MAX];
	size_t n_feeders;  /* at most what fits */
	bool hwrng_thread; /* the kernel's own, which draws from hwrng */
};

/* A unit or a program that waited, by the system's log. */
struct boot_slow {
	char unit[80];
	double waited_s; /* NAN: not told */
	bool said;       /* it said so itself; false: it ended with the wait */
};

struct boot_services {
	int error; /* of probe_log_each(): text logs */
	struct log_state state;
	bool journal;      /* there are journal files, which are not read */
	bool times_usable; /* the units' times can be compared with ready's */
	size_t n_units;    /* whose start and end were both seen */
	char startup[128]; /* "Startup finished in ..."; "" */
	struct boot_slow at[BOOT_SLOW_MAX];
	size_t count;
	bool more;
};

struct boot_facts {
	struct probe_live live;
	double uptime_s; /* NAN: not seen */
	int64_t btime_s; /* when the kernel started, since 1970; 0: not seen */
	struct boot_kernel kernel;
	struct boot_log log;
	struct boot_readers readers;
	struct boot_tasks tasks;
	struct boot_services services;
};

/*
 * probe_boot - all of it. What is missing leaves its field empty; whatever
 * exists and could not be read has its -errno beside it.
 * Returns 0 or -ENOMEM (ret_facts is then untouched).
 */
int probe_boot(const struct probe_root *root, const struct platform *p,
	       struct boot_facts *ret_facts);

/* boot_now_s - the facts' own time: btime + uptime, or 0 where not told. */
int64_t boot_now_s(const struct boot_facts *facts);

/*
 * boot_command_line_option - the last word on an option of the kernel's command
 * line, as the kernel takes it: quotes are off, what follows " -- " is init's,
 * '-' and '_' are one. Pure.
 * ret_value: of "name=value", cut to cap_bytes; "" for a bare "name".
 * Returns false where it is not there.
 */
bool boot_command_line_option(const char *command_line, const char *name,
			      char *ret_value, size_t cap_bytes);

/*
 * boot_command_line_bool - the same, as kstrtobool() reads it: y, Y, t, T, 1,
 * "on"; n, N, f, F, 0, "of...". Returns 1, 0, or -1 where it is not there or
 * says neither: the kernel then leaves what it had.
 */
int boot_command_line_bool(const char *command_line, const char *name);

#endif
