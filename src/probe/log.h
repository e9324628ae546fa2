/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_LOG_H
#define AQUIFER_PROBE_LOG_H

/*
 * The log of this boot, line by line: the kernel's (/dev/kmsg, or the files
 * that dmesg and syslog daemons write) or the system's (what services said). A
 * log file may hold several boots: only the last one is shown. Lines come
 * without their prefixes, whatever wrote them:
 *	[    1.234567] text			dmesg
 *	<6>[    1.234567] text			dmesg -r
 *	kern  :info  : [    1.234567] text	dmesg -x
 *	6,339,1234567,-;text			/dev/kmsg
 *	Nov 22 17:03:01 host kernel: [    1.234567] text	syslog
 *	2026-11-22T17:03:01.123456+00:00 host systemd[1]: text	syslog, journal
 *	[    1.234567] host systemd[1]: text	journalctl -o short-monotonic
 *	[Sun Nov 22 17:03:01 2026] text		dmesg -T
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/root.h"

enum log_what {
	LOG_OF_KERNEL, /* the kernel's, and what else stands in that log */
	LOG_OF_SYSTEM, /* everybody's */
};

struct log_line {
	double time_s; /* since the kernel started; NAN: not told */
	/*
	 * The writer's clock, in seconds from an arbitrary day, for differences
	 * within one log; NAN: not told.
	 */
	double wall_s;
	bool kernel;       /* the kernel's own, as far as the log tells */
	const char *ident; /* "systemd", "sshd"; "" for the kernel */
	const char *text;  /* NUL-terminated, control characters are '?' */
};

/* What there was to read. */
struct log_state {
	const char *path; /* that was read: "/dev/kmsg"; NULL: none */
	/*
	 * The boot's first lines are there. Where false, a line that is missing
	 * may have been there.
	 */
	bool from_start;
	/*
	 * The log reaches the time of asking: /dev/kmsg and a record's dmesg. A
	 * file that something wrote once at boot does not.
	 */
	bool to_now;
	double first_s, last_s; /* lowest and last time_s; NAN: none told */
	size_t n_lines;         /* of this boot */
};

/* probe_log_fn - one line; false ends the walk. */
typedef bool probe_log_fn(void *context, const struct log_line *line);

/*
 * probe_log_each - the lines of the last boot, in order.
 * what: LOG_OF_SYSTEM reads text logs only; the journal's own files are not
 *       read (probe_log_has_journal).
 * A log of the running machine counts only if it was written since it started
 * (an image's log is its clones' log too), one of a record only if it is of the
 * record's kernel series and not of a time after the record's uptime.
 * Returns 0; -ENOENT: there is none; -EPERM, -EACCES: there is one that may not
 * be read; -ESTALE: there are only those of another boot. ret_state is filled
 * always.
 */
int probe_log_each(const struct probe_root *root, enum log_what what,
		   struct log_state *ret_state, probe_log_fn *each,
		   void *context);

/* probe_log_has_journal - are there journal files, of systemd-journald? */
bool probe_log_has_journal(const struct probe_root *root);

/*
 * probe_log_parse - the same over text in memory, which is written to. Pure.
 * text: len_bytes and a NUL behind them; NUL bytes and binary inside are
 *       tolerated. cut: its beginning is missing.
 */
void probe_log_parse(char *text, size_t len_bytes, bool cut,
		     struct log_state *ret_state, probe_log_fn *each,
		     void *context);

/*
 * probe_log_line_parse - one line without its newline, which is written to.
 * Returns false for what is no line of a log (empty, a record's dictionary).
 */
bool probe_log_line_parse(char *text, struct log_line *ret_line);

#endif
