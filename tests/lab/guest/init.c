/* SPDX-License-Identifier: ISC */
/* The order of a lab guest's life: set up, watch, report, what comes after. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define WORDS_MAX 64

uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 * NS_PER_MS + (uint64_t)t.tv_nsec;
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
	(void)mount("tmpfs", "/run", "tmpfs", 0, "mode=0755");
	(void)mkdir("/run/lock", 0755);
	fd = open("/dev/console", O_RDWR);
	for (int i = 0; fd >= 0 && i < 3; i++)
		(void)dup2(fd, i);
	if (fd > 2)
		(void)close(fd);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
}

static bool take(const char *word, const char *key, char **ret_value)
{
	size_t len = strlen(key);

	if (strncmp(word, key, len) != 0)
		return false;
	*ret_value = strdup(word + len);
	return true;
}

static uint64_t milliseconds(const char *text)
{
	return strtoull(text, NULL, 10) * NS_PER_MS;
}

void plan_read(struct plan *ret_plan)
{
	static char cmdline[4096];
	struct plan p = { .bound_ns = 10000 * NS_PER_MS };
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, cmdline, sizeof cmdline - 1);
	char *rest = NULL, *value;

	if (fd >= 0)
		(void)close(fd);
	cmdline[n < 0 ? 0 : n] = '\0';
	for (char *w = strtok_r(cmdline, " \n", &rest); w;
	     w = strtok_r(NULL, " \n", &rest)) {
		if (take(w, "lab.run=", &value))
			p.run = value;
		else if (take(w, "lab.bound_ms=", &value))
			p.bound_ns = milliseconds(value);
		else if (take(w, "lab.stop_ms=", &value))
			p.stop_ns = milliseconds(value);
		else if (take(w, "lab.load=", &value))
			p.load = strcmp(value, "first") == 0 ? LOAD_FIRST :
							       LOAD_BESIDE;
		else if (strcmp(w, "lab.ask=yes") == 0)
			p.ask = true;
		else if (strcmp(w, "lab.before=yes") == 0)
			p.before = true;
		else if (strcmp(w, "lab.after=yes") == 0)
			p.after = true;
	}
	*ret_plan = p;
}

/* A scenario's own part, by busybox. */
static void run_script(const char *path, const char *key)
{
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
		(void)execl("/bin/busybox", "sh", path, NULL);
		_exit(127);
	}
	if (pid > 0)
		(void)waitpid(pid, &status, 0);
	printf("LAB %s=%d\n", key, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void power_off(void)
{
	printf("LAB end=yes\n");
	(void)fflush(stdout);
	sync();
	(void)reboot(RB_POWER_OFF);
	for (;;)
		(void)pause();
}

/* Not the first program: in a distribution's initramfs, asked how it stands. */
static void look(void)
{
	const struct plan nothing = { 0 };
	struct watch w = { 0 };

	watch_look(&w);
	report(&nothing, &w);
	power_off();
}

int main(void)
{
	struct watch w = { 0 };
	struct plan p;

	if (getpid() != 1)
		look();
	set_up();
	plan_read(&p);
	if (p.before)
		run_script("/lab/before.sh", "before");
	watch_run(&p, &w);
	report(&p, &w);
	if (p.after)
		run_script("/lab/after.sh", "after");
	power_off();
}
