/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_ENGINE_GATHER_H
#define AQUIFER_ENGINE_GATHER_H

/*
 * One lane's part of the path: take a batch, mix it, judge it, credit it. Inside
 * the engine; lanes are named by their index.
 */
#include "engine/engine.h"

/* gather_event - a transition of the lane; the listener hears of a change. */
void gather_event(struct engine *e, struct lane *l, enum lane_event event,
		  uint64_t now_ns);

/* gather_open - open its source; the pool learns whose word it is. */
void gather_open(struct engine *e, size_t i, uint64_t now_ns);

/* gather_wants - does the pool want this lane, in the seed being collected? */
bool gather_wants(const struct engine *e, size_t i, uint64_t now_ns);

/*
 * gather_take - one batch, if there is one: always mixed, credited only what the
 * health tests have let pass. Uses e->raw and e->symbols; the caller wipes them.
 */
void gather_take(struct engine *e, size_t i, uint64_t now_ns);

#endif
