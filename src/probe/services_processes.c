/* SPDX-License-Identifier: ISC */
/* Entropy daemons that run, and what they were told to read. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/services_parts.h"

#define PIDS_MAX 65536
#define FDS_MAX 64
/* /proc/PID/comm holds no more. */
#define COMM_CHARACTERS 15

static const struct {
	const char *comm;
	enum services_daemon daemon;
} names[] = {
	{ "haveged", DAEMON_HAVEGED },
	{ "rngd", DAEMON_RNGD },
	{ "jitterentropy-rngd", DAEMON_JITTER },
	{ "esdm-server", DAEMON_ESDM },
	{ "egd.pl", DAEMON_EGD },
	{ "prngd", DAEMON_EGD },
	{ "pollinate", DAEMON_POLLINATE },
	{ "ekeyd", DAEMON_HARDWARE },
	{ "infnoise", DAEMON_HARDWARE },
	{ "qrngd", DAEMON_HARDWARE },
	{ "aquiferd", DAEMON_AQUIFER },
};

enum services_daemon services_known(const char *comm)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strlen(comm) ==
			    min_size(strlen(names[i].comm), COMM_CHARACTERS) &&
		    strncmp(comm, names[i].comm, COMM_CHARACTERS) == 0)
			return names[i].daemon;
	return DAEMON_COUNT;
}

const char *services_daemon_name(enum services_daemon daemon)
{
	static const char *const texts[DAEMON_COUNT] = {
		[DAEMON_HAVEGED] = "haveged",
		[DAEMON_RNGD] = "rngd",
		[DAEMON_JITTER] = "jitterentropy-rngd",
		[DAEMON_ESDM] = "esdm-server",
		[DAEMON_EGD] = "egd",
		[DAEMON_POLLINATE] = "pollinate",
		[DAEMON_HARDWARE] = "a hardware token's daemon",
		[DAEMON_AQUIFER] = "aquiferd",
	};

	return texts[daemon];
}

static bool copy_word(char *ret_word, size_t cap_bytes, const char *text)
{
	size_t len = strcspn(text, " \t");

	if (len == 0 || len >= cap_bytes)
		return false;
	memcpy(ret_word, text, len);
	ret_word[len] = '\0';
	return true;
}

bool services_feed_of(const char *arguments, char *ret_device, size_t cap_bytes)
{
	static const char name[] = "--rng-device";
	const char *at = arguments;
	const char *next;
	bool found = false;

	for (; *at != '\0'; at = next) {
		size_t len;

		at += strspn(at, " \t");
		len = strcspn(at, " \t");
		next = at + len;
		if (strncmp(at, name, strlen(name)) == 0) {
			at += strlen(name);
			if (*at == '=')
				at++;
			else if (at != next)
				continue;
		} else if (len >= 2 && at[0] == '-' && at[1] == 'r') {
			at += 2;
		} else if (len >= 3 && len <= 5 && at[0] == '-' &&
			   at[1] != '-' && at[len - 1] == 'r') {
			/* Flags and it in one word: -fr FILE. */
			at = next;
		} else {
			continue;
		}
		at += strspn(at, " \t=");
		/* The last one holds. */
		if (copy_word(ret_device, cap_bytes, at))
			found = true;
		if (at > next)
			next = at + strcspn(at, " \t");
	}
	return found;
}

bool services_is_random(const struct probe_root *root, const char *path)
{
	struct probe_stat st;

	if (strcmp(path, "/dev/urandom") == 0 ||
	    strcmp(path, "/dev/random") == 0)
		return true;
	return probe_root_stat(root, path, &st) == 0 && S_ISCHR(st.mode) &&
	       st.rdev_major == 1 && (st.rdev_minor == 8 || st.rdev_minor == 9);
}

struct search {
	const struct probe_root *root;
	struct services_facts *f;
	struct services_process *process;
};

/* The mode of a descriptor's link says what it was opened for: proc(5). */
static bool on_fd(void *context, const char *name)
{
	const struct search *s = context;
	char path[64], target[64];
	struct probe_stat st;
	ssize_t n;

	(void)snprintf(path, sizeof path, "/proc/%d/fd/%.10s", s->process->pid,
		       name);
	n = probe_root_readlink(s->root, path, target, sizeof target - 1);
	if (n <= 0 || (size_t)n >= sizeof target)
		return true;
	target[n] = '\0';
	if (strcmp(target, "/dev/urandom") == 0 &&
	    probe_root_lstat(s->root, path, &st) == 0 && (st.mode & 0400) != 0)
		s->process->has_random_open = true;
	return true;
}

static void read_arguments(const struct search *s, struct services_process *p)
{
	char path[64];
	ssize_t n;

	(void)snprintf(path, sizeof path, "/proc/%d/cmdline", p->pid);
	n = probe_root_read(s->root, path, p->cmdline, sizeof p->cmdline);
	if (n < 0)
		p->cmdline_error = (int)n;
	/* Arguments end with NUL; by hand they are written with blanks. */
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)p->cmdline[i] < ' ')
			p->cmdline[i] = ' ';
	while (n > 0 && p->cmdline[n - 1] == ' ')
		p->cmdline[--n] = '\0';
	if (p->daemon != DAEMON_RNGD)
		return;
	if (services_feed_of(p->cmdline, p->feed, sizeof p->feed))
		p->feed_is_random = services_is_random(s->root, p->feed);
}

static bool on_process(void *context, const char *name)
{
	struct search *s = context;
	struct services_facts *f = s->f;
	struct services_process *p;
	enum services_daemon daemon;
	char path[64], comm[64];
	ssize_t n;
	int r;

	if (!isdigit((unsigned char)name[0]) || strlen(name) > 9)
		return true;
	(void)snprintf(path, sizeof path, "/proc/%s/comm", name);
	/* No kernel's name of a task is as long: it is no such file. */
	n = clones_text(s->root, path, comm, sizeof comm);
	if (n <= 0 || (size_t)n == sizeof comm - 1 || strlen(comm) != (size_t)n)
		return true;
	f->pids_seen = true;
	daemon = services_known(comm);
	if (daemon == DAEMON_COUNT)
		return true;
	if (f->n_running == SERVICES_RUNNING_MAX) {
		f->more_running = true;
		return false;
	}
	p = &f->running[f->n_running++];
	p->pid = (int)strtol(name, NULL, 10);
	p->daemon = daemon;
	clones_copy(p->comm, sizeof p->comm, comm);
	read_arguments(s, p);
	if (daemon != DAEMON_RNGD)
		return true;
	s->process = p;
	(void)snprintf(path, sizeof path, "/proc/%s/fd", name);
	r = probe_root_list(s->root, path, FDS_MAX, on_fd, s);
	p->fds_unseen = r == -EACCES || r == -EPERM;
	return true;
}

void services_probe_processes(const struct probe_root *root,
			      struct services_facts *f)
{
	struct search s = { root, f, NULL };
	int r = probe_root_list(root, "/proc", PIDS_MAX, on_process, &s);

	f->proc_error = r < 0 ? r : 0;
	/* hidepid= hides the first process with all other users'. */
	f->pids_partial = probe_root_kind(root) == PROBE_LIVE &&
			  !probe_root_exists(root, "/proc/1/comm");
}
