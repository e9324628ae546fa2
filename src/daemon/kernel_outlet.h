/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_KERNEL_OUTLET_H
#define AQUIFER_DAEMON_KERNEL_OUTLET_H

/* The kernel as an outlet of the engine, by way of the privileged part. */
#include "engine/engine.h"
#include "outlet/kernel.h"

struct kernel_outlet {
	int request_fd; /* to the privileged part; not owned */
	/* What came of it. */
	uint64_t fed_count;
	uint64_t fed_bytes;
	uint64_t credit_bits;
	uint64_t fed_at_ns;
	enum rekey_result rekey;
	int last_error; /* -errno of the last ADD or REKEY; 0 */
};

void kernel_outlet_init(struct kernel_outlet *k, int request_fd);

/* kernel_outlet_take - engine_outlet.take; ctx is a struct kernel_outlet. */
int kernel_outlet_take(void *ctx, const struct engine_offer *offer);

#endif
