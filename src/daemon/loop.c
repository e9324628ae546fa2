/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "daemon/notify.h"
#include "daemon/others.h"
#include "daemon/parts.h"
#include "daemon/status.h"
#include "daemon/suspicion.h"

/* Clocks are compared, and the watchdog told, at least so often. */
#define TICK_MS 30000

struct loop {
	uv_loop_t uv;
	uv_timer_t step_timer;
	uv_timer_t tick_timer;
	uv_poll_t control;
	uv_poll_t kmsg;
	uv_poll_t readers;
	int kmsg_fd;
	bool stopping;
	bool announced;
	struct clocks clocks;
	struct parts *parts;
};

static struct loop loop; /* libuv's handles need a fixed place */

static void step(void);

static void on_step_timer(uv_timer_t *timer)
{
	(void)timer;
	step();
}

static void on_readers(uv_poll_t *handle, int status, int events)
{
	uint64_t count;

	(void)handle;
	(void)status;
	(void)events;
	(void)!read(loop.parts->env.event_fd, &count, sizeof count);
	step();
}

static void announce(struct parts *p, uint64_t now_ns)
{
	char status[200];

	if (p->kernel_ready_ns == 0 && kernel_ready()) {
		p->kernel_ready_ns = now_ns;
		if (!p->kernel_was_ready)
			log_info("the kernel is ready, %.0f ms after start",
				 (double)(now_ns - p->start_ns) / 1e6);
	}
	(void)snprintf(status, sizeof status,
		       "STATUS=%s, kernel %s, %llu feeds, %llu bits credited",
		       p->engine->drbg.seeded ? "seeded" : "collecting",
		       p->kernel_ready_ns ? "ready" : "not ready",
		       (unsigned long long)p->kernel.fed_count,
		       (unsigned long long)p->kernel.credit_bits);
	notify_send(p->notify_fd, status);
}

/* One log line for the first seed; later ones are in the status. */
static void note_seed(struct parts *p, uint64_t now_ns)
{
	const struct engine *e = p->engine;
	const struct engine_seed *s = &e->last_seed;

	if (!loop.announced) {
		loop.announced = true;
		log_info("first seed after %.1f ms, from %u domain%s; %s ended "
			 "the wait; the kernel took %llu bits, %s",
			 (double)(now_ns - p->start_ns) / 1e6, s->domain_count,
			 s->domain_count == 1 ? " (one domain)" : "s",
			 e->lanes[s->ended_by].name,
			 (unsigned long long)p->kernel.credit_bits,
			 p->kernel.last_error < 0 ?
				 strerror(-p->kernel.last_error) :
				 rekey_result_name(p->kernel.rekey));
	}
	announce(p, now_ns);
}

static void step(void)
{
	struct parts *p = loop.parts;
	uint64_t now_ns = clock_boottime_ns(), next_ns, wait_ms = 0;

	if (loop.stopping)
		return;
	if (engine_step(p->engine, now_ns) > 0)
		note_seed(p, now_ns);
	now_ns = clock_boottime_ns();
	next_ns = engine_next_ns(p->engine, now_ns);
	if (next_ns == UINT64_MAX) {
		(void)uv_timer_stop(&loop.step_timer);
		return;
	}
	/* Rounded up: a timer that fires early would step for nothing. */
	if (next_ns > now_ns)
		wait_ms = (next_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;
	uv_update_time(&loop.uv);
	(void)uv_timer_start(&loop.step_timer, on_step_timer, wait_ms, 0);
}

static void fresh(bool certain, const char *why)
{
	struct parts *p = loop.parts;

	log_warn("%s: mixing a fresh seed and re-keying the kernel", why);
	if (certain) {
		int r = priv_generation_bump(p->request_fd);

		if (r < 0)
			log_warn("the generation could not be published: %s",
				 strerror(-r));
	}
	engine_fresh(p->engine, certain, clock_boottime_ns());
	step();
}

static void on_tick(uv_timer_t *timer)
{
	struct clocks now;
	enum suspicion s;

	(void)timer;
	clocks_read(&now);
	s = suspicion_judge(&loop.clocks, &now);
	loop.clocks = now;
	if (s == SUSPICION_SUSPEND)
		fresh(false, "the machine was suspended");
	else if (s == SUSPICION_JUMP)
		fresh(false, "the clock jumped (a restore?)");
	notify_send(loop.parts->notify_fd, "WATCHDOG=1");
}

static void on_kmsg(uv_poll_t *handle, int status, int events)
{
	char line[8192];
	bool fork = false;

	(void)events;
	if (status < 0) {
		(void)uv_poll_stop(handle);
		return;
	}
	/* Bounded: a flood of lines must not keep the engine from its work. */
	for (int i = 0; i < 64; i++) {
		ssize_t n = read(loop.kmsg_fd, line, sizeof line);

		/* EPIPE: lines were overwritten before they were read. */
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		fork |= suspicion_is_vm_fork(line, (size_t)n);
	}
	if (fork)
		fresh(true, "the kernel says that this VM was forked");
}

static void reseed_asked(struct parts *p)
{
	engine_collect(p->engine, clock_boottime_ns());
	(void)uv_timer_start(&loop.step_timer, on_step_timer, 0, 0);
}

static void stop(void)
{
	loop.stopping = true;
	notify_send(loop.parts->notify_fd, "STOPPING=1");
	uv_stop(&loop.uv);
}

static void on_control(uv_poll_t *handle, int status, int events)
{
	struct parts *p = loop.parts;
	struct config config;
	ssize_t n;
	int r;

	(void)handle;
	(void)status;
	(void)events;
	n = recv(p->control_fd, &config, sizeof config, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof config) {
		/* The privileged part has closed: time to end. */
		stop();
		return;
	}
	r = parts_reload(p, &config);
	if (r < 0)
		log_error("the new configuration could not be put in force: "
			  "%s; the old one stays",
			  strerror(-r));
	else
		log_info("configuration reloaded");
	(void)uv_timer_start(&loop.step_timer, on_step_timer, 0, 0);
}

static void watch_kmsg(struct parts *p)
{
	int row = priv_table_find(&p->table, "/dev/kmsg");

	loop.kmsg_fd = priv_reopen(p->request_fd, (unsigned)row);
	if (loop.kmsg_fd < 0) {
		log_info("the kernel's log cannot be followed (%s): a VM fork "
			 "is noticed by its clocks alone",
			 strerror(-loop.kmsg_fd));
		return;
	}
	/* What was said before this start is history. */
	(void)lseek(loop.kmsg_fd, 0, SEEK_END);
	if (uv_poll_init(&loop.uv, &loop.kmsg, loop.kmsg_fd) == 0)
		(void)uv_poll_start(&loop.kmsg, UV_READABLE, on_kmsg);
}

/* Half of what the manager allows, at least 1: 0 would tick only once. */
static uint64_t tick_ms(uint64_t watchdog_ns)
{
	return watchdog_ns ?
		       max_u64(1, min_u64(TICK_MS, watchdog_ns / NS_PER_MS / 2)) :
		       TICK_MS;
}

static void name_others(void)
{
	char names[128];
	unsigned n = others_find("", names, sizeof names);

	if (n > 0)
		log_info("%s %s running too and left alone: one that feeds the "
			 "kernel is enough",
			 names, n == 1 ? "is" : "are");
}

int loop_run(struct parts *p)
{
	int r;

	loop.parts = p;
	/* A fixed seed: keys are our own words, and no random byte is drawn. */
	json_object_seed(1);
	clocks_read(&loop.clocks);
	r = uv_loop_init(&loop.uv);
	if (r == 0)
		r = uv_timer_init(&loop.uv, &loop.step_timer);
	if (r == 0)
		r = uv_timer_init(&loop.uv, &loop.tick_timer);
	if (r == 0)
		r = uv_timer_start(&loop.tick_timer, on_tick,
				   tick_ms(p->watchdog_ns),
				   tick_ms(p->watchdog_ns));
	if (r == 0)
		r = uv_poll_init(&loop.uv, &loop.control, p->control_fd);
	if (r == 0)
		r = uv_poll_start(&loop.control, UV_READABLE, on_control);
	if (r == 0)
		r = uv_poll_init(&loop.uv, &loop.readers, p->env.event_fd);
	if (r == 0)
		r = uv_poll_start(&loop.readers, UV_READABLE, on_readers);
	if (r == 0 && p->status_fd >= 0)
		r = status_serve_start(&loop.uv, p->status_fd, p, reseed_asked);
	if (r < 0) {
		log_error("the event loop: %s", uv_strerror(r));
		return 3;
	}
	watch_kmsg(p);
	name_others();
	/* Nothing waits for a seed: the daemon is ready when it works at it. */
	notify_send(p->notify_fd, "READY=1");
	step();
	(void)uv_run(&loop.uv, UV_RUN_DEFAULT);
	return 0;
}
