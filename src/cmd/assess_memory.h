/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_MEMORY_H
#define AQUIFER_CMD_ASSESS_MEMORY_H

/* How much memory there is for us, found before any of it is asked for. */
#include "cmd/assess.h"

struct assess_memory {
	uint64_t free_bytes; /* to be had without harm */
	const char *by;      /* what leaves no more: "ulimit -v" */
};

struct assess_memory assess_memory(void);
/* assess_memory_says - "3.0 GiB can be had (memory that is free)". */
const char *assess_memory_says(struct assess_texts *t);
/* assess_memory_limit - from here on, ask for more and be told no. */
void assess_memory_limit(uint64_t more_bytes);
/* assess_cgroup_free_bytes - UINT64_MAX where no control group limits. */
uint64_t assess_cgroup_free_bytes(void);

#endif
