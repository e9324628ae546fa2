/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_HOSTS_PART_H
#define AQUIFER_DOCTOR_HOSTS_PART_H

/* What the checks of guests share: many guests, one finding. */
#include "doctor/check.h"

/* One thing that can be said of a guest; tables go from worst to best. */
struct host_issue {
	enum severity severity;
	const char *text; /* "no virtio-rng device"; the guests follow */
	const char *why;  /* NULL for none */
	/* What to do; g is the first of the guests. NULL for nothing. */
	void (*fix)(struct finding *f, const struct hosts_facts *facts,
		    const struct host_guest *g);
};

struct host_question {
	const struct host_issue *issues;
	size_t n_issues; /* up to 32 */
	/* The issues of one guest, as bits; none: it is left out. */
	unsigned (*judge)(const struct hosts_facts *facts,
			  const struct host_guest *g);
	/* What was seen of it, one line. */
	void (*describe)(const struct hosts_facts *facts,
			 const struct host_guest *g, char *ret_text,
			 size_t cap_bytes);
};

#define HOST_ISSUE(i) (1U << (i))

/*
 * hosts_ask - says every issue that some guest has, with its guests, their
 * evidence, and what could not be read. False where no guest was seen.
 */
bool hosts_ask(const struct machine *m, const struct host_question *q,
	       struct finding *f);

/* hosts_say_gaps - guests that may be there and could not be read. */
void hosts_say_gaps(const struct machine *m, struct finding *f);

/* hosts_where - "NAME (FILE, FILE)". */
void hosts_where(const struct host_guest *g, char *ret_text, size_t cap_bytes);

/* hosts_shell_name - fit to be pasted, or "GUEST". */
const char *hosts_shell_name(const struct host_guest *g);

/* hosts_append - formatted text at the end, cut where it is full. */
void hosts_append(char *text, size_t cap_bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The QEMU CPU models that this program knows. */
struct cpu_model_rng {
	bool known, rdrand, rdseed;
};
struct cpu_model_rng hosts_cpu_model(const char *model);

/* hosts_has_generation - a device that its guest can see. */
bool hosts_has_generation(const struct host_guest *g);

bool hosts_judge_device(const struct machine *m, struct finding *f);
bool hosts_judge_backend(const struct machine *m, struct finding *f);
bool hosts_judge_limit(const struct machine *m, struct finding *f);
bool hosts_judge_cpu(const struct machine *m, struct finding *f);
bool hosts_judge_generation(const struct machine *m, struct finding *f);
bool hosts_judge_tpm(const struct machine *m, struct finding *f);
bool hosts_judge_snapshots(const struct machine *m, struct finding *f);

#endif
