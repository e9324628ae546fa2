/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/cmd.h"
#include "probe/platform.h"

const struct source_env *cmd_env(void)
{
	static struct platform platform;
	static struct source_env env = { .root = "",
					 .now_ns = clock_boottime_ns,
					 .event_fd = -1 };

	if (!env.platform) {
		probe_platform(probe_root_live(), &platform);
		env.platform = &platform;
	}
	return &env;
}

int cmd_fail(const struct command *c, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fprintf(stderr, "aquifer %s: ", c->name);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
	return code;
}

int cmd_usage(const struct command *c, const char *format, ...)
{
	const char *end = strchr(c->usage, '\n');
	va_list args;

	va_start(args, format);
	(void)fprintf(stderr, "aquifer %s: ", c->name);
	(void)vfprintf(stderr, format, args);
	(void)fprintf(stderr, "\n%.*s\n",
		      (int)(end ? end - c->usage : (long)strlen(c->usage)),
		      c->usage);
	va_end(args);
	return EXIT_USAGE;
}

int cmd_parse_count(const char *text, uint64_t *ret_count)
{
	static const char units[] = "kMGT";
	const char *unit;
	uint64_t n;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
	if (errno != 0 || (*end && (!unit || end[1] != '\0')))
		return -EINVAL;
	for (long i = 0; unit && i <= unit - units; i++) {
		if (n > UINT64_MAX / 1024)
			return -EINVAL;
		n *= 1024;
	}
	*ret_count = n;
	return 0;
}

json_t *cmd_json_text(const char *text)
{
	json_t *whole = json_string(text);
	char ascii[256];
	size_t i;

	if (whole)
		return whole;
	for (i = 0; text[i] && i < sizeof ascii - 1; i++)
		ascii[i] = (char)((unsigned char)text[i] < 0x80 ? text[i] : '?');
	ascii[i] = '\0';
	return json_string(ascii);
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

void cmd_catch_interrupt(void)
{
	/* Without SA_RESTART: a wait ends, and the flag is looked at. */
	const struct sigaction action = { .sa_handler = on_signal };

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

bool cmd_interrupted(void)
{
	return interrupted != 0;
}
