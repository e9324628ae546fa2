/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "daemon/parts.h"

static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_number)
{
	(void)signal_number;
	stop_asked = 1;
}

void once_catch_signals(void)
{
	const struct sigaction stop = { .sa_handler = ask_to_stop };
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGPIPE);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)sigaction(SIGTERM, &stop, NULL);
	(void)sigaction(SIGINT, &stop, NULL);
}

/*
 * Sleeps until a reader has something. Returns false when it is time to end:
 * a signal says so, or the privileged part is gone.
 */
static bool wait_for_readers(const struct parts *p, uint64_t wait_ns)
{
	struct pollfd fds[2] = { { .fd = p->env.event_fd, .events = POLLIN },
				 { .fd = p->control_fd, .events = 0 } };
	struct timespec timeout = { (time_t)(wait_ns / NS_PER_S),
				    (long)(wait_ns % NS_PER_S) };
	sigset_t open_to_signals;
	uint64_t count;

	/* Blocked everywhere else, in the readers' threads too. */
	(void)sigemptyset(&open_to_signals);
	(void)sigaddset(&open_to_signals, SIGPIPE);
	if (ppoll(fds, ARRAY_LEN(fds), &timeout, &open_to_signals) > 0 &&
	    fds[0].revents)
		(void)!read(fds[0].fd, &count, sizeof count);
	return !stop_asked && !(fds[1].revents & POLLHUP);
}

static void show_lane(const struct lane *l)
{
	const struct source_info *info = &l->source.info;

	(void)printf("  %-12s %-7s %-9s %8llu bytes %6llu bits", l->name,
		     domain_name(info->domain), lane_state_name(l->state),
		     (unsigned long long)l->raw_bytes,
		     (unsigned long long)(l->credited_mbits / 1000));
	if (info->behind[0])
		(void)printf("  %s", info->behind);
	if (info->reason[0])
		(void)printf("  (%s)", info->reason);
	(void)printf("\n");
}

/* "cpu 256 bits, timing 170 bits": what the seed rests on. */
static void domains_text(const struct engine_seed *seed, char *ret_text,
			 size_t cap_bytes)
{
	size_t at = 0;

	ret_text[0] = '\0';
	for (unsigned d = 0; d < DOMAIN_COUNT; d++) {
		if (seed->paid_mbits[d] == 0 || at >= cap_bytes)
			continue;
		at += (size_t)snprintf(
			ret_text + at, cap_bytes - at, "%s%s %llu bits",
			at ? ", " : "", domain_name((enum trust_domain)d),
			(unsigned long long)(seed->paid_mbits[d] / 1000));
	}
}

static void show_result(const struct parts *p, bool ready, uint64_t now_ns)
{
	const struct engine *e = p->engine;
	const struct engine_seed *seed = &e->last_seed;
	double ms = (double)(now_ns - p->start_ns) / 1e6;
	char from[160];

	if (p->verbose) {
		(void)printf("sources:\n");
		for (size_t i = 0; i < e->n_lanes; i++)
			show_lane(&e->lanes[i]);
	}
	if (seed->at_ns == 0) {
		(void)printf("aquiferd: no credited seed within %.0f ms; "
			     "the kernel is %sready\n",
			     ms, ready ? "" : "not ");
		return;
	}
	domains_text(seed, from, sizeof from);
	(void)printf("aquiferd: seeded in %.1f ms from %s%s; %s ended the wait\n",
		     (double)(seed->at_ns - p->start_ns) / 1e6, from,
		     seed->domain_count < 2 ? " (one domain)" : "",
		     e->lanes[seed->ended_by].name);
	if (p->kernel.last_error < 0 && p->kernel.fed_count == 0)
		(void)printf("aquiferd: the kernel may not be fed: %s\n",
			     strerror(-p->kernel.last_error));
	else
		(void)printf("aquiferd: the kernel took %llu bytes, credited "
			     "%llu bits, %s; it is %s\n",
			     (unsigned long long)p->kernel.fed_bytes,
			     (unsigned long long)p->kernel.credit_bits,
			     rekey_result_name(p->kernel.rekey),
			     p->kernel_was_ready ? "ready (it was before)" :
			     ready               ? "ready now" :
						   "not ready yet");
}

int once_run(struct parts *p)
{
	uint64_t bound_ns = p->start_ns + p->config.once_bound_ns;
	uint64_t now_ns = clock_boottime_ns();
	bool ready;

	while (now_ns < bound_ns && engine_step(p->engine, now_ns) == 0) {
		uint64_t next_ns;

		now_ns = clock_boottime_ns();
		next_ns = min_u64(engine_next_ns(p->engine, now_ns), bound_ns);
		if (next_ns > now_ns && !wait_for_readers(p, next_ns - now_ns))
			break;
		now_ns = clock_boottime_ns();
		/* Somebody else may have made it ready: no reason to stay. */
		if (!p->kernel_was_ready && kernel_ready())
			break;
	}
	/* What was gathered and not earned is still worth mixing. */
	if (p->engine->last_seed.at_ns == 0)
		engine_fresh(p->engine, false, now_ns);
	ready = kernel_ready();
	show_result(p, ready, clock_boottime_ns());
	if (ready)
		return 0;
	return p->kernel.last_error == -EPERM ||
			       p->kernel.last_error == -EACCES ?
		       3 :
		       1;
}
