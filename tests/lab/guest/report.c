/* SPDX-License-Identifier: ISC */
/*
 * The guest's record. Keys:
 *   kernel        release
 *   starved       yes: getrandom(GRND_NONBLOCK) was EAGAIN at the start
 *   start_ms      from the kernel's start to this program's watch
 *   ready         yes: getrandom(2) succeeded by the end
 *   ready_ms      from the start of the watch until it first did
 *   draw          the first 32 bytes it gave, in hex
 *   asked         no; "blocked" to the end; "answered"
 *   asked_ms      how long somebody in a blocking getrandom(2) waited
 *   exit          exit code; "signal-N"; "running" at the bound; "none"
 *   exit_ms, cpu_us, max_rss_kib, page_faults   of the program and what it
 *                 waited for
 *   entropy_avail at the end
 *   rng_current, rng_quality, rng_available   as sysfs has them; "absent"
 *   log           a line of the kernel's about its generator (any number)
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define RNG "/sys/class/misc/hw_random/"

static void show_file(const char *key, const char *path)
{
	char text[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		(void)close(fd);
	text[n < 0 ? 0 : n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	printf("LAB %s=%s\n", key, n < 0 ? "absent" : text);
}

static void show_ms(const char *key, uint64_t ns)
{
	printf("LAB %s=%.3f\n", key, (double)ns / (double)NS_PER_MS);
}

static uint64_t microseconds(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static void show_exit(const struct plan *plan, const struct watch *w)
{
	if (!plan->run) {
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
	show_ms("exit_ms", w->exit_ns - w->start_ns);
	printf("LAB cpu_us=%llu\n",
	       (unsigned long long)(microseconds(w->usage.ru_utime) +
				    microseconds(w->usage.ru_stime)));
	printf("LAB max_rss_kib=%ld\n", w->usage.ru_maxrss);
	printf("LAB page_faults=%ld\n", w->usage.ru_minflt + w->usage.ru_majflt);
}

static void show_log(void)
{
	enum { SYSLOG_ACTION_READ_ALL = 3 };
	static const char *const about[] = { "random: ", "aquiferd", "hwrng",
					     "tpm",      "rng",      "vmgenid" };
	static char log[1 << 18];
	int n = klogctl(SYSLOG_ACTION_READ_ALL, log, sizeof log - 1);
	char *rest = NULL;

	log[n < 0 ? 0 : n] = '\0';
	for (char *l = strtok_r(log, "\n", &rest); l;
	     l = strtok_r(NULL, "\n", &rest)) {
		if (strstr(l, "ommand line"))
			continue;
		for (size_t i = 0; i < sizeof about / sizeof about[0]; i++) {
			if (!strstr(l, about[i]))
				continue;
			printf("LAB log=%s\n", l);
			break;
		}
	}
}

void report(const struct plan *plan, const struct watch *w)
{
	struct utsname un;

	(void)uname(&un);
	printf("\nLAB kernel=%s\n", un.release);
	printf("LAB starved=%s\n", w->starved ? "yes" : "no");
	show_ms("start_ms", w->start_ns);
	printf("LAB ready=%s\n", w->ready_ns ? "yes" : "no");
	if (w->ready_ns) {
		show_ms("ready_ms", w->ready_ns - w->start_ns);
		printf("LAB draw=");
		for (int i = 0; i < DRAW_BYTES; i++)
			printf("%02x", w->draw[i]);
		printf("\n");
	}
	printf("LAB asked=%s\n", !plan->ask  ? "no" :
				 w->asked_ns ? "answered" :
					       "blocked");
	if (w->asked_ns)
		show_ms("asked_ms", w->asked_ns);
	show_exit(plan, w);
	show_file("entropy_avail", "/proc/sys/kernel/random/entropy_avail");
	show_file("rng_available", RNG "rng_available");
	show_file("rng_current", RNG "rng_current");
	show_file("rng_quality", RNG "rng_quality");
	show_log();
}
