/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DOCTOR_BOOT_PARTS_H
#define AQUIFER_DOCTOR_BOOT_PARTS_H

/*
 * Inside the family `boot`: its checks, and what several of them ask. Pure
 * functions of struct machine; m->boot is there, m->sources may be missing.
 */
#include <stdbool.h>

#include "doctor/check.h"

enum boot_readiness { BOOT_UNKNOWN, BOOT_READY, BOOT_NOT_READY };

/*
 * boot_readiness - is the kernel's generator ready, as far as facts tell?
 * ret_why: a line that says from what it was concluded; static.
 */
enum boot_readiness boot_readiness(const struct machine *m,
				   const char **ret_why);

/* Where the entropy behind the generator came from: trust domains. */
struct boot_origin {
	bool cpu, host, firmware, tpm, device, user;
	bool timing_feeder; /* a daemon that makes timing noise */
	bool maybe;         /* something that may count could not be judged */
	bool timing_alone;  /* nothing but the kernel's own timing noise */
	unsigned n_domains; /* without timing */
	char names[96];     /* "cpu, host" */
	char hwrng[64];     /* "virtio_rng.0", where it counts */
};

void boot_origin(const struct machine *m, struct boot_origin *ret);

/* boot_sees_cpu_rng - does the kernel see RDRAND, RDSEED or RNDR? */
bool boot_sees_cpu_rng(const struct platform *p);

/* boot_better - what could be had besides timing noise. */
struct boot_better {
	bool host; /* which can always give its guest something */
	bool cpu, tpm, driver;
};

bool boot_better(const struct machine *m, struct boot_better *ret);

/* boot_advise - how to have it. */
void boot_advise(const struct machine *m, struct finding *f);

/* boot_log_unseen - evidence and fix where the kernel's log was not read. */
void boot_log_unseen(const struct machine *m, struct finding *f);

/*
 * What an early reader is: one that could make keys, one of which it is known
 * that it does not matter, or neither.
 */
enum boot_reader_kind { READER_KEYS, READER_HARMLESS, READER_OTHER };

enum boot_reader_kind boot_reader_kind(const struct boot_reader *r);

bool boot_judge_ready(const struct machine *m, struct finding *f);
bool boot_judge_waiters(const struct machine *m, struct finding *f);
bool boot_judge_readers(const struct machine *m, struct finding *f);
bool boot_judge_holders(const struct machine *m, struct finding *f);
bool boot_judge_services(const struct machine *m, struct finding *f);

#endif
