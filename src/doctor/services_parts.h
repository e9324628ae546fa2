/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_SERVICES_PARTS_H
#define AQUIFER_DOCTOR_SERVICES_PARTS_H

/* Inside the family `services`: its checks. */
#include "doctor/check.h"

bool services_judge_daemons(const struct machine *m, struct finding *f);
bool services_judge_feeding(const struct machine *m, struct finding *f);
bool services_judge_confidential(const struct machine *m, struct finding *f);
bool services_judge_fips(const struct machine *m, struct finding *f);
bool services_judge_nodes(const struct machine *m, struct finding *f);
bool services_judge_container(const struct machine *m, struct finding *f);

extern const char services_page_daemons[], services_page_feeding[];
extern const char services_page_confidential[], services_page_fips[];
extern const char services_page_nodes[], services_page_container[];

enum haveged_fix {
	HAVEGED_UNKNOWN, /* no version is told */
	HAVEGED_BEFORE,  /* the version is before the repaired one */
	HAVEGED_MAYBE,   /* so it is, and its distribution repairs old ones */
	HAVEGED_FIXED,
};

/* services_haveged - has this package CVE-2026-41054 repaired? Pure. */
enum haveged_fix services_haveged(const char *version);

#endif
