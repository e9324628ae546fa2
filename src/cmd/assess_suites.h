/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_SUITES_H
#define AQUIFER_CMD_ASSESS_SUITES_H

/* The rows of the table of suites, one file each. */
#include "cmd/assess.h"

extern const struct assess_suite assess_suite_sp80090b, assess_suite_iid,
	assess_suite_restart, assess_suite_conditioning, assess_suite_health,
	assess_suite_sp80022, assess_suite_fips140, assess_suite_ais31,
	assess_suite_quick;

#endif
