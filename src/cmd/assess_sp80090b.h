/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_SP80090B_H
#define AQUIFER_CMD_ASSESS_SP80090B_H

#include "cmd/assess.h"

/*
 * assess_replay - the health tests of 4.4 over the samples at the claim in
 * force, as one more table and member; without a claim nothing.
 */
void assess_replay(struct assess_run *run, struct assess_outcome *a);

#endif
