/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-C. Until an answer is written nothing is there to be put right, and an
 * engine can be minutes from where it would look: the process just ends. While
 * files are written the flag of cmd_interrupted() is raised instead.
 */
#include <signal.h>
#include <unistd.h>

#include "cmd/assess.h"

static volatile sig_atomic_t has_bar;

static void leave(int number)
{
	static const char clear[] = "\r\033[K";

	(void)number;
	if (has_bar)
		(void)!write(STDERR_FILENO, clear, sizeof clear - 1);
	_exit(EXIT_INTERRUPTED);
}

void assess_leave_at_once(void)
{
	const struct sigaction action = { .sa_handler = leave };

	cmd_catch_interrupt();
	has_bar = isatty(STDERR_FILENO);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
}
