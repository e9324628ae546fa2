/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cmd/assess.h"

#define THREADS_MAX 256
/* What the transform's library counts with. */
#define STREAM_BITS_MAX (1u << 30)

enum {
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
};

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
	{ NULL, 0, NULL, 0 },
};

static int wrong(const char *option, const char *takes, const char *text)
{
	return cmd_usage(&command_assess, "--%s takes %s, not '%s'", option,
			 takes, text);
}

/* Decimal or 0x. */
static bool parse_u64(const char *text, uint64_t *ret)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*ret = strtoull(text, &end,
			text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
	return errno == 0 && *end == '\0';
}

/* A number above 0 and up to most; NAN is neither. */
static bool parse_real(const char *text, double most, double *ret)
{
	char *end;

	if ((*text < '0' || *text > '9') && *text != '.')
		return false;
	*ret = strtod(text, &end);
	return *end == '\0' && *ret > 0 && *ret <= most;
}

/* The options that are counts within bounds. */
static int take_count(struct assess_options *o, int c)
{
	uint64_t bits = o->bits, threads = o->threads, shift = o->shift;
	const struct {
		int option;
		const char *name, *takes;
		uint64_t least, most, *value;
	} rows[] = {
		{ OPT_BITS, "bits", "1 to 8", 1, 8, &bits },
		{ OPT_SHIFT, "shift", "0 to 63", 0, 63, &shift },
		{ OPT_STREAMS, "streams", "a count from 1 on", 1, UINT32_MAX,
		  &o->streams },
		{ OPT_STREAM_BITS, "stream-bits", "100 to 1G", 100,
		  STREAM_BITS_MAX, &o->stream_bits },
		{ OPT_THREADS, "threads", "1 to 256", 1, THREADS_MAX, &threads },
		{ OPT_ROWS, "rows", "a count from 1 on", 1, INT32_MAX, &o->rows },
		{ OPT_COLS, "cols", "a count from 1 on", 1, INT32_MAX,
		  &o->columns },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].option != c)
			continue;
		if (cmd_parse_count(optarg, rows[i].value) < 0 ||
		    *rows[i].value < rows[i].least ||
		    *rows[i].value > rows[i].most)
			return wrong(rows[i].name, rows[i].takes, optarg);
	}
	o->shift_given |= c == OPT_SHIFT;
	o->bits = (unsigned)bits;
	o->threads = (unsigned)threads;
	o->shift = (unsigned)shift;
	return 0;
}

static int take_format(struct assess_options *o)
{
	for (unsigned i = 0; i <= ASSESS_LE64; i++) {
		if (strcmp(optarg, assess_format_names[i]) == 0) {
			o->format = i;
			return 0;
		}
	}
	return wrong("format",
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
		if (!parse_u64(optarg, &o->mask) || o->mask == 0 ||
		    __builtin_popcountll(o->mask) > SAMPLE_BITS_MAX)
			return wrong("mask",
				     "a number like 0xff with 1 to 8 bits set",
				     optarg);
		return 0;
	case OPT_SEED:
		/* JSON's integers end where signed ones do. */
		return parse_u64(optarg, &o->seed) && o->seed <= INT64_MAX ?
			       0 :
			       wrong("seed", "a whole number below 2^63",
				     optarg);
	case OPT_CLAIM:
		return parse_real(optarg, SAMPLE_BITS_MAX, &o->claim) ?
			       0 :
			       wrong("claim", "bits above 0 and up to 8",
				     optarg);
	case OPT_ALPHA:
		return parse_real(optarg, 0.5, &o->alpha) ?
			       0 :
			       wrong("alpha", "a chance above 0 and up to 0.5",
				     optarg);
	case OPT_FIPS_AS:
		o->standard_fips = strcmp(optarg, "standard") == 0;
		return o->standard_fips || strcmp(optarg, "rngtest5") == 0 ?
			       0 :
			       wrong("fips-as", "rngtest5 or standard", optarg);
	default:
		return take_count(o, c);
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

static int check_together(const struct assess_options *o)
{
	bool picks = o->mask || o->shift_given;
	const struct {
		bool wrong;
		const char *why;
	} rows[] = {
		{ !o->file && !o->specimen && o->n_plots != 1, "name a file" },
		{ o->file && o->specimen, "a file or a specimen, not both" },
		{ o->specimen && (o->format != ASSESS_AUTO || o->bits || picks),
		  "a specimen's form is known: no --format, --bits, --mask" },
		{ o->mask && o->bits &&
			  (unsigned)__builtin_popcountll(o->mask) != o->bits,
		  "--mask sets other bits than --bits counts; one will do" },
		{ picks && (o->format == ASSESS_BITS_MSB ||
			    o->format == ASSESS_BITS_LSB),
		  "--mask and --shift choose bits of records, not of packed "
		  "bits" },
		{ (o->rows == 0) != (o->columns == 0),
		  "--rows and --cols go together" },
		{ o->rank_bits && (o->report || o->n_plots || o->specimen),
		  "--rank-bits answers in text or --json, about a file" },
		{ o->file && strlen(o->file) == 0, "the file's name is empty" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].wrong)
			return cmd_usage(&command_assess, "%s", rows[i].why);
	}
	return assess_check_pages(o);
}

int assess_parse(int argc, char **argv, struct assess_options *o)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	int c, code = 0;

	*o = (struct assess_options){ .claim = NAN, .alpha = 1e-4, .seed = 1 };
	o->threads = online < 1           ? 1 :
		     online > THREADS_MAX ? THREADS_MAX :
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
	return check_together(o);
}
