/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_CHECK_H
#define AQUIFER_DOCTOR_CHECK_H

/*
 * A check: facts in, one finding out, pure. One file a family, one row a check;
 * registry.c lists the families in the order people read them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"
#include "doctor/finding.h"
#include "probe/boot.h"
#include "probe/clones.h"
#include "probe/hosts.h"
#include "probe/root.h"
#include "probe/services.h"
#include "probe/sources.h"

/* Everything a check may know. Filled by the program from one root. */
struct machine {
	enum probe_kind kind;
	bool privileged;  /* facts were read with uid 0 */
	int64_t now_s;    /* of the facts: a record's own time; 0: not known */
	bool host_wanted; /* --host: the guests of this machine are judged */
	struct platform platform; /* zeroes in an image */
	struct boot_facts *boot;
	struct sources_facts *sources;
	struct clones_facts *clones;
	struct services_facts *services;
	struct hosts_facts *hosts; /* NULL without host_wanted */
};

/* What a check can be asked about, as a set. */
enum {
	CHECK_MACHINE = 1 << 0, /* running or recorded */
	CHECK_IMAGE = 1 << 1,
	CHECK_HOST = 1 << 2, /* guests of this machine, by --host or --domain */
};

struct check {
	const char *id;
	unsigned applies;     /* CHECK_... */
	const char *question; /* one line: what is looked for */
	/*
	 * The page of --explain: paragraphs separated by an empty line. What it
	 * looks at, what each severity means, what the facts mean on which
	 * kernels, what the check cannot see.
	 */
	const char *page;
	const char *reference; /* shown under the finding */
	/*
	 * Fills ret_finding (id set, everything else empty) by finding_say()
	 * and the others. Returns false where there is nothing to say: the
	 * facts do not exist on such a machine.
	 */
	bool (*judge)(const struct machine *m, struct finding *ret_finding);
};

struct check_family {
	const char *name; /* "boot", "sources", ... */
	const struct check *checks;
	size_t n_checks;
};

extern const struct check_family family_boot, family_sources, family_clones,
	family_services, family_hosts;

/* check_family_at - in the order of reading; NULL at the end. */
const struct check_family *check_family_at(size_t i);

/* check_find - by id; NULL where there is none. */
const struct check *check_find(const char *id);

enum doctor_verdict {
	DOCTOR_READY,
	DOCTOR_DEGRADED,
	DOCTOR_UNSAFE,
	DOCTOR_UNKNOWN,
};

/* doctor_verdict_name - "ready" "degraded" "unsafe" "unknown". */
const char *doctor_verdict_name(enum doctor_verdict verdict);

struct report {
	struct finding *findings;
	size_t count;
	enum doctor_verdict verdict;
	size_t n_severity[SEVERITY_COUNT];
	char summary[256]; /* one sentence */
};

/*
 * doctor_run - every check that applies (or those of only[]), in order.
 * only: ids, NULL for all; an id that is none is left out (check_find first).
 * On a machine the verdict is DOCTOR_UNKNOWN when crng-ready is (or did not
 * run for want of facts while all were asked).
 * Returns 0 or -ENOMEM. report_free() frees what it holds.
 */
int doctor_run(const struct machine *m, const char *const *only, size_t n_only,
	       struct report *ret_report);
void report_free(struct report *report);

#endif
