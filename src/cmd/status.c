/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "cmd/cmd.h"

#define SOCKET_PATH "/run/aquifer/status.sock"
#define ANSWER_MAX_BYTES (256u << 10)
#define WAIT_S 3

static const char usage[] =
	"usage: aquifer status [--json] [--socket PATH] [--reseed]\n"
	"\n"
	"What the running aquiferd has done: its lanes, what each has earned, what the\n"
	"last seed rests on, what the kernel took. --reseed (root) asks it to collect a\n"
	"new seed and feed the kernel now.\n"
	"\n"
	"exit: 0; 1 the daemon refused, or has no seed yet; 3 no daemon answers.\n";

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval wait = { .tv_sec = WAIT_S };
	int fd, r;

	if (strlen(path) >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* The latter bounds connect(2) too, where many wait in the queue. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
		r = -errno;
		fd_close(&fd);
		return r;
	}
	return fd;
}

/* Returns the document, owned by the caller, or NULL with *ret_error. */
static json_t *ask(const char *path, const char *request, int *ret_error)
{
	char *text = malloc(ANSWER_MAX_BYTES);
	json_t *doc = NULL;
	ssize_t n = -ENOMEM;
	int fd = connect_to(path), r;

	*ret_error = fd;
	if (fd < 0 || !text)
		goto out;
	r = fd_write_all(fd, request, strlen(request));
	n = r < 0 ? r : fd_read_some(fd, text, ANSWER_MAX_BYTES);
	*ret_error = n < 0 ? (int)n : -EBADMSG;
	if (n > 0)
		doc = json_loadb(text, (size_t)n, JSON_DISABLE_EOF_CHECK, NULL);
out:
	fd_close(&fd);
	free(text);
	return doc;
}

static const char *str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static long long num(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static double real(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key));
}

static bool yes(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

static const char *age(double seconds, char buf[32])
{
	if (seconds < 120)
		(void)snprintf(buf, 32, "%.0f s", seconds);
	else if (seconds < 7200)
		(void)snprintf(buf, 32, "%.0f min", seconds / 60);
	else if (seconds < 172800)
		(void)snprintf(buf, 32, "%.1f h", seconds / 3600);
	else
		(void)snprintf(buf, 32, "%.1f days", seconds / 86400);
	return buf;
}

static void show_lane(const json_t *l)
{
	const char *state = str(l, "state"), *behind = str(l, "behind");
	bool good = strcmp(state, "believed") == 0 ||
		    strcmp(state, "spent") == 0;
	bool bad = strcmp(state, "failed") == 0 ||
		   strcmp(state, "stalled") == 0 ||
		   strcmp(state, "dropped") == 0;
	const char *test;
	json_t *count;

	text_put(stdout, TONE_STRONG, 12, "%s", str(l, "name"));
	text_put(stdout, TONE_PLAIN, 9, " %s", str(l, "domain"));
	text_put(stdout,
		 good ? TONE_GOOD :
		 bad  ? TONE_BAD :
			TONE_WEAK,
		 10, "%s", state);
	(void)printf("%10lld bytes %9lld bits  ", num(l, "raw_bytes"),
		     num(l, "credited_bits"));
	if (str(l, "reason")[0])
		text_wrap(stdout, 60, TONE_PLAIN, str(l, "reason"));
	else
		(void)printf("%s\n", behind);
	json_object_foreach (json_object_get(l, "health_failures"), test, count)
		(void)printf("%*sfailed %s %lld times\n", 32, "", test,
			     (long long)json_integer_value(count));
}

static void show_seed(const json_t *doc)
{
	const json_t *seed = json_object_get(doc, "seed");
	const char *domain, *gap = "";
	char buf[32];
	json_t *bits;

	text_put(stdout, TONE_STRONG, 14, "seed");
	if (!json_is_object(seed)) {
		(void)printf("none yet: still collecting\n");
		return;
	}
	(void)printf("%s ago, from ", age(real(seed, "age_s"), buf));
	json_object_foreach (json_object_get(seed, "domains_bits"), domain,
			     bits) {
		(void)printf("%s%s %lld bits", gap, domain,
			     (long long)json_integer_value(bits));
		gap = ", ";
	}
	if (str(seed, "one_domain")[0])
		text_put(stdout, TONE_BAD, 0, " (one domain: %s)",
			 str(seed, "one_domain"));
	(void)printf("; %s ended the wait\n", str(seed, "wait_ended_by"));
}

static void show_kernel(const json_t *doc)
{
	const json_t *k = json_object_get(doc, "kernel");
	double ready_after_s = real(k, "ready_after_s");
	char buf[32];

	text_put(stdout, TONE_STRONG, 14, "kernel");
	text_put(stdout, yes(k, "ready") ? TONE_GOOD : TONE_BAD, 0, "%s",
		 yes(k, "ready") ? "ready" : "not ready");
	if (yes(k, "ready_before_start"))
		(void)printf(" (before aquiferd started)");
	else if (ready_after_s > 0)
		(void)printf(" (%.0f ms after aquiferd started)",
			     ready_after_s * 1000);
	(void)printf("; took %lld bytes in %lld feeds, %lld bits credited",
		     num(k, "fed_bytes"), num(k, "feeds"),
		     num(k, "credited_bits"));
	if (num(k, "feeds") > 0)
		(void)printf("; last %s ago: %s",
			     age(real(k, "last_feed_age_s"), buf),
			     str(k, "rekey"));
	(void)printf("\n");
	if (str(k, "error")[0])
		(void)printf("%14slast error: %s\n", "", str(k, "error"));
}

static void show(const json_t *doc)
{
	const json_t *lanes = json_object_get(doc, "lanes"), *lane;
	double next_s = real(doc, "next_seed_s");
	char buf[32];
	size_t i;

	text_put(stdout, TONE_STRONG, 14, "aquiferd");
	(void)printf("%s, up %s, %.0f ms of CPU; ", str(doc, "version"),
		     age(real(doc, "uptime_s"), buf), real(doc, "cpu_s") * 1000);
	if (yes(doc, "collecting"))
		(void)printf("collecting a seed now\n");
	else
		(void)printf("next seed in %s\n", age(next_s, buf));
	if (yes(doc, "stopped_by_policy"))
		text_put(stdout, TONE_BAD, 0,
			 "%14screditing is stopped: a lane "
			 "with policy 'stop' failed\n",
			 "");
	if (yes(json_object_get(doc, "drbg"), "stale"))
		(void)printf("%14sa restore was noticed: a credited seed is still "
			     "due\n",
			     "");
	show_seed(doc);
	show_kernel(doc);
	(void)printf("\n");
	text_put(stdout, TONE_STRONG, 0, "%-12s %-9s%-10s%16s %14s  %s\n",
		 "lane", "domain", "state", "raw", "credited", "behind it");
	json_array_foreach (lanes, i, lane)
		show_lane(lane);
}

static int no_daemon(const char *path, int error)
{
	if (error == -ENOENT || error == -ECONNREFUSED)
		return cmd_fail(&command_status, EXIT_MACHINE,
				"%s: no aquiferd "
				"is running here; start it with 'systemctl "
				"start aquiferd'",
				path);
	if (error == -EAGAIN)
		return cmd_fail(&command_status, EXIT_MACHINE,
				"%s: aquiferd "
				"did not answer within %d s",
				path, WAIT_S);
	return cmd_fail(&command_status, EXIT_MACHINE, "%s: %s", path,
			strerror(-error));
}

static int run(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "reseed", no_argument, NULL, 'r' },
		{ "socket", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = SOCKET_PATH;
	bool json = false, reseed = false;
	int c, error, code;
	json_t *doc;

	opterr = 0; /* the message is ours */
	while ((c = getopt_long(argc, argv, "jrs:", longs, NULL)) >= 0) {
		if (c == '?')
			return cmd_usage(&command_status, "unknown option");
		json |= c == 'j';
		reseed |= c == 'r';
		path = c == 's' ? optarg : path;
	}
	if (optind < argc)
		return cmd_usage(&command_status, "unknown argument '%s'",
				 argv[optind]);
	cmd_catch_interrupt();
	doc = ask(path, reseed ? "reseed\n" : "status\n", &error);
	if (!doc)
		return no_daemon(path, error);
	code = json_object_get(doc, "error") ||
			       (!reseed &&
				json_is_null(json_object_get(doc, "seed"))) ?
		       EXIT_NO :
		       EXIT_YES;
	if (json)
		(void)json_dumpf(doc, stdout,
				 JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	else if (json_object_get(doc, "error"))
		(void)cmd_fail(&command_status, code, "%s", str(doc, "error"));
	else if (reseed)
		(void)printf("%s", str(doc, "ok"));
	else
		show(doc);
	if (json || reseed)
		(void)printf("\n");
	json_decref(doc);
	return code;
}

const struct command command_status = {
	.name = "status",
	.summary = "what the running aquiferd has done",
	.usage = usage,
	.run = run,
};
