/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "daemon/files.h"
#include "daemon/monitor.h"
#include "daemon/sandbox.h"
#include "daemon/split.h"
#include "outlet/kernel.h"

/* Room for the engine's locked memory, whatever the system's limit is. */
#define MEMLOCK_BYTES (4u << 20)
/* The exit code of a machine that failed us. */
#define SPLIT_FAILED 3

/* Without rights, behind the filter, to the end of the work. */
static int work(struct parts *p)
{
	int r = sandbox_filter_engine();

	if (r == 0)
		r = parts_start(p);
	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		return SPLIT_FAILED;
	}
	r = p->once ? once_run(p) : loop_run(p);
	parts_stop(p);
	(void)fflush(stdout);
	return r;
}

static void engine_part(struct parts *p, pid_t monitor_pid)
{
	int r = sandbox_drop(p->uid, p->gid);

	/*
	 * When the privileged part dies, so does this one. After the drop:
	 * prctl(2), a change of user clears it. Before it is asked for, the
	 * other part may have died already.
	 */
	if (r == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		r = -errno;
	if (getppid() != monitor_pid)
		_exit(SPLIT_FAILED);
	if (r < 0) {
		log_error("cannot drop rights: %s", strerror(-r));
		_exit(SPLIT_FAILED);
	}
	/* A reader that is stuck in the kernel is not waited for. */
	_exit(work(p));
}

static void block_signals(void)
{
	sigset_t set;

	monitor_signals(&set);
	(void)sigaddset(&set, SIGPIPE);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

static void join_device_groups(const struct priv_table *t)
{
	const char *paths[PRIV_ROWS_MAX];

	for (size_t i = 0; i < t->n_rows; i++)
		paths[i] = t->rows[i].path;
	sandbox_join_groups(paths, t->n_rows);
}

/* What needs root, made ready; then the rest of root's rights is given up. */
static int privileged_init(struct monitor *m, struct parts *p,
			   const struct split_config *config, int request_fd)
{
	m->config_path = config->path;
	m->config_must_exist = config->must_exist;
	m->request_fd = request_fd;
	m->control_fd = -1;
	priv_table_make(&p->config, &m->table);
	m->random_fd = kernel_open("");
	m->random_error = m->random_fd;
	m->generation = p->once ? NULL : files_map_generation();
	priv_limits_init(&m->limits, clock_boottime_ns());
	join_device_groups(&m->table);
	if (sandbox_keep() < 0 || sandbox_filter_monitor() < 0) {
		log_error("the privileged part could not give up its rights");
		return -EPERM;
	}
	return 0;
}

static void raise_memlock(void)
{
	const struct rlimit memlock = { MEMLOCK_BYTES, MEMLOCK_BYTES };

	if (geteuid() == 0)
		(void)setrlimit(RLIMIT_MEMLOCK, &memlock);
}

static struct monitor monitor; /* large, and of it little is touched */

int split_daemon(struct parts *p, const struct split_config *config)
{
	const pid_t monitor_pid = getpid();
	int request[2], control[2];
	pid_t engine_pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, request) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0) {
		log_error("socketpair: %s", strerror(errno));
		return SPLIT_FAILED;
	}
	raise_memlock();
	block_signals();
	engine_pid = fork();
	if (engine_pid < 0) {
		log_error("fork: %s", strerror(errno));
		return SPLIT_FAILED;
	}
	if (engine_pid == 0) {
		fd_close(&request[0]);
		fd_close(&control[0]);
		p->request_fd = request[1];
		p->control_fd = control[1];
		engine_part(p, monitor_pid);
	}
	fd_close(&request[1]);
	fd_close(&control[1]);
	fd_close(&p->status_fd);
	fd_close(&p->seed_dir_fd);
	if (privileged_init(&monitor, p, config, request[0]) < 0) {
		(void)kill(engine_pid, SIGKILL);
		return SPLIT_FAILED;
	}
	monitor.engine_pid = engine_pid;
	monitor.control_fd = control[0];
	return monitor_run(&monitor);
}

void split_once(struct parts *p, const struct split_config *config)
{
	int request[2], code, r;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, request) < 0) {
		log_error("socketpair: %s", strerror(errno));
		_exit(SPLIT_FAILED);
	}
	raise_memlock();
	once_catch_signals();
	child = fork();
	if (child < 0) {
		log_error("fork: %s", strerror(errno));
		_exit(SPLIT_FAILED);
	}
	if (child == 0) {
		fd_close(&request[1]);
		fd_close(&p->seed_dir_fd);
		if (privileged_init(&monitor, p, config, request[0]) < 0)
			_exit(SPLIT_FAILED);
		monitor_run_once(&monitor);
		_exit(0);
	}
	fd_close(&request[0]);
	/* Its end tells both ways that the other one is gone. */
	p->request_fd = p->control_fd = request[1];
	r = sandbox_drop(p->uid, p->gid);
	if (r < 0)
		log_error("cannot drop rights: %s", strerror(-r));
	code = r < 0 ? SPLIT_FAILED : work(p);
	fd_close(&request[1]);
	(void)waitpid(child, NULL, 0);
	/* A reader that is stuck in the kernel is not waited for. */
	_exit(code);
}
