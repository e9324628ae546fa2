/* SPDX-License-Identifier: ISC */
/*
 * aquiferd: opens what needs root, splits in two, and lets the part without
 * rights do the work. The part with rights answers four requests (monitor.c).
 */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "daemon/files.h"
#include "daemon/notify.h"
#include "daemon/parts.h"
#include "daemon/sandbox.h"
#include "daemon/split.h"
#include "probe/platform.h"
#include "version.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14 */
#endif
#define CONFIG_PATH "/etc/aquifer/aquiferd.conf"

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

/*
 * The owner of /run/aquifer is who writes there: in an initramfs nobody, and
 * once the system is up its own user, or root where that was never made.
 */
static void find_user(struct parts *p)
{
	bool found;

	sandbox_find_user(p->config.user, &p->uid, &p->gid, &found);
	if (geteuid() == 0 && !found && !p->once)
		log_warn("there is no user '%s' (systemd-sysusers makes it): "
			 "running as %u",
			 p->config.user, (unsigned)p->uid);
	if (found || p->once)
		files_make_run_dir(p->uid, p->gid);
	else
		files_make_run_dir(0, 0);
}

/*
 * Every page of the program's code, in one call. Where a page fault is dear
 * (user-mode-linux: 0.2 ms; a software CPU) that is sooner than one by one, where
 * it is cheap it costs microseconds. Kernels before 5.14 say EINVAL.
 */
static void touch_program(int argc, char **argv)
{
	extern char __executable_start[], __etext[];
	const uintptr_t page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)__executable_start & -page_bytes;
	uintptr_t end = (uintptr_t)__etext;

	if (argc > 1 && strcmp(argv[1], "--once") == 0)
		(void)madvise((void *)start, end - start, MADV_POPULATE_READ);
}

int main(int argc, char **argv)
{
	static struct parts p;
	struct arguments a = { 0 };
	struct split_config config;
	int code;

	p.start_ns = clock_boottime_ns();
	touch_program(argc, argv);
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
	config.path = a.config_path ? a.config_path : CONFIG_PATH;
	config.must_exist = a.config_path != NULL;
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
	find_user(&p);
	p.notify_fd = a.once ? -1 : notify_open();
	p.watchdog_ns = a.once ? 0 : notify_watchdog_ns();
	p.status_fd = a.once ? -1 : files_listen(p.config.status_socket);
	p.seed_dir_fd = files_open_dir_of(p.config.seed_file);
	if (a.once)
		split_once(&p, &config);
	return split_daemon(&p, &config);
}
