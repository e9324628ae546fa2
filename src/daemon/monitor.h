/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_MONITOR_H
#define AQUIFER_DAEMON_MONITOR_H

/*
 * The privileged part: answers the four requests, forwards signals, and ends
 * with the other part. It parses nothing but fixed-size structs.
 */
#include <signal.h>
#include <sys/types.h>

#include "daemon/config.h"
#include "daemon/privileged.h"
#include "outlet/kernel.h"

struct monitor {
	int request_fd; /* its end of the pair; owned */
	int control_fd; /* new configurations go out here; owned */
	int random_fd;  /* /dev/random, or -1 with random_error; owned */
	int random_error;
	pid_t engine_pid;
	const char *config_path;
	bool config_must_exist;
	struct priv_table table;
	struct priv_limits limits;
	struct kernel_semantics semantics; /* range NULL: not looked up yet */
	bool made_ready;      /* the last ADD made the kernel ready */
	uint32_t *generation; /* mapped page, or NULL */
};

/* monitor_signals - those that monitor_run takes: blocked before the fork. */
void monitor_signals(sigset_t *ret_set);

/*
 * monitor_run - until the engine part ends. Blocks SIGTERM, SIGINT, SIGHUP and
 * SIGCHLD for itself (they come by signalfd).
 * Returns the engine part's exit code; 3 when it died by a signal.
 */
int monitor_run(struct monitor *m);

/*
 * monitor_answer - one request, as received. ret_fd: -1 or a descriptor to pass
 * on, owned by the caller. For tests too.
 */
void monitor_answer(struct monitor *m, const struct priv_request *request,
		    size_t len_bytes, uint64_t now_ns,
		    struct priv_reply *ret_reply, int *ret_fd);

/*
 * monitor_run_once - answers requests until the other end is closed. No signal,
 * no reload: what it serves lives for seconds.
 */
void monitor_run_once(struct monitor *m);

#endif
