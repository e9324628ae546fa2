/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_LOOK_H
#define AQUIFER_CMD_LOOK_H

/* A look at one source: is it there, does it pass start-up, how fast is it? */
#include "health/health.h"
#include "source/source.h"

struct look {
	struct source source; /* closed again; info is valid */
	int open_error;       /* 0 or -errno */
	char health[64];      /* "passed start-up", "no data in 0.3 s", ... */
	bool health_good;
	bool health_bad;
	/* With a measurement: */
	bool measured;
	uint64_t symbol_count;
	double seconds;
	double symbols_per_s;
	uint32_t estimate_mbits; /* a quick estimate, no proof of anything */
	uint64_t not_ready_count;
};

/*
 * look_at - open, read what start-up asks, or for measure_s seconds (> 0),
 * close. Sources that give once are opened only, and a TPM is read when
 * measured. Bounded by measure_s or, without, by 0.3 s of waiting.
 */
void look_at(struct look *ret, const struct source_class *class,
	     const struct source_env *env, double measure_s,
	     uint64_t *progress_done, uint64_t progress_total,
	     uint64_t start_ns);

#endif
