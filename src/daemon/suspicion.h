/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_SUSPICION_H
#define AQUIFER_DAEMON_SUSPICION_H

/*
 * Was this machine stopped and set going again, perhaps more than once? Clocks
 * that part, and the kernel's own word. A suspicion costs a fresh seed and
 * nothing else; only a certain sign may bump the published generation.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clocks {
	uint64_t monotonic_ns;
	uint64_t boottime_ns;
	uint64_t realtime_ns;
};

enum suspicion {
	SUSPICION_NONE,
	SUSPICION_SUSPEND, /* boottime went on while monotonic stood */
	SUSPICION_JUMP,    /* the wall clock moved by itself */
};

/* Less is what time daemons do in a day's work. */
#define SUSPICION_SUSPEND_NS UINT64_C(1000000000)
#define SUSPICION_JUMP_NS UINT64_C(5000000000)

void clocks_read(struct clocks *ret);

/* suspicion_judge - two readings of one machine, in order. Pure. */
enum suspicion suspicion_judge(const struct clocks *before,
			       const struct clocks *after);

/*
 * suspicion_is_vm_fork - is this line of the kernel's log (/dev/kmsg format)
 * the kernel's own notice that the VM was forked? Only the kernel's lines
 * count: a program's line (facility not 0) may say anything.
 */
bool suspicion_is_vm_fork(const char *line, size_t len_bytes);

#endif
