/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_PARTS_H
#define AQUIFER_DAEMON_PARTS_H

/*
 * What the unprivileged part is made of, set up in one place for --once and for
 * the daemon. Threads: one.
 */
#include "base/platform.h"
#include "daemon/config.h"
#include "daemon/kernel_outlet.h"
#include "daemon/privileged.h"
#include "daemon/seed_outlet.h"
#include "engine/engine.h"

struct parts {
	struct config config;
	struct platform platform;
	struct priv_table table;
	struct source_env env;
	int request_fd;
	int control_fd;
	int notify_fd;
	int status_fd;   /* listening, or -1 */
	int seed_dir_fd; /* of config.seed_file, or -1 */
	uid_t uid;       /* of the part without rights */
	gid_t gid;
	bool once;
	bool verbose;
	uint64_t watchdog_ns;     /* the manager's; 0: none */
	uint64_t start_ns;        /* of the program */
	uint64_t kernel_ready_ns; /* first seen ready; 0: not yet */
	bool kernel_was_ready;    /* before anything was done */
	struct engine *engine;
	struct kernel_outlet kernel;
	struct seed_outlet seed_file;
};

/*
 * parts_start - engine, lanes and outlets from p->config, and start it. The
 * earlier fields of p are set. Returns 0 or -errno.
 */
int parts_start(struct parts *p);

/*
 * parts_reload - put another configuration in force: a new engine that inherits
 * what the old one had (engine_inherit). On failure the old one goes on. What
 * was opened or decided with root's rights stays as it was until a restart:
 * user, seed-file, status-socket, confidential.
 */
int parts_reload(struct parts *p, const struct config *config);

/* parts_stop - close, wipe, free. */
void parts_stop(struct parts *p);

/*
 * once_catch_signals - before anything is started: SIGTERM and SIGINT end
 * once_run() in order, wherever they arrive.
 */
void once_catch_signals(void);

/*
 * once_run - seed and leave. Returns the program's exit code: 0 the kernel is
 * ready, 1 it is not after the bound, 3 it may not be fed and is not ready.
 */
int once_run(struct parts *p);

/* loop_run - the daemon. Returns the program's exit code. */
int loop_run(struct parts *p);

#endif
