/* SPDX-License-Identifier: ISC */
/*
 * The text of a log, looked at twice: where does its last boot begin; then line
 * by line.
 */
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/log_boot.h"

/* printk's clock may step back a little from one CPU to another. */
#define STEP_BACK_S 10.0

static void boot_begins(struct log_boot *b, size_t at)
{
	memset(b, 0, sizeof *b);
	b->from_bytes = at;
	b->first_s = b->last_s = NAN;
}

/* line_end - of the line that begins at p: its newline, or end. */
static char *line_end(char *p, char *end)
{
	char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl == NULL ? end : nl;
}

static void scan_line(struct log_boot *b, char *head, size_t at)
{
	static const char version[] = "Linux version ";
	struct log_line line;

	if (strncmp(head, "-- Boot ", 8) == 0 ||
	    strcmp(head, "-- Reboot --") == 0)
		boot_begins(b, at);
	if (!probe_log_line_parse(head, &line) || !line.kernel)
		return;
	if (strncmp(line.text, version, sizeof version - 1) == 0) {
		boot_begins(b, at);
		b->has_version = kernel_version_parse(
			line.text + sizeof version - 1, &b->version);
	} else if (line.time_s < b->last_s - STEP_BACK_S) {
		boot_begins(b, at);
	}
	b->n_kernel++;
	if (isnan(line.time_s))
		return;
	b->last_s = line.time_s;
	if (!(b->first_s <= line.time_s))
		b->first_s = line.time_s;
}

void log_scan(char *text, size_t len, struct log_boot *ret_boot)
{
	char *end = text + len;

	boot_begins(ret_boot, 0);
	for (char *p = text, *nl; p < end; p = nl + 1) {
		char head[256];
		size_t n;

		nl = line_end(p, end);
		n = min_size((size_t)(nl - p), sizeof head - 1);
		memcpy(head, p, n);
		head[n] = '\0';
		scan_line(ret_boot, head, (size_t)(p - text));
	}
}

static void walk(char *text, size_t len, const struct log_boot *b,
		 struct log_state *state, probe_log_fn *each, void *context)
{
	char *end = text + len;

	for (char *p = text + b->from_bytes, *nl; p < end; p = nl + 1) {
		struct log_line line;

		nl = line_end(p, end);
		for (char *c = p; c < nl; c++)
			if (*c == '\0')
				*c = '?';
		*nl = '\0';
		if (!probe_log_line_parse(p, &line))
			continue;
		state->n_lines++;
		if (!each(context, &line))
			return;
	}
}

void log_state_clear(struct log_state *state)
{
	memset(state, 0, sizeof *state);
	state->first_s = state->last_s = NAN;
}

void log_skip_partial(char **text, size_t *len)
{
	char *nl = memchr(*text, '\n', *len);
	size_t n = nl == NULL ? *len : (size_t)(nl + 1 - *text);

	*text += n;
	*len -= n;
}

void log_show(char *text, size_t len, bool cut, const struct log_boot *b,
	      struct log_state *state, probe_log_fn *each, void *context)
{
	state->first_s = b->first_s;
	state->last_s = b->last_s;
	state->from_start = b->has_version ||
			    (!cut && b->from_bytes == 0 && b->first_s <= 0);
	walk(text, len, b, state, each, context);
}

void probe_log_parse(char *text, size_t len_bytes, bool cut,
		     struct log_state *ret_state, probe_log_fn *each,
		     void *context)
{
	struct log_boot b;

	log_state_clear(ret_state);
	if (cut)
		log_skip_partial(&text, &len_bytes);
	log_scan(text, len_bytes, &b);
	log_show(text, len_bytes, cut, &b, ret_state, each, context);
}
