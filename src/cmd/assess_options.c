/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cmd/assess_options.h"

static const struct option longs[] = {
	{ "suite", required_argument, NULL, OPT_SUITE },
	{ "bits", required_argument, NULL, OPT_BITS },
	{ "mask", required_argument, NULL, OPT_MASK },
	{ "shift", required_argument, NULL, OPT_SHIFT },
	{ "rank-bits", no_argument, NULL, OPT_RANK },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "claim", required_argument, NULL, OPT_CLAIM },
	{ "raw", no_argument, NULL, OPT_RAW },
	{ "alpha", required_argument, NULL, OPT_ALPHA },
	{ "streams", required_argument, NULL, OPT_STREAMS },
	{ "stream-bits", required_argument, NULL, OPT_STREAM_BITS },
	{ "allow-short", no_argument, NULL, OPT_SHORT },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "full", no_argument, NULL, OPT_FULL },
	{ "rows", required_argument, NULL, OPT_ROWS },
	{ "cols", required_argument, NULL, OPT_COLS },
	{ "columns", required_argument, NULL, OPT_COLS },
	{ "fips-as", required_argument, NULL, OPT_FIPS_AS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "report", required_argument, NULL, OPT_REPORT },
	{ "plot", required_argument, NULL, OPT_PLOT },
	{ "specimen", required_argument, NULL, OPT_SPECIMEN },
	{ "component", required_argument, NULL, OPT_COMPONENT },
	{ "n-in", required_argument, NULL, OPT_N_IN },
	{ "n-out", required_argument, NULL, OPT_N_OUT },
	{ "nw", required_argument, NULL, OPT_NW },
	{ "h-in", required_argument, NULL, OPT_H_IN },
	{ "h-prime", required_argument, NULL, OPT_H_PRIME },
	{ NULL, 0, NULL, 0 },
};

static int take_format(struct assess_options *o)
{
	for (unsigned i = 0; i <= ASSESS_LE64; i++) {
		if (strcmp(optarg, assess_format_names[i]) == 0) {
			o->format = i;
			return 0;
		}
	}
	return assess_option_wrong(
		"format",
		"bytes, bits-msb, bits-lsb, text, le16, le32, le64 or "
		"auto",
		optarg);
}

static int take_plot(struct assess_options *o)
{
	if (o->n_plots == ARRAY_LEN(o->plots))
		return cmd_usage(&command_assess, "at most %zu pictures a run",
				 ARRAY_LEN(o->plots));
	o->plots[o->n_plots++] = optarg;
	return 0;
}

static int take_value(struct assess_options *o, int c)
{
	switch (c) {
	case OPT_SUITE:
		return assess_parse_suites(o, optarg);
	case OPT_FORMAT:
		return take_format(o);
	case OPT_PLOT:
		return take_plot(o);
	case OPT_MASK:
		if (!assess_parse_u64(optarg, &o->mask) || o->mask == 0 ||
		    __builtin_popcountll(o->mask) > SAMPLE_BITS_MAX)
			return assess_option_wrong(
				"mask",
				"a number like 0xff with 1 to 8 bits set",
				optarg);
		return 0;
	case OPT_SEED:
		/* JSON's integers end where signed ones do. */
		return assess_parse_u64(optarg, &o->seed) &&
				       o->seed <= INT64_MAX ?
			       0 :
			       assess_option_wrong("seed",
						   "a whole number below 2^63",
						   optarg);
	case OPT_FIPS_AS:
		o->standard_fips = strcmp(optarg, "standard") == 0;
		return o->standard_fips || strcmp(optarg, "rngtest5") == 0 ?
			       0 :
			       assess_option_wrong("fips-as",
						   "rngtest5 or standard",
						   optarg);
	case OPT_COMPONENT:
		o->conditioning.component = strcmp(optarg, "vetted") == 0 ?
						    ASSESS_VETTED :
						    ASSESS_NON_VETTED;
		return o->conditioning.component == ASSESS_VETTED ||
				       strcmp(optarg, "non-vetted") == 0 ?
			       0 :
			       assess_option_wrong("component",
						   "vetted or non-vetted",
						   optarg);
	default:
		return assess_take_number(o, c);
	}
}

static int take(struct assess_options *o, int c)
{
	const struct {
		int option;
		bool *flag;
		const char **text;
	} rows[] = {
		{ OPT_RANK, &o->rank_bits, NULL },
		{ OPT_RAW, &o->raw, NULL },
		{ OPT_SHORT, &o->allow_short, NULL },
		{ OPT_FULL, &o->full, NULL },
		{ OPT_JSON, &o->json, NULL },
		{ OPT_REPORT, NULL, &o->report },
		{ OPT_SPECIMEN, NULL, &o->specimen },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].option != c)
			continue;
		if (rows[i].flag)
			*rows[i].flag = true;
		else
			*rows[i].text = optarg;
		return 0;
	}
	return take_value(o, c);
}

int assess_parse(int argc, char **argv, struct assess_options *o)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	int c, code = 0;

	*o = (struct assess_options){
		.claim = NAN,
		.alpha = 1e-4,
		.seed = 1,
		.conditioning = { .h_in = NAN, .h_prime = NAN },
	};
	o->threads = online < 1                  ? 1 :
		     online > ASSESS_THREADS_MAX ? ASSESS_THREADS_MAX :
						   (unsigned)online;
	opterr = 0; /* the message is ours */
	while (code == 0 &&
	       (c = getopt_long(argc, argv, ":", longs, NULL)) >= 0) {
		if (c == ':')
			code = cmd_usage(&command_assess, "%s needs a value",
					 argv[optind - 1]);
		else if (c == '?')
			code = cmd_usage(&command_assess, "unknown option '%s'",
					 argv[optind - 1]);
		else
			code = take(o, c);
	}
	if (code != 0)
		return code;
	if (optind < argc)
		o->file = argv[optind++];
	if (optind < argc)
		return cmd_usage(&command_assess,
				 "one file at a time; '%s' is "
				 "one too many",
				 argv[optind]);
	if (o->suites == 0)
		o->all = true;
	/* h_in, where it is not given, is what the samples are assessed at. */
	if (assess_chosen(o, ASSESS_CONDITIONING) &&
	    o->conditioning.component == ASSESS_VETTED &&
	    isnan(o->conditioning.h_in))
		o->suites |= 1u << ASSESS_SP80090B;
	return assess_check_together(o);
}
