/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_STATUS_H
#define AQUIFER_DAEMON_STATUS_H

/* The state of the daemon as one JSON document; man/aquiferd.8 names fields. */
#include <stddef.h>
#include <sys/types.h>

#include "daemon/parts.h"

#define STATUS_REQUEST_MAX_BYTES 64

enum status_request { STATUS_BAD, STATUS_SHOW, STATUS_RESEED };

/*
 * status_parse - one line of a client: "status" or "reseed", with or without
 * its newline. Pure. Returns STATUS_BAD for anything else.
 */
enum status_request status_parse(const char *text, size_t len_bytes);

/*
 * status_json - allocated with malloc, owned by the caller, NUL-terminated,
 * ends in a newline. NULL when there is no memory.
 */
char *status_json(const struct parts *p, uint64_t now_ns);

/*
 * status_serve_start - accept clients of listen_fd (owned from here on) on the
 * loop. A client that is silent for two seconds, or the ninth, is cut off.
 * reseed is called for a client that may ask for it (root, or this process's
 * own user, by SO_PEERCRED). Returns 0 or -errno.
 */
struct uv_loop_s;
int status_serve_start(struct uv_loop_s *loop, int listen_fd, struct parts *p,
		       void (*reseed)(struct parts *p));

#endif
