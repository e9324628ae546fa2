/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_CLONES_PARTS_H
#define AQUIFER_DOCTOR_CLONES_PARTS_H

/* Inside the family `clones`: its checks and the words they share. */
#include "doctor/check.h"

bool clones_judge_generation(const struct machine *m, struct finding *f);
bool clones_judge_restored(const struct machine *m, struct finding *f);
bool clones_judge_seed(const struct machine *m, struct finding *f);
bool clones_judge_host_keys(const struct machine *m, struct finding *f);
bool clones_judge_login_keys(const struct machine *m, struct finding *f);
bool clones_judge_machine_id(const struct machine *m, struct finding *f);
bool clones_judge_duid(const struct machine *m, struct finding *f);
bool clones_judge_cloud(const struct machine *m, struct finding *f);
bool clones_judge_pollinate(const struct machine *m, struct finding *f);
bool clones_judge_secrets(const struct machine *m, struct finding *f);
bool clones_judge_identities(const struct machine *m, struct finding *f);

extern const char clones_page_generation[], clones_page_restored[];
extern const char clones_page_seed[], clones_page_host_keys[];
extern const char clones_page_login_keys[], clones_page_machine_id[];
extern const char clones_page_duid[], clones_page_cloud[];
extern const char clones_page_pollinate[], clones_page_secrets[];
extern const char clones_page_identities[];

/* clones_in_container - the kernel and its devices are the host's. */
bool clones_in_container(const struct machine *m);

/*
 * clones_older - was it made so long before this instance that it came with the
 * image? Where cloud-init does not tell the instance's birth, a machine-id made
 * late in an installation is given an hour.
 */
bool clones_older(const struct machine *m, int64_t mtime_s);

/* clones_date - "2026-11-22 17:03 UTC". */
#define CLONES_DATE_BYTES 40
const char *clones_date(int64_t time_s, char ret_text[CLONES_DATE_BYTES]);

/*
 * clones_is_plain - may this path of a foreign machine stand in a command that
 * people paste? Letters, digits and a few signs; no shell can misread it.
 */
bool clones_is_plain(const char *path);

/*
 * clones_fix_remove - "rm" of these, from within the image where it is one.
 * suffix: of a second file, ".pub"; NULL for one file.
 */
void clones_fix_remove(const struct machine *m, struct finding *f,
		       const char *path, const char *suffix);

/* clones_say_birth - evidence: since when this is an instance. */
void clones_say_birth(const struct machine *m, struct finding *f);

/* clones_say_unseen - `unknown` for each thing that could not be looked at. */
void clones_say_unseen(const struct clones_unseen *unseen, struct finding *f,
		       const char *what);

#endif
