/* SPDX-License-Identifier: ISC */
/*
 * Who waits for the kernel's generator now, who holds /dev/random, who feeds
 * it: /proc/PID of every process that may be looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot_parts.h"

#define PROCESSES_MAX 32768
#define THREADS_MAX 512
#define FDS_MAX 1024
/* Of include/linux/sched.h: a thread of the kernel. */
#define PF_KTHREAD 0x00200000u

/* Daemons that give the kernel entropy; the kernel keeps 15 characters. */
static const char *const feeders[] = {
	"aquiferd",        "aquiferd-static", "rngd",   "haveged",
	"jitterentropy-r", "esdm-server",     "clrngd", "twuewand",
};

struct scan {
	const struct probe_root *root;
	struct boot_tasks *t;
	enum boot_arch arch;
	bool shallow;
	int pid;
	char comm[20];
	char dir[48]; /* /proc/PID or /proc/PID/task/TID */
};

static ssize_t read_of(const struct scan *s, const char *name, char *ret_text,
		       size_t cap_bytes)
{
	char path[80];
	ssize_t n;

	(void)snprintf(path, sizeof path, "%s/%s", s->dir, name);
	n = probe_root_read(s->root, path, ret_text, cap_bytes);
	if (n >= 0)
		ret_text[strcspn(ret_text, "\r\n")] = '\0';
	return n;
}

/* What /proc/PID/stat tells. */
struct state {
	char letter; /* 'R', 'S', 'D' ...; 0: not seen */
	bool kthread;
	unsigned long threads;
};

static void read_state(const struct scan *s, struct state *ret)
{
	char text[1024], *p;

	memset(ret, 0, sizeof *ret);
	if (read_of(s, "stat", text, sizeof text) < 0)
		return;
	p = strrchr(text, ')'); /* the name before it may hold anything */
	if (p == NULL || p[1] != ' ')
		return;
	p += 2;
	ret->letter = *p;
	/* Behind the state: flags are the 6th, threads the 17th field. */
	for (unsigned field = 1; (p = strchr(p, ' ')) != NULL; field++) {
		p++;
		if (field == 6)
			ret->kthread = strtoul(p, NULL, 10) & PF_KTHREAD;
		else if (field == 17)
			ret->threads = strtoul(p, NULL, 10);
	}
}

static void add_waiter(struct scan *s, int tid, enum boot_wait wait,
		       const char *file, const char *value)
{
	struct boot_waiter *w;

	if (s->t->n_waiters++ >= ARRAY_LEN(s->t->waiters))
		return;
	w = &s->t->waiters[s->t->n_waiters - 1];
	w->pid = s->pid;
	w->tid = tid;
	w->wait = wait;
	(void)snprintf(w->comm, sizeof w->comm, "%s", s->comm);
	(void)snprintf(w->file, sizeof w->file, "%s", file);
	(void)snprintf(w->value, sizeof w->value, "%.60s", value);
}

static bool is_random_device(const struct scan *s, int fd)
{
	char path[80], target[64];

	(void)snprintf(path, sizeof path, "/proc/%d/fd/%d", s->pid, fd);
	return probe_root_readlink(s->root, path, target, sizeof target) > 0 &&
	       strcmp(target, "/dev/random") == 0;
}

/* "[<0>] wait_for_random_bytes+0x5d/0x80" in one of the lines. */
static enum boot_wait wait_of_stack(char *text, const char **ret_name)
{
	char *save = NULL;

	for (char *l = strtok_r(text, "\n", &save); l != NULL;
	     l = strtok_r(NULL, "\n", &save)) {
		char *p = strstr(l, "] ");
		enum boot_wait w;

		p = p == NULL ? l : p + 2;
		w = boot_wait_of_function(p);
		if (w != BOOT_WAIT_NONE) {
			*ret_name = p;
			return w;
		}
	}
	return BOOT_WAIT_NONE;
}

static bool judge_stack(struct scan *s, int tid)
{
	char path[80], text[4096];
	const char *name;
	enum boot_wait w;

	(void)snprintf(path, sizeof path, "%s/stack", s->dir);
	if (probe_root_read(s->root, path, text, sizeof text) <= 0 ||
	    (strstr(text, "[<") == NULL && strstr(text, "+0x") == NULL))
		return false;
	w = wait_of_stack(text, &name);
	if (w != BOOT_WAIT_NONE)
		add_waiter(s, tid, w, "stack", name);
	return true;
}

static bool denied(ssize_t n)
{
	return n == -EACCES || n == -EPERM;
}

/* A task, its comm and directory set. */
static void judge_task(struct scan *s, int tid, const struct state *st)
{
	char text[256];
	enum boot_wait w = BOOT_WAIT_NONE;
	ssize_t wchan = read_of(s, "wchan", text, sizeof text), call;
	bool known = wchan > 0 && boot_wait_is_function(text);
	bool asleep = st->letter == 'S' || st->letter == 'D' || !st->letter;
	int fd;

	if (known)
		w = boot_wait_of_function(text);
	if (w != BOOT_WAIT_NONE) {
		add_waiter(s, tid, w, "wchan", text);
	} else if (!known && asleep && !s->shallow && !st->kthread) {
		call = read_of(s, "syscall", text, sizeof text);
		if (call > 0 && boot_wait_is_call(text)) {
			known = true;
			w = boot_wait_of_syscall(s->arch, text, &fd);
			if (fd >= 0 && is_random_device(s, fd))
				w = BOOT_WAIT_RANDOM;
		}
		if (w != BOOT_WAIT_NONE)
			add_waiter(s, tid, w, "syscall", text);
		else if (judge_stack(s, tid))
			known = true;
		if (!known && (denied(call) || denied(wchan) ||
			       (wchan > 0 && st->letter)))
			s->t->n_withheld++;
	} else if (!asleep) {
		known = true;
	}
	s->t->n_judged += known;
}

static bool number_of(const char *name, int *ret)
{
	char *end;
	long v = strtol(name, &end, 10);

	if (name[0] < '1' || name[0] > '9' || *end != '\0' || v > 1 << 30)
		return false;
	*ret = (int)v;
	return true;
}

static bool each_thread(void *context, const char *name)
{
	struct scan *s = context;
	struct state st;
	int tid;

	if (!number_of(name, &tid) || tid == s->pid)
		return true;
	(void)snprintf(s->dir, sizeof s->dir, "/proc/%d/task/%d", s->pid, tid);
	read_state(s, &st);
	judge_task(s, tid, &st);
	return true;
}

/* How a descriptor was opened: "flags:\t0100002" in fdinfo. */
static int access_of(const struct scan *s, int fd)
{
	char path[80], text[256], *p;

	(void)snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", s->pid, fd);
	if (probe_root_read(s->root, path, text, sizeof text) <= 0)
		return -1;
	p = strstr(text, "flags:");
	return p == NULL ? -1 : (int)(strtoul(p + 6, NULL, 8) & O_ACCMODE);
}

static bool each_fd(void *context, const char *name)
{
	struct scan *s = context;
	struct boot_holder *h;
	long fd = strtol(name, NULL, 10);

	if (name[0] < '0' || name[0] > '9' || fd > 1 << 20 ||
	    !is_random_device(s, (int)fd))
		return true;
	if (s->t->n_holders++ >= ARRAY_LEN(s->t->holders))
		return true;
	h = &s->t->holders[s->t->n_holders - 1];
	h->pid = s->pid;
	h->fd = (int)fd;
	h->access = access_of(s, (int)fd);
	(void)snprintf(h->comm, sizeof h->comm, "%s", s->comm);
	return true;
}

static void note_feeder(struct scan *s, bool kthread)
{
	struct boot_feeder *f;

	if (strcmp(s->comm, "hwrng") == 0)
		s->t->hwrng_thread = true;
	for (size_t i = 0; i < ARRAY_LEN(feeders); i++) {
		if (kthread || strcmp(s->comm, feeders[i]) != 0 ||
		    s->t->n_feeders == ARRAY_LEN(s->t->feeders))
			continue;
		f = &s->t->feeders[s->t->n_feeders++];
		f->pid = s->pid;
		(void)snprintf(f->comm, sizeof f->comm, "%s", s->comm);
	}
}

static bool each_process(void *context, const char *name)
{
	struct scan *s = context;
	struct state st;
	char path[64];
	int r;

	if (!number_of(name, &s->pid))
		return true;
	(void)snprintf(s->dir, sizeof s->dir, "/proc/%d", s->pid);
	if (read_of(s, "comm", s->comm, sizeof s->comm) < 0)
		(void)snprintf(s->comm, sizeof s->comm, "?");
	s->t->n_seen++;
	read_state(s, &st);
	note_feeder(s, st.kthread);
	/* A thread of the kernel that waits is named by wchan alone. */
	judge_task(s, s->pid, &st);
	if (st.kthread)
		return true;
	(void)snprintf(path, sizeof path, "/proc/%d/fd", s->pid);
	r = probe_root_list(s->root, path, FDS_MAX, each_fd, s);
	if (r >= 0 || r == -E2BIG)
		s->t->n_fds_seen++;
	else if (denied(r))
		s->t->n_fds_withheld++;
	if (st.threads > 1 && !s->shallow) {
		(void)snprintf(path, sizeof path, "/proc/%d/task", s->pid);
		(void)probe_root_list(s->root, path, THREADS_MAX, each_thread,
				      s);
	}
	return true;
}

void probe_boot_tasks(const struct probe_root *root, bool shallow,
		      struct boot_tasks *ret_tasks)
{
	struct scan s = { .root = root, .t = ret_tasks, .shallow = shallow };
	int r;

	s.arch = probe_boot_arch(root);
	r = probe_root_list(root, "/proc", PROCESSES_MAX, each_process, &s);
	ret_tasks->cut = r == -E2BIG;
	ret_tasks->error = r < 0 && r != -E2BIG ? r : 0;
	ret_tasks->hidden = probe_root_kind(root) == PROBE_LIVE &&
			    !probe_root_exists(root, "/proc/1");
}
