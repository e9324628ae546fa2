/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "cmd/doctor.h"

/* Everything that a form of output needs. */
struct shown {
	const struct doctor_options *o;
	const struct machine *m;
	const struct doctor_subject *s;
	const struct report *r;
};

static int produce(FILE *f, void *context)
{
	const struct shown *shown = context;
	const struct doctor_options *o = shown->o;

	switch (o->format) {
	case FORMAT_JSON:
		return doctor_json(f, shown->m, shown->s, shown->r);
	case FORMAT_PROMETHEUS:
		doctor_prometheus(f, shown->m, shown->r);
		break;
	case FORMAT_NAGIOS:
		doctor_nagios(f, shown->m, shown->r);
		break;
	case FORMAT_TEXT:
		doctor_text(f, o, shown->m, shown->s, shown->r);
		break;
	}
	return ferror(f) ? -EIO : 0;
}

static int verdict_code(const struct doctor_options *o,
			enum doctor_verdict verdict)
{
	static const int codes[] = {
		[DOCTOR_READY] = EXIT_YES,
		[DOCTOR_DEGRADED] = EXIT_NO,
		[DOCTOR_UNSAFE] = EXIT_NO,
		[DOCTOR_UNKNOWN] = EXIT_MACHINE,
	};
	/* 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
	static const int monitor_codes[] = {
		[DOCTOR_READY] = 0,
		[DOCTOR_DEGRADED] = 1,
		[DOCTOR_UNSAFE] = 2,
		[DOCTOR_UNKNOWN] = 3,
	};

	return o->format == FORMAT_NAGIOS ? monitor_codes[verdict] :
					    codes[verdict];
}

static int judge(const struct doctor_options *o, const struct machine *m,
		 const struct doctor_subject *s)
{
	struct report report;
	struct shown shown = { .o = o, .m = m, .s = s, .r = &report };
	int r = doctor_run(m, o->n_only ? o->only : NULL, o->n_only, &report);
	int code;

	if (r < 0)
		return doctor_fail(o, EXIT_MACHINE, "%s", strerror(-r));
	code = doctor_write(o, produce, &shown);
	if (code == 0)
		code = verdict_code(o, report.verdict);
	report_free(&report);
	return code;
}

/* What the image is like now, and what is left for a person. */
static void show_after(const struct doctor_options *o)
{
	struct doctor_options quiet = *o;
	struct probe_root *owned = NULL;
	const struct probe_root *root;
	struct doctor_subject subject;
	struct machine m;

	quiet.quiet = true;
	if (doctor_root_open(&quiet, &owned) != 0)
		return;
	root = owned ? owned : probe_root_live();
	if (doctor_facts_read(&quiet, root, &m, &subject) == 0) {
		(void)fputs("now ", stdout);
		(void)judge(&quiet, &m, &subject);
		doctor_facts_free(&m);
	}
	probe_root_free(owned);
}

int doctor_examine(const struct doctor_options *o)
{
	struct probe_root *owned = NULL;
	const struct probe_root *root;
	struct doctor_subject subject;
	struct machine m;
	int code = doctor_root_open(o, &owned);

	if (code != 0)
		return code;
	root = owned ? owned : probe_root_live();
	code = doctor_facts_read(o, root, &m, &subject);
	if (code == 0 && o->record && !cmd_interrupted()) {
		code = doctor_record_finish(o, owned);
		if (code != 0)
			doctor_facts_free(&m);
	}
	if (code == 0) {
		if (o->fix)
			code = doctor_fix(o, &m);
		else if (o->profile)
			code = doctor_profile(o, root, &m, &subject);
		else
			code = judge(o, &m, &subject);
		doctor_facts_free(&m);
	}
	if (cmd_interrupted())
		code = EXIT_INTERRUPTED;
	probe_root_free(owned);
	if (o->fix && o->yes && code == EXIT_YES)
		show_after(o);
	return code;
}
