/* SPDX-License-Identifier: ISC */
#include "health/health.h"

void health_startup_init(struct health_startup *t, unsigned needed)
{
	health_startup_reset(t);
	t->needed = needed;
}

void health_startup_feed(struct health_startup *t)
{
	if (t->seen == t->needed)
		return;
	t->seen++;
	if (t->seen == t->needed)
		t->passed = true;
}

void health_startup_finish(struct health_startup *t, uint64_t symbol_count)
{
	if (t->needed == 0 && symbol_count > 0)
		t->passed = true;
}

void health_startup_reset(struct health_startup *t)
{
	t->seen = 0;
	t->passed = false;
}
