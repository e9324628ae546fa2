/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that are numbers, each with its bounds. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "cmd/assess_options.h"

/* What the transform's library counts with. */
#define STREAM_BITS_MAX (1u << 30)

int assess_option_wrong(const char *option, const char *takes, const char *text)
{
	return cmd_usage(&command_assess, "--%s takes %s, not '%s'", option,
			 takes, text);
}

/* Decimal or 0x. */
bool assess_parse_u64(const char *text, uint64_t *ret)
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
		{ OPT_THREADS, "threads", "1 to 256", 1, ASSESS_THREADS_MAX,
		  &threads },
		{ OPT_ROWS, "rows", "a count from 1 on", 1, INT32_MAX, &o->rows },
		{ OPT_COLS, "cols", "a count from 1 on", 1, INT32_MAX,
		  &o->columns },
		{ OPT_N_IN, "n-in", "bits from 1 on", 1, UINT32_MAX,
		  &o->conditioning.n_in },
		{ OPT_N_OUT, "n-out", "bits from 1 on", 1, UINT32_MAX,
		  &o->conditioning.n_out },
		{ OPT_NW, "nw", "bits from 1 on", 1, UINT32_MAX,
		  &o->conditioning.nw },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].option != c)
			continue;
		if (cmd_parse_count(optarg, rows[i].value) < 0 ||
		    *rows[i].value < rows[i].least ||
		    *rows[i].value > rows[i].most)
			return assess_option_wrong(rows[i].name, rows[i].takes,
						   optarg);
	}
	o->shift_given |= c == OPT_SHIFT;
	o->bits = (unsigned)bits;
	o->threads = (unsigned)threads;
	o->shift = (unsigned)shift;
	return 0;
}

/* The options that are reals within bounds; any other is a count. */
int assess_take_number(struct assess_options *o, int c)
{
	const struct {
		int option;
		const char *name, *takes;
		double most, *value;
	} rows[] = {
		{ OPT_CLAIM, "claim", "bits above 0 and up to 8",
		  SAMPLE_BITS_MAX, &o->claim },
		{ OPT_ALPHA, "alpha", "a chance above 0 and up to 0.5", 0.5,
		  &o->alpha },
		{ OPT_H_IN, "h-in", "bits above 0 and up to n_in", UINT32_MAX,
		  &o->conditioning.h_in },
		{ OPT_H_PRIME, "h-prime", "bits above 0 and up to 1", 1,
		  &o->conditioning.h_prime },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].option != c)
			continue;
		return parse_real(optarg, rows[i].most, rows[i].value) ?
			       0 :
			       assess_option_wrong(rows[i].name, rows[i].takes,
						   optarg);
	}
	return take_count(o, c);
}
