/* SPDX-License-Identifier: ISC */
/*
 * What the kernel's log says of its generator. The words of each generation:
 * docs/kernel-rng.md.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot_parts.h"

/* Ready, in the words of every generation. */
static const char *const ready_words[] = {
	"crng init done",
	"crng done (trusting",
	"nonblocking pool is initialized",
};

/* User space begins: the last lines of the kernel's own start. */
static const char *const user_words[] = {
	"Run /",
	"Freeing unused kernel",
	"Freeing init memory",
};

static const char *after(const char *text, const char *what)
{
	size_t n = strlen(what);

	return strncmp(text, what, n) == 0 ? text + n : NULL;
}

static double earlier(double a, double b)
{
	return a <= b || isnan(b) ? a : b;
}

struct walk {
	struct boot_log *log;
	struct boot_readers *readers;
};

static void generator_line(struct boot_log *log, struct boot_readers *readers,
			   const char *text, double time_s)
{
	log->random_lines++;
	for (size_t i = 0; i < ARRAY_LEN(ready_words); i++) {
		if (strstr(text, ready_words[i]) == NULL || log->ready_seen)
			continue;
		log->ready_seen = true;
		log->ready_s = time_s;
		log->trusting_cpu = strstr(text, "trusting CPU") != NULL;
		(void)snprintf(log->ready_text, sizeof log->ready_text,
			       "random: %s", text);
	}
	if (strstr(text, "fast init done") != NULL && isnan(log->fast_s))
		log->fast_s = time_s;
	(void)boot_reader_line(readers, text, time_s);
}

static bool line(void *context, const struct log_line *l)
{
	struct walk *w = context;
	const char *text;

	if (!l->kernel) {
		if (strcmp(l->ident, "systemd") != 0)
			return true;
		w->log->user_s = earlier(w->log->user_s, l->time_s);
		w->log->loader_credited |=
			strstr(l->text, "credited entropy passed from boot "
					"loader") != NULL;
		return true;
	}
	text = after(l->text, "random: ");
	if (text != NULL)
		generator_line(w->log, w->readers, text, l->time_s);
	else if (strstr(l->text, "urandom_read") != NULL &&
		 strstr(l->text, "callbacks suppressed") != NULL)
		(void)boot_reader_line(w->readers, l->text, l->time_s);
	for (size_t i = 0; i < ARRAY_LEN(user_words); i++)
		if (after(l->text, user_words[i]) != NULL)
			w->log->user_s = earlier(w->log->user_s, l->time_s);
	return true;
}

void probe_boot_log(const struct probe_root *root, struct boot_log *ret_log,
		    struct boot_readers *ret_readers)
{
	struct walk w = { ret_log, ret_readers };

	ret_log->ready_s = ret_log->fast_s = ret_log->user_s = NAN;
	ret_log->error = probe_log_each(root, LOG_OF_KERNEL, &ret_log->state,
					line, &w);
}
