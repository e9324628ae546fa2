/* SPDX-License-Identifier: ISC */
/* slow-services: who waited for the generator when this machine started. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "doctor/boot_parts.h"

/* From here on people notice, and time limits of services come near. */
#define SLOW_S 10.0
/* A start that was held up for less is lost in the noise. */
#define WAIT_MIN_S 1.0

#define JOURNAL_COMMAND \
	"journalctl -b -o short-monotonic -g " \
	"'crng init done|entropy pool|crypto/rand|Starting |Started |Finished '"

/* The longest anybody can have waited; NAN where it is not told. */
static double bound_s(const struct boot_log *log)
{
	if (log->error != 0 || !log->ready_seen)
		return NAN;
	return log->ready_s <= log->user_s ? 0 : log->ready_s - log->user_s;
}

static void show_slow(const struct boot_services *s, const struct boot_slow *e,
		      struct finding *f)
{
	const char *how = e->said ? "says so" :
				    "its start ended when the generator "
				    "became ready";

	if (isnan(e->waited_s))
		finding_evidence(f, s->state.path, "%s waited (%s)", e->unit,
				 how);
	else
		finding_evidence(f, s->state.path, "%s waited %.0f s (%s)",
				 e->unit, e->waited_s, how);
}

static void say_slow(const struct machine *m, double bound, struct finding *f)
{
	const struct boot_services *s = &m->boot->services;
	double longest = 0;

	for (size_t i = 0; i < s->count; i++) {
		double w = s->at[i].waited_s;

		show_slow(s, &s->at[i], f);
		if (isnan(w) && !isnan(bound))
			w = bound;
		if (w > longest)
			longest = w;
	}
	if (longest >= SLOW_S)
		finding_say(f, SEVERITY_WARN,
			    "%zu service%s waited up to %.0f s for the "
			    "generator: %s",
			    s->count, s->count == 1 ? "" : "s", longest,
			    s->at[0].unit);
	else
		finding_say(f, SEVERITY_INFO,
			    "%zu service%s waited for the generator, not for "
			    "long: %s",
			    s->count, s->count == 1 ? "" : "s", s->at[0].unit);
	if (longest >= SLOW_S) {
		finding_why(f, "The start of this machine was held up by the "
			       "want of entropy, and will be again.");
		boot_advise(m, f);
	}
}

static void say_bound(const struct machine *m, double bound, struct finding *f)
{
	const struct boot_log *log = &m->boot->log;

	finding_evidence(f, log->state.path,
			 "ready at %.6f s, user space began at %.6f s",
			 log->ready_s, log->user_s);
	if (bound < WAIT_MIN_S)
		finding_say(f, SEVERITY_OK,
			    bound > 0 ? "nothing can have waited as long as a "
					"second" :
					"nothing waited: the generator was "
					"ready before user space began");
	else if (bound < SLOW_S)
		finding_say(f, SEVERITY_INFO,
			    "services may have waited, up to %.1f s", bound);
	else
		finding_say(f, SEVERITY_UNKNOWN,
			    "services may have waited up to %.0f s; which did "
			    "is not seen",
			    bound);
	if (bound >= WAIT_MIN_S) {
		finding_fix(f, FIX_GUEST, "What each did in that time:");
		finding_command(f, FIX_GUEST, "%s", JOURNAL_COMMAND);
	}
}

static void say_unknown(const struct machine *m, struct finding *f)
{
	finding_say(f, SEVERITY_UNKNOWN,
		    "whether services waited for the generator is not seen");
	if (m->boot->services.journal)
		finding_evidence(f, "/var/log/journal",
				 "the journal's own files, which only "
				 "journalctl reads");
	boot_log_unseen(m, f);
	finding_command(f, FIX_GUEST, "%s", JOURNAL_COMMAND);
}

bool boot_judge_services(const struct machine *m, struct finding *f)
{
	const struct boot_services *s;
	double bound;

	if (m->boot == NULL)
		return false;
	s = &m->boot->services;
	bound = bound_s(&m->boot->log);
	if (s->startup[0] != '\0')
		finding_evidence(f, s->state.path, "%s", s->startup);
	if (s->count > 0) {
		say_slow(m, bound, f);
	} else if (s->error == 0 && s->times_usable && s->n_units > 0 &&
		   s->state.from_start) {
		finding_say(f, SEVERITY_OK,
			    "no service waited for the generator");
		finding_evidence(f, s->state.path,
				 "%zu starts of units looked "
				 "at",
				 s->n_units);
	} else if (!isnan(bound)) {
		say_bound(m, bound, f);
	} else if (s->journal || s->error == -EACCES || s->error == -EPERM ||
		   m->boot->log.error == -EACCES ||
		   m->boot->log.error == -EPERM) {
		say_unknown(m, f);
	} else {
		return false;
	}
	return true;
}
