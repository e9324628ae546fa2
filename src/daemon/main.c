/* SPDX-License-Identifier: ISC */
/*
 * aquiferd: opens what needs root, splits in two, and lets the part without
 * rights do the work. The part with rights answers four requests (monitor.c).
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "daemon/files.h"
#include "daemon/monitor.h"
#include "daemon/notify.h"
#include "daemon/parts.h"
#include "daemon/sandbox.h"
#include "probe/platform.h"
#include "probe/root.h"
#include "version.h"

#define CONFIG_PATH "/etc/aquifer/aquiferd.conf"
/* Room for the engine's locked memory, whatever the system's limit is. */
#define MEMLOCK_BYTES (4u << 20)

enum exit_code { EXIT_YES, EXIT_NO, EXIT_USAGE, EXIT_MACHINE };

struct arguments {
	bool once;
	bool verbose;
	bool check_config;
	const char *config_path; /* NULL: the default, which may be missing */
};

static const char usage[] =
	"usage: aquiferd [--once] [--config FILE] [--verbose]\n"
	"       aquiferd --check-config [--config FILE]\n"
	"       aquiferd --version | --help\n"
	"\n"
	"Gathers entropy from every source of this machine, tests it, and seeds\n"
	"the kernel. --once seeds and leaves: 0 the kernel is ready, 1 it is not\n"
	"after the bound, 2 the configuration is refused, 3 no right to feed it.\n";

/* Returns an exit code, or -1 to go on. */
static int parse_arguments(int argc, char **argv, struct arguments *ret)
{
	static const struct option options[] = {
		{ "once", no_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "check-config", no_argument, NULL, 'C' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "oc:vfVh", options, NULL)) >= 0) {
		switch (c) {
		/* clang-format off */
		case 'o': ret->once = true; break;
		case 'c': ret->config_path = optarg; break;
		case 'v': ret->verbose = true; break;
		case 'f': break; /* always */
		case 'C': ret->check_config = true; break;
		/* clang-format on */
		case 'V':
			(void)printf("aquiferd %s\n", AQUIFER_VERSION);
			return EXIT_YES;
		case 'h':
			(void)fputs(usage, stdout);
			return EXIT_YES;
		default:
			(void)fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr, "aquiferd: unknown argument '%s'\n%s",
			      argv[optind], usage);
		return EXIT_USAGE;
	}
	return -1;
}

static int read_config(const struct arguments *a, struct config *ret)
{
	const char *path = a->config_path ? a->config_path : CONFIG_PATH;
	struct config_error error;

	if (config_read(path, a->config_path != NULL, ret, &error) < 0) {
		log_error("%s:%d: %s", path, error.line, error.text);
		return EXIT_USAGE;
	}
	return -1;
}

static void engine_part(struct parts *p, const struct arguments *a,
			pid_t monitor_pid)
{
	bool found;
	uid_t uid;
	gid_t gid;
	int r;

	sandbox_find_user(p->config.user, &uid, &gid, &found);
	if (geteuid() == 0 && !found && !a->once)
		log_warn("there is no user '%s' (systemd-sysusers makes it): "
			 "running as %u",
			 p->config.user, (unsigned)uid);
	r = sandbox_drop(uid, gid);
	/*
	 * When the privileged part dies, so does this one. After the drop:
	 * prctl(2), a change of user clears it. Before it is asked for, the
	 * other part may have died already.
	 */
	if (r == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		r = -errno;
	if (getppid() != monitor_pid)
		_exit(EXIT_MACHINE);
	if (r == 0)
		r = sandbox_filter_engine();
	if (r == 0)
		r = parts_start(p);
	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		_exit(EXIT_MACHINE);
	}
	r = a->once ? once_run(p) : loop_run(p);
	parts_stop(p);
	(void)fflush(stdout);
	/* A reader that is stuck in the kernel is not waited for. */
	_exit(r);
}

static void block_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
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

static int privileged_part(struct parts *p, const struct arguments *a,
			   pid_t engine_pid, int request_fd, int control_fd)
{
	static struct monitor m; /* large, and of it little is touched */

	m.config_path = a->config_path ? a->config_path : CONFIG_PATH;
	m.config_must_exist = a->config_path != NULL;
	m.engine_pid = engine_pid;
	m.request_fd = request_fd;
	m.control_fd = control_fd;
	priv_table_make(&p->config, &m.table);
	m.random_fd = kernel_open("");
	m.random_error = m.random_fd;
	m.generation = a->once ? NULL : files_map_generation();
	priv_limits_init(&m.limits, clock_boottime_ns());
	join_device_groups(&m.table);
	if (sandbox_keep() < 0 || sandbox_filter_monitor() < 0) {
		log_error("the privileged part could not give up its rights");
		(void)kill(m.engine_pid, SIGKILL);
		return EXIT_MACHINE;
	}
	return monitor_run(&m);
}

static int split(struct parts *p, const struct arguments *a)
{
	const struct rlimit memlock = { MEMLOCK_BYTES, MEMLOCK_BYTES };
	const pid_t monitor_pid = getpid();
	int request[2], control[2];
	pid_t engine_pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, request) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0) {
		log_error("socketpair: %s", strerror(errno));
		return EXIT_MACHINE;
	}
	if (geteuid() == 0)
		(void)setrlimit(RLIMIT_MEMLOCK, &memlock);
	block_signals();
	engine_pid = fork();
	if (engine_pid < 0) {
		log_error("fork: %s", strerror(errno));
		return EXIT_MACHINE;
	}
	if (engine_pid == 0) {
		fd_close(&request[0]);
		fd_close(&control[0]);
		p->request_fd = request[1];
		p->control_fd = control[1];
		engine_part(p, a, monitor_pid);
	}
	fd_close(&request[1]);
	fd_close(&control[1]);
	fd_close(&p->status_fd);
	fd_close(&p->seed_dir_fd);
	return privileged_part(p, a, engine_pid, request[0], control[0]);
}

int main(int argc, char **argv)
{
	static struct parts p;
	struct arguments a = { 0 };
	int code;

	p.start_ns = clock_boottime_ns();
	code = parse_arguments(argc, argv, &a);
	if (code >= 0)
		return code;
	log_init("aquiferd", a.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
	code = read_config(&a, &p.config);
	if (code >= 0)
		return code;
	if (a.check_config) {
		(void)printf("aquiferd: the configuration is well-formed\n");
		return EXIT_YES;
	}
	p.once = a.once;
	p.verbose = a.verbose;
	p.kernel_was_ready = kernel_ready();
	if (a.once && p.kernel_was_ready && geteuid() != 0) {
		(void)printf("aquiferd: the kernel is ready and this user may "
			     "not feed it: nothing to do\n");
		return EXIT_YES;
	}
	probe_platform(probe_root_live(), &p.platform);
	if (p.config.confidential == CHOICE_YES)
		probe_force_confidential(&p.platform);
	else if (p.config.confidential == CHOICE_NO)
		p.platform.confidential = CONFIDENTIAL_NO;
	priv_table_make(&p.config, &p.table);
	files_make_run_dir();
	p.notify_fd = a.once ? -1 : notify_open();
	p.watchdog_ns = a.once ? 0 : notify_watchdog_ns();
	p.status_fd = a.once ? -1 : files_listen(p.config.status_socket);
	p.seed_dir_fd = files_open_dir_of(p.config.seed_file);
	return split(&p, &a);
}
