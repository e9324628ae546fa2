/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_SUMMARY_H
#define AQUIFER_DOCTOR_SUMMARY_H

#include "doctor/check.h"

/* What decides whether a machine can be judged at all. */
#define DECISIVE_ID "crng-ready"

/*
 * report_summarise - one sentence for verdict, findings and what could not be
 * seen: "ready: nothing needs to be changed; 4 checks need root".
 */
void report_summarise(struct report *report, const struct machine *m);

/* finding_needs_root - unknown, and root would have seen it. */
bool finding_needs_root(const struct finding *f);

#endif
