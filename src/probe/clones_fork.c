/* SPDX-License-Identifier: ISC */
/* The kernel's notice that the VM was forked, and what is older than it. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_parts.h"
#include "probe/log.h"

#define FORK_LINE "crng reseeded due to virtual machine fork"
#define PIDS_MAX 65536
/* Clock ticks of /proc/PID/stat: USER_HZ is 100 on all of Linux's machines. */
#define USER_HZ 100
/* include/linux/sched.h: PF_KTHREAD. */
#define KERNEL_THREAD 0x00200000ul

/*
 * Long-lived programs that draw from a generator in their own memory (OpenSSL,
 * GnuTLS, NSS, a language's runtime), by the first letters of their name.
 */
static const char *const with_generators[] = {
	"sshd",     "nginx",    "apache2", "httpd",      "haproxy",
	"envoy",    "lighttpd", "squid",   "stunnel",    "openvpn",
	"charon",   "named",    "unbound", "dovecot",    "exim",
	"slapd",    "krb5kdc",  "radiusd", "freeradius", "postgres",
	"mysqld",   "mariadbd", "mongod",  "redis-serv", "java",
	"node",     "python",   "ruby",    "php-fpm",    "perl",
	"beam.smp", "gunicorn", "uwsgi",   "postmaster",
};

struct search {
	const struct probe_root *root;
	struct clones_fork *f;
};

static bool on_line(void *context, const struct log_line *line)
{
	struct clones_fork *f = context;

	/* A program's line may say anything. */
	if (!line->kernel || strstr(line->text, FORK_LINE) == NULL)
		return true;
	f->count++;
	f->last_s = line->time_s;
	return true;
}

static bool has_generator(const char *comm)
{
	for (size_t i = 0; i < ARRAY_LEN(with_generators); i++)
		if (strncmp(comm, with_generators[i],
			    strlen(with_generators[i])) == 0)
			return true;
	return false;
}

/* proc(5): fields 9 (flags) and 22 (start time) stand behind the name. */
static bool parse_stat(const char *text, bool *ret_kernel, double *ret_start_s)
{
	const char *at = strrchr(text, ')');
	unsigned long flags = 0;
	char *end;

	if (at == NULL)
		return false;
	at += 1;
	for (int field = 3; field < 22; field++) {
		at += strspn(at, " ");
		if (field == 9)
			flags = strtoul(at, NULL, 10);
		at += strcspn(at, " ");
	}
	*ret_start_s = (double)strtoull(at, &end, 10) / USER_HZ;
	*ret_kernel = (flags & KERNEL_THREAD) != 0;
	return end != at;
}

static void note_stale(struct clones_fork *f, const char *pid, const char *comm)
{
	if (f->n_stale == CLONES_STALE_MAX) {
		f->more_stale = true;
		return;
	}
	clones_copy(f->stale[f->n_stale], sizeof f->stale[0], comm);
	f->stale_pids[f->n_stale++] = (unsigned)strtoul(pid, NULL, 10);
}

static bool on_process(void *context, const char *name)
{
	const struct search *s = context;
	char path[64], text[1024], comm[64];
	double start_s;
	bool kernel;

	if (!isdigit((unsigned char)name[0]) || strlen(name) > 10)
		return true;
	(void)snprintf(path, sizeof path, "/proc/%s/comm", name);
	if (clones_text(s->root, path, comm, sizeof comm) <= 0)
		return true;
	(void)snprintf(path, sizeof path, "/proc/%s/stat", name);
	if (clones_text(s->root, path, text, sizeof text) <= 0 ||
	    !parse_stat(text, &kernel, &start_s) || kernel)
		return true;
	s->f->processes_seen = true;
	s->f->n_processes++;
	if (strcmp(comm, "aquiferd") == 0)
		s->f->aquiferd_runs = true;
	/* A NAN compares as false: no time is known, nothing is older. */
	if (!(start_s < s->f->last_s))
		return true;
	s->f->n_older++;
	if (has_generator(comm))
		note_stale(s->f, name, comm);
	return true;
}

void clones_probe_fork(const struct probe_root *root, struct clones_fork *f)
{
	struct search s = { root, f };
	struct log_state state;

	f->last_s = NAN;
	memset(&state, 0, sizeof state);
	f->log_error = probe_log_each(root, LOG_OF_KERNEL, &state, on_line, f);
	f->log_from_start = state.from_start;
	f->log_to_now = state.to_now;
	if (state.path != NULL)
		clones_copy(f->log_path, sizeof f->log_path, state.path);
	clones_look(root, "/run/aquifer/generation", &f->generation);
	if (f->count > 0)
		(void)probe_root_list(root, "/proc", PIDS_MAX, on_process, &s);
}
