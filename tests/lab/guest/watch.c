/* SPDX-License-Identifier: ISC */
/* Starts the program under test and sees when the kernel becomes ready. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define ARGS_MAX 32

static bool kernel_draw(uint8_t bytes[DRAW_BYTES])
{
	return getrandom(bytes, DRAW_BYTES, GRND_NONBLOCK) == DRAW_BYTES;
}

static pid_t start(const char *run)
{
	char *argv[ARGS_MAX] = { NULL };
	char *words = strdup(run), *rest = NULL;
	pid_t pid;
	int n = 0;

	for (char *w = strtok_r(words, "+", &rest); w && n < ARGS_MAX - 1;
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

static pid_t start_modules(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		load_modules();
		_exit(0);
	}
	return pid;
}

/* Somebody who waits, as sshd or a TLS library would. */
static pid_t start_asker(volatile uint64_t *blocked_ns)
{
	uint64_t start_ns = now_ns();
	pid_t pid = fork();

	if (pid == 0) {
		uint8_t bytes[DRAW_BYTES];

		if (getrandom(bytes, sizeof bytes, 0) == sizeof bytes)
			*blocked_ns = now_ns() - start_ns;
		_exit(0);
	}
	return pid;
}

static bool all_seen(const struct plan *plan, const struct watch *w, pid_t pid,
		     pid_t asker, const volatile uint64_t *blocked_ns)
{
	return w->ready_ns != 0 && (pid <= 0 || w->exit_ns != 0) &&
	       (asker <= 0 || *blocked_ns != 0) && (plan->run || plan->ask);
}

/*
 * After half a second it looks less often: each wake-up is an interrupt, which
 * the kernel credits (a bit in 64), and the watch itself must not make it ready.
 */
static void pause_a_little(uint64_t since_ns)
{
	const struct timespec t = { .tv_nsec = since_ns < 500 * NS_PER_MS ?
						       1 * NS_PER_MS :
						       20 * NS_PER_MS };

	(void)nanosleep(&t, NULL);
}

static void stop(struct watch *w, pid_t pid, int signal_number)
{
	uint64_t give_up_ns = now_ns() + 5000 * NS_PER_MS;

	(void)kill(pid, signal_number);
	while (now_ns() < give_up_ns) {
		if (wait4(pid, &w->status, WNOHANG, &w->usage) == pid) {
			w->exit_ns = now_ns();
			return;
		}
		pause_a_little(0);
	}
	(void)kill(pid, SIGKILL);
}

void watch_look(struct watch *w)
{
	w->start_ns = now_ns();
	w->starved = !kernel_draw(w->draw);
	if (!w->starved)
		w->ready_ns = w->start_ns;
}

void watch_run(const struct plan *plan, struct watch *w)
{
	volatile uint64_t *blocked_ns = mmap(NULL, sizeof *blocked_ns,
					     PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = 0, asker = 0;

	if (blocked_ns == MAP_FAILED)
		return;
	if (plan->load == LOAD_FIRST)
		load_modules();
	w->start_ns = now_ns();
	w->starved = !kernel_draw(w->draw);
	if (plan->run)
		pid = start(plan->run);
	if (plan->ask)
		asker = start_asker(blocked_ns);
	if (plan->load == LOAD_BESIDE)
		(void)start_modules();
	for (;;) {
		uint64_t t = now_ns();

		if (w->ready_ns == 0 && kernel_draw(w->draw))
			w->ready_ns = t;
		if (pid > 0 && w->exit_ns == 0 &&
		    wait4(pid, &w->status, WNOHANG, &w->usage) == pid)
			w->exit_ns = t;
		if (t - w->start_ns >= plan->bound_ns ||
		    all_seen(plan, w, pid, asker, blocked_ns))
			break;
		if (plan->stop_ns != 0 && w->ready_ns != 0 && w->exit_ns == 0 &&
		    t - w->ready_ns >= plan->stop_ns) {
			stop(w, pid, SIGTERM);
			break;
		}
		pause_a_little(t - w->start_ns);
	}
	w->asked_ns = *blocked_ns;
	if (pid > 0 && w->exit_ns == 0)
		(void)kill(pid, SIGKILL);
	if (asker > 0)
		(void)kill(asker, SIGKILL);
}
