/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_SP80022_H
#define AQUIFER_CMD_ASSESS_SP80022_H

/* SP 800-22 over many streams, shared out to threads; and what is shown. */
#include "assess/sp80022/suite.h"
#include "cmd/assess.h"

struct assess_battery {
	size_t n_streams, stream_bits;
	struct sp80022_params params;
	unsigned p_count[SP80022_TESTS]; /* of a stream a test applies to */
	/* [test][p_count * stream + i]; NAN where it does not apply. */
	double *p[SP80022_TESTS];
	size_t applied[SP80022_TESTS];  /* streams */
	const char *why[SP80022_TESTS]; /* of the last that it did not */
	bool too_short[SP80022_TESTS];  /* the section asks for more */
	bool some_short;                /* too_short, or run all the same */
	struct sp80022_family family;
};

uint64_t assess_battery_need_bytes(const struct assess_run *run,
				   unsigned threads);
/* assess_battery_run - 0 or -ENOMEM. assess_battery_free() after. */
int assess_battery_run(struct assess_run *run, struct assess_battery *b);
void assess_battery_free(struct assess_battery *b);

json_t *assess_battery_json(const struct assess_battery *b);
/* assess_battery_show - the table and the lists for the charts. */
void assess_battery_show(struct assess_run *run, struct assess_outcome *a,
			 const struct assess_battery *b);

#endif
