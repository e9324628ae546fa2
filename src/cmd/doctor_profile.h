/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_DOCTOR_PROFILE_H
#define AQUIFER_CMD_DOCTOR_PROFILE_H

/*
 * Other people's rules, judged from our facts: one file and one row a standard,
 * one row a requirement.
 */
#include "cmd/doctor.h"

enum result { RESULT_PASS, RESULT_FAIL, RESULT_UNSEEN, RESULT_NOT_JUDGED };

struct outcome {
	enum result result;
	char seen[256];
};

struct asked {
	const struct machine *m;
	const struct probe_root *root;
};

struct requirement {
	const char *id;
	bool must; /* false: a warning in the standard's own test */
	const char *text, *clause;
	struct outcome (*judge)(const struct asked *a);
	/* How it is where the rule rests on what is not so; NULL: as it says. */
	const char *note;
};

struct profile {
	const char *name, *title, *source;
	const struct requirement *requirements;
	size_t n_requirements; /* at most PROFILE_REQUIREMENTS_MAX */
};

#define PROFILE_REQUIREMENTS_MAX 16

extern const struct profile profile_scs_0101;

/* outcome - a result and what was seen, cleaned. */
struct outcome outcome(enum result result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
