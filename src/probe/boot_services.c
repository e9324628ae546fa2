/* SPDX-License-Identifier: ISC */
/*
 * Who waited for the generator, by the system's log: those that say so, and
 * units of systemd whose start ended when the generator became ready.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot_parts.h"

#define PENDING_MAX 128
#define DONE_MAX 256
/* A start that was held up for less is not looked for. */
#define WAIT_MIN_S 1.0
/* A unit that waited goes on at once; a busy boot takes a moment. */
#define END_AFTER_S 1.5

/* A start that is not over, or is; in the log's clock. */
struct job {
	char unit[80];
	double from_s, to_s;
};

struct walk {
	struct boot_services *s;
	struct job pending[PENDING_MAX], done[DONE_MAX];
	size_t n_pending, n_done;
	bool offset_known;
	double offset_s; /* wall clock less the kernel's, of the first line */
	bool ready_seen;
	double ready_time_s, ready_wall_s;
};

static const char *after(const char *text, const char *what)
{
	size_t n = strlen(what);

	return strncmp(text, what, n) == 0 ? text + n : NULL;
}

static struct boot_slow *add(struct boot_services *s, const char *unit)
{
	struct boot_slow *e;

	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->at[i].unit, unit) == 0)
			return &s->at[i];
	if (s->count == ARRAY_LEN(s->at)) {
		s->more = true;
		return NULL;
	}
	e = &s->at[s->count++];
	(void)snprintf(e->unit, sizeof e->unit, "%s", unit);
	e->waited_s = NAN;
	return e;
}

static void said_so(struct boot_services *s, const char *ident, double waited_s)
{
	struct boot_slow *e = add(s, ident[0] == '\0' ? "(not named)" : ident);

	if (e == NULL)
		return;
	e->said = true;
	if (!(e->waited_s >= waited_s))
		e->waited_s = waited_s;
}

/* Programs that tell, in their own words. */
static bool said(struct boot_services *s, const struct log_line *l)
{
	static const char go[] = "crypto/rand: blocked for ";
	const char *p = strstr(l->text, go);

	if (p != NULL) {
		said_so(s, l->ident,
			(double)strtoul(p + sizeof go - 1, NULL, 10));
		return true;
	}
	if (strstr(l->text, "Kernel entropy pool is not initialized yet, "
			    "waiting") == NULL)
		return false;
	said_so(s, l->ident, NAN);
	return true;
}

/* "ssh.service - OpenBSD Secure Shell server." or the description alone. */
static void unit_name(char *ret_unit, size_t cap_bytes, const char *text)
{
	const char *dash = strstr(text, " - ");
	size_t n = dash != NULL ? (size_t)(dash - text) : strlen(text);

	while (n > 0 && text[n - 1] == '.')
		n--;
	n = min_size(n, cap_bytes - 1);
	memcpy(ret_unit, text, n);
	ret_unit[n] = '\0';
}

static void started(struct walk *w, const char *text, double at_s)
{
	char unit[sizeof w->pending[0].unit];

	unit_name(unit, sizeof unit, text);
	for (size_t i = 0; i < w->n_pending; i++) {
		struct job *j = &w->pending[i];

		if (strcmp(j->unit, unit) != 0)
			continue;
		j->to_s = at_s;
		w->s->n_units++;
		if (j->to_s - j->from_s >= WAIT_MIN_S && w->n_done < DONE_MAX)
			w->done[w->n_done++] = *j;
		*j = w->pending[--w->n_pending];
		return;
	}
}

static void systemd_line(struct walk *w, const char *text, double at_s)
{
	static const char *const ends[] = { "Started ", "Finished ",
					    "Failed to start " };
	const char *p = after(text, "Starting ");

	if (after(text, "Startup finished in ") != NULL)
		(void)snprintf(w->s->startup, sizeof w->s->startup, "%s", text);
	if (isnan(at_s))
		return;
	if (p != NULL && w->n_pending < PENDING_MAX) {
		struct job *j = &w->pending[w->n_pending++];

		unit_name(j->unit, sizeof j->unit, p);
		j->from_s = at_s;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		p = after(text, ends[i]);
		if (p != NULL)
			started(w, p, at_s);
	}
}

static void kernel_line(struct walk *w, const struct log_line *l)
{
	if (!w->offset_known && !isnan(l->wall_s) && !isnan(l->time_s)) {
		w->offset_known = true;
		w->offset_s = l->wall_s - l->time_s;
	}
	if (w->ready_seen || after(l->text, "random: ") == NULL ||
	    (strstr(l->text, "crng init done") == NULL &&
	     strstr(l->text, "crng done (") == NULL))
		return;
	w->ready_seen = true;
	w->ready_time_s = l->time_s;
	w->ready_wall_s = l->wall_s;
}

static bool line(void *context, const struct log_line *l)
{
	struct walk *w = context;

	if (l->kernel)
		kernel_line(w, l);
	else if (!said(w->s, l) && strcmp(l->ident, "systemd") == 0)
		systemd_line(w, l->text,
			     isnan(l->wall_s) ? l->time_s : l->wall_s);
	return true;
}

/*
 * A syslog daemon that starts late stamps all that the kernel said so far with
 * one time: the kernel's own clock must run beside the log's.
 */
static bool times_usable(const struct walk *w)
{
	if (!w->ready_seen)
		return false;
	if (isnan(w->ready_wall_s))
		return !isnan(w->ready_time_s);
	return w->offset_known && !isnan(w->ready_time_s) &&
	       fabs(w->ready_wall_s - w->ready_time_s - w->offset_s) <= 2;
}

static void compare(struct walk *w)
{
	double ready_s = isnan(w->ready_wall_s) ? w->ready_time_s :
						  w->ready_wall_s;

	w->s->times_usable = times_usable(w);
	for (size_t i = 0; w->s->times_usable && i < w->n_done; i++) {
		const struct job *j = &w->done[i];
		struct boot_slow *e;

		if (j->from_s > ready_s - WAIT_MIN_S || j->to_s < ready_s ||
		    j->to_s > ready_s + END_AFTER_S)
			continue;
		e = add(w->s, j->unit);
		if (e != NULL && isnan(e->waited_s))
			e->waited_s = ready_s - j->from_s;
	}
}

void probe_boot_services(const struct probe_root *root,
			 struct boot_services *ret_services)
{
	struct walk *w = calloc(1, sizeof *w);

	ret_services->journal = probe_log_has_journal(root);
	if (w == NULL) {
		ret_services->error = -ENOMEM;
		return;
	}
	w->s = ret_services;
	ret_services->error = probe_log_each(root, LOG_OF_SYSTEM,
					     &ret_services->state, line, w);
	compare(w);
	free(w);
}
