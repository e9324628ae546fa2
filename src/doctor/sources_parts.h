/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_SOURCES_PARTS_H
#define AQUIFER_DOCTOR_SOURCES_PARTS_H

/*
 * Inside the family `sources`: its checks, and what several of them ask: does
 * the kernel count this source as entropy? Pure functions of struct machine.
 */
#include <stdbool.h>

#include "doctor/check.h"

enum sources_counts {
	COUNTS_YES,
	COUNTS_NO,      /* mixed in, not counted: by configuration */
	COUNTS_NEVER,   /* this kernel cannot count it */
	COUNTS_UNKNOWN, /* depends on what could not be seen */
};

struct sources_trust {
	enum sources_counts counts;
	char why[160]; /* the word of the machine that decides it */
};

/* sources_release - 6012 for "6.12.4-amd64"; 0 where it is none. */
unsigned sources_release(const struct machine *m);

/* Would bytes of such a source count, were it there? */
void sources_trust_cpu(const struct machine *m, struct sources_trust *ret);
void sources_trust_bootloader(const struct machine *m,
			      struct sources_trust *ret);

/*
 * sources_hwrng_name - the first generator of a list, "none" left out.
 * Returns false where there is none; ret_name is then "".
 */
bool sources_hwrng_name(const char *list, char *ret_name, size_t cap_bytes);

/* Does the kernel count what its current hardware generator gives? */
void sources_trust_hwrng(const struct machine *m, struct sources_trust *ret);

/* Did the boot loader leave a seed that the kernel has seen? */
bool sources_bootloader_seeded(const struct machine *m);

/*
 * sources_strong - is there a source that counts (or, maybe, could not be seen
 * not to count), besides the kernel's own timing noise?
 */
bool sources_strong(const struct machine *m);

/* sources_could_have_virtio - a guest of QEMU or one of its kin. */
bool sources_could_have_virtio(const struct machine *m);

/* sources_advise_device - how a host gives a guest a virtio-rng. */
void sources_advise_device(const struct machine *m, struct finding *f);

/* sources_advise_model - how a host shows a guest RDRAND. */
void sources_advise_model(const struct machine *m, struct finding *f);

/* sources_advise_driver - how this system loads virtio_rng, early. */
void sources_advise_driver(const struct machine *m, struct finding *f);

/* The errata of the CPU, a part of the check cpu-rng. */
void sources_judge_errata(const struct machine *m, struct finding *f);

bool sources_judge_virtio(const struct machine *m, struct finding *f);
bool sources_judge_hwrng(const struct machine *m, struct finding *f);
bool sources_judge_cpu(const struct machine *m, struct finding *f);
bool sources_judge_tpm(const struct machine *m, struct finding *f);
bool sources_judge_bootloader(const struct machine *m, struct finding *f);
bool sources_judge_config(const struct machine *m, struct finding *f);

#endif
