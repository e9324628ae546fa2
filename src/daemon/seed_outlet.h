/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_SEED_OUTLET_H
#define AQUIFER_DAEMON_SEED_OUTLET_H

/*
 * The seed file as an outlet of the engine: what the next boot starts from. The
 * first seed leaves one without credit (the kernel had that seed's credit);
 * where a credited one can be bound to this machine, a seed of its own pays for
 * it, once. Bytes that lie there are used for nothing else.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/platform.h"
#include "engine/engine.h"

struct seed_outlet {
	int dir_fd;       /* not owned; -1: no seed file */
	const char *path; /* for messages; its last part is the name */
	const struct platform *platform;
	bool quiet;   /* no message where the directory cannot be written */
	bool written; /* this program has left one */
	bool paid;    /* and it carries credit */
	bool turn;    /* the next seed's credit is the file's */
	int last_error;
	uint64_t written_count;
};

/* seed_outlet_init - path and platform must outlive it. */
void seed_outlet_init(struct seed_outlet *o, int dir_fd, const char *path,
		      const struct platform *platform, bool quiet);

/* seed_outlet_take - engine_outlet.take; ctx is a struct seed_outlet. */
int seed_outlet_take(void *ctx, const struct engine_offer *offer);

/*
 * seed_outlet_next - after a seed: does the file want one of its own? Then the
 * other outlets leave the credit of the next one alone (turn), and the caller
 * has it collected.
 */
bool seed_outlet_next(struct seed_outlet *o);

/* seed_outlet_stop - at a clean stop: a last fresh file, unless a paid one is
 * there. */
void seed_outlet_stop(struct seed_outlet *o, struct engine *e);

#endif
