/* SPDX-License-Identifier: ISC */
/*
 * First program of a lab guest: measures, prints "LAB key=value", powers off.
 * It asks the kernel only with GRND_NONBLOCK, so that it never waits itself.
 *
 * Kernel command line:
 *   lab.run=/PROG+ARG+...  started first of all; '+' stands for a blank
 *   lab.bound_ms=N         how long to watch at most
 * Keys:
 *   kernel        release
 *   starved       yes: getrandom(GRND_NONBLOCK) was EAGAIN at the start
 *   ready         yes: it succeeded by the end
 *   ready_ms      from the start of the program until it first did
 *   exit          exit code; "signal-N"; "running" at the bound; "none"
 *   exit_ms, cpu_us, max_rss_kib   of the program
 *   entropy_avail at the end
 *   log           a line of the kernel's about random (any number)
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGS_MAX 32
#define NS_PER_MS 1000000

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 * NS_PER_MS + (uint64_t)t.tv_nsec;
}

static bool kernel_ready(void)
{
	uint8_t byte;

	return getrandom(&byte, sizeof byte, GRND_NONBLOCK) == 1;
}

static void read_text(const char *path, char *ret_text, size_t cap_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret_text, cap_bytes - 1);

	if (fd >= 0)
		(void)close(fd);
	ret_text[n < 0 ? 0 : n] = '\0';
	ret_text[strcspn(ret_text, "\n")] = '\0';
}

/* A value of the kernel command line, in place; NULL where there is none. */
static char *cmdline_value(char *cmdline, const char *key)
{
	size_t len = strlen(key);
	char *rest = NULL;

	for (char *w = strtok_r(cmdline, " ", &rest); w;
	     w = strtok_r(NULL, " ", &rest))
		if (strncmp(w, key, len) == 0 && w[len] == '=')
			return w + len + 1;
	return NULL;
}

static void set_up(void)
{
	static const char *const dirs[] = { "/dev", "/proc", "/sys", "/run",
					    "/tmp" };
	int fd;

	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		(void)mkdir(dirs[i], 0755);
	(void)mount("devtmpfs", "/dev", "devtmpfs", 0, "");
	(void)mount("proc", "/proc", "proc", 0, "");
	(void)mount("sysfs", "/sys", "sysfs", 0, "");
	(void)mount("tmpfs", "/run", "tmpfs", 0, "");
	fd = open("/dev/console", O_RDWR);
	for (int i = 0; fd >= 0 && i < 3; i++)
		(void)dup2(fd, i);
	if (fd > 2)
		(void)close(fd);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
}

static pid_t start(char *program)
{
	char *argv[ARGS_MAX] = { NULL };
	char *rest = NULL;
	pid_t pid;
	int n = 0;

	for (char *w = strtok_r(program, "+", &rest); w && n < ARGS_MAX - 1;
	     w = strtok_r(NULL, "+", &rest))
		argv[n++] = w;
	pid = fork();
	if (pid == 0) {
		(void)execv(argv[0], argv);
		printf("LAB exec_error=%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	return pid;
}

struct watch {
	uint64_t start_ns;
	uint64_t ready_ns; /* 0: not yet */
	uint64_t exit_ns;  /* 0: not yet */
	int status;
	struct rusage usage;
};

/*
 * Until the program has left and, where there is none or it was not enough, the
 * bound has passed. Nothing is printed meanwhile: the console costs time. After
 * half a second it looks less often: each wake-up is an interrupt, which the
 * kernel credits (a bit in 64), and the watch itself must not make it ready.
 */
static void watch_until(struct watch *w, pid_t pid, uint64_t bound_ns)
{
	static const struct timespec often = { .tv_nsec = NS_PER_MS };
	static const struct timespec seldom = { .tv_nsec = 20 * NS_PER_MS };

	for (;;) {
		uint64_t t = now_ns();

		if (w->ready_ns == 0 && kernel_ready())
			w->ready_ns = t;
		if (pid > 0 && w->exit_ns == 0 &&
		    wait4(pid, &w->status, WNOHANG, &w->usage) == pid)
			w->exit_ns = t;
		if (t - w->start_ns >= bound_ns ||
		    (w->exit_ns != 0 && w->ready_ns != 0))
			return;
		(void)nanosleep(t - w->start_ns < 500 * NS_PER_MS ? &often :
								    &seldom,
				NULL);
	}
}

static void report_exit(const struct watch *w, pid_t pid)
{
	uint64_t cpu_us;

	if (pid <= 0) {
		printf("LAB exit=none\n");
		return;
	}
	if (w->exit_ns == 0) {
		printf("LAB exit=running\n");
		return;
	}
	if (WIFSIGNALED(w->status))
		printf("LAB exit=signal-%d\n", WTERMSIG(w->status));
	else
		printf("LAB exit=%d\n", WEXITSTATUS(w->status));
	cpu_us = (uint64_t)(w->usage.ru_utime.tv_sec + w->usage.ru_stime.tv_sec) *
			 1000000 +
		 (uint64_t)(w->usage.ru_utime.tv_usec +
			    w->usage.ru_stime.tv_usec);
	printf("LAB exit_ms=%.3f\n",
	       (double)(w->exit_ns - w->start_ns) / NS_PER_MS);
	printf("LAB cpu_us=%llu\n", (unsigned long long)cpu_us);
	printf("LAB max_rss_kib=%ld\n", w->usage.ru_maxrss);
}

static void report_log(void)
{
	enum { SYSLOG_ACTION_READ_ALL = 3 };
	static char log[1 << 18];
	int n = klogctl(SYSLOG_ACTION_READ_ALL, log, sizeof log - 1);
	char *rest = NULL;

	log[n < 0 ? 0 : n] = '\0';
	for (char *l = strtok_r(log, "\n", &rest); l;
	     l = strtok_r(NULL, "\n", &rest))
		if (strstr(l, "random: "))
			printf("LAB log=%s\n", l);
}

int main(void)
{
	char text[2048], copy[2048], avail[32];
	struct watch w = { 0 };
	struct utsname un;
	char *program, *bound;
	uint64_t bound_ns;
	bool starved;
	pid_t pid = 0;

	set_up();
	starved = !kernel_ready();
	read_text("/proc/cmdline", text, sizeof text);
	memcpy(copy, text, sizeof copy);
	bound = cmdline_value(copy, "lab.bound_ms");
	bound_ns = (bound ? strtoull(bound, NULL, 10) : 10000) * NS_PER_MS;
	program = cmdline_value(text, "lab.run");

	w.start_ns = now_ns();
	if (program)
		pid = start(program);
	watch_until(&w, pid, bound_ns);
	if (pid > 0 && w.exit_ns == 0)
		(void)kill(pid, SIGKILL);

	(void)uname(&un);
	read_text("/proc/sys/kernel/random/entropy_avail", avail, sizeof avail);
	printf("\nLAB kernel=%s\n", un.release);
	printf("LAB starved=%s\n", starved ? "yes" : "no");
	printf("LAB ready=%s\n", w.ready_ns ? "yes" : "no");
	if (w.ready_ns)
		printf("LAB ready_ms=%.3f\n",
		       (double)(w.ready_ns - w.start_ns) / NS_PER_MS);
	report_exit(&w, pid);
	printf("LAB entropy_avail=%s\n", avail);
	report_log();
	printf("LAB end=yes\n");
	(void)fflush(stdout);
	sync();
	(void)reboot(RB_POWER_OFF);
	for (;;)
		(void)pause();
}
