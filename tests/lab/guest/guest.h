/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_LAB_GUEST_H
#define AQUIFER_LAB_GUEST_H

/*
 * The first program of a lab guest. It does what the kernel command line asks,
 * watches the kernel become ready, and prints what it saw as "LAB key=value".
 * What it measures is printed only after all is measured: the console costs
 * milliseconds. It asks the kernel with GRND_NONBLOCK, so that it neither waits
 * itself nor starts the kernel's own timing noise.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define NS_PER_MS UINT64_C(1000000)
#define DRAW_BYTES 32

/* When the modules of /lab/modules are loaded. */
enum load { LOAD_NONE, LOAD_FIRST, LOAD_BESIDE };

/* The kernel command line's lab.KEY=VALUE; '+' stands for a blank in run. */
struct plan {
	char *run;         /* lab.run: the program, started first; NULL: none */
	enum load load;    /* lab.load=first|beside */
	uint64_t bound_ns; /* lab.bound_ms: how long to watch at most */
	uint64_t stop_ns; /* lab.stop_ms: SIGTERM so long after readiness; 0: no */
	bool ask;         /* lab.ask=yes: somebody waits in getrandom(2) */
	bool before;      /* lab.before=yes: /lab/before.sh, not measured */
	bool after;       /* lab.after=yes: then /lab/after.sh */
};

struct watch {
	uint64_t start_ns;
	bool starved;             /* EAGAIN before anything was started */
	uint64_t ready_ns;        /* 0: not yet */
	uint8_t draw[DRAW_BYTES]; /* the first bytes given once ready */
	uint64_t exit_ns;         /* of the program; 0: not yet */
	int status;
	struct rusage usage;
	uint64_t asked_ns; /* how long the asker was blocked; 0: for ever */
};

uint64_t now_ns(void);

/* plan_read - from /proc/cmdline. */
void plan_read(struct plan *ret_plan);

/* load_modules - every path of /lab/modules, in order; prints what fails. */
void load_modules(void);

/* watch_run - starts what the plan wants and watches until the bound. */
void watch_run(const struct plan *plan, struct watch *ret_watch);

/* watch_look - is it ready now? Nothing is started. */
void watch_look(struct watch *ret_watch);

/* report - every key of the guest's record. */
void report(const struct plan *plan, const struct watch *w);

#endif
