/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_STARTUP_H
#define AQUIFER_HEALTH_STARTUP_H

/*
 * Start-up test, SP 800-90B 4.3: the continuous tests over the first symbols
 * after a start or restart, at least 1,024, before one of them counts. A
 * failure ends it; health_restart begins it anew. Comes with health/health.h.
 */
struct health_startup {
	unsigned needed; /* consecutive symbols; 0: passed at the end alone */
	unsigned seen;   /* stops at `needed` */
	bool passed;
};

void health_startup_init(struct health_startup *t, unsigned needed);

/* health_startup_feed - one more symbol went through all tests. */
void health_startup_feed(struct health_startup *t);

/*
 * health_startup_finish - the source has ended after symbol_count symbols, none
 * of which failed. A start-up that needs more of them stays open.
 */
void health_startup_finish(struct health_startup *t, uint64_t symbol_count);

/* health_startup_reset - begin anew. */
void health_startup_reset(struct health_startup *t);

#endif
