/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/doctor.h"

/*
 * The kernel's own answer where it was asked, else what the check made of the
 * facts; the time is the log's.
 */
struct doctor_readiness doctor_readiness(const struct machine *m,
					 const struct report *r)
{
	struct doctor_readiness ready = { .known = false };

	if (m->kind == PROBE_IMAGE || m->host_wanted)
		return ready;
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];

		if (strcmp(f->id, "crng-ready") == 0) {
			ready.known = f->severity != SEVERITY_UNKNOWN;
			ready.ready = ready.known &&
				      f->severity != SEVERITY_CRITICAL;
		}
	}
	if (m->boot->live.known) {
		ready.known = true;
		ready.ready = m->boot->live.crng_ready;
	}
	ready.time_known = m->boot->log.ready_seen &&
			   !isnan(m->boot->log.ready_s);
	ready.ready_s = m->boot->log.ready_s;
	return ready;
}

static void family(FILE *f, const char *name, const char *help)
{
	(void)fprintf(f, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Ids, severities and verdicts are words of ours: nothing is to be escaped. */
void doctor_prometheus(FILE *f, const struct machine *m, const struct report *r)
{
	static const enum doctor_verdict verdicts[] = {
		DOCTOR_READY,
		DOCTOR_DEGRADED,
		DOCTOR_UNSAFE,
		DOCTOR_UNKNOWN,
	};
	const struct doctor_readiness ready = doctor_readiness(m, r);

	family(f, "aquifer_doctor_verdict", "1 for the verdict that holds.");
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
		(void)fprintf(f, "aquifer_doctor_verdict{verdict=\"%s\"} %d\n",
			      doctor_verdict_name(verdicts[i]),
			      r->verdict == verdicts[i]);
	family(f, "aquifer_doctor_findings", "Findings by severity.");
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		(void)fprintf(f,
			      "aquifer_doctor_findings{severity=\"%s\"} %zu\n",
			      severity_name(i), r->n_severity[i]);
	family(f, "aquifer_doctor_finding",
	       "1 for each check and the severity it came to.");
	for (size_t i = 0; i < r->count; i++)
		(void)fprintf(f,
			      "aquifer_doctor_finding{id=\"%s\","
			      "severity=\"%s\"} 1\n",
			      r->findings[i].id,
			      severity_name(r->findings[i].severity));
	if (ready.known) {
		family(f, "aquifer_crng_ready",
		       "Whether the kernel's generator is seeded.");
		(void)fprintf(f, "aquifer_crng_ready %d\n", ready.ready);
	}
	if (ready.known && ready.ready && ready.time_known) {
		family(f, "aquifer_crng_ready_seconds",
		       "Kernel time at which it was seeded.");
		(void)fprintf(f, "aquifer_crng_ready_seconds %.6f\n",
			      ready.ready_s);
	}
	if (m->now_s != 0) {
		family(f, "aquifer_doctor_time_seconds",
		       "When the facts were read, in seconds since 1970.");
		(void)fprintf(f, "aquifer_doctor_time_seconds %lld\n",
			      (long long)m->now_s);
	}
}

/* One line, and "|" is where a monitor begins to read numbers. */
void doctor_nagios(FILE *f, const struct machine *m, const struct report *r)
{
	static const char *const words[] = {
		[DOCTOR_READY] = "OK",
		[DOCTOR_DEGRADED] = "WARNING",
		[DOCTOR_UNSAFE] = "CRITICAL",
		[DOCTOR_UNKNOWN] = "UNKNOWN",
	};
	const struct doctor_readiness ready = doctor_readiness(m, r);

	(void)fprintf(f, "AQUIFER %s - ", words[r->verdict]);
	for (const char *p = r->summary; *p; p++)
		(void)fputc(*p == '|' ? '/' : *p, f);
	(void)fputs(" |", f);
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		(void)fprintf(f, " %s=%zu", severity_name(i), r->n_severity[i]);
	if (ready.known && ready.ready && ready.time_known)
		(void)fprintf(f, " crng_ready=%.6fs", ready.ready_s);
	(void)fputc('\n', f);
}
