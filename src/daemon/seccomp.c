/* SPDX-License-Identifier: ISC */
/* Loads the filters that tools/seccomp-filters.c made when this was built. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "base/bytes.h"
#include "daemon/sandbox.h"
#include "seccomp-filters.h"

static int load(const struct sock_filter *code, size_t n)
{
	/* The kernel only reads them; its struct just does not say so. */
	const struct sock_fprog program = {
		.len = (unsigned short)n,
		.filter = (struct sock_filter *)(uintptr_t)code,
	};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return -errno;
	return 0;
}

int sandbox_filter_engine(void)
{
	return load(engine_filter, ARRAY_LEN(engine_filter));
}

int sandbox_filter_monitor(void)
{
	return load(monitor_filter, ARRAY_LEN(monitor_filter));
}
