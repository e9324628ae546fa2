/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_OPTIONS_H
#define AQUIFER_CMD_ASSESS_OPTIONS_H

#include "cmd/assess.h"

#define ASSESS_THREADS_MAX 256

enum assess_option {
	OPT_SUITE = 256,
	OPT_BITS,
	OPT_MASK,
	OPT_SHIFT,
	OPT_RANK,
	OPT_FORMAT,
	OPT_CLAIM,
	OPT_RAW,
	OPT_ALPHA,
	OPT_STREAMS,
	OPT_STREAM_BITS,
	OPT_SHORT,
	OPT_THREADS,
	OPT_SEED,
	OPT_FULL,
	OPT_ROWS,
	OPT_COLS,
	OPT_FIPS_AS,
	OPT_JSON,
	OPT_REPORT,
	OPT_PLOT,
	OPT_SPECIMEN,
	OPT_COMPONENT,
	OPT_N_IN,
	OPT_N_OUT,
	OPT_NW,
	OPT_H_IN,
	OPT_H_PRIME,
};

/* assess_option_wrong - "--OPTION takes ..., not 'TEXT'"; EXIT_USAGE. */
int assess_option_wrong(const char *option, const char *takes, const char *text);
/* assess_parse_u64 - decimal or 0x. */
bool assess_parse_u64(const char *text, uint64_t *ret);
/* assess_take_number - optarg, of an option that is a number within bounds. */
int assess_take_number(struct assess_options *o, int c);

#endif
