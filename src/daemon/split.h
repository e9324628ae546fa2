/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_SPLIT_H
#define AQUIFER_DAEMON_SPLIT_H

/*
 * Two processes: one keeps the rights and answers four requests (monitor.h),
 * the other does all the work without any.
 */
#include <stdbool.h>

#include "daemon/parts.h"

struct split_config {
	const char *path; /* of the configuration, read again on SIGHUP */
	bool must_exist;
};

/*
 * split_daemon - for as long as the daemon runs. The process that calls keeps
 * the rights, takes the signals, and outlives the other, so that a service
 * manager sees how it ended. Returns the exit code.
 */
int split_daemon(struct parts *p, const struct split_config *config);

/*
 * split_once - seeds and ends: does not return. The other way round: what the
 * caller has touched so far is the engine's; where a fresh page is dear (early
 * boot), a small child that keeps the rights costs less than one that works.
 */
void split_once(struct parts *p, const struct split_config *config)
	__attribute__((noreturn));

#endif
