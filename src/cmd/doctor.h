/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_DOCTOR_H
#define AQUIFER_CMD_DOCTOR_H

/*
 * Inside the subcommand doctor: options, the facts of one machine, and the
 * ways to show a report. Nothing here judges; src/doctor does.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "doctor/check.h"

enum doctor_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_PROMETHEUS,
	FORMAT_NAGIOS,
};

#define DOCTOR_ONLY_MAX 64

struct doctor_options {
	const char *root;  /* --root DIR; NULL: this machine */
	const char *image; /* --image FILE, "-": standard input */
	bool host;
	const char *domain; /* --domain FILE.xml */
	const char *known_keys;
	const char *record;
	const char *profile;
	bool explain;
	const char *explain_id; /* NULL: list them */
	bool fix, yes;
	const char *log;    /* of --fix; NULL: DIR/var/log/aquifer-fix.log */
	const char *output; /* -o FILE; NULL: standard output */
	enum doctor_format format;
	unsigned formats; /* those asked for, a bit each */
	const char *only[DOCTOR_ONLY_MAX];
	size_t n_only; /* 0: all */
	bool verbose, quiet;
};

/* Where facts came from, for people. */
struct doctor_subject {
	const char *what;      /* "this machine", or DIR, FILE as given */
	char architecture[72]; /* "" where nothing says */
	char system[80];       /* os-release's PRETTY_NAME; "" */
};

/*
 * doctor_fail - the message of an end without a verdict, in the form that was
 * asked for. code: EXIT_USAGE or EXIT_MACHINE. Returns the code to leave with:
 * a monitor's 3 where it is a monitor that asks.
 */
int doctor_fail(const struct doctor_options *o, int code, const char *format,
		...) __attribute__((format(printf, 3, 4)));

/*
 * doctor_root_open - the root that the options name; the message is printed.
 * ret_owned: for probe_root_free(); NULL where it is the running machine.
 * Returns 0 or an exit code.
 */
int doctor_root_open(const struct doctor_options *o,
		     struct probe_root **ret_owned);

/*
 * doctor_facts_read - every family's facts from one root. Returns 0 or an exit
 * code (the message is printed). doctor_facts_free() frees what it holds.
 */
int doctor_facts_read(const struct doctor_options *o,
		      const struct probe_root *root, struct machine *ret_machine,
		      struct doctor_subject *ret_subject);
void doctor_facts_free(struct machine *m);

/* The four forms. */
void doctor_text(FILE *f, const struct doctor_options *o,
		 const struct machine *m, const struct doctor_subject *s,
		 const struct report *r);
int doctor_json(FILE *f, const struct machine *m,
		const struct doctor_subject *s, const struct report *r);
void doctor_prometheus(FILE *f, const struct machine *m, const struct report *r);
void doctor_nagios(FILE *f, const struct machine *m, const struct report *r);

/* doctor_wrap - see doctor_wrap.c. */
struct wrap {
	FILE *f;
	unsigned width;  /* columns in all */
	unsigned indent; /* where later lines begin */
	unsigned column; /* where the first one begins; 0: at indent */
	enum tone tone;
};

/*
 * doctor_wrap - words from the current column on. Ends the line. A column is a UTF-8 character.
 */
void doctor_wrap(const struct wrap *w, const char *text);
/* doctor_paste - lines as they stand, each indented, never wrapped. */
void doctor_paste(const struct wrap *w, const char *text);
/* doctor_width - columns to write f in: a terminal's, at most 100; else 80. */
unsigned doctor_width(FILE *f);

int doctor_explain(const struct doctor_options *o);
bool doctor_profile_known(const char *name);
int doctor_profile(const struct doctor_options *o, const struct probe_root *root,
		   const struct machine *m, const struct doctor_subject *s);
int doctor_fix(const struct doctor_options *o, const struct machine *m);

/* doctor_record_finish - after all was read. 0 or an exit code. */
int doctor_record_finish(const struct doctor_options *o,
			 struct probe_root *root);

/* doctor_examine - open, read, judge, show. The program's exit code. */
int doctor_examine(const struct doctor_options *o);

/* When the kernel's generator became ready, for those who want numbers. */
struct doctor_readiness {
	bool known, ready;
	bool time_known;
	double ready_s; /* the kernel's time */
};
struct doctor_readiness doctor_readiness(const struct machine *m,
					 const struct report *r);

/* doctor_near - ids or names like a mistyped one: "a, b or c"; "" for none. */
const char *doctor_near(const char *wrong, char *ret_text, size_t cap_bytes);

/*
 * doctor_write - what produce() prints, to -o FILE in one step or to standard
 * output. Returns 0 or an exit code (the message is printed).
 */
typedef int doctor_produce_fn(FILE *f, void *context);
int doctor_write(const struct doctor_options *o, doctor_produce_fn *produce,
		 void *context);

#endif
