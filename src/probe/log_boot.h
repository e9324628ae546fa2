/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_LOG_BOOT_H
#define AQUIFER_PROBE_LOG_BOOT_H

/* Inside the log reader: the last boot of a text. */
#include "base/kernel_rng.h"
#include "probe/log.h"

struct log_boot {
	size_t from_bytes; /* where it begins */
	bool has_version;  /* it begins with "Linux version" */
	struct kernel_version version;
	double first_s, last_s;
	size_t n_kernel; /* its lines of the kernel */
};

/* log_state_clear - nothing was read. */
void log_state_clear(struct log_state *state);

/* log_skip_partial - a text whose head was cut begins in mid-line. */
void log_skip_partial(char **text, size_t *len);

/* log_scan - where the last boot begins, and what of it its lines tell. */
void log_scan(char *text, size_t len, struct log_boot *ret_boot);

/* log_show - the lines of that boot; the text is written to. */
void log_show(char *text, size_t len, bool cut, const struct log_boot *b,
	      struct log_state *state, probe_log_fn *each, void *context);

#endif
