/* SPDX-License-Identifier: ISC */
#include "health/cutoff.h"
#include "health/health.h"

void health_rct_init(struct health_rct *t, uint32_t h_mbits, unsigned alpha_log2)
{
	health_rct_reset(t);
	t->cutoff = health_cutoff_run(h_mbits, alpha_log2);
}

void health_rct_reset(struct health_rct *t)
{
	t->last = 0;
	t->run = 0;
}
