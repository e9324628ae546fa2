/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_ENGINE_DOMAIN_H
#define AQUIFER_ENGINE_DOMAIN_H

/*
 * How many trust domains could stand behind the next seed, and whether one may
 * carry it alone. Pure functions over lanes. Threads: the engine's.
 */
#include <stdbool.h>
#include <stdint.h>

#include "engine/lane.h"

/* How long a second domain that is there, but not ready, is waited for. */
#define DOMAIN_WAIT_NS UINT64_C(100000000)

/*
 * domain_hopeful_count - domains with a lane that earns or may soon: open,
 * with a claim above 0, in start-up or believed; or with credit standing in c.
 */
unsigned domain_hopeful_count(const struct lane *lanes, size_t n_lanes,
			      const struct credit *c);

/*
 * domain_alone - may one domain carry the seed? False while none has enough.
 * *since_ns: when one domain alone first had enough; 0: none has. Kept by the
 * caller between calls, set to 0 after each extraction.
 */
bool domain_alone(const struct lane *lanes, size_t n_lanes,
		  const struct credit *c, uint64_t now_ns, uint64_t *since_ns);

#endif
