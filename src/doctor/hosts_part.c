/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

/* A title names a few, the evidence the rest. */
#define NAMES_IN_TITLE 3
/* Of guests that are well a sample is enough. */
#define EVIDENCE_OF_WELL 12
#define EVIDENCE_OF_ILL 48

void hosts_append(char *text, size_t cap_bytes, const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + len, cap_bytes - len, format, args);
	va_end(args);
}

void hosts_where(const struct host_guest *g, char *ret_text, size_t cap_bytes)
{
	const char *between = " (";

	(void)snprintf(ret_text, cap_bytes, "%s", g->name);
	if (g->pid > 0) {
		hosts_append(ret_text, cap_bytes, "%s/proc/%d/cmdline", between,
			     (int)g->pid);
		between = ", ";
	}
	if (g->running_file[0] != '\0') {
		hosts_append(ret_text, cap_bytes, "%s%s", between,
			     g->running_file);
		between = ", ";
	}
	if (g->defined_file[0] != '\0') {
		hosts_append(ret_text, cap_bytes, "%s%s", between,
			     g->defined_file);
		between = ", ";
	}
	hosts_append(ret_text, cap_bytes, "%s", between[0] == ',' ? ")" : "");
}

const char *hosts_shell_name(const struct host_guest *g)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

	if (g->name[0] == '\0' || g->name[0] == '-' ||
	    g->name[strspn(g->name, safe)] != '\0')
		return "GUEST";
	return g->name;
}

static bool needs_root(int error)
{
	return error == EACCES || error == EPERM;
}

static void say_gap(struct finding *f, const struct hosts_gap *gap,
		    const char *what)
{
	if (gap->count == 0)
		return;
	finding_say(f, SEVERITY_UNKNOWN, "%s could not be read%s", what,
		    needs_root(gap->error) ? ": needs root" : "");
	finding_evidence(f, gap->path, "%s%s", strerror(gap->error),
			 gap->count > 1 ? ", and others" : "");
	if (needs_root(gap->error))
		finding_command(f, FIX_HOST, "sudo aquifer doctor --host");
	else
		finding_fix(f, FIX_HOST, "See why %s cannot be read.",
			    gap->path);
}

void hosts_say_gaps(const struct machine *m, struct finding *f)
{
	const struct hosts_facts *h = m->hosts;

	if (h->proc_hidden && !m->privileged) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "processes of other users are hidden (hidepid): "
			    "needs root");
		finding_command(f, FIX_HOST, "sudo aquifer doctor --host");
	}
	say_gap(f, &h->processes, "some process's command line");
	say_gap(f, &h->domains, "some libvirt domain");
	if (h->guests_more)
		finding_say(f, SEVERITY_UNKNOWN,
			    "only the first %zu guests were looked at",
			    h->n_guests);
}

static void say_issue(const struct host_question *q, size_t i,
		      const struct hosts_facts *h, const unsigned *bits,
		      size_t n_guests, struct finding *f)
{
	const struct host_issue *issue = &q->issues[i];
	const struct host_guest *first = NULL;
	char names[128] = "";
	size_t count = 0;

	for (size_t k = 0; k < n_guests; k++) {
		if ((bits[k] & HOST_ISSUE(i)) == 0)
			continue;
		if (!first)
			first = &h->guests[k];
		if (count++ < NAMES_IN_TITLE)
			hosts_append(names, sizeof names, "%s%.32s",
				     count > 1 ? ", " : "", h->guests[k].name);
	}
	if (count == 0)
		return;
	if (count == 1)
		finding_say(f, issue->severity, "%s: guest %s", issue->text,
			    names);
	else
		finding_say(f, issue->severity, "%s: %zu of %zu guests (%s%s)",
			    issue->text, count, h->n_guests, names,
			    count > NAMES_IN_TITLE ? ", ..." : "");
	if (issue->why)
		finding_why(f, "%s", issue->why);
	if (issue->fix)
		issue->fix(f, h, first);
}

static void show_evidence(const struct host_question *q, size_t i,
			  const struct hosts_facts *h, unsigned *bits,
			  size_t n_guests, struct finding *f)
{
	size_t left = q->issues[i].severity >= SEVERITY_UNKNOWN ?
			      EVIDENCE_OF_ILL :
			      EVIDENCE_OF_WELL;

	for (size_t k = 0; k < n_guests && left > 0; k++) {
		char where[700], text[400] = "";

		if ((bits[k] & HOST_ISSUE(i)) == 0)
			continue;
		/* Shown once, under the worst. */
		bits[k] = 0;
		hosts_where(&h->guests[k], where, sizeof where);
		q->describe(h, &h->guests[k], text, sizeof text);
		finding_evidence(f, where, "%s", text);
		left--;
	}
}

bool hosts_ask(const struct machine *m, const struct host_question *q,
	       struct finding *f)
{
	const struct hosts_facts *h = m->hosts;
	unsigned bits[HOSTS_MAX_GUESTS];
	size_t n = h ? min_size(h->n_guests, HOSTS_MAX_GUESTS) : 0;

	if (n == 0)
		return false;
	for (size_t k = 0; k < n; k++)
		bits[k] = q->judge(h, &h->guests[k]);
	for (size_t i = 0; i < q->n_issues; i++)
		say_issue(q, i, h, bits, n, f);
	for (size_t i = 0; i < q->n_issues; i++)
		show_evidence(q, i, h, bits, n, f);
	hosts_say_gaps(m, f);
	return f->title != NULL;
}
